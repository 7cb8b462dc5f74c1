import type { Client, LiveEvent } from '@plugga/client';
import type { Invoice } from './invoice.ts';
import { bar, kW, kWh, type Screen } from './screen.ts';

/** The steps that the demo waits for, in order; each has its own deadline in seconds. */
export const steps = {
  connected: 10,
  booted: 10,
  plugged: 10,
  authorised: 10,
  started: 10,
  metered: 15,
  stopped: 30,
  closed: 20,
  bill: 12,
} as const;
export type Step = keyof typeof steps;

export interface Story {
  heard(event: LiveEvent): void;
  /** Resolves when the platform has said so. */
  readonly reached: Readonly<Record<Step, Promise<void>>>;
  bill(): Invoice | undefined;
}

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

/** Tells one station's first visit from the platform's own events: nothing is printed that the platform has not stored. */
export const story = (o: {
  readonly client: Client;
  readonly screen: Screen;
  readonly identity: string;
  /** What the visit will come to, for the bar: Wh. */
  readonly expectedWh: number;
}): Story => {
  const { screen, client, identity } = o;
  const doors = new Map<Step, () => void>();
  const promises = Object.keys(steps).map((step) => [
    step,
    new Promise<void>((done) => void doors.set(step as Step, done)),
  ]);
  const open = (step: Step): void => doors.get(step)?.();
  let session: string | null = null;
  let shownWh = 0;
  let bill: Invoice | undefined;

  /** Energy and cost are of one price; the power is what the session shows now. */
  const meterLine = async (data: LiveEvent['data']): Promise<void> => {
    const wh = Number(data['energyWh']);
    if (session === null || data['final'] === true || wh <= shownWh) return;
    shownWh = wh;
    const { powerW } = await client.get('/sessions/{id}', { path: { id: session } });
    const total = data['total'];
    const cost = `${Number(field(total, 'inclVat')).toFixed(2).padStart(6)} ${text(field(total, 'currency'))}`;
    screen.step(identity, 'metered', `${bar(wh / o.expectedWh)} ${kW(powerW ?? 0)}  ${kWh(wh)}  ${cost}`);
    open('metered');
  };
  const billLine = async (): Promise<void> => {
    if (session === null) return;
    const { items } = await client.get('/invoices', { query: { session } });
    bill = items[0] as Invoice | undefined;
    if (bill !== undefined) open('bill');
  };

  const tellers: Readonly<Record<string, (event: LiveEvent) => void>> = {
    'station.connected'({ data }) {
      const profile = Number(data['securityProfile']);
      screen.step(identity, 'connected', `${text(data['protocol'])}, security profile ${profile}`);
      open('connected');
    },
    'station.booted'({ data }) {
      const what = `${text(data['vendor'])} ${text(data['model'])}, firmware ${text(data['firmware'])}`;
      screen.step(identity, 'booted', `${what}: ${text(data['registration'])}`);
      open('booted');
    },
    'connector.changed'({ data }) {
      const status = text(data['status']);
      // A boot that repeats the last one is no news in the log; a station that says this has been accepted.
      open('booted');
      if (status !== 'preparing') return;
      screen.step(identity, 'plugged', `connector ${text(data['connector'] ?? data['evse'])}`);
      open('plugged');
    },
    'token.attempted'({ data }) {
      screen.step(identity, 'authorised', `token …${text(field(data['token'], 'last4'))}: ${text(data['status'])}`);
      open('authorised');
    },
    'session.started'(event) {
      session = event.session;
      const { data } = event;
      screen.step(
        identity,
        'started',
        `transaction ${text(data['transaction'])}, register ${text(data['meterStart'])} Wh`,
      );
      open('started');
    },
    'session.priced': ({ data }) => void meterLine(data),
    'session.ended'({ data }) {
      screen.step(identity, 'stopped', `${text(data['reason'])}, register ${text(data['meterStop'])} Wh`);
      open('stopped');
    },
    'session.closed'({ data }) {
      screen.step(identity, 'closed', kWh(Number(field(data['billable'], 'energyWh'))));
      open('closed');
    },
    'invoice.issued': () => void billLine(),
  };

  return {
    heard(event) {
      const mine = event.station === identity || (session !== null && event.session === session);
      const later = session !== null && event.session !== null && event.session !== session;
      if (mine && !later) tellers[event.type]?.(event);
    },
    reached: Object.fromEntries(promises) as Record<Step, Promise<void>>,
    bill: () => bill,
  };
};

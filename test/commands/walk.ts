import { expect } from 'vitest';
import type { Api, SessionView } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';
import type { AnsweringStation } from './answering-station.ts';

export interface CommandView {
  readonly id: string;
  readonly status: string;
  readonly effect: string | null;
  readonly effectState: string | null;
  readonly result: Readonly<Record<string, unknown>> | null;
}

type Payload = Readonly<Record<string, unknown>>;

/** A station and an operator of one live platform, and what a line of the coverage needs of them. */
export interface Walk {
  readonly identity: string;
  readonly token: string;
  readonly operator: Api;
  readonly station: Omit<AnsweringStation, 'called'> & {
    /** The newest CALL of that action, or the first. */
    called(action: string, which?: 'first'): Promise<Payload>;
    status(word: string): Promise<void>;
  };
  /** Asks, and waits for the station's answer. */
  command(asked: Payload): Promise<CommandView>;
  effect(id: string, state: 'seen' | 'unseen'): Promise<CommandView>;
  /** An event of the station whose data has these members. */
  event(type: string, data: Payload): Promise<void>;
  /** A StartTransaction of the token; gives our session's id. */
  start(): Promise<string>;
  /** The newest session of the station. */
  session(): Promise<SessionView>;
  transaction(): number;
  now(): string;
  /** Another station that comes over TLS, and has a certificate that it has not shown yet. */
  overTls(): Promise<{ readonly walk: Walk; readonly certificate: string; shows(): Promise<void> }>;
}

const WAIT_MS = 20_000;

export function createWalk(o: {
  readonly identity: string;
  readonly token: string;
  readonly operator: Api;
  readonly station: AnsweringStation;
  readonly overTls: Walk['overTls'];
}): Walk {
  const { identity, token, operator, station, overTls } = o;
  let transaction = 0;
  const now = (): string => new Date().toISOString();
  const look = (id: string): Promise<CommandView> => operator.get(`stations/${identity}/commands/${id}`);
  const session = async (): Promise<SessionView> => {
    const [newest] = await operator.all<SessionView>(`sessions?station=${identity}`);
    if (newest === undefined) throw new Error(`${identity} has no session`);
    return newest;
  };

  /** Reads the log of the station from its beginning until the event is there. */
  const event = async (type: string, data: Payload): Promise<void> => {
    const path = `events?after=0&types=${type}&station=${identity}`;
    const response = await operator.raw('GET', path);
    let text = '';
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString('utf8');
      const events = [...text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json!) as { data: unknown });
      if (events.some((it) => matches(it.data, data))) return;
    }
    throw new Error(`no ${type} with ${JSON.stringify(data)}`);
  };

  return {
    identity,
    token,
    operator,
    station: {
      ...station,
      get replies() {
        return station.replies;
      },
      set replies(replies) {
        station.replies = replies;
      },
      called: (action, which) =>
        eventually(`a call of ${action}`, WAIT_MS, () => {
          const calls = station.calls.filter(([name]) => name === action);
          const found = which === 'first' ? calls[0] : calls.at(-1);
          return found === undefined ? Promise.reject(new Error(`no ${action}`)) : Promise.resolve(found[1]);
        }),
      status: async (status) =>
        void (await station.say('StatusNotification', {
          ...{ connectorId: 1, errorCode: 'NoError', status, timestamp: now() },
        })),
    },
    command: async (asked) => {
      const { id } = await operator.post<CommandView>(`stations/${identity}/commands`, asked);
      return eventually(`an answer to ${JSON.stringify(asked)}`, WAIT_MS, async () => {
        const found = await look(id);
        expect(['accepted', 'done']).toContain(found.status);
        return found;
      });
    },
    effect: (id, state) =>
      eventually(`the effect of ${id}`, WAIT_MS, async () => {
        const found = await look(id);
        expect(found.effectState).toBe(state);
        return found;
      }),
    event,
    start: async () => {
      const said = { connectorId: 1, idTag: token, meterStart: 1_000, timestamp: now() };
      transaction = (await station.say('StartTransaction', said))['transactionId'] as number;
      return (await session()).id;
    },
    session,
    transaction: () => transaction,
    ...{ now, overTls },
  };
}

/** Whether the members are there, in lists at the same place. */
const matches = (value: unknown, wanted: unknown): boolean => {
  if (Array.isArray(wanted)) return Array.isArray(value) && wanted.every((item, i) => matches(value[i], item));
  if (typeof wanted !== 'object' || wanted === null) return value === wanted;
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(wanted).every(([name, item]) => matches((value as Payload)[name], item))
  );
};

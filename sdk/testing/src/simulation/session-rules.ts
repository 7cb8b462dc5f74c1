import type { StationState } from '@plugga/core/station';
import {
  connectorChanged,
  type DataOf,
  iso,
  type Logged,
  sessionEnded,
  sessionMetered,
  sessionRequested,
  sessionSettled,
  sessionStarted,
  sessionUpdated,
} from '@plugga/kit';
import type { SessionRow } from '@plugga/core/plugins';
import type { Books } from './books.ts';
import { type Charge, holeIn, isOf, type Ledger, namesakes } from './ledger.ts';

/** Rules of sessions that no energy shows: each is told by the ledgers and looked for in the log. */

/** A station that was asked before is asked again 10 min later. */
export const LONGEST_ASKING_MS = 12 * 60_000;
const CLOSE_AT_LAST_MS = 12 * 60 * 60_000;

/** Charges that go on and miss an event, of which the station was not asked since. */
export const unaskedGaps = ({ charges, asks, mixed }: Ledger): readonly Charge[] =>
  // One that does not know the question need not be asked twice.
  mixed?.make.answers?.['GetTransactionStatus'] !== undefined
    ? []
    : charges.filter(
        ({ id, holeAt, over, poisoned }) =>
          !over && !poisoned && holeAt !== undefined && !asks.some((it) => it.transaction === id && it.at >= holeAt),
      );

/** INV-15: an event that is missing is asked for, and none that is not. */
export function gapsAsked(ledger: Ledger, books: Books): string[] {
  const { identity, asks, charges } = ledger;
  const isOpen = (charge: Charge): boolean =>
    books.rows.some(
      (row) => row.station === identity && isOf(row, charge) && (row.status === 'active' || row.status === 'ended'),
    );
  const unasked = unaskedGaps(ledger).filter(
    (it) => holeIn(it) === 'sure' && namesakes(charges, it).length === 1 && isOpen(it),
  );
  return [
    ...unasked.map(({ id }) => `INV-15 an event of ${id} is missing, and was not asked for [${identity}]`),
    ...asks
      .filter(({ inVain }) => inVain)
      .map(({ transaction }) => `INV-15 it was asked about ${transaction}, of which nothing is missing [${identity}]`),
  ];
}

/** INV-18: a connector is what the newest status says by the station's own time, however late it comes; told for each event. */
export function newestStates(): (event: Logged, state: StationState) => readonly string[] {
  const newest = new Map<string, { readonly at: number; readonly status: string }>();
  return ({ type, seq, data, at }, { connectors }) => {
    if (type !== connectorChanged.type) return [];
    const { evse, connector = 1, status } = data as DataOf<typeof connectorChanged>;
    if (evse === 0) return [];
    const before = newest.get(`${evse}/${connector}`);
    if (before === undefined || at >= before.at) newest.set(`${evse}/${connector}`, { at, status });
    const { status: wanted } = newest.get(`${evse}/${connector}`)!;
    const shown = connectors.find((it) => it.evse === evse && it.connector === connector)?.status;
    return shown === wanted
      ? []
      : [`INV-18 connector ${evse} is ${shown} after #${seq}, and was ${wanted} later than that`];
  };
}

interface Context {
  readonly clock: boolean;
  readonly settle: 'now' | 'unplug' | 'silent';
  readonly steady: boolean;
}

/** What the log must show of each session at the end. */
export function sessionRules(ledger: Ledger, books: Books, context: Context): string[] {
  const { clock } = context;
  const { identity, charges } = ledger;
  const log = books.log.filter((event) => event.stream === identity);
  const said = Map.groupBy(log, ({ session }) => session);
  const rows = books.rows.filter((row) => row.station === identity && row.status !== 'void');
  const own = (charge: Charge): SessionRow | undefined =>
    namesakes(charges, charge).length === 1 ? rows.find((row) => isOf(row, charge)) : undefined;
  return [
    ...storedOnce(said),
    ...(clock ? [] : unbelievable(log)),
    ...rows.flatMap((row) => closedTooEarly(row, said.get(row.id) ?? [], context)),
    ...charges.flatMap((charge) => {
      const row = own(charge);
      return row === undefined ? [] : [...tokenTold(charge, row), ...requestTaken(charge, row, said, clock)];
    }),
  ].map((text) => `${text} [${identity}]`);
}

const TOLD = new Set<string>([sessionStarted.type, sessionUpdated.type, sessionEnded.type]);
interface Told {
  readonly seqNo?: number;
  readonly time?: string;
  readonly rawTime?: string;
  readonly content?: string;
}

/** What the log says of an event of a 2.x transaction; one that brings readings alone is an event of theirs. */
function toldIn({ type, data }: Logged): (Told & { readonly kind: string }) | undefined {
  if (TOLD.has(type)) return { kind: type, ...(data as Told) };
  if (type !== sessionMetered.type) return undefined;
  const { update, seqNo } = data as DataOf<typeof sessionMetered>;
  return update && { kind: sessionUpdated.type, ...update, ...(seqNo !== undefined && { seqNo }) };
}

/** INV-16: each event of a 2.x transaction is kept once, however often it was told. */
const storedOnce = (said: ReadonlyMap<string | undefined, readonly Logged[]>): string[] =>
  [...said].flatMap(([session, events]) => {
    const seen = new Set<string>();
    return events.flatMap((event) => {
      const { kind, seqNo, content, time, rawTime } = toldIn(event) ?? {};
      if (seqNo === undefined || content === undefined) return [];
      const key = JSON.stringify([kind, seqNo, rawTime ?? time, content]);
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew ? [] : [`INV-16 ${kind} ${seqNo} of ${session} is in the log twice, again as #${event.seq}`];
    });
  });

const BELIEVED_FROM = Date.parse('2010-01-01T00:00:00Z');

/** INV-21: no time is taken from a station that nobody can believe: of before 2010, or of what is still to come. */
const unbelievable = (log: readonly Logged[]): string[] =>
  log
    .filter(({ at, receivedAt }) => at < BELIEVED_FROM || at > receivedAt)
    .map(({ seq, type, at, receivedAt }) => `INV-21 ${type} #${seq} is of ${iso(at)}, and came ${iso(receivedAt)}`);

/**
 * INV-19: where a plugin asks to wait for the unplug, or an event is missing, a session closes at an unplug or 12 h after its
 * end. A plugin that nobody could ask, or whose answer a crash or an outage has swallowed, has asked for nothing.
 */
function closedTooEarly(
  { id, endedAt }: SessionRow,
  events: readonly Logged[],
  { clock, settle, steady }: Context,
): string[] {
  const closing = events.findIndex(({ type }) => type === 'session.closed');
  if (closing < 0) return [];
  const before = events.slice(0, closing);
  const numbers = new Set(before.flatMap((event) => toldIn(event)?.seqNo ?? []));
  const misses = numbers.size > 0 && Math.max(...numbers) - Math.min(...numbers) + 1 > numbers.size;
  const waits = settle === 'unplug' && (steady || before.some(({ type }) => type === sessionSettled.type));
  if (!waits && !misses) return [];
  const isOver = clock || endedAt === null || events[closing]!.receivedAt - endedAt >= CLOSE_AT_LAST_MS;
  if (isOver || before.some(({ type }) => type === 'session.unplugged')) return [];
  return [`INV-19 ${id} was closed before its unplug, ${misses ? 'with an event missing' : 'that it was to wait for'}`];
}

/** INV-20: a charge is of the token that was shown for it, before, with or after its first event. */
const tokenTold = ({ token, shown, id, ids }: Charge, row: SessionRow): string[] =>
  shown !== 'stored' || row.tokenLast4 === token.slice(-4)
    ? []
    : [`INV-20 ${row.id} of ${id ?? [...ids].join(' ')} is of ${row.tokenLast4}, not of ${token}`];

/** INV-17: a start that answers a command takes its request: 2.x by its number, 1.6 by token and EVSE while it has not expired. */
function requestTaken(
  charge: Charge,
  row: SessionRow,
  said: ReadonlyMap<string | undefined, readonly Logged[]>,
  clock: boolean,
): string[] {
  const { asked, connector, token, start } = charge;
  if (asked === undefined || start !== 'stored' || clock) return [];
  const requestOf = (session: string | undefined): DataOf<typeof sessionRequested> | undefined =>
    said.get(session)?.find(({ type }) => type === sessionRequested.type)?.data as never;
  if (requestOf(row.id) !== undefined) return [];
  const { remoteStartId } = asked;
  const begun = said.get(row.id)?.find(({ type }) => type === 'session.started');
  const waited = [...said].filter(([session, events]) => {
    const request = requestOf(session);
    if (request === undefined || events.some(({ type }) => type === 'session.started')) return false;
    if (remoteStartId !== undefined) return request.remoteStartId === remoteStartId;
    return (
      asked.isTimed &&
      request.token?.last4 === token.slice(-4) &&
      (request.evse === undefined || request.evse === connector) &&
      events[0]!.seq < begun!.seq &&
      Date.parse(request.expiresAt) >= row.startedAt!
    );
  });
  return waited.map(([session]) => `INV-17 ${row.id} was asked for as ${session}, which waited in vain`);
}

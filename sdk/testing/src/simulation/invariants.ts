import { emptyState, evolve, replay, sessionRow, snapshotOf, type StationState, statusOf } from '@plugga/core/station';
import type { SessionRow } from '@plugga/core/plugins';
import { type Billable, commandChanged, type DataOf, type Logged } from '@plugga/kit';
import { type Books, readBooks, readRows } from './books.ts';
import { type Charge, hasGap, isOf, type Ledger, namesakes } from './ledger.ts';
import type { Slot } from './real-database.ts';
import { gapsAsked, newestStates, sessionRules } from './session-rules.ts';
import { TOKENS } from './furnish.ts';
import type { Timeline } from './timeline.ts';
import type { WireTap } from './wire.ts';

/** What must be true of every seed, whatever went wrong in it. */
export interface Context {
  readonly slot: Slot;
  readonly time: Timeline;
  readonly stations: readonly Ledger[];
  readonly tap: WireTap;
  readonly tenant: string;
  readonly settle: 'now' | 'unplug' | 'silent';
  /** The server's clock was set: what stations that follow it say of before and after may cross. */
  readonly clock: boolean;
  /** Neither clock nor database nor process stood in the way of what must be done in time. */
  readonly steady: boolean;
}

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const isOpen = (row: SessionRow): boolean => row.status !== 'closed' && row.status !== 'void';
const named = (charge: Charge): string =>
  `the charge ${charge.from}-${charge.to} of ${charge.token} at ${charge.connector} (${[...charge.ids].join(' ')})`;

export const violations = {
  /** Stations have told all that they had, and what charges goes on. */
  whileTheyCharge: async ({ slot, tenant, stations }: Context): Promise<readonly string[]> => {
    const books = await readBooks(slot, tenant);
    return stations.flatMap((station) => gapsAsked(station, books));
  },

  /** A minute after the stations had said everything: INV-13. */
  afterDrain: async ({ slot, tenant, stations, settle }: Context): Promise<readonly string[]> => {
    const rows = await readRows(slot, tenant);
    const found: string[] = [];
    for (const { identity, charges } of stations) {
      for (const charge of charges) {
        if (charge.stopById !== 'stored' || charge.poisoned || namesakes(charges, charge).length > 1) continue;
        const row = rows.find((it) => it.station === identity && isOf(it, charge));
        // One that waits for the unplug, or for an event that is missing, waits for 12 h where that came before the stop.
        const waits = (settle === 'unplug' || hasGap(charge)) && row?.status === 'ended';
        if (row !== undefined && isOpen(row) && !waits) found.push(`INV-13 ${named(charge)} is still ${row.status}`);
      }
    }
    return found;
  },

  open: async ({ slot, tenant }: Context): Promise<number> =>
    (await readRows(slot, tenant)).filter((row) => row.status === 'pending' || row.status === 'active').length,

  atEnd: async (context: Context): Promise<readonly string[]> => {
    const books = await readBooks(context.slot, context.tenant);
    return [
      ...wire(context.tap),
      ...commands(books, context.steady),
      ...context.stations.flatMap((station) => [
        ...stored(station, books),
        ...sessions(station, books, context.clock),
        ...rebuilt(station, books, context.clock),
        ...billed(station, books),
        ...billedFairly(station, books),
        ...sessionRules(station, books, context),
      ]),
      ...delivered(books),
      ...foreign(context.stations, books),
    ];
  },
};

/** INV-07 and INV-08, as they were seen on the wire. */
function wire({ sockets }: WireTap): string[] {
  return [...sockets].flatMap(([id, { faults, arrived, answered, ended }]) => {
    const silent = ended ? [] : [...arrived].filter(([message, times]) => (answered.get(message) ?? 0) < times);
    return [...faults, ...silent.map(([message]) => `INV-07 ${message} on the open socket ${id} was not answered`)];
  });
}

/** INV-11: a command ends, and in time once it has had its turn: those of one station wait for each other. */
const SETTLED = new Set(['accepted', 'rejected', 'timeout', 'failed', 'done']);
const COMMAND_MS = 35_000;
function commands(books: Books, steady: boolean): string[] {
  const told = Map.groupBy(
    books.log.filter(({ type }) => type === commandChanged.type),
    ({ data }) => (data as DataOf<typeof commandChanged>).command,
  );
  const when = (id: string, is: (status: string) => boolean): number | undefined =>
    told.get(id)?.find(({ data }) => is((data as DataOf<typeof commandChanged>).status))?.receivedAt;
  return books.commands.flatMap(({ id, name, status, createdAt, updatedAt }) => {
    if (!SETTLED.has(status)) return [`INV-11 the command ${name} ${id} is still ${status}`];
    // What is seen of it, or not seen in time, is written later.
    const took = (when(id, (it) => SETTLED.has(it)) ?? updatedAt) - (when(id, (it) => it === 'sent') ?? createdAt);
    return steady && status !== 'done' && took > COMMAND_MS
      ? [`INV-11 the command ${name} ${id} was ${status} only after ${took} ms`]
      : [];
  });
}

/** INV-01: what was acknowledged is in the log or in quarantine: itself, or what it repeats. */
function stored({ identity, messages }: Ledger, books: Books): string[] {
  const causes = new Set(books.log.filter((event) => event.stream === identity).map((event) => event.cause));
  const raw = books.quarantine.filter((it) => it.station === identity).map((it) => it.raw);
  const kept = (id: string): boolean => causes.has(id) || raw.some((text) => text.startsWith(`[2,"${id}"`));
  const contents = new Set(messages.filter((it) => kept(it.id)).map((it) => it.content));
  return messages
    .filter((it) => it.acknowledged && !contents.has(it.content))
    .map((it) => `INV-01 ${it.action} ${it.id} ${it.content} was acknowledged and is nowhere`);
}

/** INV-02 and INV-03: each charge is a session, once, to the watt-hour. */
function sessions({ identity, charges, mixed }: Ledger, books: Books, clock: boolean): string[] {
  const found: string[] = [];
  const fault = (when: boolean, text: string): void => {
    if (when) found.push(`${text} [${identity}${mixed === undefined ? '' : `, ${mixed.make.id}`}]`);
  };
  const rows = books.rows.filter((row) => row.station === identity && row.status !== 'void');
  const mine = new Set<string>();
  // A stop that the database refused comes back with whatever is decided on it: what is in quarantine is no session's yet.
  const raw = books.quarantine.filter((it) => it.station === identity).map((it) => it.raw);
  const isKeptRaw = ({ poisoned, told }: Charge): boolean =>
    poisoned || told.some((id) => raw.some((text) => text.startsWith(`[2,"${id}"`)));
  // Of several charges of one id each is known by when it began; where that was never told it may be any of them.
  const isClear = (charge: Charge): boolean => {
    const alike = namesakes(charges, charge).filter(({ events }) => [...events.values()].some((told) => told !== 'no'));
    return alike.length < 2 || alike.every((it) => it.start === 'stored' && it.startedAt !== undefined);
  };
  const known = charges.filter((charge) => charge.heard && isClear(charge) && !isKeptRaw(charge));
  for (const charge of known) {
    const name = named(charge);
    const isOne = namesakes(charges, charge).length === 1;
    const [row, ...more] = rows.filter((it) => isOf(it, charge) && (isOne || it.startedAt === charge.startedAt));
    // With a clock that nobody can trust an equal start may be another charge; it must not cost the driver anything.
    const doubted = [row, ...more].every((it) => it?.flags.includes('untrustedTime'));
    const harmless =
      doubted || more.every((it) => it.flags.includes('untrustedTime') && (!(it.energyWh! > 0) || isHeld(it, books)));
    fault(row === undefined, `INV-02 ${name} is no session`);
    fault(
      !harmless,
      `INV-02 ${name} is ${1 + more.length} sessions: ${[row, ...more].map((it) => `${it?.id} ${it?.energyWh} Wh ${it?.flags.join(' ')}: ${storyOf(it?.id ?? '', books)}`).join('; ')}`,
    );
    if (row === undefined) continue;
    for (const it of [row, ...more]) {
      fault(mine.has(it.id), `INV-02 ${name} shares the session ${it.id} with another`);
      mine.add(it.id);
    }
    const evses = charge.placed ? [charge.connector] : [null, charge.connector];
    fault(!evses.includes(row.evse), `INV-02 ${name} is at EVSE ${row.evse}`);
    // Where no start was heard nobody knows what it gave before: that is for the operator.
    const isBegun = !row.flags.some((flag) => flag === 'estimatedStart' || flag === 'startMissing');
    fault(charge.start === 'stored' && !isBegun, `INV-02 the start of ${name} was stored: ${row.flags.join(' ')}`);
    if (!isBegun) fault(row.energyWh! > 0 && !isHeld(row, books), `INV-02 ${name} is not held and has no start`);
    else if (mixed === undefined || mixed.billed === 'fair') energy(charge, row);
  }

  function energy(charge: Charge, row: SessionRow): void {
    // A second stop changes nothing that the first one said; where that was not stored it may be all that was heard.
    const isSecond = charge.secondTo !== undefined && charge.firstStop !== 'stored';
    if (isSecond && row.energyWh === charge.secondTo! - charge.from) return;
    const wh = charge.to - charge.from;
    const shown = `INV-03 ${named(charge)} has ${row.energyWh} Wh of ${wh}, ${row.flags.join(' ')}`;
    // Once something was never told or named nobody, evidence of another charge may be all that fits.
    const doubtful = charges.some(
      (it) => it !== charge && (it.start !== 'stored' || it.stopWithoutId !== 'no' || isKeptRaw(it)),
    );
    const estimated = row.flags.includes('estimatedEnd');
    if (charge.reset) {
      fault(row.energyWh! < 0, shown);
      if (charge.stopById === 'stored')
        fault(row.energyWh !== Math.max(0, wh) || (wh < 0 && !row.flags.includes('registerFell')), shown);
    } else if (charge.stopById === 'stored') fault(row.energyWh !== wh, shown);
    else if (estimated)
      // What crosses because the server's own clock was set is for the operator to judge, and held for it.
      fault(
        !((clock || row.flags.includes('unitUnknown')) && isHeld(row, books)) &&
          ((!doubtful && row.energyWh! > wh) ||
            (row.energyWh! < charge.highest - charge.from && !row.flags.includes('implausibleEnergy'))),
        `${shown}, estimated`,
      );
    else fault(!doubtful && row.energyWh !== wh, `${shown}, ended by another's stop`);
  }

  // A start that stood for a stop is none, whether or not it was known for one: its token may not have been readable then.
  const ends = (row: SessionRow): boolean =>
    row.flags.includes('emptyStart') ||
    (mixed?.make.options?.startsToStop === true && row.meterStartWh === 0 && row.energyWh === 0);
  const others = rows.filter((row) => !mine.has(row.id) && !ends(row));
  const unknown = charges.length - known.length;
  fault(
    others.length > unknown,
    `INV-02 ${others.length} sessions of nobody: ${others.map((row) => `${row.id} ${row.flags.join(' ')}: ${storyOf(row.id, books)}`).join('; ')}`,
  );
  for (const row of rows)
    fault(isOpen(row), `INV-13 ${row.id} is still ${row.status} (${row.flags.join(' ')}): ${storyOf(row.id, books)}`);
  return found;
}

/** INV-14: nobody pays for what was not delivered, and what a make cannot tell fairly waits for the operator, with the reason. */
function billedFairly({ identity, charges, mixed }: Ledger, books: Books): string[] {
  const rows = books.rows.filter((row) => row.station === identity && row.status === 'closed' && row.energyWh! > 0);
  // Where a register was set back, what a stop that names nobody says of it proves nothing.
  const isReset = charges.some((it) => it.reset);
  const billedRows = rows.filter((row) => !isHeld(row, books) && !(isReset && row.flags.includes('linkedStop')));
  const billedWh = billedRows.reduce((sum, row) => sum + row.energyWh!, 0);
  const delivered = charges.reduce((sum, it) => sum + it.delivered, 0);
  const shown = (row: SessionRow): string => `${row.id} of ${row.energyWh} Wh (${row.flags.join(' ')})`;
  const found =
    billedWh > delivered
      ? [`INV-14 ${billedWh} Wh are billed of ${delivered} that were delivered: ${billedRows.map(shown).join(', ')}`]
      : [];
  const flags = mixed === undefined || mixed.billed === 'fair' ? undefined : mixed.billed;
  if (flags === undefined) return found.map((text) => `${text} [${identity}, ${mixed?.make.id}]`);
  const because = rows.filter(
    (row) =>
      (isHeld(row, books) && flags.some((flag) => row.flags.includes(flag))) ||
      row.flags.includes(mixed?.fairWith ?? 'none'),
  );
  return [
    ...found,
    ...rows.filter((row) => !because.includes(row)).map((row) => `INV-14 ${shown(row)} is not held`),
  ].map((text) => `${text} [${identity}, ${mixed?.make.id}]`);
}

const isHeld = (row: SessionRow, { log }: Books): boolean => {
  const last = log.findLast(
    (event) => event.session === row.id && (event.type === 'session.closed' || event.type === 'session.corrected'),
  );
  const { billable, after } = (last?.data ?? {}) as { readonly billable?: Billable; readonly after?: Billable };
  return (after ?? billable)?.held === true;
};

const storyOf = (session: string, { log }: Books): string =>
  log
    .filter((event) => event.session === session)
    .map(({ seq, type, receivedAt }) => `#${seq} ${type} ${new Date(receivedAt).toISOString().slice(5, 19)}`)
    .join(', ');

/** INV-06: where a status may go from where. */
const GRAPH: Readonly<Record<string, readonly string[]>> = {
  pending: ['active', 'ended', 'closed', 'void'],
  void: ['pending', 'active', 'ended'],
  active: ['ended', 'closed'],
  ended: ['closed'],
  closed: [],
};

/** INV-06 and INV-10: the log gives the stored rows, to the byte, by steps that are allowed. */
function rebuilt({ identity }: Ledger, books: Books, clock: boolean): string[] {
  const found: string[] = [];
  const log = books.log.filter((event) => event.stream === identity);
  // What the journal had acknowledged and the database then refused is in quarantine; what was decided on it is not.
  const gap = log.findIndex((event, at) => event.seq !== at + 1);
  const refused = books.quarantine.some((it) => it.station === identity);
  if (gap >= 0 && refused) return [];
  if (gap >= 0) found.push(`INV-10 seq ${log[gap]!.seq} of ${identity} stands at ${gap + 1}`);
  const again = replay(log);
  const stored = books.rows.filter((row) => row.station === identity).map(({ station: _, ...row }) => row);
  const rebuiltRows = again.sessions.map((it) => plain(sessionRow(it)));
  if (JSON.stringify(rebuiltRows) !== JSON.stringify(plain(stored)))
    found.push(`INV-10 the log gives other rows of ${identity}: ${difference(rebuiltRows, plain(stored))}`);
  const snapshot = sorted(plain(snapshotOf(again)));
  const kept = sorted(books.snapshots.get(identity) ?? plain(snapshotOf(emptyState)));
  if (JSON.stringify(snapshot) !== JSON.stringify(kept))
    found.push(
      `INV-10 the log gives another snapshot of ${identity}: ${JSON.stringify(snapshot)} for ${JSON.stringify(kept)}`,
    );

  let state: StationState = emptyState;
  const stateNow = clock ? () => [] : newestStates();
  const statuses = new Map<string, string>();
  for (const event of log) {
    state = evolve(state, event);
    found.push(...stateNow(event, state));
    if (event.session === undefined) continue;
    const session = state.sessions.findLast((it) => it.id === event.session);
    if (session === undefined) continue;
    const status = statusOf(session);
    const before = statuses.get(session.id);
    if (before !== undefined && before !== status && !GRAPH[before]!.includes(status))
      found.push(`INV-06 ${session.id} went from ${before} to ${status} by ${event.type}`);
    statuses.set(session.id, status);
  }
  return found;
}

const difference = (a: readonly SessionRow[], b: readonly SessionRow[]): string => {
  for (const [at, row] of a.entries()) {
    const other = b[at];
    if (other === undefined) return `${row.id} is not stored`;
    const keys = Object.keys(row) as (keyof SessionRow)[];
    const differ = keys.filter((key) => JSON.stringify(row[key]) !== JSON.stringify(other[key]));
    if (differ.length > 0)
      return differ
        .map((key) => `${row.id}.${key} ${JSON.stringify(row[key])} for ${JSON.stringify(other[key])}`)
        .join(', ');
  }
  return `${b.length} stored, ${a.length} rebuilt`;
};

/** The database keeps members of an object in an order of its own. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
};

/** INV-04, as the log has it: one closing, corrections that follow from each other, and a curve that ends at the energy. */
function billed({ identity }: Ledger, books: Books): string[] {
  const found: string[] = [];
  const fault = (when: boolean, text: string): void => {
    if (when) found.push(`INV-04 ${text} [${identity}]`);
  };
  const ofSession = Map.groupBy(books.log, (event: Logged) => event.session);
  for (const row of books.rows.filter((it) => it.station === identity && it.status !== 'void')) {
    const said = ofSession.get(row.id) ?? [];
    const closings = said.filter((event) => event.type === 'session.closed');
    fault(closings.length > 1, `${row.id} was closed ${closings.length} times`);
    const [closing] = closings;
    if (closing === undefined) continue;
    let { billable, cdr } = closing.data as { billable: Billable; cdr: boolean };
    for (const event of said.filter((it) => it.type === 'session.corrected')) {
      const { before, after, ...data } = event.data as { before: Billable; after: Billable; cdr: boolean };
      fault(JSON.stringify(before) !== JSON.stringify(billable), `${row.id} corrects what was never billed`);
      billable = after;
      cdr = data.cdr;
    }
    fault(billable.energyWh !== row.energyWh, `${row.id} bills ${billable.energyWh} Wh of ${row.energyWh}`);
    fault(!cdr && row.energyWh! > 0, `${row.id} of ${row.energyWh} Wh has no CDR`);
    // While the tokens cannot be read, what a station has begun is not refused.
    const offline = said.some(
      (it) => it.type === 'session.authorized' && (it.data as { by?: string }).by === 'offline',
    );
    const refused = row.tokenLast4 === TOKENS.refused.slice(-4) && !offline;
    fault(refused && row.energyWh! > 0 && !billable.held, `${row.id} bills a refused token`);
    const curve = billable.curve.map((point) => point.wh);
    fault(
      curve.some((wh, n) => n > 0 && wh < curve[n - 1]!),
      `the curve of ${row.id} falls`,
    );
    fault(curve.at(-1) !== billable.energyWh, `the curve of ${row.id} does not end at its energy`);
  }
  return found;
}

/** INV-04: a plugin is told each closing and each correction once, in order, and what it says of them is kept. */
function delivered(books: Books): string[] {
  const found: string[] = [];
  const told = books.log.filter((it) => it.type === 'session.closed' || it.type === 'session.corrected');
  const wanted = Map.groupBy(told, (event) => event.session as string);
  const kept = Map.groupBy(books.entries, (entry) => entry.session);
  for (const session of new Set([...wanted.keys(), ...kept.keys()])) {
    const events = (wanted.get(session) ?? []).map((event) => event.id as string);
    const entries = (kept.get(session) ?? []).map((entry) => entry.event);
    if (JSON.stringify(events) !== JSON.stringify(entries))
      found.push(`INV-04 the plugin has ${entries.length} entries of ${session} for ${events.length} events`);
    const last = kept.get(session)?.at(-1);
    if (last !== undefined && books.costs.get(session) !== String(last.wh))
      found.push(`INV-04 the cost of ${session} is ${books.costs.get(session)} where the plugin said ${last.wh}`);
  }
  return found;
}

/** INV-05: no session is written by another station, or carries another's transaction. */
function foreign(stations: readonly Ledger[], books: Books): string[] {
  const of = new Map(books.rows.map((row) => [row.id as string, row.station as string]));
  const written = books.log.filter((event) => event.session !== undefined && of.get(event.session) !== event.stream);
  // Stations of 2.x may number theirs alike.
  const own = new Map(
    stations.map(({ identity, charges }) => [identity, new Set(charges.flatMap(({ ids }) => [...ids]))]),
  );
  const given = new Set([...own.values()].flatMap((ids) => [...ids]));
  const taken = books.rows.filter(({ station, transactionId }) => {
    const id = transactionId ?? '';
    return given.has(id) && own.get(station)?.has(id) !== true;
  });
  return [
    ...written.map((event) => `INV-05 ${event.type} of ${event.session} stands in the stream ${event.stream}`),
    ...taken.map((row) => `INV-05 ${row.id} of ${row.station} carries another station's transaction`),
  ];
}

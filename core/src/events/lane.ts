import { instant, type Log, type Logged } from '@plugga/kit';
import { isPassing } from '../db/faults.ts';
import { loggedColumns, loggedOf, type LoggedRow } from '../db/logged.ts';
import { begin, type OpenTransaction, type TransactionDeps } from '../db/transactions.ts';
import { patience } from '../patience.ts';
import type { Listener } from '../plugins/face.ts';
import { type Cursor, lockCursor, lockedOf, moveCursor, type Parked, park, passParked, unpark } from './cursor.ts';
import { byTenant, createDispatch, keyOf } from './dispatch.ts';
import type { Tail } from './tail.ts';

/** One plugin's way along the log. */
export interface Lane {
  readonly plugin: string;
  /** All events up to it are handled, parked, or of no interest. In memory ahead of the stored one while nothing is of interest. */
  readonly cursor: bigint;
  readonly epoch: number;
  /** Goes on as far as it can; at once or when it is through with what it is doing. */
  nudge(o?: { readonly parked?: boolean }): void;
  /** Waits for what is under way, then takes nothing more. */
  stop(): Promise<void>;
}

export interface LaneDeps extends TransactionDeps {
  readonly log: Log;
  readonly tail: Tail;
  readonly listener: Listener;
  readonly from: { readonly position: bigint; readonly epoch: number };
  /** How far the plugins have come that must handle an event first. */
  ceiling(): bigint;
  moved(): void;
  /** A key is not parked any more. */
  rejoined(): void;
  /** A handler that takes longer is given up. */
  readonly handlerMs: number;
}

/** What a transaction handles at most, and how long it may take: what it costs beside its events is shared by many. */
const mostEvents = 200;
const batchMs = 200;
const pageOf = 1_000;
/** Another node runs the plugin: look again then. */
const busyMs = 500;
const awayMs = 250;
const mostAttempts = 8;
const firstAgainMs = 1_000;
const longestAgainMs = 300_000;
/** The database's clock decides what is due, ours when to look. */
const clockSlackMs = 20;

class Late extends Error {}

/** Whether the connection was still good, so that what failed is the handler. */
const undo = async (transaction: OpenTransaction, error: unknown): Promise<boolean> => {
  if (!(error instanceof Late)) return transaction.rollback();
  transaction.abandon(); // it may be busy with a statement of the handler for ever
  return true;
};

/** How a try ended: go on, or wait for somebody. */
type Ended = 'on' | 'wait';

export const createLane = (deps: LaneDeps): Lane => {
  const { clock, log, tail, listener } = deps;
  const { plugin, after } = listener;
  const dispatch = createDispatch(listener.subscriptions);
  let { position: cursor, epoch } = deps.from;
  let size = mostEvents;
  /** Of the events after `from`, up to and with `to`, those that are wanted. */
  let page: { readonly from: bigint; readonly to: bigint; readonly wanted: readonly Logged[] } = {
    from: 0n,
    to: 0n,
    wanted: [],
  };
  /** Up to here events are run one by one, because a batch with one of them has failed. */
  let singlyTo = 0n;
  let running: Promise<void> | undefined;
  let again = false;
  let lookAtParked = true;
  let stopped = false;
  const cancels = new Set<() => void>();

  const later = (ms: number, o?: { readonly parked: boolean }): void => {
    const cancel = clock.at(instant(clock.now() + ms), () => {
      cancels.delete(cancel);
      nudge(o);
    });
    cancels.add(cancel);
  };

  const nudge: Lane['nudge'] = (o) => {
    if (stopped) return;
    lookAtParked ||= o?.parked === true;
    again = true;
    running ??= run().finally(() => {
      running = undefined;
      // A nudge that came between the last look and here must not be lost.
      if (again) nudge();
    });
  };

  const run = async (): Promise<void> => {
    while (again && !stopped) {
      again = false;
      const ended = await goOn().catch((error: unknown): Ended => {
        log.warn('delivery failed, trying again', { plugin, error });
        later(awayMs, { parked: true });
        return 'wait';
      });
      if (ended === 'on') continue;
      again = false; // whoever says "wait" has said when to look again
      return;
    }
  };

  const goOn = async (): Promise<Ended> => ((await rejoinParked()) === 'wait' ? 'wait' : advance());

  /** Goes on until it stands where those before it stand. */
  const advance = async (): Promise<Ended> => {
    while (!stopped) {
      const ceiling = deps.ceiling();
      if (cursor >= ceiling) return 'on';
      if (cursor < page.from || cursor >= page.to) page = await pageUpTo(ceiling);
      const reach = page.to < ceiling ? page.to : ceiling;
      const wanted = page.wanted.filter(({ position }) => position > cursor && position <= reach);
      const batch = wanted.slice(0, singlyTo > cursor ? 1 : size);
      const end = batch.length < wanted.length ? batch.at(-1)!.position : reach;
      if (batch.length === 0) moveTo(end);
      else if ((await deliver(batch, end)) === 'wait') return 'wait';
    }
    return 'on';
  };

  /** What follows the cursor, read once and handled in batches: far behind it comes from the database. */
  const pageUpTo = async (ceiling: bigint): Promise<typeof page> => {
    const events = await tail.after(cursor, pageOf);
    // A page that was cut knows nothing of what follows it; after any other there is nothing up to the ceiling.
    const to = events.length === pageOf ? events.at(-1)!.position : ceiling;
    return { from: cursor, to, wanted: events.filter(dispatch.wants) };
  };

  const moveTo = (position: bigint): void => {
    if (position <= cursor) return;
    cursor = position;
    deps.moved();
  };

  /** One transaction: what is handled, what is held and the cursor; or the next smaller thing to try. */
  const deliver = async (events: readonly Logged[], end: bigint): Promise<Ended> => {
    const began = clock.now();
    const tenant = events[0]?.tenant;
    const transaction = await begin(deps, {
      tenant: '*',
      statements: lockCursor(plugin, after),
      ...(tenant && { afterwards: tenant }),
    });
    const { cursor: stored, parked } = lockedOf(transaction.answers);
    if (stored === undefined || stored.epoch !== epoch || stored.position > cursor) {
      await transaction.rollback();
      if (stored === undefined) {
        later(busyMs);
        return 'wait';
      }
      ({ position: cursor, epoch } = stored);
      deps.moved();
      return 'on';
    }
    const held = new Map<string, string>();
    const open: Logged[] = [];
    const own = new Set(parked.filter((it) => it.plugin === plugin).map(({ key }) => key));
    for (const event of events) {
      const key = keyOf(event);
      if (own.has(key) || held.has(key)) continue;
      const before = parkedBefore(parked, event);
      if (before === undefined) open.push(event);
      else held.set(key, hold(event, before));
    }
    try {
      await within(transaction, open, stored.replayUntil);
      await transaction.commit([...held.values(), moveCursor(plugin, end)]);
    } catch (error) {
      return failed({ error, alive: await undo(transaction, error), events: open, end });
    }
    const took = clock.now() - began;
    size = took > batchMs ? Math.max(1, size >> 1) : Math.min(mostEvents, size * 2);
    moveTo(end);
    return 'on';
  };

  /** Runs the handlers, each tenant's under its own name. Throws when it takes too long. */
  const within = async (
    transaction: OpenTransaction,
    events: readonly Logged[],
    replayUntil: bigint,
  ): Promise<void> => {
    if (events.length === 0) return;
    const { promise: late, reject } = Promise.withResolvers<never>();
    const cancel = patience(clock, deps.handlerMs, () =>
      reject(new Late(`a handler of "${plugin}" has not ended after ${deps.handlerMs / 1_000} s`)),
    );
    const all = async (): Promise<void> => {
      for (const [tenant, ofTenant] of byTenant(events))
        await dispatch.run(ofTenant, (cause) =>
          transaction.turn(tenant, { plugin, cause, replay: cause.position <= replayUntil }),
        );
    };
    try {
      await Promise.race([all(), late]);
    } finally {
      cancel();
    }
  };

  const failed = async (o: {
    readonly error: unknown;
    readonly alive: boolean;
    readonly events: readonly Logged[];
    readonly end: bigint;
  }): Promise<Ended> => {
    const [event] = o.events;
    if (!o.alive || isPassing(o.error) || event === undefined) {
      log.warn('delivery failed, trying again', { plugin, error: o.error });
      later(awayMs);
      return 'wait';
    }
    if (o.events.length > 1) {
      singlyTo = o.end;
      return 'on';
    }
    return setAside(event, 0, o.error, o.end);
  };

  /** The event's key waits from here on, and the cursor goes on without it. */
  const setAside = async (event: Logged, attemptsBefore: number, error: unknown, end?: bigint): Promise<Ended> => {
    const attempts = attemptsBefore + 1;
    const againMs = attempts >= mostAttempts ? undefined : Math.min(firstAgainMs * 2 ** attemptsBefore, longestAgainMs);
    const transaction = await begin(deps, { tenant: '*', statements: lockCursor(plugin, []) });
    const { cursor: stored } = lockedOf(transaction.answers);
    if (stored === undefined || stored.epoch !== epoch || (end !== undefined && stored.position > cursor)) {
      await transaction.rollback();
      later(busyMs);
      return 'wait';
    }
    const key = keyOf(event);
    await transaction.commit([
      park({ plugin, key, event, attempts, againMs, error: String(error) }),
      ...(end === undefined ? [] : [moveCursor(plugin, end)]),
    ]);
    const fields = { plugin, key, event: event.id, type: event.type, attempts, error };
    if (againMs === undefined) log.error('event cannot be handled: an operator must act', fields);
    else {
      log.warn('event set aside', fields);
      later(againMs + clockSlackMs, { parked: true });
    }
    if (end !== undefined) moveTo(end);
    return 'on';
  };

  const hold = (event: Logged, before: string): string =>
    park({
      plugin,
      key: keyOf(event),
      event,
      waitsFor: before,
      attempts: 0,
      againMs: 0,
      error: `waits for ${before}`,
    });

  /** Which plugin before this one has not handled the event, because it has parked its key. */
  const parkedBefore = (parked: readonly Parked[], event: Logged): string | undefined =>
    parked.find((it) => it.plugin !== plugin && it.key === keyOf(event) && it.from <= event.position)?.plugin;

  const isHeld = (parked: readonly Parked[], own: Parked): boolean =>
    parked.some((it) => it.plugin !== plugin && it.key === own.key && it.from <= own.from);

  /** Keys that are due are tried event by event until they are where the cursor is. */
  const rejoinParked = async (): Promise<Ended> => {
    if (!lookAtParked) return 'on';
    lookAtParked = false;
    const tried = new Set<string>();
    while (!stopped) {
      const transaction = await begin(deps, { tenant: '*', statements: lockCursor(plugin, after) });
      const { cursor: stored, parked } = lockedOf(transaction.answers);
      if (stored === undefined || stored.epoch !== epoch) {
        await transaction.rollback();
        if (stored !== undefined) ({ position: cursor, epoch } = stored);
        else {
          lookAtParked = true;
          later(busyMs);
        }
        return stored === undefined ? 'wait' : 'on';
      }
      const next = parked.find((it) => it.plugin === plugin && it.due && !tried.has(it.key) && !isHeld(parked, it));
      if (next === undefined) {
        await transaction.rollback();
        return 'on';
      }
      if ((await rejoin(transaction, next, parked, stored)) === 'wait') tried.add(next.key);
    }
    return 'on';
  };

  const rejoin = async (
    transaction: OpenTransaction,
    { key, from, attempts }: Parked,
    parked: readonly Parked[],
    { position, replayUntil }: Cursor,
  ): Promise<Ended> => {
    const event = await nextOf(transaction, key, from, position);
    if (event === undefined) {
      await transaction.commit([unpark(plugin, key)]);
      log.info('events rejoined', { plugin, key });
      deps.rejoined();
      return 'on';
    }
    const before = parkedBefore(parked, event);
    if (before !== undefined) {
      await transaction.commit([hold(event, before)]);
      return 'wait';
    }
    try {
      await within(transaction, [event], replayUntil);
      await transaction.commit([passParked(plugin, key, event.position)]);
      return 'on';
    } catch (error) {
      if (!(await undo(transaction, error)) || isPassing(error)) throw error;
      await setAside(event, attempts, error);
      return 'wait';
    }
  };

  /** The first event of the key from there on that the plugin wants and that its cursor has passed. */
  const nextOf = async (transaction: OpenTransaction, key: string, from: bigint, position: bigint) => {
    const isSession =
      (await transaction.query('select from core.log where session = $1 limit 1', [key])).rowCount === 1;
    // Materialized: else it may look for the session's next event through all that came after it.
    const { rows } = await transaction.query<LoggedRow>(
      `with own as ${isSession ? 'materialized' : 'not materialized'} (
         select ${loggedColumns} from core.log e
         where ${isSession ? 'e.session = $1' : 'e.session is null and e.stream = $1'} and e.id between $2 and $3
           and ($4::text[] is null or e.type = any ($4))
       )
       select * from own order by position limit 1`,
      [key, from.toString(), position.toString(), dispatch.types ?? null],
    );
    return rows[0] && loggedOf(rows[0]);
  };

  return {
    plugin,
    get cursor() {
      return cursor;
    },
    get epoch() {
      return epoch;
    },
    nudge,
    stop: async () => {
      stopped = true;
      for (const cancel of cancels) cancel();
      await running;
    },
  };
};

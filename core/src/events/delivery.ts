import { fail, instant, type Log, type Logged, type TenantId } from '@plugga/kit';
import pg from 'pg';
import type { OpenStore } from '../db/store.ts';
import { begin, type TransactionDeps } from '../db/transactions.ts';
import type { Delivery, DeliveryStatus, Listener } from '../plugins/face.ts';
import { createLane, type Lane } from './lane.ts';
import { createTail, type Tail } from './tail.ts';

export interface DeliveryDeps extends TransactionDeps {
  readonly store: Pick<OpenStore, 'readAfter' | 'head'>;
  /** Sees all tenants: cursors and what is parked. */
  readonly system: pg.Pool;
  readonly log: Log;
  readonly handlerMs?: number;
}

export interface RunningDelivery extends Delivery {
  /** Events were appended: these, by this node; where it is not known which, the log is looked into. */
  wake(events?: readonly Logged[]): void;
  /** Resolves when no event waits for a plugin; rejects after the deadline, naming who is behind. */
  settled(deadlineMs: number): Promise<void>;
  /** An operator tries a parked key again now, or leaves its failing event out for good. False when nothing is parked there. */
  release(tenant: TenantId, plugin: string, key: string, how: 'retry' | 'skip'): Promise<boolean>;
  /** Empties what the plugin has made of the log and runs it from the beginning; what it enqueues meanwhile is muted. */
  rebuild(plugin: string, o: { empty(client: Pick<pg.ClientBase, 'query'>): Promise<void> }): Promise<void>;
}

/**
 * The log is read at once where it was quiet, else once in this time, however many commits there were. The time grows while
 * much is found: what a batch costs beside its events is then shared by more of them, and a price is still in time.
 */
const coalesceMs = { least: 20, most: 160 };
/** A read that finds as many makes the next one wait longer; one that finds less than half of it, shorter. */
const manyEvents = 24;
/** What other nodes append and park is looked for this often. */
const pollMs = 1_000;
const persistMs = 5_000;
const settledMs = 15;
const defaultHandlerMs = 60_000;

/** Hands the log to the plugins: one reader, and one lane a plugin. */
export const createDelivery = (deps: DeliveryDeps): RunningDelivery => {
  const { clock, log, store, system } = deps;
  let lanes: ReadonlyMap<string, Lane> = new Map();
  let listeners: readonly Listener[] = [];
  let tail: Tail | undefined;
  let running = false;
  let readAt = instant(0);
  let pauseMs = coalesceMs.least;
  let reading: Promise<void> | undefined;
  let woken = false;
  /** Somebody may have written of whom nothing was heard. */
  let look = true;
  let cancelRead: (() => void) | undefined;
  let cancelPoll = (): void => undefined;
  let persistAt = instant(0);

  const wake = (events?: readonly Logged[]): void => {
    if (!running) return;
    if (events === undefined) look = true;
    else tail?.hear(events);
    woken = true;
    if (reading !== undefined || cancelRead !== undefined) return;
    const dueAt = readAt + pauseMs;
    if (dueAt <= clock.now()) return void readOn();
    cancelRead = clock.at(instant(dueAt), () => {
      cancelRead = undefined;
      void readOn();
    });
  };

  const readOn = (): Promise<void> =>
    (reading ??= readNew().finally(() => {
      reading = undefined;
      if (woken) wake();
    }));

  const readNew = async (): Promise<void> => {
    woken = false;
    readAt = clock.now();
    const looking = look;
    look = false;
    try {
      const found = (await tail?.refresh({ look: looking })) ?? 0;
      if (found >= manyEvents) pauseMs = Math.min(pauseMs * 2, coalesceMs.most);
      else if (found < manyEvents / 2) pauseMs = Math.max(pauseMs / 2, coalesceMs.least);
      if (found > 0) for (const lane of lanes.values()) lane.nudge();
    } catch (error) {
      look = true;
      log.warn('log not read, trying again', { error });
    }
  };

  const poll = (): void => {
    cancelPoll = clock.at(instant(clock.now() + pollMs), poll);
    let passed = tail?.head ?? 0n;
    for (const { cursor } of lanes.values()) if (cursor < passed) passed = cursor;
    tail?.passed(passed);
    wake();
    tend().catch((error: unknown) => log.warn('delivery not tended, trying again', { error }));
  };

  /** Parked keys that are due and rebuilds, of whichever node; and now and then where idle plugins stand. */
  const tend = async (): Promise<void> => {
    const { rows } = await system.query<{ plugin: string; epoch: number; due: boolean }>({
      name: 'cursors',
      text: `
        select plugin, epoch, exists (
          select from core.parked p where p.plugin = c.plugin and p.due_at <= clock_timestamp()
        ) as due
        from core.plugin_cursor c`,
    });
    for (const { plugin, epoch, due } of rows) {
      const lane = lanes.get(plugin);
      if (due || lane?.epoch !== epoch) lane?.nudge({ parked: true });
    }
    if (clock.now() < persistAt) return;
    persistAt = instant(clock.now() + persistMs);
    await persist();
  };

  const persist = async (): Promise<void> => {
    const behind = [...lanes.values()];
    await system.query({
      name: 'cursors-idle',
      text: `
        update core.plugin_cursor c set position = v.position, updated_at = clock_timestamp()
        from unnest($1::text[], $2::bigint[], $3::integer[]) as v(plugin, position, epoch)
        where c.plugin = v.plugin and c.epoch = v.epoch and c.position < v.position`,
      values: [behind.map((it) => it.plugin), behind.map((it) => it.cursor.toString()), behind.map((it) => it.epoch)],
    });
  };

  const startLane = (listener: Listener, from: { position: bigint; epoch: number }): Lane => {
    const before = listener.after.filter((name) => name !== listener.plugin);
    const dependents = () =>
      listeners.filter(({ after }) => after.includes(listener.plugin)).flatMap(({ plugin }) => lanes.get(plugin) ?? []);
    return createLane({
      ...deps,
      handlerMs: deps.handlerMs ?? defaultHandlerMs,
      tail: tail!,
      listener: { ...listener, after: before },
      from,
      ceiling: () => {
        let lowest = tail!.head;
        for (const name of before) {
          const cursor = lanes.get(name)?.cursor;
          if (cursor !== undefined && cursor < lowest) lowest = cursor;
        }
        return lowest;
      },
      moved: () => dependents().forEach((lane) => lane.nudge()),
      rejoined: () => dependents().forEach((lane) => lane.nudge({ parked: true })),
    });
  };

  /** Those that are new begin at the beginning of the log. */
  const cursorsOf = async (plugins: readonly string[]) => {
    await system.query(
      `insert into core.plugin_cursor (plugin, position, updated_at) select p, 0, now() from unnest($1::text[]) p
       on conflict do nothing`,
      [plugins],
    );
    const { rows } = await system.query<{ plugin: string; position: string; epoch: number }>(
      'select plugin, position, epoch from core.plugin_cursor where plugin = any ($1)',
      [plugins],
    );
    return new Map(rows.map(({ plugin, position, epoch }) => [plugin, { position: BigInt(position), epoch }]));
  };

  /** Some of what was read is not handled yet. */
  const isHandling = (): boolean => [...lanes.values()].some(({ cursor }) => tail !== undefined && cursor < tail.head);

  const status = async (): Promise<ReadonlyMap<string, DeliveryStatus>> => {
    // Cursors before the head: what a handler emits after this is no part of the answer.
    const cursors = [...lanes.values()].map((lane) => [lane.plugin, lane.cursor] as const);
    const [head, { rows }] = await Promise.all([
      store.head(),
      system.query<{ plugin: string; parked: number; waits: string | null; error: string | null }>(
        `select plugin, count(*)::integer as parked, max(waits_for) as waits,
           max(error) filter (where waits_for is null) as error
         from core.parked group by plugin`,
      ),
    ]);
    const parked = new Map(rows.map((row) => [row.plugin, row]));
    return new Map(
      cursors.map(([plugin, position]) => {
        const of = parked.get(plugin);
        return [
          plugin,
          {
            position,
            lag: head > position ? Number(head - position) : 0,
            parked: of?.parked ?? 0,
            ...(of?.waits == null ? {} : { waits: of.waits }),
            ...(of?.error == null ? {} : { lastError: of.error }),
          },
        ];
      }),
    );
  };

  return {
    wake,
    status,
    start: async (given) => {
      listeners = given;
      const cursors = await cursorsOf(given.map(({ plugin }) => plugin));
      tail = createTail(store, await store.head());
      lanes = new Map(given.map((it) => [it.plugin, startLane(it, cursors.get(it.plugin)!)]));
      running = true;
      for (const lane of lanes.values()) lane.nudge({ parked: true });
      poll();
    },
    stop: async () => {
      if (!running) return;
      running = false;
      cancelPoll();
      cancelRead?.();
      cancelRead = undefined;
      await Promise.all([reading, ...[...lanes.values()].map((lane) => lane.stop())]);
      // What is not kept is only looked through again.
      await persist().catch((error: unknown) => log.warn('cursors not kept', { error }));
    },
    settled: async (deadlineMs) => {
      const deadline = clock.now() + deadlineMs;
      const pause = () => new Promise<void>((resolve) => void clock.at(instant(clock.now() + settledMs), resolve));
      for (;;) {
        // Whom what was read already has not reached yet need not be asked about.
        while (isHandling() && clock.now() <= deadline) await pause();
        const behind = [...(await status())].filter(([, { lag, parked }]) => lag > 0 || parked > 0);
        if (behind.length === 0) return;
        if (clock.now() > deadline) {
          const who = behind.map(
            ([plugin, { lag, parked, waits, lastError }]) =>
              `${plugin}: ${lag} behind, ${parked} parked${waits ? `, waits for ${waits}` : ''}${lastError ? ` (${lastError})` : ''}`,
          );
          throw fail('unavailable', `events still wait after ${deadlineMs} ms: ${who.join('; ')}`);
        }
        await pause();
      }
    },
    release: async (tenant, plugin, key, how) => {
      // Under the cursor's lock, as all that touches what is parked.
      const transaction = await begin(deps, {
        tenant,
        statements: [
          `select from core.plugin_cursor where plugin = ${pg.escapeLiteral(plugin)} for update`,
          `update core.parked set attempts = 0, due_at = clock_timestamp()
             ${how === 'skip' ? ', from_position = from_position + 1' : ''}
             where plugin = ${pg.escapeLiteral(plugin)} and key = ${pg.escapeLiteral(key)} and waits_for is null`,
        ],
      });
      await transaction.commit();
      const released = transaction.answers.at(-1)?.rowCount === 1;
      if (released) lanes.get(plugin)?.nudge({ parked: true });
      return released;
    },
    rebuild: async (plugin, { empty }) => {
      const transaction = await begin(deps, {
        tenant: '*',
        statements: [`select from core.plugin_cursor where plugin = ${pg.escapeLiteral(plugin)} for update`],
      });
      try {
        await empty({ query: transaction.query } as never);
        await transaction.commit([
          `update core.plugin_cursor set replay_until = greatest(position, replay_until), position = 0, epoch = epoch + 1,
             updated_at = clock_timestamp() where plugin = ${pg.escapeLiteral(plugin)}`,
          `delete from core.parked where plugin = ${pg.escapeLiteral(plugin)}`,
        ]);
      } catch (error) {
        await transaction.rollback();
        throw error;
      }
      lanes.get(plugin)?.nudge({ parked: true });
    },
  };
};

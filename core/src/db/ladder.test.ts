import fc from 'fast-check';
import { memoryDisk, type MemoryDisk, testDatabase } from '@plugga/testing';
import { instant, type StationId } from '@plugga/kit';
import { afterAll, describe, expect, test } from 'vitest';
import { realClock, realRandom } from '../clock.ts';
import type { Clock, Committed, Unit } from '../ports.ts';
import type { JournalDisk } from './journal-disk.ts';
import { openJournal } from './journal.ts';
import { createLadder, type Ladder, type LadderDeps, type LadderState, type LadderStore } from './ladder.ts';
import { lockLog } from './emitted.ts';
import { openDatabase } from './open.ts';
import { createStore, type OpenStore } from './store.ts';
import { addStations, anEvent, aUnit, quiet } from './store.test-support.ts';

const database = await testDatabase('ladder');
const owner = openDatabase<unknown>({ url: database.url });
const stores: OpenStore[] = [];
afterAll(async () => {
  await Promise.all([owner.close(), ...stores.map((store) => store.close())]);
  await database.drop();
});

type Trouble = (what: 'commit' | 'probe' | 'merge' | 'load') => Promise<'before' | 'after' | undefined> | undefined;

/** The store, with trouble before what is done, or after it: then it was done all the same. */
const troubled = (trouble: { of: Trouble | undefined }): LadderStore => {
  const store = createStore({ url: database.url, clock: realClock, random: realRandom, log: quiet });
  stores.push(store);
  const through = async <T>(what: Parameters<Trouble>[0], work: () => Promise<T>): Promise<T> => {
    const when = await trouble.of?.(what);
    if (when === 'before') throw new Error('the database is away');
    const done = await work();
    if (when === 'after') throw new Error('the line broke');
    return done;
  };
  return {
    ...store,
    commit: (unit) => through('commit', () => store.commit(unit)),
    probe: () => through('probe', () => store.probe()),
    merge: (unit) => through('merge', () => store.merge(unit)),
    load: (station) => through('load', () => store.load(station)),
  };
};

/** Waits 10 times shorter: retries and probes need not take their time here. */
const hasty: Clock = {
  now: realClock.now,
  at: (when, run) => realClock.at(instant(realClock.now() + (when - realClock.now()) / 10), run),
};

const gated = () => {
  const gate = { away: false };
  return { gate, store: troubled({ of: () => (gate.away ? Promise.resolve('before') : undefined) }) };
};

const openLadder = async (o: Partial<LadderDeps> & { readonly disk?: JournalDisk } = {}) => {
  const store = o.store ?? troubled({ of: undefined });
  const disk = o.disk ?? memoryDisk();
  const journal = await openJournal({
    ...{ disk, clock: realClock, log: quiet, installation: 'here', node: 'test', reserveBytes: 0 },
  });
  const ladder = createLadder({ store, journal, clock: realClock, log: quiet, ...o });
  const states: LadderState[] = [];
  ladder.onChange((state) => states.push(state));
  const becomes = (state: LadderState): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`stalled: the ladder does not become ${state}, it is ${ladder.state()}`)),
        60_000,
      );
      const look = (): void => {
        if (ladder.state() !== state) return;
        stop();
        clearTimeout(timer);
        resolve();
      };
      const stop = ladder.onChange(look);
      look();
    });
  return { ladder, journal, disk, states, becomes };
};

/** As a database that hangs: nobody can append to the log until it is let go. */
const freeze = async (): Promise<{ thaw(): Promise<void> }> => {
  const client = await owner.pool.connect();
  await client.query(`begin; ${lockLog}`);
  return {
    thaw: async () => {
      await client.query('rollback');
      client.release();
    },
  };
};

/** As whoever reads the log gets it: by position, in which the seq must ascend too. */
const logOf = async (station: string): Promise<string[]> => {
  const { rows } = await owner.pool.query<{ id: string; seq: number }>(
    'select event_id as id, seq from core.event_log e where stream = $1 order by e.id',
    [station],
  );
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
  return rows.map(({ id }) => id);
};
const idsOf = (units: readonly Unit[]): string[] => units.flatMap(({ events }) => events.map(({ id }) => id));
const kinds = (all: readonly Committed[]) => new Set(all.map(({ kind }) => kind));

describe('a database that hangs', () => {
  test('units are answered from the journal within 3 s, are drained in order without doubles, also those whose hanging commit went through', async () => {
    const { ladder, states, becomes } = await openLadder();
    const units = Array.from({ length: 3 }, (_, n) => Array.from({ length: 4 }, (_, m) => aUnit(`hung${n}`, m + 1)));
    const frozen = await freeze();
    const began = performance.now();
    const answers = await Promise.all(units.map(async ([first]) => ladder.commit(first!)));
    expect(performance.now() - began).toBeLessThan(3_000); // the figure
    expect(kinds(answers)).toEqual(new Set(['stored']));
    expect(ladder.state()).toBe('journaling');
    for (const [, ...rest] of units) for (const unit of rest) await ladder.commit(unit);
    expect(ladder.figures()).toMatchObject({ entries: 12, damaged: [] });
    await frozen.thaw();
    await becomes('well');
    for (const [n, ofStation] of units.entries()) expect(await logOf(`hung${n}`)).toEqual(idsOf(ofStation));
    expect(states).toEqual(['journaling', 'draining', 'well']);
    expect(ladder.figures()).toMatchObject({ entries: 0, drained: 12, merged: 0 });
    await ladder.close();
  });
});

describe('journal seq rule', () => {
  test('the same unit at its seq is stored already; where another unit has its seq it is appended at the next free one, marked', async () => {
    await addStations(owner, ['shared', 'mine']);
    const { gate, store } = gated();
    const { ladder, becomes } = await openLadder({ store });
    const [twice, ...later] = [1, 2, 3].map((seq) => aUnit('mine', seq)) as [Unit, Unit, Unit];
    const ours = [aUnit('shared', 1, { events: [anEvent(), anEvent()] }), aUnit('shared', 3)];
    const theirs = aUnit('shared', 1);
    gate.away = true;
    for (const unit of [twice, ...later, ...ours]) expect(await ladder.commit(unit)).toEqual({ kind: 'stored' });
    // What hung was stored all the same, and another node has held the station meanwhile.
    const other = troubled({ of: undefined });
    await other.commit(twice);
    await other.commit(theirs);
    gate.away = false;
    await becomes('well');
    expect(await logOf('mine')).toEqual(idsOf([twice, ...later]));
    const log = await logOf('shared');
    expect(log.filter((id) => idsOf([theirs, ...ours]).includes(id))).toEqual(idsOf([theirs, ...ours]));
    const { rows } = await owner.pool.query(
      `select seq, data -> 'data' as mark from core.event_log where stream = 'shared' and data ->> 'topic' = 'unit.rejoined'`,
    );
    expect(rows).toEqual([
      { seq: 4, mark: { unit: ours[0]!.id, firstSeq: 1 } },
      { seq: 6, mark: { unit: ours[1]!.id, firstSeq: 3 } },
    ]);
    expect(ladder.figures()).toMatchObject({ entries: 0, drained: 5, merged: 2 });
    expect((await ladder.load('shared' as StationId)).nextSeq).toBe(7);
    // Drained once more, as after a crash before the file was removed: nothing is stored twice.
    for (const unit of ours) expect(await store.merge(unit)).toEqual({ kind: 'stored' });
    expect(await logOf('shared')).toEqual(log);
    await ladder.close();
  });
});

describe('neither database nor journal', () => {
  test('nothing is acknowledged, the doors are told, and it recovers by itself when there is room again', async () => {
    const { gate, store } = gated();
    const disk = memoryDisk();
    const { ladder, states, becomes } = await openLadder({ store, disk, clock: hasty });
    gate.away = true;
    disk.capacity = 0;
    await expect(ladder.commit(aUnit('nowhere', 1))).rejects.toMatchObject({ code: 'unavailable' });
    await becomes('shut');
    await expect(ladder.commit(aUnit('nowhere', 1))).rejects.toMatchObject({ code: 'unavailable' });
    disk.capacity = 1e9;
    await becomes('journaling');
    const unit = aUnit('nowhere', 1);
    expect(await ladder.commit(unit)).toEqual({ kind: 'stored' });
    gate.away = false;
    await becomes('well');
    expect(await logOf('nowhere')).toEqual(idsOf([unit]));
    expect(states).toEqual(['journaling', 'shut', 'journaling', 'draining', 'well']);
    await ladder.close();
  });

  test('one file that cannot be synced turns away who was in its group, and no other', async () => {
    const { gate, store } = gated();
    const disk = memoryDisk();
    const { ladder, states, becomes } = await openLadder({ store, disk, clock: hasty });
    gate.away = true;
    await ladder.commit(aUnit('synced1', 1));
    let failures = 0;
    disk.before = (operation) => {
      if (operation === 'sync' && (failures += 1) === 1) throw new Error('EIO');
    };
    await expect(ladder.commit(aUnit('synced2', 1))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await ladder.commit(aUnit('synced3', 1))).toEqual({ kind: 'stored' });
    gate.away = false;
    await becomes('well');
    expect(
      [await logOf('synced1'), await logOf('synced2'), await logOf('synced3')].map(({ length }) => length),
    ).toEqual([1, 0, 1]);
    expect(states).not.toContain('shut');
    await ladder.close();
  });
});

describe('what the journal had taken and the database refuses', () => {
  test.each([['at its seq'], ['behind what another node has stored']])(
    'is in quarantine, and whoever knows it is told: %s',
    async (where) => {
      const station = `refused ${where}`;
      await addStations(owner, [station]);
      const { gate, store } = gated();
      const forgotten: string[] = [];
      const local = {
        kept: () => undefined,
        load: () => Promise.resolve(undefined),
        forget: (it: string) => forgotten.push(it),
      };
      const { ladder, becomes } = await openLadder({ store, local, clock: hasty });
      const told: string[] = [];
      const stop = ladder.onRefused((it) => told.push(it));
      gate.away = true;
      expect(await ladder.commit(aUnit(`heeded ${where}`, 1))).toEqual({ kind: 'stored' });
      const refused = aUnit(station, 1, { events: [anEvent({ data: { text: 'nul \0' } })] });
      expect(await ladder.commit(refused)).toEqual({ kind: 'stored' });
      const others = [aUnit(station, 1), aUnit(station, 2)];
      const other = troubled({ of: undefined });
      if (where !== 'at its seq') for (const unit of others) await other.commit(unit);
      gate.away = false;
      await becomes('well');
      expect(told).toEqual([station]);
      expect(forgotten).toContain(station);
      stop();
      await ladder.close();
    },
  );
});

describe('what is read while the database is away', () => {
  test('is refused after its deadline, unless this machine knows it; nothing is served that misses what is in the journal', async () => {
    await addStations(owner, ['read', 'kept']);
    const { gate, store } = gated();
    const kept: string[] = [];
    const local: NonNullable<LadderDeps['local']> = {
      kept: (units) => kept.push(...units.map(({ station }) => station)),
      load: async (station) =>
        station === 'kept'
          ? { tenant: aUnit('kept', 1).tenant, nextSeq: 9, stationState: {}, sessions: [], events: [], due: [] }
          : undefined,
    };
    const { ladder, becomes } = await openLadder({ store, local, patienceMs: 100, readMs: 1_500 });
    gate.away = true;
    const unit = aUnit('read', 1);
    await ladder.commit(unit);
    expect(kept).toEqual(['read']);
    expect((await ladder.load('kept' as StationId)).nextSeq).toBe(9);
    const refused = [ladder.load('read' as StationId), ladder.find('read' as StationId, { transaction: '1' })];
    for (const it of await Promise.allSettled(refused))
      expect(it).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
    // The database is back for who reads, before the journal is in it: the load waits.
    const asked = ladder.load('read' as StationId);
    gate.away = false;
    expect((await asked).nextSeq).toBe(2);
    await becomes('well');
    await ladder.close();
  });

  test('nothing is concluded from silence while it is away, nor soon after', async () => {
    const { gate, store } = gated();
    const { ladder, becomes } = await openLadder({ store, clock: hasty });
    const before = ladder.quietSince();
    expect(ladder.awayMs()).toBe(0);
    gate.away = true;
    await ladder.commit(aUnit('quiet', 1));
    expect(ladder.quietSince()).toBeGreaterThanOrEqual(before);
    expect(Math.abs(ladder.quietSince() - realClock.now())).toBeLessThan(50);
    const lost = realClock.now();
    gate.away = false;
    await becomes('well');
    expect(ladder.quietSince()).toBeGreaterThanOrEqual(lost);
    expect(ladder.quietSince()).toBe(ladder.figures().since);
    await ladder.close();
  });
});

describe('an earlier process', () => {
  test('what it has left is drained before anything else is stored', async () => {
    const { gate, store } = gated();
    const disk = memoryDisk();
    const first = await openLadder({ store, disk, clock: hasty });
    gate.away = true;
    const units = [1, 2, 3].map((seq) => aUnit('earlier', seq));
    for (const unit of units) await first.ladder.commit(unit);
    const after = disk.crash();
    const second = await openLadder({ disk: after });
    const next = aUnit('earlier', 4);
    const committed = second.ladder.commit(next);
    await second.ladder.ready();
    expect(second.ladder.state()).toBe('well');
    expect(await committed).toEqual({ kind: 'stored' });
    expect(await logOf('earlier')).toEqual(idsOf([...units, next]));
    await Promise.all([first.ladder.close(), second.ladder.close()]);
  });
});

/** A process with its disk, that can lose its power: then nobody is answered any more. */
interface Machine {
  readonly ladder: Ladder;
  readonly disk: MemoryDisk;
  readonly isOff: Promise<undefined>;
  off(): void;
  becomes(state: LadderState): Promise<void>;
}

/** A station: says one thing after the other, and says again what was not acknowledged. */
const say = async (o: {
  readonly station: string;
  readonly count: number;
  machine(): Promise<Machine>;
  acknowledged(id: string): void;
}): Promise<void> => {
  let seq = 1;
  const until = performance.now() + 60_000;
  for (let n = 0; n < o.count;) {
    if (performance.now() > until) throw new Error('stalled: not acknowledged within a minute');
    const { ladder, isOff } = await o.machine();
    const event = anEvent({ data: { topic: 'test', data: n } });
    const commit = ladder.commit(aUnit(o.station, seq, { events: [event] })).catch(() => undefined);
    const committed = await Promise.race([commit, isOff]);
    if (committed?.kind === 'stored') {
      n += 1;
      seq += 1;
      o.acknowledged(event.id);
      continue;
    }
    const load = ladder.load(o.station as StationId).catch(() => undefined);
    const stored = await Promise.race([load, isOff]);
    if (stored !== undefined) seq = stored.nextSeq;
  }
};

/** The property is tried again on the same database. */
let attempts = 0;

test(
  'whatever fails, is late, goes through unseen or crashes: the log of each station holds what was acknowledged, in that order and once',
  { timeout: 240_000 },
  async () => {
    let runs = 0;
    attempts += 1;
    const attempt = attempts;
    const seen = new Set<LadderState>();
    const troubles = fc.array(fc.constantFrom('none', 'none', 'none', 'none', 'before', 'after', 'late', 'very late'), {
      ...{ minLength: 40, maxLength: 40 },
    });
    const faults = fc.array(fc.constantFrom(false, false, false, false, true), { minLength: 60, maxLength: 60 });
    const crashAfter = fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined });
    const run = async (troubling: readonly string[], failing: readonly boolean[], crashAt: number | undefined) => {
      runs += 1;
      const stations = [1, 2, 3].map((n) => `chaos${attempt}-${runs}-${n}`);
      await addStations(owner, stations);
      let calls = 0;
      let operations = 0;
      let calm = false;
      const start = async (disk: MemoryDisk): Promise<Machine> => {
        let off = (): void => undefined;
        let isGone = false;
        const isOff = new Promise<undefined>((resolve) => (off = () => resolve(undefined)));
        const store = troubled({
          of: async () => {
            if (isGone) return 'before';
            const kind = calm ? 'none' : (troubling[(calls += 1)] ?? 'none');
            if (kind === 'late' || kind === 'very late')
              await new Promise((resolve) => setTimeout(resolve, kind === 'late' ? 60 : 300));
            return kind === 'before' || kind === 'after' ? kind : undefined;
          },
        });
        disk.before = (operation) => {
          if (calm || operation === 'list' || operation === 'read' || operation === 'free') return;
          operations += 1;
          if (failing[operations] === true) throw new Error('EIO');
        };
        const { ladder, becomes } = await openLadder({ store, disk, clock: hasty });
        ladder.onChange((state) => seen.add(state));
        return { ladder, disk, isOff, becomes, off: () => ((isGone = true), off()) };
      };
      let machine = start(memoryDisk());
      const acknowledged = new Map<string, string[]>(stations.map((station) => [station, []]));
      let total = 0;
      await Promise.all(
        stations.map((station) =>
          say({
            station,
            count: 12,
            machine: () => machine,
            acknowledged: (id) => {
              acknowledged.get(station)!.push(id);
              if ((total += 1) !== crashAt) return;
              machine = machine.then(({ disk, off, ladder }) => {
                off();
                const after = disk.crash((name) => (name.length * crashAt) % 90);
                void ladder.close();
                return start(after);
              });
            },
          }),
        ),
      );
      calm = true;
      const { ladder, becomes, disk } = await machine;
      await becomes('well');
      const check = async (): Promise<void> => {
        for (const station of stations) {
          const log = await logOf(station);
          expect(new Set(log).size).toBe(log.length);
          expect(log.filter((id) => acknowledged.get(station)!.includes(id))).toEqual(acknowledged.get(station));
        }
      };
      await check();
      await ladder.close();
      // A file that could not be removed is drained once more, and nothing comes of it.
      const next = await start(disk);
      await next.becomes('well');
      await check();
      expect(disk.names).toEqual([]);
      await next.ladder.close();
    };
    await fc.assert(fc.asyncProperty(troubles, faults, crashAfter, run), {
      numRuns: process.env['PLUGGA_TEST'] === 'full' ? 60 : 12,
      endOnFailure: true,
    });
    expect([...seen].sort()).toEqual(['draining', 'journaling', 'shut', 'well']);
  },
);

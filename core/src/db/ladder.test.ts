import { memoryDisk, testDatabase } from '@plugga/testing';
import type { StationId } from '@plugga/kit';
import { afterAll, describe, expect, test } from 'vitest';
import { realClock, realRandom } from '../clock.ts';
import type { Committed, Unit } from '../ports.ts';
import type { JournalDisk } from './journal-disk.ts';
import { openJournal } from './journal.ts';
import { createLadder, type LadderDeps, type LadderState } from './ladder.ts';
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

/** A store that can be told to be away. */
const gated = () => {
  const store = createStore({ url: database.url, clock: realClock, random: realRandom, log: quiet });
  stores.push(store);
  const gate = { away: false };
  const unlessAway = <T>(work: () => Promise<T>): Promise<T> =>
    gate.away ? Promise.reject(new Error('the database is away')) : work();
  return {
    gate,
    store: {
      ...store,
      commit: (unit: Unit) => unlessAway(() => store.commit(unit)),
      probe: () => unlessAway(() => store.probe()),
      merge: (unit: Unit) => unlessAway(() => store.merge(unit)),
    },
  };
};

const openLadder = async (o: Partial<LadderDeps> & { readonly disk?: JournalDisk } = {}) => {
  const store = createStore({ url: database.url, clock: realClock, random: realRandom, log: quiet });
  stores.push(store);
  const disk = o.disk ?? memoryDisk();
  const journal = await openJournal({
    ...{ disk, clock: realClock, log: quiet, installation: 'here', node: 'test', reserveBytes: 0 },
  });
  const ladder = createLadder({ store, journal, clock: realClock, log: quiet, ...o });
  const states: LadderState[] = [];
  ladder.onChange((state) => states.push(state));
  const becomes = (state: LadderState): Promise<void> =>
    new Promise((resolve) => {
      if (ladder.state() === state) return resolve();
      const stop = ladder.onChange((now) => {
        if (now !== state) return;
        stop();
        resolve();
      });
    });
  return { ladder, journal, disk, store, states, becomes };
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

const logOf = async (station: string): Promise<string[]> =>
  (
    await owner.pool.query<{ id: string }>('select event_id as id from core.event_log where stream = $1 order by seq', [
      station,
    ])
  ).rows.map(({ id }) => id);
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
    const other = stores[0]!;
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

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStore, openDatabase, openStanding, type Standing } from '@plugga/core/database';
import { type Handled, snapshotOf, type StationState } from '@plugga/core/station';
import { instant, type StationId, type TenantId } from '@plugga/kit';
import { testDatabase } from '@plugga/testing';
import { afterAll, expect, it } from 'vitest';
import { node } from './node.ts';
import { random } from './random.ts';
import { manners, station as virtualStation } from './station.ts';

const SEEDS = Number(process.env['PLUGGA_SEEDS'] ?? 12);
const FIRST = Number(process.env['PLUGGA_SEED'] ?? 1);
const TENANT = 'tenant-1' as TenantId;
type Unit = Parameters<ReturnType<typeof createStore>['commit']>[0];

const database = await testDatabase('standing');
const owner = openDatabase<unknown>({ url: database.url });
const clock = { now: () => instant(Date.now()), at: () => () => undefined };
const bytes = { bytes: (count: number) => new Uint8Array(count).fill(7) };
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const store = createStore({ url: database.url, clock, random: bytes, log });
const folder = mkdtempSync(join(tmpdir(), 'plugga-standing-'));
const path = join(folder, 'standing.db');
const openFile = (): Standing => openStanding({ path, clock, log, boot: 'this one' });
let file = openFile();

afterAll(async () => {
  file.close();
  rmSync(folder, { recursive: true });
  await Promise.all([owner.close(), store.close()]);
  await database.drop();
});

const unitOf = (station: StationId, handled: Handled<StationState>): Unit => {
  // Ids of the simulation count from 1 in each seed.
  const own = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('"id-', `"${station}-`)) as T;
  return own({
    id: `unit-${handled.firstSeq}`,
    tenant: TENANT,
    station,
    firstSeq: handled.firstSeq,
    events: handled.events,
    sessions: handled.sessions,
    due: handled.due,
    dueGone: handled.dueGone,
    ...(handled.stationChanged ? { stationState: snapshotOf(handled.state) } : {}),
  });
};

/** The file has no positions, and rules that are due at the same time have no order. */
const comparable = (stored: Awaited<ReturnType<typeof store.load>>): unknown => {
  const due = stored.due.toSorted((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
  return JSON.parse(
    JSON.stringify({ ...stored, due }, (key, value: unknown) => (key === 'position' ? undefined : value)),
  );
};

it('what the standing file gives of a station equals what the database gives, after any history and any end of the process', async () => {
  let asked = 0;
  let unknown = 0;
  // In the last one a session that was over makes room for one that the file has let go.
  for (const seed of [...Array.from({ length: SEEDS }, (_, n) => FIRST + n), 107]) {
    const chance = random(seed);
    const station = `station-${seed}` as StationId;
    const units: Unit[] = [];
    const core = node({
      settle: chance.pick(['now', 'now', 'unplug', 'silent']),
      stored: (handled) => {
        const { events, sessions, due, dueGone } = handled;
        if (events.length + sessions.length + due.length + dueGone.length > 0) units.push(unitOf(station, handled));
      },
    });
    const virtual = virtualStation(core, chance, manners(chance), chance.pick([0, 0.1, 0.3]));
    for (let n = chance.between(20, 120); n > 0; n -= 1) virtual.step();
    virtual.calmDown();

    await owner.pool.query(`insert into core.station_row (id, tenant, identity) values ($1, $2, $1)`, [
      station,
      TENANT,
    ]);
    for (const unit of units) {
      file.begun([unit]);
      // Else what was kept before waits for this.
      if (chance.below(4) === 0) expect(file.load(station), 'what is under way is not certain').toBeUndefined();
      expect(await store.commit(unit)).toEqual({ kind: 'stored' });
      file.kept([unit]);
      const fate = chance.below(40);
      if (fate === 0) {
        file.close();
        file = openFile();
      }
      if (fate <= 8) {
        asked += 1;
        const real = await store.load(station);
        const known = file.load(station);
        if (known === undefined) {
          unknown += 1;
          file.keep(station, real);
        } else expect(comparable(known), `seed ${seed} after seq ${unit.firstSeq}`).toEqual(comparable(real));
      }
      if (fate === 9) file.keep(station, await store.load(station));
    }
    expect(comparable(file.load(station) ?? (await store.load(station)))).toEqual(
      comparable(await store.load(station)),
    );
  }
  expect(asked).toBeGreaterThan(SEEDS);
  // Only a session that was over and is open again makes it ask the database once more.
  expect(unknown / asked).toBeLessThan(0.05);
}, 120_000);

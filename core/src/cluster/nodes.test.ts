import { type StationId, type TenantId } from '@plugga/kit';
import { testDatabase } from '@plugga/testing';
import { sql } from 'kysely';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { realClock, realRandom } from '../clock.ts';
import { openSystem } from '../db/system.ts';
import { silentLog } from '../log.ts';
import { createStationStore } from '../site/station-store.ts';
import { createNodes, listNodes } from './nodes.ts';

const database = await testDatabase('nodes');
const system = openSystem({ url: database.url, max: 3 });
const db = system.kysely;
afterAll(async () => {
  await system.close();
  await database.drop();
});

const tenant = 'tenant-1' as TenantId;
const storeOf = (node: string) =>
  createStationStore({
    system: db,
    transact: () => Promise.reject(new Error('not needed here')),
    ...{ clock: realClock, random: realRandom, homeTenant: tenant, node },
  });
const lines: string[] = [];
/** A node as a process has it; its clock is moved by hand, what counts is the database's. */
function nodeOf(name: string, o: { readonly run?: string; readonly held?: ReadonlyMap<StationId, number> } = {}) {
  let beat = (): void => undefined;
  const nodes = createNodes({
    ...{ system: db, node: name, run: o.run ?? `run of ${name}`, version: '1', url: 'http://x' },
    clock: { now: realClock.now, at: (_, run) => ((beat = run), () => undefined) },
    log: { ...silentLog, warn: (line) => void lines.push(line), error: (line) => void lines.push(line) },
    busState: () => ({ kind: 'connected', since: realClock.now() }),
    held: () => o.held ?? new Map(),
  });
  return {
    ...nodes,
    /** Resolves when the beat is done: the next one is planned then. */
    beat: async () => {
      const before = beat;
      before();
      while (beat === before) await new Promise((done) => setImmediate(done));
    },
  };
}
const silent = (node: string) =>
  sql`update core.node set seen_at = now() - interval '31 seconds' where id = ${node}`.execute(db);
const station = async (id: string): Promise<StationId> => {
  await db
    .insertInto('core.station_row')
    .values({ id, tenant, identity: id, security_profile: 0, allow_insecure: true, disabled: false } as never)
    .execute();
  return id as StationId;
};
const isOnline = async (id: StationId): Promise<boolean> =>
  (await db.selectFrom('core.station_row').select('online').where('id', '=', id).executeTakeFirstOrThrow()).online;
const command = (id: string, node: string, status: string) =>
  db
    .insertInto('core.command_row')
    .values({
      ...{ id, tenant, station: 's', name: 'reset', payload: '{}', status, detail: null, result: null, effect: null },
      ...{ actor: 'admin', node, updated_at: new Date() },
    })
    .execute();
const statusOf = async (id: string): Promise<string> =>
  (await db.selectFrom('core.command_row').select('status').where('id', '=', id).executeTakeFirstOrThrow()).status;

beforeEach(async () => {
  lines.length = 0;
  for (const table of ['core.node', 'core.station_row', 'core.command_row', 'core.due'] as const)
    await db.deleteFrom(table).execute();
});

test('what a node that died has held is offline after 30 s, and what it ran has failed; the living ones keep theirs', async () => {
  const [a, b] = [nodeOf('a'), nodeOf('b')];
  await a.join();
  await b.join();
  const [left, kept] = [await station('left'), await station('kept')];
  await storeOf('a').nextGeneration(left, 'ocpp1.6');
  await storeOf('b').nextGeneration(kept, 'ocpp1.6');
  await command('c1', 'a', 'sent');
  await command('c2', 'b', 'sent');
  await command('c3', 'a', 'accepted');
  b.start();
  await b.beat();
  expect(await isOnline(left)).toBe(true);
  await silent('a');
  await b.beat();
  expect([await isOnline(left), await isOnline(kept)]).toEqual([false, true]);
  expect([await statusOf('c1'), await statusOf('c2'), await statusOf('c3')]).toEqual(['failed', 'sent', 'accepted']);
  expect(lines).toEqual(['a node went away']);
  expect(await listNodes(db)).toMatchObject([
    { id: 'b', state: 'running', stations: 1 },
    { id: 'a', state: 'away', stations: 0 },
  ]);
});

test('a node that was frozen takes back the stations that are still its own, and no other', async () => {
  const [still, moved] = [await station('still'), await station('moved')];
  await storeOf('a').nextGeneration(still, 'ocpp1.6');
  await storeOf('a').nextGeneration(moved, 'ocpp1.6');
  const a = nodeOf('a', { held: new Map([still, moved].map((id) => [id, 1])) });
  const b = nodeOf('b');
  await db.updateTable('core.station_row').set({ online: true }).execute();
  a.start();
  await a.beat();
  await db.updateTable('core.station_row').set({ online: true }).execute();
  await b.join();
  b.start();
  await silent('a');
  await b.beat();
  await storeOf('b').nextGeneration(moved, 'ocpp1.6');
  await storeOf('b').offline(moved, 2);
  await a.beat();
  expect([await isOnline(still), await isOnline(moved)]).toEqual([true, false]);
  expect(lines).toContain('this node was taken for dead and is back');
});

test('a node that starts again marks offline what it has left, and nothing of the others', async () => {
  const [mine, other] = [await station('mine'), await station('other')];
  await storeOf('a').nextGeneration(mine, 'ocpp1.6');
  await storeOf('b').nextGeneration(other, 'ocpp1.6');
  await nodeOf('a', { run: 'second' }).join();
  expect([await isOnline(mine), await isOnline(other)]).toEqual([false, true]);
});

test('two processes under one name: the one that came first says so', async () => {
  const first = nodeOf('a', { run: 'first' });
  await first.join();
  first.start();
  await nodeOf('a', { run: 'second' }).join();
  await first.beat();
  expect(lines).toEqual(['another process works under the name of this node']);
});

test('a station whose socket another living node has is not woken for what is due; one of a dead node is', async () => {
  const due = await station('due');
  await db
    .insertInto('core.due')
    .values({ tenant, station: due, key: 'close', due_at: new Date(0), seq: 1 })
    .execute();
  await nodeOf('a').join();
  await storeOf('a').nextGeneration(due, 'ocpp1.6');
  const now = realClock.now();
  expect(await storeOf('b').due(now, 10)).toEqual([]);
  expect(await storeOf('a').due(now, 10)).toEqual([due]);
  await silent('a');
  expect(await storeOf('b').due(now, 10)).toEqual([due]);
  await nodeOf('a').join();
  await storeOf('a').offline(due, 1);
  expect(await storeOf('b').due(now, 10)).toEqual([due]);
});

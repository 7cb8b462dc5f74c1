import { instant, iso, type StationId, type TenantId } from '@plugga/kit';
import { testDatabase, type TestDatabase } from '@plugga/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realClock, realRandom } from '../clock.ts';
import { openDatabase, type Database } from '../db/open.ts';
import { openSystem } from '../db/system.ts';
import type { CoreTables } from '../db/tables.ts';
import { createTransactions } from '../db/transactions.ts';
import type { Transactions } from '../plugins/face.ts';
import { placeKey } from '../station/identities.ts';
import { attach, createIdentityStore, ensureConnector } from './evses.ts';
import { createLocation } from './locations.ts';
import { seed, type Installation } from './seed.ts';
import { createStationStore } from './station-store.ts';
import { transactOf } from './transact.ts';

let database: TestDatabase;
let working: Database<CoreTables>;
let system: Database<CoreTables>;
let transactions: Transactions;
let installation: Installation;
let tenant: TenantId;

const start = (adminKey?: string, onboarding: 'open' | 'closed' = 'open') =>
  seed({
    transactions,
    system: system.kysely,
    random: realRandom,
    party: { countryCode: 'SE', partyId: 'PLG' },
    onboarding,
    adminKey,
  });

beforeAll(async () => {
  database = await testDatabase('site');
  working = openDatabase<CoreTables>({ url: database.url, max: 6 });
  system = openSystem({ url: database.url, max: 4 });
  transactions = createTransactions({ pool: working.pool, clock: realClock, random: realRandom });
  installation = await start();
  tenant = installation.homeTenant;
});
afterAll(async () => {
  await Promise.all([working.close(), system.close()]);
  await database.drop();
});

test('the first start makes tenant, site, secret and a key that is shown once; the next finds them', async () => {
  expect(installation.newAdminKey).toMatch(/^plg_admin\./);
  const again = await start();
  expect(again).toMatchObject({ homeTenant: tenant, newAdminKey: undefined });
  expect(again.secret.equals(installation.secret)).toBe(true);
  expect(again.adminKeyHash?.equals(installation.hmac(installation.newAdminKey ?? ''))).toBe(true);
  const locations = await system.kysely.selectFrom('core.location_row').select('name').execute();
  expect(locations).toEqual([{ name: 'Default site' }]);
  const events = await system.kysely.selectFrom('core.event_log').select(['type', 'data']).execute();
  expect(events).toEqual([{ type: 'tenant.created', data: { name: 'SE*PLG', currency: 'SEK', starter: true } }]);
  // The key itself is nowhere.
  const stored = await system.kysely.selectFrom('core.installation').select('value').execute();
  expect(JSON.stringify(stored)).not.toContain(installation.newAdminKey?.split('.')[1]);
});

test('closed, nothing but the tenant is made; two first starts at once agree', async () => {
  const other = await testDatabase('site closed');
  const pool = openDatabase<CoreTables>({ url: other.url, max: 6 });
  const all = openSystem({ url: other.url, max: 4 });
  const own = createTransactions({ pool: pool.pool, clock: realClock, random: realRandom });
  const both = await Promise.all(
    [1, 2].map(() =>
      seed({
        transactions: own,
        system: all.kysely,
        random: realRandom,
        party: { countryCode: 'NO', partyId: 'ABC' },
        onboarding: 'closed',
        adminKey: undefined,
      }),
    ),
  );
  expect(new Set(both.map(({ homeTenant }) => homeTenant)).size).toBe(1);
  expect(new Set(both.map(({ secret }) => secret.toString('hex'))).size).toBe(1);
  expect(both.filter(({ newAdminKey }) => newAdminKey !== undefined)).toHaveLength(1);
  expect(await all.kysely.selectFrom('core.location_row').select('id').execute()).toEqual([]);
  expect(await all.kysely.selectFrom('core.tenant').select(['country_code', 'party_id']).execute()).toEqual([
    { country_code: 'NO', party_id: 'ABC' },
  ]);
  await Promise.all([pool.close(), all.close()]);
  await other.drop();
});

const storeOf = (at = () => realClock.now()) =>
  createStationStore({
    system: system.kysely,
    transact: transactOf(transactions),
    clock: { now: at, at: realClock.at },
    random: realRandom,
    homeTenant: tenant,
    node: 'node-1',
  });

test('an unknown station that is let in is one station, at the default site, however many connect at once', async () => {
  const store = storeOf();
  const all = await Promise.all(Array.from({ length: 6 }, () => store.adopt('NEW-1')));
  expect(new Set(all.map(({ station }) => station)).size).toBe(1);
  expect(all[0]).toMatchObject({ tenant, identity: 'NEW-1', allowInsecure: true, keyHash: undefined });
  const row = await system.kysely
    .selectFrom('core.station_row')
    .select('location')
    .where('identity', '=', 'NEW-1')
    .executeTakeFirstOrThrow();
  expect(row.location).not.toBeNull();
});

test('each connection counts the generation up; only the newest one can mark the station offline', async () => {
  const store = storeOf();
  const { station } = await store.adopt('GEN-1');
  expect(await store.nextGeneration(station, 'ocpp1.6')).toMatchObject({ generation: 1, before: { online: false } });
  expect(await store.nextGeneration(station, 'ocpp2.0.1')).toEqual({
    generation: 2,
    before: { node: 'node-1', online: true },
  });
  const online = async () =>
    (
      await system.kysely
        .selectFrom('core.station_row')
        .select('online')
        .where('id', '=', station)
        .executeTakeFirstOrThrow()
    ).online;
  await store.offline(station, 1);
  expect(await online()).toBe(true);
  await store.offline(station, 2);
  expect(await online()).toBe(false);
});

test('many that come at once on two nodes are each counted by themselves, and a station that comes twice twice', async () => {
  const stores = [storeOf(), storeOf()];
  const identities = Array.from({ length: 300 }, (_, index) => `CROWD-${index}`);
  const adopted = await Promise.all(
    stores.map((store, at) =>
      Promise.all((at === 0 ? identities : identities.toReversed()).map((identity) => store.adopt(identity))),
    ),
  );
  const stations = adopted[0]!.map(({ station }) => station);
  expect(new Set(adopted.flat().map(({ station }) => station)).size).toBe(300);
  expect(adopted[0]!.map(({ identity }) => identity)).toEqual(identities);
  const counts = await Promise.all(
    stores.flatMap((store, at) =>
      (at === 0 ? stations : stations.toReversed()).map(async (station) => ({
        station,
        generation: (await store.nextGeneration(station, 'ocpp1.6')).generation,
      })),
    ),
  );
  const generations = Map.groupBy(counts, (it) => it.station);
  for (const station of stations)
    expect(
      generations
        .get(station)
        ?.map(({ generation }) => generation)
        .toSorted(),
    ).toEqual([1, 2]);
  await Promise.all(stations.map((station) => stores[0]!.offline(station, 2)));
  const { online } = await system.kysely
    .selectFrom('core.station_row')
    .select((eb) => eb.fn.countAll<string>().as('online'))
    .where('identity', 'like', 'CROWD-%')
    .where('online', '=', true)
    .executeTakeFirstOrThrow();
  expect(Number(online)).toBe(0);
});

test('last seen is written for all at once and never goes back', async () => {
  const store = storeOf();
  const [a, b] = await Promise.all([store.adopt('SEEN-1'), store.adopt('SEEN-2')]);
  const late = instant(Date.parse('2026-05-01T10:00:00Z'));
  await store.seen(
    new Map([
      [a.station, late],
      [b.station, late],
    ]),
  );
  await store.seen(new Map([[a.station, instant(late - 1000)]]));
  const rows = await system.kysely
    .selectFrom('core.station_row')
    .select('last_seen_at')
    .where('identity', 'like', 'SEEN-%')
    .execute();
  expect(rows.map(({ last_seen_at }) => last_seen_at?.toISOString())).toEqual([iso(late), iso(late)]);
});

test('at most 200 unknown identities are kept, the newest; one that knocks again is counted', async () => {
  let now = Date.parse('2026-05-01T10:00:00Z');
  const store = storeOf(() => instant(now));
  for (let n = 0; n < 210; n += 1) {
    now += 1000;
    await store.knocked(`KNOCK-${n}`, { address: '10.0.0.1', protocols: 'ocpp1.6' });
  }
  now += 1000;
  await store.knocked('KNOCK-50', { address: '10.0.0.2', protocols: 'ocpp2.0.1' });
  const rows = await system.kysely.selectFrom('core.knocking').selectAll().orderBy('last_at', 'desc').execute();
  expect(rows).toHaveLength(200);
  expect(rows[0]).toMatchObject({ identity: 'KNOCK-50', times: 2, address: '10.0.0.2' });
  expect(rows.some(({ identity }) => identity === 'KNOCK-9')).toBe(false);
});

test('stations with a rule that is due are found, the longest waiting first', async () => {
  const store = storeOf();
  const [a, b] = await Promise.all([store.adopt('DUE-1'), store.adopt('DUE-2')]);
  const due = (station: StationId, key: string, at: string) => ({ tenant, station, key, due_at: new Date(at), seq: 1 });
  await system.kysely
    .insertInto('core.due')
    .values([
      due(a.station, 'x', '2026-01-02T00:00:00Z'),
      due(b.station, 'x', '2026-01-01T00:00:00Z'),
      due(b.station, 'y', '2027-01-01T00:00:00Z'),
    ])
    .execute();
  expect(await store.due(instant(Date.parse('2026-01-03T00:00:00Z')), 10)).toEqual([b.station, a.station]);
  expect(await store.due(instant(Date.parse('2026-01-01T12:00:00Z')), 10)).toEqual([b.station]);
});

test('hardware gets its permanent identity once, and keeps it when the box is swapped', async () => {
  const store = storeOf();
  const identities = createIdentityStore({
    system: system.kysely,
    transact: transactOf(transactions),
    clock: realClock,
    random: realRandom,
  });
  const [old, fresh] = await Promise.all([store.adopt('BOX-OLD'), store.adopt('BOX-NEW')]);
  const made = await Promise.all([1, 1, 2].map((evse) => identities.ensure(tenant, old.station, evse, 1)));
  expect(made[0]).toEqual(made[1]);
  expect(made[2]?.evseId).not.toBe(made[0]?.evseId);
  expect(made[0]).toMatchObject({ timeZone: 'Europe/Stockholm', location: expect.any(String) });

  const evseId = made[0]?.evseId ?? '';
  await transactOf(transactions)(tenant, (db) =>
    attach(db, { evseId, station: fresh.station, evse: 1 }, { tenant, random: realRandom, now: iso(realClock.now()) }),
  );
  expect((await identities.read(tenant, fresh.station)).places.get(placeKey(1, 1))).toEqual(made[0]);
  expect((await identities.read(tenant, old.station)).places.has(placeKey(1, 1))).toBe(false);
  const history = await system.kysely
    .selectFrom('core.attachment')
    .select(['station', 'valid_until'])
    .where('evse_id', '=', evseId)
    .orderBy('valid_from')
    .execute();
  expect(history).toEqual([
    { station: old.station, valid_until: expect.any(Date) },
    { station: fresh.station, valid_until: null },
  ]);
});

test("an EVSE's own location beats its station's, also for the time zone; codes are easy to read", async () => {
  const { station } = await storeOf().adopt('ZONE-1');
  const place = await transactOf(transactions)(tenant, async (db) => {
    const where = { station, evse: 1, connector: 1 };
    const o = { tenant, random: realRandom, now: iso(realClock.now()) };
    const { evseId } = await ensureConnector(db, where, o);
    const elsewhere = await createLocation(db, tenant, { name: 'Elsewhere', timeZone: 'America/New_York' }, realRandom);
    await db
      .updateTable('core.evse_row')
      .set({ location: elsewhere.id })
      .where('id', '=', evseId ?? '')
      .execute();
    return ensureConnector(db, where, o);
  });
  expect(place.timeZone).toBe('America/New_York');
  const { code } = await system.kysely
    .selectFrom('core.connector_row')
    .select('code')
    .where('id', '=', place.connectorId ?? '')
    .executeTakeFirstOrThrow();
  expect(code).toMatch(/^[2-9A-HJ-NP-Z]{8}$/);
});

import { energyWh, virtualStation, type VirtualStation } from '@plugga/simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api, type Api, type InvoiceView, type SessionView } from './api.ts';
import { dataFolder, eventually, type Platform, startPlatform } from './process.ts';

/** Two operators of one installation, each with a location, a tariff, a token and a station of its own; onboarding is closed. */
interface Operator {
  readonly name: string;
  readonly api: Api;
  readonly station: VirtualStation;
  readonly token: string;
}

let folder: Awaited<ReturnType<typeof dataFolder>>;
let platform: Platform;
const operators: Operator[] = [];

beforeAll(async () => {
  folder = await dataFolder();
  platform = await startPlatform({ dataDir: folder.path });
  const installation = api(platform.url);
  for (const [name, partyId, price] of [
    ['North', 'NOR', '4.00'],
    ['South', 'SOU', '2.00'],
  ] as const) {
    const { key, id } = await installation.post<{ key: string; id: string }>('tenants', {
      name,
      countryCode: 'SE',
      partyId,
    });
    operators.push(await settle(name, price, key, id));
  }
}, 120_000);
afterAll(async () => {
  for (const { station } of operators) station.close();
  await platform.stop();
  await folder.remove();
});

const settle = async (name: string, price: string, key: string, tenant: string): Promise<Operator> => {
  const own = api(platform.url, key);
  const location = await own.post<{ id: string }>('locations', { name: `${name} quay`, timeZone: 'Europe/Stockholm' });
  await own.post('tariffs', {
    id: `energy-${name}`,
    currency: 'SEK',
    elements: [{ price_components: [{ type: 'ENERGY', price, vat: '25', step_size: 1 }] }],
    assign: [{ to: 'tenant', id: tenant }],
  });
  const identity = `TEN-${name}`;
  const made = await own.post<{ key?: string; password?: string }>('stations', { identity, location: location.id });
  const password = made.key ?? made.password;
  // The same card number with both: a token belongs to one operator.
  const token = 'SHAREDCARD000001';
  await own.post('tokens', { type: 'RFID', value: token });
  const station = virtualStation({
    url: platform.ocpp,
    identity,
    speed: 600,
    behindMs: 24 * 3_600_000,
    ...(password === undefined ? {} : { password }),
  });
  return { name, api: own, station, token };
};

test('each operator bills its own sessions by its own tariff', { timeout: 60_000 }, async () => {
  const entries = await Promise.all(
    operators.map(async ({ station, token }) => {
      await station.start();
      const entry = await station.charge({ idTag: token, stopAfterWh: 4_000 });
      await station.settled();
      return entry;
    }),
  );
  const bills = await Promise.all(
    operators.map((one) =>
      eventually(`one bill of ${one.name}`, 30_000, async () => {
        const found = await one.api.all<InvoiceView>('invoices');
        expect(found).toHaveLength(1);
        return found[0]!;
      }),
    ),
  );
  expect(bills.map((bill) => bill.energyWh)).toEqual(entries.map(energyWh));
  const [north, south] = bills.map((bill) => Number(bill.exclVat) / bill.energyWh);
  expect(north! / south!).toBeCloseTo(2, 2);
});

interface Item {
  readonly id?: string;
  readonly identity?: string;
  readonly tariff?: { readonly id: string };
}
/** What its own path ends in. */
const idOf = (item: Item): string => item.identity ?? item.tariff?.id ?? item.id ?? JSON.stringify(item);

test("no list and no id of one operator shows with the other's key", { timeout: 60_000 }, async () => {
  const [north, south] = operators as [Operator, Operator];
  for (const list of ['stations', 'sessions', 'tokens', 'locations', 'tariffs', 'cdrs', 'invoices', 'keys']) {
    const [own, foreign] = [await north.api.all<Item>(list), await south.api.all<Item>(list)];
    expect(own.length, `${list} of North`).toBeGreaterThan(0);
    const ids = new Set(own.map(idOf));
    expect(foreign.filter((item) => ids.has(idOf(item)))).toEqual([]);
    const [first] = own;
    if (first === undefined) continue;
    const id = idOf(first);
    const theirs = await south.api.raw('GET', `${list}/${encodeURIComponent(id)}`);
    expect(theirs.status, `GET ${list}/${id} with the key of South`).toBe(404);
  }
  const [session] = await north.api.all<SessionView>('sessions');
  for (const part of ['readings', 'timeline']) {
    expect((await south.api.raw('GET', `sessions/${session?.id}/${part}`)).status).toBe(404);
  }
  const frames = `frames?station=${north.station.identity}`;
  expect((await north.api.all(frames)).length).toBeGreaterThan(0);
  const peeked = await south.api.raw('GET', frames);
  if (peeked.status !== 404) expect(await peeked.json()).toEqual({ items: [], next: null });
  const command = { type: 'reset', kind: 'soft' };
  expect((await south.api.raw('POST', `stations/${north.station.identity}/commands`, command)).status).toBe(404);
  const call = { action: 'Reset', payload: { type: 'Soft' } };
  expect((await south.api.raw('POST', `stations/${north.station.identity}/calls`, call)).status).toBe(404);
});

import { ocpp16 } from '@plugga/ocpp16';
import { billing } from '@plugga/plugin-billing';
import { revenue } from '@plugga/plugin-revenue';
import { tariffs } from '@plugga/plugin-tariffs';
import { energyWh, type StationOptions, virtualStation, type VirtualStation } from '@plugga/simulator';
import { type PlatformTest, startPlatform } from '@plugga/testing';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { api, type Api, type CdrView, type InvoiceView, type SessionView } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';

vi.setConfig({ testTimeout: 90_000 });

const token = 'BILLED0000000001';
const DRIVER = 'DRIVER0000000001';
const priced = 'PRICED-SITE';
let platform: PlatformTest;
let operator: Api;
const stations: VirtualStation[] = [];
const tokens = new Map<string, string>();
const sites = new Map<string, string>();

/** Two sites: one with a tariff, one without any. Nothing is let in that was not added. */
beforeAll(async () => {
  platform = await startPlatform({ adapters: [ocpp16], plugins: [tariffs, billing, revenue] });
  operator = api(platform.url, platform.adminKey);
  for (const value of [token, DRIVER])
    tokens.set(value, (await operator.post<{ id: string }>('tokens', { type: 'RFID', value })).id);
  for (const name of [priced, 'UNPRICED-SITE'])
    sites.set(name, (await operator.post<{ id: string }>('locations', { name, country: 'SE' })).id);
  await operator.post('tariffs', {
    ...{ id: 'there', currency: 'SEK', assign: [{ to: 'location', id: sites.get(priced) }] },
    elements: [{ price_components: [{ type: 'ENERGY', price: '4.00', vat: '25', step_size: 1 }] }],
  });
}, 90_000);
afterEach(() => stations.splice(0).forEach((station) => station.close()));
afterAll(() => platform.stop());

const station = async (identity: string, site: string, o: Partial<StationOptions> = {}): Promise<VirtualStation> => {
  const known = { identity, location: sites.get(site), securityProfile: 0, allowInsecure: true };
  await operator.post('stations', known);
  const made = virtualStation({
    ...{ url: platform.wsUrl, identity, meterStartWh: 1_000, speed: 600, behindMs: 24 * 3_600_000 },
    configuration: { TransactionMessageRetryInterval: '0' },
    ...o,
  });
  stations.push(made);
  await made.start({ withinMs: 30_000 });
  return made;
};
const sessionOf = (identity: string, status: SessionView['status']): Promise<SessionView> =>
  eventually(`the session of ${identity} to be ${status}`, 30_000, async () => {
    const [one] = await operator.all<SessionView>(`sessions?station=${identity}`);
    expect(one?.status).toBe(status);
    return one!;
  });
const billsOf = (session: string): Promise<InvoiceView[]> => operator.all(`invoices?session=${session}`);

test('an RFID start without any tariff charges, and its CDR is held for the operator, never priced 0', async () => {
  const one = await station('NO-TARIFF', 'UNPRICED-SITE');
  const entry = await one.charge({ idTag: token, stopAfterWh: 2_000 });
  await one.settled({ withinMs: 30_000 });
  expect(entry.startStatus).toBe('Accepted');
  const session = await sessionOf('NO-TARIFF', 'closed');
  const cdr = await eventually('its CDR', 30_000, async () => {
    const [found] = await operator.all<CdrView & Record<string, unknown>>(`cdrs?session=${session.id}`);
    expect(found).toBeDefined();
    return found!;
  });
  expect(cdr).toMatchObject({
    ...{ status: 'held', energyWh: energyWh(entry), currency: null, exclVat: null, inclVat: null },
    heldReasons: [expect.stringContaining('no tariff was in force')],
  });
  expect(session).toMatchObject({ energyWh: energyWh(entry), cost: null });
  expect(energyWh(entry)).toBeGreaterThan(0);
  expect((await operator.raw('POST', `cdrs/${cdr.id}/release`)).status).toBe(409);
  expect(await billsOf(session.id)).toEqual([]);
});

test('a session of 0 Wh without a token that was accepted closes without a CDR', async () => {
  // Nothing flows before the refusal has come, however long it takes.
  const one = await station('ZERO-WH', priced, { speed: 1, behindMs: 0, maxPowerW: 10 });
  const answered = one.next('startAnswered', { withinMs: 30_000 });
  one.begin(1, 'NOBODYKNOWSME');
  expect((await answered).status).toBe('Invalid');
  await one.settled({ withinMs: 30_000 });
  expect(one.ledger.map(energyWh)).toEqual([0]);
  const refused = await sessionOf('ZERO-WH', 'closed');
  await platform.settled(30_000);
  expect(refused).toMatchObject({ energyWh: 0, cost: null });
  expect(await operator.all(`cdrs?session=${refused.id}`)).toEqual([]);
  expect(await billsOf(refused.id)).toEqual([]);
});

test('a customer who is erased while charging is billed by name first, and then is nobody (BI-122)', async () => {
  const one = await station('ERASED', priced);
  const driver = { kind: 'driver', name: 'Åsa Ek', email: 'asa@ek.example', members: { tokens: [tokens.get(DRIVER)] } };
  const { id } = await operator.post<{ id: string }>('customers', driver);
  const customer = () => operator.get<Record<string, unknown>>(`customers/${id}`);
  const started = one.next('startAnswered', { withinMs: 30_000 });
  one.plugIn(1);
  await one.present(1, DRIVER);
  await started;
  await one.next('metered', { withinMs: 30_000 });
  const { id: session } = await sessionOf('ERASED', 'active');
  expect(await (await operator.raw('DELETE', `customers/${id}`)).json()).toMatchObject({ state: 'erasing' });
  await platform.settled(30_000);
  expect(await customer()).toMatchObject({ state: 'erasing', name: 'Åsa Ek' });

  one.end(1);
  one.unplug(1);
  await one.settled({ withinMs: 30_000 });
  const bill = await eventually('the last bill', 30_000, async () => {
    const [found] = await billsOf(session);
    expect(found).toBeDefined();
    return found!;
  });
  expect(await operator.get(`invoices/${bill.number}`)).toMatchObject({ buyer: { name: 'Åsa Ek' }, customer: id });
  const nobody = { state: 'erased', name: 'Erased', email: null, members: { tokens: [], groups: [], payers: [] } };
  await eventually('the erasure', 30_000, async () => expect(await customer()).toMatchObject(nobody));
});

import { type Billable, cdrIssued, invoiceIssued, sessionClosed, sessionCorrected } from '@plugga/kit';
import { billing } from '@plugga/plugin-billing';
import { revenue } from '@plugga/plugin-revenue';
import { tariffs } from '@plugga/plugin-tariffs';
import { aSessionClosed, aSessionCorrected, type PluginTest, testPlugin } from '@plugga/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

let plugin: PluginTest;
const address = { street: 'Gatan 1', postalCode: '111 11', city: 'Stockholm', country: 'SE' };
const seller = {
  ...{ legalName: 'Laddning AB', vatNumber: 'SE556000000101', address },
  eInvoice: { scheme: '0007', id: '5560000001' },
};
const german = {
  id: 'de',
  legalName: 'Laden GmbH',
  vatNumber: 'DE999999999',
  numberPrefix: 'DE-',
  locations: ['hamburg'],
};
beforeAll(async () => {
  plugin = await testPlugin(billing, { with: [tariffs, revenue], now: '2026-01-20T08:00:00Z' });
  await plugin.settings({ seller, otherSellers: [german] });
  await ok('POST', 'tariffs', {
    ...{ id: 'plain', currency: 'SEK', assign: [{ to: 'tenant' }] },
    elements: [{ price_components: [{ type: 'ENERGY', price: '4', vat: '25', step_size: 1 }] }],
  });
}, 60_000);
afterAll(() => plugin.close());

type Json = Record<string, unknown>;
const send = (method: string, path: string, body?: unknown): Promise<Response> =>
  plugin.request(`/api/v1/${path}`, {
    ...{ method, headers: { 'content-type': 'application/json' } },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const ok = async <T = Json>(method: string, path: string, body?: unknown): Promise<T> => {
  const response = await send(method, path, body);
  const text = await response.text();
  expect(response.ok, `${method} ${path}: ${text}`).toBe(true);
  return JSON.parse(text) as T;
};
const refused = async (method: string, path: string, body: unknown): Promise<Json> => {
  const response = await send(method, path, body);
  return { status: response.status, code: ((await response.json()) as Json)['code'] };
};
let sessions = 0;
/** 10 kWh, 40.00 and 10.00 of VAT. */
const charged = async (token: string, o: Partial<Billable> = {}): Promise<string> => {
  const session = `session-${(sessions += 1)}`;
  await plugin.given(sessionClosed, aSessionClosed({ energyWh: 10_000, token: { id: token }, ...o }), { session });
  return session;
};
const invoices = async (session: string) => (await ok<{ items: Json[] }>('GET', `invoices?session=${session}`)).items;
const balance = async () => (await ok<{ items: Json[] }>('GET', 'revenue/balance')).items[0];
const net = { exclVat: '40.00', vat: '0.00', inclVat: '40.00' };
const buyer = {
  ...{ kind: 'partner', name: 'Ladenetz GmbH', vatTreatment: 'reverseCharge', reference: 'PO 42' },
  ...{ eInvoice: { scheme: '9930', id: 'DE123456789' }, address: { ...address, city: 'Hamburg', country: 'DE' } },
};

test('reverse charge is for a buyer with a VAT number of another country than the seller alone', async () => {
  const unfit = { status: 409, code: 'reverse-charge-unfit' };
  expect(await refused('POST', 'customers', buyer)).toEqual(unfit);
  expect(await refused('POST', 'customers', { ...buyer, vatNumber: 'NL' })).toMatchObject({ status: 400 });
  const { id } = await ok('POST', 'customers', { kind: 'company', name: 'Åkeriet AB', vatNumber: 'SE556111111101' });
  expect(await ok('GET', `customers/${String(id)}`)).toMatchObject({ vatTreatment: 'charged' });
  // Its VAT number is of Sweden: the German entity may bill it so, the Swedish one bills it with VAT.
  await ok('PATCH', `customers/${String(id)}`, {
    ...{ vatTreatment: 'reverseCharge', invoicing: 'session', members: { tokens: ['swede'] } },
  });
  expect(await refused('PATCH', `customers/${String(id)}`, { vatNumber: null })).toEqual(unfit);
  expect(await invoices(await charged('swede'))).toMatchObject([{ vat: '10.00', vatTreatment: 'charged' }]);
  expect(await invoices(await charged('swede', { location: 'hamburg' as never }))).toMatchObject([
    { number: 'DE-000001', ...net, vatTreatment: 'reverseCharge' },
  ]);
  await plugin.settings({ seller });
  expect(await refused('PATCH', `customers/${String(id)}`, { vatTreatment: 'reverseCharge' })).toEqual(unfit);
  await plugin.settings({ seller, otherSellers: [german] });
});

test('a session of such a buyer is billed net, credited so, and stays so when the setting changes', async () => {
  const before = await balance();
  const { id } = await ok('POST', 'customers', {
    ...{ ...buyer, vatNumber: 'DE123456789', invoicing: 'session', language: 'en', members: { tokens: ['once'] } },
  });
  const session = await charged('once');
  const [cdr] = (await ok<{ items: Json[] }>('GET', `cdrs?session=${session}`)).items;
  expect(cdr).toMatchObject({ ...net, vatTreatment: 'reverseCharge' });
  const [invoice] = await invoices(session);
  const number = String(invoice?.['number']);
  expect(invoice).toMatchObject({
    ...{ ...net, vatTreatment: 'reverseCharge', kind: 'invoice', form: 'invoice' },
    vatByRate: [{ percent: '0', base: '40.00', amount: '0.00' }],
    lines: [{ net: '40.00', vatPercent: '0' }],
  });
  // What was sold is what was billed: nothing is left over of a VAT that nobody is asked for.
  const minor = { exclVat: '4000', vat: '0', inclVat: '4000' };
  expect((await plugin.emitted(cdrIssued)).at(-1)?.data).toMatchObject({ total: net, minor });
  expect((await plugin.emitted(invoiceIssued)).at(-1)?.data).toMatchObject({ total: net, minor });
  const sold = { ...(await balance()) };
  const more = (book: string): Json =>
    Object.fromEntries(
      Object.keys(net).map((part) => {
        const [now, then] = [sold, before].map((it) => Number((it?.[book] as Json | undefined)?.[part] ?? 0));
        return [part, ((now ?? 0) - (then ?? 0)).toFixed(2)];
      }),
    );
  expect([more('settled'), more('accrued'), more('earned')]).toEqual([
    net,
    { exclVat: '0.00', vat: '0.00', inclVat: '0.00' },
    net,
  ]);

  await ok('PATCH', `customers/${String(id)}`, { vatTreatment: 'charged' });
  expect(await ok('GET', `invoices/${number}`)).toMatchObject({ ...net, vatTreatment: 'reverseCharge' });
  const ubl = await (await send('GET', `invoices/${number}/ubl`)).text();
  expect(ubl).toContain('VATEX-EU-AE');
  expect(ubl).toContain('<cbc:PayableAmount currencyID="SEK">40.00<');

  // A late meter value: what was billed net is credited net, and what comes instead is as the buyer is billed now.
  const corrected = aSessionCorrected({ energyWh: 10_000, token: { id: 'once' } }, { energyWh: 12_000 });
  await plugin.given(sessionCorrected, corrected, { session });
  const all = await invoices(session);
  expect(all.find(({ kind }) => kind === 'credit')).toMatchObject({
    ...{ exclVat: '-40.00', vat: '0.00', inclVat: '-40.00', vatTreatment: 'reverseCharge', credits: number },
  });
  const note = String(all.find(({ kind }) => kind === 'credit')?.['number']);
  expect(await (await send('GET', `invoices/${note}/ubl`)).text()).toContain('VATEX-EU-AE');
  expect(all.find((it) => it['kind'] === 'invoice' && it['number'] !== number)).toMatchObject({
    ...{ exclVat: '48.00', vat: '12.00', inclVat: '60.00', vatTreatment: 'charged' },
  });
});

test('a month has an invoice for each treatment, and keeps its VAT number until it is invoiced', async () => {
  const { id } = await ok('POST', 'customers', {
    ...{ ...buyer, vatNumber: 'DE123456789', members: { tokens: ['monthly'] } },
  });
  await charged('monthly');
  await charged('monthly');
  await ok('PATCH', `customers/${String(id)}`, { vatTreatment: 'charged' });
  await charged('monthly');
  expect(await refused('PATCH', `customers/${String(id)}`, { vatNumber: null })).toEqual({
    ...{ status: 409, code: 'reverse-charge-waits' },
  });
  const period = { until: '2026-02-01T00:00:00Z', customer: id };
  const drafts = await ok<{ items: Json[] }>('GET', `invoices/drafts?until=${period.until}&customer=${String(id)}`);
  expect(drafts.items.map(({ vat }) => vat).toSorted()).toEqual(['0.00', '10.00']);
  const { issued } = await ok<{ issued: Json[] }>('POST', 'invoices/runs', period);
  expect(issued.map(({ inclVat }) => inclVat).toSorted()).toEqual(['50.00', '80.00']);
  await ok('PATCH', `customers/${String(id)}`, { vatNumber: null });
});

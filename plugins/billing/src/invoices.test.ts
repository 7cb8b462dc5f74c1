import { createHash } from 'node:crypto';
import {
  cdrHeld,
  cdrIssued,
  definePlugin,
  invoiceIssued,
  Pricing,
  SignedValues,
  sessionClosed,
  sessionCorrected,
  sessionExpired,
  sessionPriced,
  sessionRequested,
  sessionVerified,
  sql,
  type Billable,
  type SignedVerdict,
  type TenantId,
  type Tx,
} from '@plugga/kit';
import { aSessionClosed, aSessionCorrected, type PluginTest, testPlugin } from '@plugga/testing';
import { expect, test, vi } from 'vitest';
import { billing } from './index.ts';

/** Prices nothing by itself; and a hand that can reach every table. */
let meddle: (statement: string) => Promise<unknown> = () => Promise.reject(new Error('not started'));
let verdict: Omit<SignedVerdict, 'closing'> = { result: 'none', records: [], reasons: [] };
const prices = definePlugin({
  name: 'prices',
  offers: { pricing: Pricing, signed: SignedValues },
  setup: ({ transaction, db }) => {
    meddle = (statement) => transaction('tenant-1' as TenantId, (tx) => sql.raw(statement).execute(db(tx)));
    const signed = {
      verdictsOn: (_: Tx, closings: readonly string[]) =>
        Promise.resolve(new Map(closings.map((closing) => [closing, { ...verdict, closing }]))),
    };
    return { offers: { pricing: { priceOf: () => Promise.resolve(undefined) }, signed } };
  },
});
const started = (now?: string) => testPlugin(billing, { with: [prices], ...(now === undefined ? {} : { now }) });

vi.setConfig({ testTimeout: 90_000 });

type Json = Record<string, unknown>;
const sent = async <T = Json>(plugin: PluginTest, path: string, body: unknown, method = 'POST'): Promise<T> => {
  const headers = { 'content-type': 'application/json' };
  const response = await plugin.request(path, { method, headers, body: JSON.stringify(body) });
  const answer = (await response.json()) as T;
  if (!response.ok) throw new Error(`${method} ${path} gave ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
};

/** The session closes and its price comes: 4 SEK a kWh and 25 % VAT. */
const charged = async (
  plugin: PluginTest,
  session: string,
  o: Partial<Billable> = {},
  more: { readonly calibrationLaw?: boolean } = {},
): Promise<void> => {
  await plugin.given(sessionClosed, aSessionClosed({ energyWh: 2000, ...o }), { session });
  await priced(plugin, session, o.energyWh ?? 2000, more);
};
const corrected = async (plugin: PluginTest, session: string, before: Partial<Billable>, after: Partial<Billable>) => {
  await plugin.given(sessionCorrected, aSessionCorrected({ energyWh: 2000, ...before }, after), { session });
  await priced(plugin, session, after.energyWh ?? 2000);
};
const priced = async (plugin: PluginTest, session: string, wh: number, more = {}): Promise<void> => {
  const closings = (await plugin.rows('closing')).filter((row) => row['session'] === session);
  const closing = closings.at(-1)?.['event'] as string;
  const net = (wh * 4) / 1000;
  const total = {
    ...{ currency: 'SEK', exclVat: net.toFixed(2), vat: (net / 4).toFixed(2), inclVat: (net * 1.25).toFixed(2) },
  };
  const line = {
    dimension: 'energy',
    text: 'Energy',
    quantity: String(wh / 1000),
    unit: 'kWh',
    unitPrice: '4',
  } as const;
  await plugin.given(
    sessionPriced,
    {
      ...{ closing, final: true, offer: 'tariff 1', energyWh: wh, total, ...more },
      lines: [{ ...line, exclVat: net.toFixed(2), vatPercent: '25' }],
    },
    { session },
  );
};
const company = {
  ...{ kind: 'company', name: 'Åkeriet AB', vatNumber: 'SE556000000001' },
  members: { groups: ['fleet'] },
};
const fleet = { token: { id: 'token-9', group: 'fleet' } };
/** February has come, and the month before can be asked for. */
const later = (plugin: PluginTest) => plugin.clock.advance(14 * 86_400_000);
const january = { from: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z' };

test('a session of a customer with monthly invoices waits, and the run of the month issues one invoice, once', async () => {
  await using plugin = await started('2026-01-20T08:00:00Z');
  await sent(plugin, '/api/v1/customers', company);
  await charged(plugin, 's-1', fleet);
  await charged(plugin, 's-2', { ...fleet, energyWh: 3000 });
  await charged(plugin, 's-3');
  expect(await plugin.rows('invoice')).toHaveLength(1);
  const { items } = await plugin.get<{ items: Json[] }>(`/api/v1/invoices/drafts?until=${january.until}`);
  expect(items).toMatchObject([{ state: 'draft', number: null, exclVat: '20.00', vat: '5.00', inclVat: '25.00' }]);

  await later(plugin);
  const first = await sent<{ issued: Json[]; state: string }>(plugin, '/api/v1/invoices/runs', january);
  expect(first).toMatchObject({ state: 'done', issued: [{ number: '000002', inclVat: '25.00' }] });
  expect(await sent(plugin, '/api/v1/invoices/runs', january)).toMatchObject({
    state: 'done',
    invoices: 0,
    issued: [],
  });

  const invoice = await plugin.get('/api/v1/invoices/000002');
  expect(invoice).toMatchObject({
    ...{ form: 'invoice', energyWh: 5000, buyer: { name: 'Åkeriet AB' }, dueAt: '2026-03-05T08:00:00.000Z' },
    ...{
      missing: ['seller.legalName', 'seller.vatNumber', 'seller.address'],
      cdrs: [{ session: 's-1' }, { session: 's-2' }],
    },
  });
  const told = (await plugin.emitted(invoiceIssued)).at(-1);
  expect(told?.data).toMatchObject({ form: 'invoice', minor: { inclVat: '2500' } });
  expect(told?.data.cdrs).toHaveLength(2);
});

test('a month that is asked for by eight at once is invoiced once, without a gap', async () => {
  await using plugin = await started('2026-01-20T08:00:00Z');
  for (const name of ['a', 'b', 'c']) {
    await sent(plugin, '/api/v1/customers', { kind: 'company', name, members: { tokens: [`token-${name}`] } });
    for (const n of [1, 2]) await charged(plugin, `${name}-${n}`, { token: { id: `token-${name}` } });
  }
  await later(plugin);
  const runs = await Promise.all(
    Array.from({ length: 8 }, () => sent<{ issued: Json[] }>(plugin, '/api/v1/invoices/runs', january)),
  );
  expect(runs.flatMap(({ issued }) => issued)).toHaveLength(3);
  const numbers = (await plugin.rows('invoice')).map((row) => row['number']);
  expect(numbers.toSorted()).toEqual(['000001', '000002', '000003']);
  expect(await plugin.rows('waiting')).toEqual([]);
});

test('a month that has ended is invoiced by itself', async () => {
  await using plugin = await started('2026-02-03T08:00:00Z');
  await sent(plugin, '/api/v1/customers', company);
  await charged(plugin, 's-1', fleet);
  await plugin.worked();
  expect(await plugin.rows('invoice')).toMatchObject([{ number: '000001', energy_wh: 2000 }]);
});

test('a late meter value after a period was invoiced makes one credit note of that session and one new invoice; before it none', async () => {
  await using plugin = await started('2026-01-20T08:00:00Z');
  await sent(plugin, '/api/v1/customers', company);
  await charged(plugin, 's-1', { ...fleet, energyWh: 1000 });
  await corrected(plugin, 's-1', { ...fleet, energyWh: 1000 }, fleet);
  await charged(plugin, 's-2', { ...fleet, energyWh: 3000 });
  // Asked for before the month is over: what comes after has nobody but itself to be invoiced by.
  await sent(plugin, '/api/v1/invoices/runs', january);
  await corrected(plugin, 's-1', fleet, { ...fleet, energyWh: 2500 });
  const { items } = await plugin.get<{ items: Json[] }>('/api/v1/invoices');
  const by = (number: string) => items.find((it) => it['number'] === number);
  expect(items).toHaveLength(3);
  expect(by('000001')).toMatchObject({ state: 'partlyCredited', creditedBy: ['000002'], inclVat: '25.00' });
  expect(by('000002')).toMatchObject({ kind: 'credit', credits: '000001', inclVat: '-10.00', form: 'invoice' });
  expect(by('000003')).toMatchObject({ kind: 'invoice', inclVat: '12.50', energyWh: 2500, form: 'invoice' });
  expect(await sent(plugin, '/api/v1/invoices/runs', january)).toMatchObject({ invoices: 0 });
});

test('a customer is erased when nothing of it waits to be billed; its invoice is never changed or deleted, whoever tries', async () => {
  await using plugin = await started('2026-01-20T08:00:00Z');
  const { id } = await sent<{ id: string }>(plugin, '/api/v1/customers', company);
  await charged(plugin, 's-1', fleet);
  const erasing = await sent(plugin, `/api/v1/customers/${id}`, undefined, 'DELETE');
  expect(erasing).toMatchObject({ state: 'erasing', waiting: 1 });
  await sent(plugin, '/api/v1/invoices/runs', january);
  expect(await plugin.get(`/api/v1/customers/${id}`)).toMatchObject({
    state: 'erased',
    name: 'Erased',
    vatNumber: null,
  });
  expect(await plugin.get('/api/v1/invoices/000001')).toMatchObject({ buyer: { name: 'Åkeriet AB' } });
  for (const statement of [
    `update billing.invoice set incl_vat_minor = 1`,
    `delete from billing.invoice`,
    `update billing.document set verify = 'x'`,
    `delete from billing.document`,
    `update billing.cdr set energy_wh = 1`,
    `delete from billing.cdr`,
  ])
    await expect(meddle(statement)).rejects.toThrow('never changed or deleted');
});

test('an erasure waits for sessions of a token and a group, and is done when they end without a bill', async () => {
  await using plugin = await started('2026-01-20T08:00:00Z');
  await meddle(`insert into core.token_row (id, tenant, type, value, match_key, last4, group_id, status)
    values ('token-9', 'tenant-1', 'RFID', 'CAFE', 'CAFE', 'CAFE', 'fleet', 'active')`);
  for (const [session, members] of [
    ['of-token', { tokens: ['token-8'] }],
    ['of-group', { groups: ['fleet'] }],
  ] as const) {
    const { id } = await sent<{ id: string }>(plugin, '/api/v1/customers', { ...company, members });
    const token = session === 'of-token' ? 'token-8' : 'token-9';
    await plugin.given(sessionRequested, { expiresAt: '2026-01-20T08:05:00.000Z' }, { session, row: { token } });
    const { state } = await sent<{ state: string }>(plugin, `/api/v1/customers/${id}`, undefined, 'DELETE');
    expect(state, session).toBe('erasing');
    await plugin.given(sessionExpired, { reason: 'never began' }, { session, row: { status: 'void' } });
    expect(await plugin.get(`/api/v1/customers/${id}`), session).toMatchObject({ state: 'erased', name: 'Erased' });
  }
});

test('odd sessions are held with the reason, and one click bills all that are held for it', async () => {
  await using plugin = await started();
  await plugin.settings({ gate: { hours: 24, inclVat: [{ currency: 'SEK', above: 100 }] } });
  await charged(plugin, 'long', { endedAt: '2026-01-17T12:00:00.000Z' });
  await charged(plugin, 'dear', { energyWh: 50_000 });
  await charged(plugin, 'flagged', { flags: ['implausibleEnergy'], held: true });
  await charged(plugin, 'strong', { energyWh: 15_000, maxPowerW: 11_000 });
  await charged(plugin, 'plain', { maxPowerW: 3_700 });
  const reasons = (await plugin.emitted(cdrHeld)).flatMap(({ data }) => data.reasons);
  expect(reasons).toEqual([
    'longSession: 48.0 h, above 24 h',
    'highPrice: 250.00 SEK, above 100',
    'implausibleEnergy',
    'abovePower: 15000 Wh in 1.00 h, rated 11000 W',
  ]);
  expect(await plugin.rows('invoice')).toHaveLength(1);
  expect(await sent(plugin, '/api/v1/cdrs/release', { reason: 'highPrice' })).toMatchObject({ invoices: ['000002'] });
  expect(await sent(plugin, '/api/v1/cdrs/release', {})).toMatchObject({
    invoices: ['000003', '000004', '000005'],
    more: false,
  });
  expect(await sent(plugin, '/api/v1/cdrs/release', {})).toMatchObject({ released: [] });

  // Under calibration law no click bills what nobody could verify; when the meter's key is there, it does.
  await charged(plugin, 'unsigned', {}, { calibrationLaw: true });
  expect((await plugin.emitted(cdrHeld)).at(-1)?.data.reasons).toEqual(['signedValues: none']);
  const refused = await sent<{ refused: Json[] }>(plugin, '/api/v1/cdrs/release', {});
  expect(refused).toMatchObject({ released: [], refused: [{ why: 'signedValues: none' }] });
  const path = `/api/v1/cdrs/${String(refused.refused[0]?.['id'])}/release`;
  await expect(sent(plugin, path, undefined)).rejects.toThrow('gave 409');
  verdict = { ...verdict, result: 'verified' };
  expect(await sent(plugin, path, undefined)).toMatchObject({ number: '000006' });
});

test('what waits for nothing but its signed values is billed by itself when they are proved, and says so', async () => {
  await using plugin = await started();
  const reasons = [{ code: 'no-key' as const }];
  verdict = { result: 'unverified', records: [], reasons };
  await charged(plugin, 'waits', {}, { calibrationLaw: true });
  await charged(plugin, 'odd', { flags: ['implausibleEnergy'], held: true }, { calibrationLaw: true });
  await charged(plugin, 'taken-back', {}, { calibrationLaw: true });
  await plugin.given(
    sessionCorrected,
    { ...aSessionCorrected({ energyWh: 2000 }, { energyWh: 0 }), cdr: false },
    { session: 'taken-back' },
  );
  expect(await plugin.rows('invoice')).toHaveLength(0);
  const judged = async (session: string, result: 'verified' | 'unverified') => {
    const closing = (await plugin.rows('closing')).find((row) => row['session'] === session)?.['event'] as string;
    verdict = { result, records: [], reasons: result === 'verified' ? [] : reasons };
    await plugin.given(sessionVerified, { ...verdict, closing }, { session });
  };
  const statusOf = async (session: string) =>
    (await plugin.rows('cdr')).find((row) => row['session'] === session && row['kind'] === 'cdr')?.['status'];

  await judged('waits', 'unverified');
  expect(await statusOf('waits')).toBe('held');
  for (const session of ['waits', 'odd', 'taken-back']) await judged(session, 'verified');
  expect(await Promise.all(['waits', 'odd', 'taken-back'].map(statusOf))).toEqual(['issued', 'held', 'held']);
  const [invoice, ...more] = await plugin.rows('invoice');
  expect([invoice?.['number'], invoice?.['session'], more]).toEqual(['000001', 'waits', []]);
  const [cdr] = await plugin.get<{ items: Json[] }>('/api/v1/cdrs?session=waits').then(({ items }) => items);
  expect(cdr).toMatchObject({ status: 'issued', signed: { result: 'verified' } });
  expect((await plugin.emitted(cdrIssued)).map(({ data }) => [data.session, data.released])).toEqual([['waits', true]]);
  // Said again, or when it is on its bill already: no second one.
  await judged('waits', 'verified');
  expect(await plugin.rows('invoice')).toHaveLength(1);
});

test('each legal entity bills its own locations in a series of its own; who holds a bill may ask whether it is true', async () => {
  await using plugin = await started();
  const gbg = { id: 'gbg', legalName: 'Göteborg Laddning AB', numberPrefix: 'GBG-', locations: ['location-9'] };
  await plugin.settings({ seller: { legalName: 'Laddning AB' }, otherSellers: [gbg] });
  await charged(plugin, 's-1');
  await charged(plugin, 's-2', { location: 'location-9' });
  await charged(plugin, 's-3');
  expect((await plugin.rows('invoice')).map((row) => row['number'])).toEqual(['000001', 'GBG-000001', '000002']);
  const invoice = await plugin.get('/api/v1/invoices/GBG-000001');
  expect(invoice).toMatchObject({ legalEntity: 'gbg', seller: { legalName: 'Göteborg Laddning AB' } });
  await expect(plugin.settings({ otherSellers: [gbg, { ...gbg, id: 'other' }] })).rejects.toThrow('numberPrefix');

  const { verifyUrl } = await plugin.get<{ verifyUrl: string }>('/api/v1/invoices/000001');
  const { pathname } = new URL(verifyUrl);
  expect(await plugin.get(pathname)).toEqual({
    ...{ genuine: true, kind: 'receipt', number: '000001', currency: 'SEK', date: '2026-01-15', inclVat: '10.00' },
    ...{ seller: 'Laddning AB', vatNumber: null, creditedBy: null },
  });
  expect((await plugin.request(`${pathname.slice(0, -1)}${pathname.endsWith('A') ? 'Q' : 'A'}`)).status).toBe(404);
  const page = await plugin.request(pathname, { headers: { accept: 'text/html' } });
  expect(await page.text()).toContain('000001');
});

test('the PDF of a bill is made once: whoever asks again gets the same bytes; without a seller it is shown and not kept', async () => {
  await using plugin = await started();
  await charged(plugin, 's-1');
  const pdf = async (path: string) => {
    const response = await plugin.request(path);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    return Buffer.from(await response.arrayBuffer()).toString('latin1');
  };
  const before = await pdf('/api/v1/invoices/000001/pdf');
  expect(await plugin.get('/api/v1/invoices/000001')).toMatchObject({ files: [], seller: null });
  const address = { street: 'Storgatan 1', city: 'Åmål', country: 'SE' };
  await plugin.settings({ seller: { legalName: 'Laddning AB', vatNumber: 'SE556000000101', address } });
  const made = await pdf('/api/v1/invoices/000001/pdf');
  expect(made).not.toBe(before);
  await plugin.settings({ seller: { legalName: 'Another name' } });
  expect(await pdf('/api/v1/invoices/000001.pdf')).toBe(made);
  const sha256 = createHash('sha256').update(made, 'latin1').digest('hex');
  const invoice = await plugin.get('/api/v1/invoices/000001');
  expect(invoice).toMatchObject({
    files: [{ kind: 'pdf', sha256 }],
    seller: { legalName: 'Laddning AB' },
    missing: [],
  });

  const csv = await (await plugin.request('/api/v1/invoices/csv')).text();
  expect(csv.split('\r\n')[1]).toMatch(/^000001,invoice,receipt,issued,.*,2000,SEK,8\.00,2\.00,10\.00$/);
  expect((await (await plugin.request('/api/v1/cdrs/csv?status=issued')).text()).split('\r\n')).toHaveLength(3);
  const sie = await (await plugin.request('/api/v1/invoices/sie')).text();
  expect(sie).toContain(
    '#VER "F" "" 20260115 "Faktura 000001"\r\n{\r\n   #TRANS 1510 {} 10.00\r\n   #TRANS 3000 {} -8.00',
  );
  // A receipt names no buyer: it cannot be an e-invoice, and the answer says which rules are in the way.
  const refused = await plugin.request('/api/v1/invoices/000001/ubl');
  expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('BR-07')]);
});

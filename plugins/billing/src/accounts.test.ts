import {
  cdrIssued,
  cdrWaived,
  type DataOf,
  definePlugin,
  type EventDef,
  Pricing,
  sessionClosed,
  sessionCorrected,
  sessionPriced,
  sessionStarted,
  sql,
  type TenantId,
} from '@plugga/kit';
import {
  aBillable,
  aSessionClosed,
  aSessionCorrected,
  aSessionStarted,
  type GivenOptions,
  type PluginTest,
  testPlugin,
} from '@plugga/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FreeVendRow, givesAway } from './accounts.ts';
import { billing } from './index.ts';

/** A hand that can reach every table, as another node can. */
let meddle: (tenant: TenantId, statement: string) => Promise<unknown>;
const prices = definePlugin({
  name: 'prices',
  offers: { pricing: Pricing },
  setup: ({ transaction, db }) => {
    meddle = (tenant, statement) => transaction(tenant, (tx) => sql.raw(statement).execute(db(tx)));
    return { offers: { pricing: { priceOf: () => Promise.resolve(undefined) } } };
  },
});
let plugin: PluginTest;
let operators = 0;
beforeAll(async () => {
  plugin = await testPlugin(billing, { with: [prices] });
}, 60_000);
afterAll(() => plugin.close());

const anOperator = async () => {
  const tenant = `operator-${++operators}` as TenantId;
  const send = (method: string, path: string, body?: unknown, headers = {}): Promise<Response> =>
    plugin.request(`/api/v1/${path}`, {
      ...{ method, tenant, headers: { 'content-type': 'application/json', ...headers } },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const ok = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await send(method, path, body);
    const text = await response.text();
    expect(response.ok, `${method} ${path}: ${text}`).toBe(true);
    return JSON.parse(text) as T;
  };
  const session = (nth: number): string => `${tenant}-session-${nth}`;
  const given = <E extends EventDef>(def: E, data: DataOf<E>, o: GivenOptions & { nth?: number } = {}) => {
    const { nth = 1, ...more } = o;
    return plugin.given(def, data, { tenant, session: session(nth), ...more });
  };
  /** A price of 4.00 a kWh and 25 % VAT; final where a closing is named. */
  const priced = async (wh: number, o: GivenOptions & { nth?: number; final?: boolean } = {}) => {
    const { nth = 1, final = true, ...more } = o;
    const rows = await plugin.rows('closing', tenant);
    const closing = rows.findLast((row) => row['session'] === session(nth))?.['event'] as string | undefined;
    const net = ((wh * 4) / 1_000).toFixed(2);
    const vat = (Number(net) / 4).toFixed(2);
    const total = { currency: 'SEK', exclVat: net, vat, inclVat: ((wh * 5) / 1_000).toFixed(2) };
    const line = {
      dimension: 'energy',
      text: 'Energy',
      quantity: String(wh / 1_000),
      unit: 'kWh',
      unitPrice: '4',
    } as const;
    await given(
      sessionPriced,
      {
        ...{ final, offer: 'tariff@1', energyWh: wh, total, lines: [{ ...line, exclVat: net, vatPercent: '25' }] },
        ...(final && closing !== undefined ? { closing } : {}),
      },
      { nth, ...more },
    );
  };
  const closed = async (o: Parameters<typeof aSessionClosed>[0], more: GivenOptions & { nth?: number } = {}) => {
    await given(sessionClosed, aSessionClosed(o), more);
    await priced(o?.energyWh ?? 10_000, more);
  };
  const emitted = async <E extends EventDef>(def: E) =>
    (await plugin.emitted(def)).filter((event) => event.tenant === tenant).map(({ data }) => data);
  return {
    ...{ tenant, send, ok, given, priced, closed, emitted },
    /** Beside those of other operators: the plugin's own question is asked of its first tenant. */
    list: async (path: string) => (await ok<{ items: Record<string, unknown>[] }>('GET', path)).items,
  };
};

describe('cost centres', () => {
  test("the token's goes before its group's, and stands on the CDR", async () => {
    const { ok, closed, list, emitted, send } = await anOperator();
    await ok('PUT', 'cost-centres/4711', { name: 'Service cars', groups: ['fleet'] });
    await ok('PUT', 'cost-centres/0815', { name: 'Board', tokens: ['token-boss'] });
    await closed({ energyWh: 1_000, token: { id: 'token-boss', group: 'fleet' } }, { nth: 1 });
    await closed({ energyWh: 2_000, token: { id: 'token-van', group: 'fleet' } }, { nth: 2 });
    await closed({ energyWh: 3_000, token: { id: 'token-guest' } }, { nth: 3 });
    const centres = (await emitted(cdrIssued)).map(({ costCentre, energyWh }) => [energyWh, costCentre]);
    expect(centres).toEqual([
      [1_000, '0815'],
      [2_000, '4711'],
      [3_000, null],
    ]);
    expect((await list('cdrs')).map(({ costCentre }) => costCentre).toSorted()).toEqual(['0815', '4711', null]);
    // Named elsewhere it moves: it belongs to one.
    await ok('PUT', 'cost-centres/4711', { name: 'Cars', tokens: ['token-boss'] });
    expect(await list('cost-centres')).toMatchObject([
      { code: '0815', tokens: [] },
      { code: '4711', name: 'Cars', tokens: ['token-boss'], groups: [] },
    ]);
    expect((await send('PUT', 'cost-centres/a%20b', { name: 'x' })).status).toBe(400);
    await ok('DELETE', 'cost-centres/0815');
    expect((await send('DELETE', 'cost-centres/0815')).status).toBe(404);
  });
});

describe('free vend', () => {
  test('a session that fits is priced and has its CDR, and no bill; the reason is shown', async () => {
    const { ok, closed, list, emitted, send, given, priced } = await anOperator();
    for (const body of [{ reason: 'all' }, { reason: 'all', startTime: '08:00' }, { reason: '', token: 'x' }])
      expect((await send('POST', 'free-vend', body)).status).toBe(400);
    const { id } = await ok<{ id: string }>('POST', 'free-vend', { reason: 'Staff', group: 'staff' });
    await closed({ energyWh: 2_000, token: { id: 'token-1', group: 'staff' } });
    const [cdr] = await list('cdrs');
    expect(cdr).toMatchObject({ status: 'issued', waived: 'Staff', inclVat: '10.00', energyWh: 2_000 });
    expect(await list('invoices')).toEqual([]);
    expect(await emitted(cdrWaived)).toEqual([{ cdr: cdr!['id'], session: cdr!['session'], reason: 'Staff' }]);
    // A correction of it is given away as well, and credits nothing that was billed.
    await given(
      sessionCorrected,
      aSessionCorrected({ token: { id: 'token-1', group: 'staff' }, energyWh: 2_000 }, { energyWh: 3_000 }),
    );
    await priced(3_000);
    expect(await list('invoices')).toEqual([]);
    expect(await emitted(cdrWaived)).toHaveLength(2);
    // Held, then released: it stands, and still is on no bill.
    await closed({ energyWh: 5_000, held: true, flags: ['odd'], token: { id: 'token-2', group: 'staff' } }, { nth: 2 });
    const [heldCdr] = await list('cdrs?status=held');
    expect(await ok('POST', `cdrs/${String(heldCdr!['id'])}/release`)).toMatchObject({ waits: false, waived: 'Staff' });
    expect(await list('invoices')).toEqual([]);
    // Others pay; and so does staff once the rule is gone.
    await closed({ energyWh: 1_000, token: { id: 'token-3' } }, { nth: 3 });
    await ok('DELETE', `free-vend/${id}`);
    await closed({ energyWh: 4_000, token: { id: 'token-1', group: 'staff' } }, { nth: 4 });
    expect((await list('invoices')).map(({ inclVat }) => inclVat).toSorted()).toEqual(['20.00', '5.00']);
  });

  const rule = (o: Partial<FreeVendRow>): FreeVendRow => ({
    ...{
      id: 'r',
      tenant: 't',
      reason: 'r',
      token: null,
      token_group: null,
      location: null,
      from_at: null,
      until_at: null,
    },
    ...{ weekdays: null, start_time: null, end_time: null, created_at: new Date(0) },
    ...o,
  });
  // 2026-01-15 is a Thursday; Stockholm is an hour ahead.
  test.each([
    ['2026-01-15T20:59:00Z', { start_time: '22:00', end_time: '06:00' }, false],
    ['2026-01-15T21:00:00Z', { start_time: '22:00', end_time: '06:00' }, true],
    ['2026-01-16T04:59:00Z', { start_time: '22:00', end_time: '06:00' }, true],
    ['2026-01-16T05:00:00Z', { start_time: '22:00', end_time: '06:00' }, false],
    // The night of Thursday goes on into Friday.
    ['2026-01-16T04:00:00Z', { weekdays: [4], start_time: '22:00', end_time: '06:00' }, true],
    ['2026-01-16T04:00:00Z', { weekdays: [5], start_time: '22:00', end_time: '06:00' }, false],
    ['2026-01-15T23:30:00Z', { weekdays: [5] }, true],
    ['2026-01-15T12:00:00Z', { location: 'location-1', weekdays: [4] }, true],
    ['2026-01-15T12:00:00Z', { location: 'location-2' }, false],
    ['2026-01-15T12:00:00Z', { until_at: new Date('2026-01-15T12:00:00Z') }, false],
    ['2026-01-15T12:00:00Z', { from_at: new Date('2026-01-15T12:00:00Z') }, true],
    ['2026-01-15T12:00:00Z', { token: 'token-1', token_group: 'staff' }, false],
  ] as const)('a start at %s and a rule of %j: %s', (startedAt, of, fits) => {
    expect(givesAway(rule(of as Partial<FreeVendRow>), aBillable({ startedAt }))).toBe(fits);
  });
});

describe('what somebody else may be changing', () => {
  const made = {
    customer: async ({ ok }: Awaited<ReturnType<typeof anOperator>>) => {
      const { id } = await ok<{ id: string }>('POST', 'customers', { kind: 'company', name: 'Åkeriet AB' });
      return { list: 'customers', path: `customers/${id}`, method: 'PATCH', change: { name: 'Bolaget AB' } };
    },
    'cost centre': async ({ ok }: Awaited<ReturnType<typeof anOperator>>) => {
      await ok('PUT', 'cost-centres/4711', { name: 'Cars', groups: ['fleet'] });
      return { list: 'cost-centres', path: 'cost-centres/4711', method: 'PUT', change: { name: 'Vans' } };
    },
    'rule of free vend': async ({ ok }: Awaited<ReturnType<typeof anOperator>>) => {
      const { id } = await ok<{ id: string }>('POST', 'free-vend', { reason: 'Staff', group: 'staff' });
      const change = { reason: 'Board', group: 'board' };
      return { list: 'free-vend', path: `free-vend/${id}`, method: 'PUT', change };
    },
    budget: async ({ ok }: Awaited<ReturnType<typeof anOperator>>) => {
      await ok('PUT', 'budgets/card', { energyWh: 10_000 });
      return { list: 'budgets', path: 'budgets/card', method: 'PUT', change: { energyWh: 20_000 } };
    },
  };
  test.each(Object.keys(made) as (keyof typeof made)[])(
    'a %s is changed on the tag that it has; of two at once one is refused, and changes nothing',
    async (what) => {
      const operator = await anOperator();
      const { send, ok } = operator;
      const { list, path, method, change } = await made[what](operator);
      const tagOf = async (): Promise<string> => (await send('GET', path)).headers.get('etag') ?? '';
      const first = await tagOf();
      const { items } = await ok<{ items: { etag: string }[] }>('GET', list);
      expect(items.map(({ etag }) => `"${etag}"`)).toEqual([first]);
      const both = await Promise.all([1, 2].map(() => send(method, path, change, { 'if-match': first })));
      expect(both.map(({ status }) => status).toSorted()).toEqual([200, 412]);
      const second = await tagOf();
      expect(second).not.toBe(first);
      expect(both.map(({ headers }) => headers.get('etag'))).toContain(second);
      const refused = both.find(({ status }) => status === 412)!;
      expect(await refused.json()).toMatchObject({ code: 'changed-meanwhile' });

      expect((await send('DELETE', path, undefined, { 'if-match': first })).status).toBe(412);
      expect(await tagOf()).toBe(second);
      expect((await send('DELETE', path, undefined, { 'if-match': second })).status).toBe(200);
      expect((await send(method, path, change, { 'if-match': second })).ok).toBe(false);
    },
  );
});

test('a budget that another node was given counts within two seconds', async () => {
  const { tenant, given } = await anOperator();
  const total = { currency: 'SEK', exclVat: '4.00', vat: '1.00', inclVat: '5.00' };
  const running = async (energyWh: number) => {
    const price = { offer: 'tariff@1', total, lines: [], energyWh, final: false };
    await given(sessionPriced, price, { row: { token: 'token-9', status: 'active' } });
    return (await plugin.rows('budget_spend', tenant)).map((row) => Number(row['energy_wh']));
  };
  expect(await running(1_000)).toEqual([]);
  await meddle(
    tenant,
    `insert into billing.budget (tenant, token, energy_wh, time_zone, changed_at)
     values ('${tenant}', 'token-9', 50000, 'Europe/Stockholm', now())`,
  );
  plugin.clock.advance(2_000);
  expect(await running(2_000)).toEqual([2_000]);
  expect(await running(3_000)).toEqual([3_000]);
});

/** A start asks the plugin's first tenant: budgets are tested there. */
describe('budgets', () => {
  const ask = (station = 'station-1', evse?: number, tokenId = 'token-1') =>
    plugin.ask('admit', {
      ...{ token: { value: 'CAFE' }, tokenId, station: station as never },
      ...(evse === undefined ? {} : { evse }),
    });
  const send = async (method: string, token: string, body?: unknown): Promise<Record<string, unknown>> => {
    const headers = { 'content-type': 'application/json' };
    const response = await plugin.request(`/api/v1/budgets/${token}`, {
      ...{ method, headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    expect(response.ok, text).toBe(true);
    return JSON.parse(text) as Record<string, unknown>;
  };
  const priced = (session: string, wh: number, o: { station?: string; token?: string } = {}) => {
    const { station = 'station-1', token = 'token-1' } = o;
    const total = {
      currency: 'SEK',
      exclVat: ((wh * 4) / 1_000).toFixed(2),
      vat: (wh / 1_000).toFixed(2),
      inclVat: ((wh * 5) / 1_000).toFixed(2),
    };
    return plugin.given(
      sessionPriced,
      { offer: 'tariff@1', total, lines: [], energyWh: wh, final: false },
      { session, station, row: { token, status: 'active' } },
    );
  };

  test('what is settled and accrued is spent; a start beyond it is refused and told why', async () => {
    expect(await ask()).toBeUndefined();
    // Drawn before there was a budget.
    await plugin.given(sessionClosed, aSessionClosed({ energyWh: 2_000 }), { session: 'before' });
    const [closing] = await plugin.rows('closing');
    const total = { currency: 'SEK', exclVat: '8.00', vat: '2.00', inclVat: '10.00' };
    const line = {
      dimension: 'energy',
      text: 'Energy',
      quantity: '2',
      unit: 'kWh',
      unitPrice: '4',
      exclVat: '8.00',
      vatPercent: '25',
    } as const;
    await plugin.given(
      sessionPriced,
      { offer: 'tariff@1', total, lines: [line], energyWh: 2_000, final: true, closing: closing!['event'] as string },
      { session: 'before' },
    );
    const budget = { amount: { currency: 'SEK', inclVat: '60.00' }, reserve: { inclVat: '20.00' } };
    expect(await send('PUT', 'token-1', budget)).toMatchObject({ month: '2026-01', spent: { inclVat: '10.00' } });
    expect(await ask('station-1', 1)).toEqual({ admit: true });
    await plugin.given(sessionStarted, aSessionStarted(), { session: 'now' });
    await priced('now', 9_000);
    // The start held 20.00 until its session had drawn as much.
    expect(await send('GET', 'token-1')).toMatchObject({
      spent: { inclVat: '55.00', energyWh: 11_000 },
      held: { inclVat: '0.00' },
    });
    expect(await ask('station-2', 1)).toEqual({ admit: true });
    expect(await send('GET', 'token-1')).toMatchObject({ held: { inclVat: '5.00' } });
    const refused = await ask('station-3', 1);
    expect(refused).toEqual({
      admit: false,
      reason: 'budget of 60.00 SEK in 2026-01 is spent: 55.00 drawn, 5.00 held by charging under way',
      status: 'noCredit',
    });
    // Where it charges already the card may be shown, another token is nobody's business, and in February it begins anew.
    expect(await ask('station-1')).toEqual({ admit: true });
    expect(await ask('station-3', 1, 'token-2')).toBeUndefined();
    const now = new Date(plugin.clock.now()).toISOString();
    plugin.clock.set('2026-02-01T00:00:00Z');
    expect(await ask('station-3', 1)).toEqual({ admit: true });
    plugin.clock.set(now);
  });

  test('two starts at once cannot both take what is left', async () => {
    await send('PUT', 'token-2', { energyWh: 10_000 });
    const at = (station: string) => ask(station, 1, 'token-2');
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((it) => at(`station-${it}`)));
    expect(answers.filter((it) => it?.admit === true)).toHaveLength(1);
    expect(answers.find((it) => it?.admit === false)?.reason).toBe(
      'budget of 10000 Wh in 2026-01 is spent: 0 Wh drawn, 10000 Wh held by charging under way',
    );
    // A start that never began lets go.
    plugin.clock.advance(15 * 60_000);
    expect(await at('station-b')).toEqual({ admit: true });
    await send('DELETE', 'token-2');
    expect(await at('station-c')).toBeUndefined();
  });

  test('a card that is shown and then starts is one start', async () => {
    await send('PUT', 'token-3', { energyWh: 10_000 });
    expect(await ask('station-x', undefined, 'token-3')).toEqual({ admit: true });
    expect(await ask('station-x', 2, 'token-3')).toEqual({ admit: true });
    expect(await ask('station-x', 2, 'token-3')).toEqual({ admit: true });
    expect(await ask('station-x', 1, 'token-3')).toMatchObject({ admit: false });
    expect(await ask('station-y', 1, 'token-3')).toMatchObject({ admit: false });
  });
});

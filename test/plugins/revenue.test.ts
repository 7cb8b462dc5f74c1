import {
  type DataOf,
  type EventDef,
  revenueChanged,
  sessionClosed,
  sessionCorrected,
  sessionMetered,
  sessionStarted,
  type TenantId,
} from '@plugga/kit';
import { ocpp16 } from '@plugga/ocpp16';
import { billing } from '@plugga/plugin-billing';
import { revenue } from '@plugga/plugin-revenue';
import { tariffs } from '@plugga/plugin-tariffs';
import {
  aSessionClosed,
  aSessionCorrected,
  aSessionMetered,
  aSessionStarted,
  type GivenOptions,
  type PluginTest,
  startPlatform,
  testDatabase,
  testPlugin,
} from '@plugga/testing';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { api, type SessionView } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';

const perKwh = (id: string, price: string, to: object) => ({
  ...{ id, currency: 'SEK', assign: [to] },
  elements: [{ price_components: [{ type: 'ENERGY', price, vat: '25', step_size: 1 }] }],
});

interface Sums {
  readonly exclVat: string;
  readonly vat: string;
  readonly inclVat: string;
}
interface Balance {
  readonly currency: string | null;
  readonly sessions: number;
  readonly energyWh: number;
  readonly bills: number;
  readonly earned: Sums;
  readonly accrued: Sums;
  readonly held: Sums;
  readonly waived: Sums;
  readonly settled: Sums;
  readonly credited: Sums;
}
const none = { exclVat: '0.00', vat: '0.00', inclVat: '0.00' };

let plugin: PluginTest;
let operators = 0;
beforeAll(async () => {
  plugin = await testPlugin(revenue, { with: [tariffs, billing] });
}, 60_000);
afterAll(() => plugin.close());

/** Another operator, with a tariff of 4.00 and 25 % VAT. */
const anOperator = async (o: { readonly tariff?: boolean } = {}) => {
  const tenant = `operator-${++operators}` as TenantId;
  const session = (nth: number): string => `${tenant}-session-${nth}`;
  const send = (method: string, path: string, body?: unknown): Promise<Response> =>
    plugin.request(`/api/v1/${path}`, {
      ...{ method, tenant },
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  const get = async <T>(path: string): Promise<T> => {
    const response = await send('GET', path);
    expect(response.status, path).toBe(200);
    return (await response.json()) as T;
  };
  const given = async <E extends EventDef>(def: E, data: DataOf<E>, o: GivenOptions & { nth?: number } = {}) => {
    const { nth = 1, ...more } = o;
    await plugin.given(def, data, { tenant, session: session(nth), ...more });
  };
  if (o.tariff !== false)
    expect((await send('POST', 'tariffs', perKwh('plain', '4.00', { to: 'tenant' }))).status).toBe(201);
  return {
    ...{ tenant, send, get, given },
    balance: async (): Promise<Balance | undefined> => (await get<{ items: Balance[] }>('revenue/balance')).items[0],
    told: async () => (await plugin.emitted(revenueChanged)).filter((event) => event.tenant === tenant),
  };
};

describe('the books of a session', () => {
  test('what runs is accrued, what is billed is settled, and a correction leaves credited and settled', async () => {
    const { given, balance, get } = await anOperator();
    expect(await balance()).toBeUndefined();
    await given(sessionStarted, aSessionStarted());
    expect(await balance()).toMatchObject({ sessions: 1, energyWh: 0, accrued: none });
    plugin.clock.advance(1_000);
    await given(sessionMetered, aSessionMetered({ wh: 5_000 }), { row: { energyWh: 5_000 } });
    const running = { exclVat: '20.00', vat: '5.00', inclVat: '25.00' };
    expect(await balance()).toMatchObject({ sessions: 1, energyWh: 5_000, bills: 0, accrued: running, settled: none });

    await given(sessionClosed, aSessionClosed({ energyWh: 10_000 }));
    const whole = { exclVat: '40.00', vat: '10.00', inclVat: '50.00' };
    expect(await balance()).toMatchObject({ sessions: 1, bills: 1, accrued: none, held: none, settled: whole });

    await given(sessionCorrected, aSessionCorrected({ energyWh: 10_000 }, { energyWh: 12_000 }));
    expect(await balance()).toMatchObject({
      ...{ sessions: 1, energyWh: 12_000, bills: 2, accrued: none },
      credited: { exclVat: '-40.00', vat: '-10.00', inclVat: '-50.00' },
      settled: { exclVat: '48.00', vat: '12.00', inclVat: '60.00' },
    });
    // What `GET /revenue` has always said is still there, beside the rest.
    expect(await get('revenue?days=7')).toMatchObject({
      items: [
        {
          ...{ date: '2026-01-15', currency: 'SEK', bills: 2, energyWh: 12_000, soldWh: 12_000 },
          ...{ exclVat: '48.00', vat: '12.00', inclVat: '60.00' },
        },
      ],
    });
    expect(await get('revenue?site=nowhere')).toMatchObject({ items: [] });
  });

  test('what is held is shown apart until it is released', async () => {
    const { given, balance, get, send } = await anOperator();
    await given(sessionClosed, aSessionClosed({ energyWh: 10_000, held: true, flags: ['implausible'] }));
    const whole = { exclVat: '40.00', vat: '10.00', inclVat: '50.00' };
    expect(await balance()).toMatchObject({ accrued: none, held: whole, settled: none, bills: 0 });
    const { items } = await get<{ items: { id: string }[] }>('cdrs?status=held');
    expect((await send('POST', `cdrs/${items[0]!.id}/release`)).ok).toBe(true);
    await plugin.worked();
    expect(await balance()).toMatchObject({ accrued: none, held: none, settled: whole, bills: 1 });
  });

  test('what is given away is shown apart, and reported by its cost centre', async () => {
    const { given, balance, get, send } = await anOperator();
    expect((await send('POST', 'free-vend', { reason: 'Staff', token: 'token-1' })).status).toBe(201);
    expect((await send('PUT', 'cost-centres/4711', { name: 'Cars', tokens: ['token-1'] })).status).toBe(200);
    await given(sessionClosed, aSessionClosed({ energyWh: 10_000 }));
    const whole = { exclVat: '40.00', vat: '10.00', inclVat: '50.00' };
    expect(await balance()).toMatchObject({ accrued: none, waived: whole, settled: none, earned: whole, bills: 0 });
    const { items } = await get<Report>('revenue/report?by=costCentre&from=2026-01-01&until=2026-02-01&margin=true');
    expect(items).toMatchObject([{ key: '4711', waived: whole, margin: { uncostedNet: '0.00', uncosted: 1 } }]);
  });

  test('a session that nobody can price is counted and sold for nothing', async () => {
    const { given, get } = await anOperator({ tariff: false });
    await given(sessionClosed, aSessionClosed({ energyWh: 10_000 }));
    expect(await get('revenue/balance')).toMatchObject({
      items: [{ currency: null, sessions: 1, unpriced: 1, energyWh: 10_000, earned: none }],
    });
    expect(await get('revenue')).toMatchObject({ items: [] });
  });

  test(
    'a change is told at most once a second, and the last one is not lost though nothing follows it',
    { timeout: 60_000 },
    async () => {
      // Work that is due later is the database's to keep: its clock and ours are one here.
      const real = () => new Date().toISOString();
      await using own = await testPlugin(revenue, { with: [tariffs, billing], now: real() });
      const headers = { 'content-type': 'application/json' };
      const tariff = JSON.stringify(perKwh('plain', '4.00', { to: 'tenant' }));
      expect((await own.request('/api/v1/tariffs', { method: 'POST', headers, body: tariff })).status).toBe(201);
      const told = async () => (await own.emitted(revenueChanged)).map(({ data }) => data);
      const SESSIONS = 4;
      const startedAt = real();
      for (let nth = 0; nth < SESSIONS; nth += 1)
        await own.given(sessionStarted, aSessionStarted({ time: startedAt }), { session: `told-${nth}` });
      await own.worked();
      const before = (await told()).length;
      const from = performance.now();
      for (let nth = 0; nth < SESSIONS; nth += 1) {
        own.clock.set(real());
        await own.given(sessionMetered, aSessionMetered({ time: real(), wh: 5_000 }), {
          ...{ session: `told-${nth}`, row: { energyWh: 5_000 } },
        });
      }
      const running = (await told()).slice(before);
      expect(running.length).toBeLessThanOrEqual((performance.now() - from) / 1_000 + 2);
      const lastOf = async () => {
        own.clock.set(real());
        return (await told()).at(-1)?.days;
      };
      await eventually('the running prices that waited', 20_000, async () => {
        expect(await lastOf()).toMatchObject([{ sessions: SESSIONS, accrued: { inclVat: '100.00' } }]);
      });
      own.clock.set(real());
      // As what runs, which knows of no place: by another zone it would be of another day for an hour or two.
      const closed = { energyWh: 10_000, startedAt, endedAt: real(), timeZone: 'UTC' };
      await own.given(sessionClosed, aSessionClosed(closed), { session: 'told-0' });
      await eventually('the bill that waited', 20_000, async () => {
        expect(await lastOf()).toMatchObject([{ accrued: { inclVat: '75.00' }, settled: { inclVat: '50.00' } }]);
      });
    },
  );
});

interface Report {
  readonly items: readonly (Balance & {
    readonly key: string | null;
    readonly label: string | null;
    readonly margin?: Readonly<Record<string, string | number>>;
  })[];
  readonly totals: Report['items'];
}

describe('reports', () => {
  const january = 'from=2026-01-01&until=2026-02-01';
  const minor = (amount: string): bigint => BigInt(amount.replace('.', ''));

  test('whatever they are by, their totals are the sum of their rows and what the balance says', async () => {
    const { given, get, balance } = await anOperator();
    const sessions = [
      { wh: 1_234, day: 12, location: 'location-a', id: 'token-a', group: 'fleet' },
      { wh: 777, day: 12, location: 'location-b', id: 'token-b' },
      { wh: 3_333, day: 13, location: 'location-a', id: 'token-b', held: true },
      { wh: 10_001, day: 14, id: '=token()', type: 'Central' },
    ];
    for (const [nth, { wh, day, location, id, group, type, held }] of sessions.entries())
      await given(
        sessionClosed,
        aSessionClosed({
          ...{ energyWh: wh, startedAt: `2026-01-${day}T23:30:00.000Z`, endedAt: `2026-01-${day + 1}T01:15:00.000Z` },
          token: { id, type: type ?? 'ISO14443', ...(group === undefined ? {} : { group }) },
          ...(location === undefined ? { location: undefined } : { location }),
          ...(held === true ? { held, flags: ['implausible'] } : {}),
        }),
        { nth },
      );
    const whole = await balance();
    expect(whole).toMatchObject({ sessions: 4, energyWh: 15_345 });
    const keys: Record<string, readonly (string | null)[]> = {
      // Half past eleven in UTC is the next day in Stockholm.
      day: ['2026-01-13', '2026-01-14', '2026-01-15'],
      site: ['location-a', 'location-b', null],
      station: ['station-of-operator-' + operators],
      customer: ['=token()', 'fleet', 'token-b'],
      tariff: ['plain@1'],
      channel: ['app', 'card'],
      costCentre: [null],
    };
    for (const [by, expected] of Object.entries(keys)) {
      const { items, totals } = await get<Report>(`revenue/report?by=${by}&${january}`);
      expect(
        items.map(({ key }) => key),
        by,
      ).toEqual(expected);
      expect(totals, by).toMatchObject([whole]);
      for (const book of ['earned', 'accrued', 'held', 'settled'] as const)
        for (const part of ['exclVat', 'vat', 'inclVat'] as const)
          expect(
            items.reduce((sum, it) => sum + minor(it[book][part]), 0n),
            `${by} ${book}`,
          ).toBe(minor(totals[0]![book][part]));
    }
    const only = await get<Report>(`revenue/report?by=channel&site=location-a&from=2026-01-14&until=2026-01-15`);
    expect(only.totals).toMatchObject([{ sessions: 1, energyWh: 3_333, settled: none }]);
  });

  test('as CSV, what a spreadsheet would run is text, and bad dates are refused by name', async () => {
    const { given, send } = await anOperator();
    await given(sessionClosed, aSessionClosed({ energyWh: 1_000, token: { id: '=cmd|"x"', type: 'ISO14443' } }));
    const response = await send('GET', `revenue/report?by=customer&format=csv&${january}`);
    expect(response.headers.get('content-type')).toContain('text/csv');
    const lines = (await response.text()).split('\r\n');
    expect(lines[0]).toMatch(/^customer,label,currency,sessions,unpriced,energyWh,bills,billedWh,earnedExclVat,/);
    expect(lines[1]).toMatch(/^"'=cmd\|""x""",,SEK,1,0,1000,1,1000,4\.00,1\.00,5\.00,/);
    expect(lines[2]).toMatch(/^total,,SEK,1,0,1000,/);
    for (const bad of ['from=2026-02-30&until=2026-03-01', 'from=2026-02-02&until=2026-02-02', 'by=driver'])
      expect((await send('GET', `revenue/report?${bad}`)).status, bad).toBe(400);
  });

  test('margin is net revenue less the energy by the hour; what has no cost is counted apart', async () => {
    const { given, get, send } = await anOperator();
    const curve = (points: readonly (readonly [string, number])[]) =>
      points.map(([time, wh]) => ({ at: `2026-01-15T${time}:00.000Z`, wh }));
    // 2 kWh in the first hour, 6 in the second; then one that ends in an hour without a price.
    const times = { startedAt: '2026-01-15T12:30:00.000Z', endedAt: '2026-01-15T14:00:00.000Z' };
    const closed = {
      ...times,
      energyWh: 8_000,
      location: 'location-a',
      curve: curve([
        ['12:30', 0],
        ['13:00', 2_000],
        ['14:00', 8_000],
      ]),
    };
    await given(sessionClosed, aSessionClosed(closed));
    await given(
      sessionClosed,
      aSessionClosed({ energyWh: 5_000, startedAt: times.startedAt, endedAt: '2026-01-15T14:30:00.000Z' }),
      { nth: 2 },
    );
    await given(sessionStarted, aSessionStarted(), { nth: 3 });
    const before = await get<Report>(`revenue/report?by=day&${january}&margin=true`);
    expect(before.totals[0]?.margin).toEqual({
      ...{ energyCost: '0.00', margin: '0.00', costed: 0 },
      ...{ uncosted: 3, uncostedNet: '52.00', uncostedWh: 13_000 },
    });
    const hours = [
      { at: '2026-01-15T12:00:00Z', perKwh: '0.50' },
      { at: '2026-01-15T14:00:00+01:00', perKwh: '1.2345' },
    ];
    expect((await send('PUT', 'revenue/energy-cost', { currency: 'SEK', hours })).status).toBe(200);
    // The site's own price goes before that of all.
    const own = [{ at: '2026-01-15T12:00:00Z', perKwh: '0.25' }];
    expect((await send('PUT', 'revenue/energy-cost', { site: 'location-a', currency: 'SEK', hours: own })).status).toBe(
      200,
    );
    const after = await get<Report>(`revenue/report?by=day&${january}&margin=true`);
    // 2 x 0.25 + 6 x 1.2345 = 7.907, of 32.00.
    expect(after.totals[0]?.margin).toEqual({
      ...{ energyCost: '7.91', margin: '24.09', costed: 1 },
      ...{ uncosted: 2, uncostedNet: '20.00', uncostedWh: 5_000 },
    });
    const bad = [{ at: '2026-01-15T12:30:00Z', perKwh: '0.50' }];
    expect((await send('PUT', 'revenue/energy-cost', { currency: 'SEK', hours: bad })).status).toBe(400);
    expect((await send('PUT', 'revenue/energy-cost', { currency: 'kr', hours })).status).toBe(400);
    // The rows follow from the log: the event brings the same again.
    await plugin.worked();
    const range = 'from=2026-01-15T00:00:00Z&until=2026-01-16T00:00:00Z';
    expect(await get(`revenue/energy-cost?${range}`)).toMatchObject({
      items: [
        { site: null, at: '2026-01-15T12:00:00.000Z', perKwh: '0.5' },
        { site: null, at: '2026-01-15T13:00:00.000Z', perKwh: '1.2345' },
        { site: 'location-a', perKwh: '0.25' },
      ],
    });
    const gone = [{ at: '2026-01-15T12:00:00Z', perKwh: null }];
    await send('PUT', 'revenue/energy-cost', { site: 'location-a', currency: 'SEK', hours: gone });
    const { totals } = await get<Report>(`revenue/report?by=day&${january}&margin=true`);
    expect(totals[0]?.margin).toMatchObject({ energyCost: '8.41', margin: '23.59' });
  });

  test('today stands beside the same weekday until the same hour, and the mean of four', async () => {
    const { given, get } = await anOperator();
    const now = new Date(plugin.clock.now()).toISOString();
    // Thursdays in the afternoon; the clock of the site is an hour ahead.
    for (const [nth, [time, wh]] of (
      [
        ['2026-03-19T11:10:00Z', 1_000],
        ['2026-03-19T15:10:00Z', 4_000],
        ['2026-03-26T09:10:00Z', 2_000],
        ['2026-03-26T20:10:00Z', 7_000],
        ['2026-04-02T07:10:00Z', 3_000],
      ] as const
    ).entries()) {
      plugin.clock.set(time);
      await given(sessionClosed, aSessionClosed({ energyWh: wh, startedAt: time, endedAt: time }), { nth });
    }
    plugin.clock.set('2026-04-02T10:30:00Z');
    const today = await get<{ currencies: unknown[] }>('revenue/today');
    expect(today).toMatchObject({ date: '2026-04-02', timeZone: 'Europe/Stockholm', soFarUntil: 12 });
    expect(today.currencies).toMatchObject([
      {
        currency: 'SEK',
        today: { whole: { inclVat: '15.00' }, soFar: { inclVat: '15.00', energyWh: 3_000 } },
        // The clocks went on by an hour between the two: 9:10 in UTC was 10:10 then.
        lastWeek: { date: '2026-03-26', whole: { inclVat: '45.00' }, soFar: { inclVat: '10.00' } },
        meanOfFour: { whole: { inclVat: '17.50', energyWh: 3_500 }, soFar: { inclVat: '2.50' } },
      },
    ]);
    plugin.clock.set(now);
  });
});

/** A station by hand: each message waits for its answer. */
const stationAt = async (url: string, identity: string) => {
  const socket = new WebSocket(`${url}/${identity}`, ['ocpp1.6']);
  onTestFinished(() => socket.terminate());
  await new Promise((open, failed) => socket.once('open', open).once('error', failed));
  let n = 0;
  return (action: string, payload: object): Promise<Record<string, unknown>> =>
    new Promise((answered, failed) => {
      const id = `${action}-${++n}`;
      const late = setTimeout(() => failed(new Error(`stalled: no answer to ${action}`)), 30_000);
      const hear = (text: Buffer): void => {
        const [kind, of, answer] = JSON.parse(text.toString()) as [number, string, Record<string, unknown>];
        if (kind === 2 || of !== id) return;
        clearTimeout(late);
        socket.off('message', hear);
        answered(answer);
      };
      socket.on('message', hear);
      socket.send(JSON.stringify([2, id, action, payload]));
    });
};

test(
  'a meter value over a socket is in the revenue once the log is handled, the bill settles it, and a rebuild gives the same rows',
  { timeout: 120_000 },
  async () => {
    const made = await testDatabase('revenue');
    const pool = new Pool({ connectionString: made.url, max: 2, options: '-c plugga.tenant=*' });
    pool.on('error', () => undefined);
    const platform = await startPlatform({
      ...{ adapters: [ocpp16], plugins: [tariffs, billing, revenue] },
      env: { PLUGGA_ONBOARDING: 'open', DATABASE_URL: made.url },
    });
    onTestFinished(async () => {
      await platform.stop();
      await pool.end();
      await made.drop();
    });
    const operator = api(platform.url, platform.adminKey);
    await operator.post('tokens', { type: 'RFID', value: 'REVENUE1' });
    const say = await stationAt(platform.wsUrl, 'REVENUE');
    const at = (seconds: number): string => new Date(Date.now() - 600_000 + seconds * 1_000).toISOString();
    const balance = async (): Promise<Balance | undefined> =>
      (await operator.get<{ items: Balance[] }>('revenue/balance')).items[0];
    const rows = async () => {
      const tables = ['sold', 'cdr', 'day', 'hour', 'energy_cost'];
      const read = await Promise.all(
        tables.map((table) =>
          pool.query(`select to_jsonb(t) as row from revenue.${table} t order by to_jsonb(t)::text`),
        ),
      );
      return Object.fromEntries(tables.map((table, i) => [table, read[i]!.rows.map(({ row }) => row as unknown)]));
    };

    await say('BootNotification', { chargePointVendor: 'Plain', chargePointModel: 'One' });
    const start = { connectorId: 1, idTag: 'REVENUE1', meterStart: 1_000, timestamp: at(0) };
    const { transactionId } = await say('StartTransaction', start);
    const metered = (wh: number, seconds: number) =>
      say('MeterValues', {
        ...{ connectorId: 1, transactionId },
        meterValue: [{ timestamp: at(seconds), sampledValue: [{ value: String(1_000 + wh), unit: 'Wh' }] }],
      });
    // At most one price a second is made of a session: meter values come until one is priced by itself.
    let wh = 1_000;
    await eventually('a meter value and its price', 60_000, async () => {
      wh += 100;
      await metered(wh, wh / 10);
      await platform.settled(60_000);
      const { rows: last } = await pool.query<{ type: string; behind: number; wh: number }>(
        `select m.type, (p.id - m.id)::integer as behind, (p.data ->> 'energyWh')::integer as wh
         from core.event_log p join core.event_log m on m.event_id = p.cause
         where p.type = 'session.priced' order by p.id desc limit 1`,
      );
      const [session] = await operator.all<SessionView>('sessions?station=REVENUE');
      const now = await balance();
      expect(now).toMatchObject({ sessions: 1, accrued: { inclVat: session!.cost!.inclVat }, settled: none });
      expect(last).toMatchObject([{ type: 'session.metered', wh }]);
      // Nothing but the price lies between a meter value and the revenue that holds it.
      expect(last[0]!.behind).toBeLessThanOrEqual(3);
      expect(now).toMatchObject({ energyWh: wh });
    });
    await say('StopTransaction', { transactionId, meterStop: 6_000, timestamp: at(590), idTag: 'REVENUE1' });
    await eventually('the bill', 60_000, async () => {
      await platform.settled(60_000);
      expect(await balance()).toMatchObject({ energyWh: 5_000, bills: 1, settled: { inclVat: '25.00' } });
    });
    expect(await balance()).toMatchObject({ accrued: none, held: none, earned: { inclVat: '25.00' } });

    const before = await rows();
    await operator.post('plugins/revenue/rebuild');
    await eventually('the rebuild', 60_000, async () => {
      await platform.settled(60_000);
      expect(await rows()).toEqual(before);
    });
    expect(before['sold']).toHaveLength(1);
    expect(before['hour']!.length).toBeGreaterThan(0);
  },
);

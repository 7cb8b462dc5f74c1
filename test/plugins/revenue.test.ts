import { revenueChanged, sessionClosed, sessionCorrected, sessionMetered, sessionStarted } from '@plugga/kit';
import { ocpp16 } from '@plugga/ocpp16';
import { billing } from '@plugga/plugin-billing';
import { revenue } from '@plugga/plugin-revenue';
import { tariffs } from '@plugga/plugin-tariffs';
import {
  aSessionClosed,
  aSessionCorrected,
  aSessionMetered,
  aSessionStarted,
  type PluginTest,
  startPlatform,
  testDatabase,
  testPlugin,
} from '@plugga/testing';
import { Pool } from 'pg';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
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
  readonly settled: Sums;
  readonly credited: Sums;
}
const none = { exclVat: '0.00', vat: '0.00', inclVat: '0.00' };

describe('the books of a session', () => {
  let plugin: PluginTest;
  beforeEach(async () => {
    plugin = await testPlugin(revenue, { with: [tariffs, billing] });
    const body = JSON.stringify(perKwh('plain', '4.00', { to: 'tenant' }));
    const headers = { 'content-type': 'application/json' };
    const posted = await plugin.request('/api/v1/tariffs', { method: 'POST', body, headers });
    expect(posted.status).toBe(201);
  });
  afterEach(() => plugin.close());

  const balance = async (): Promise<Balance | undefined> =>
    (await plugin.get<{ items: Balance[] }>('/api/v1/revenue/balance')).items[0];

  test('what runs is accrued, what is billed is settled, and a correction leaves credited and settled', async () => {
    expect(await balance()).toBeUndefined();
    await plugin.given(sessionStarted, aSessionStarted());
    expect(await balance()).toMatchObject({ sessions: 1, energyWh: 0, accrued: none });
    plugin.clock.advance(1_000);
    await plugin.given(sessionMetered, aSessionMetered({ wh: 5_000 }), { row: { energyWh: 5_000 } });
    const running = { exclVat: '20.00', vat: '5.00', inclVat: '25.00' };
    expect(await balance()).toMatchObject({ sessions: 1, energyWh: 5_000, bills: 0, accrued: running, settled: none });

    await plugin.given(sessionClosed, aSessionClosed({ energyWh: 10_000 }));
    const whole = { exclVat: '40.00', vat: '10.00', inclVat: '50.00' };
    expect(await balance()).toMatchObject({ sessions: 1, bills: 1, accrued: none, held: none, settled: whole });

    await plugin.given(sessionCorrected, aSessionCorrected({ energyWh: 10_000 }, { energyWh: 12_000 }));
    expect(await balance()).toMatchObject({
      ...{ sessions: 1, energyWh: 12_000, bills: 2, accrued: none },
      credited: { exclVat: '-40.00', vat: '-10.00', inclVat: '-50.00' },
      settled: { exclVat: '48.00', vat: '12.00', inclVat: '60.00' },
    });
    // What `GET /revenue` has always said is still there, beside the rest.
    const { items } = await plugin.get<{ items: unknown[] }>('/api/v1/revenue?days=7');
    expect(items).toMatchObject([
      {
        ...{ date: '2026-01-15', currency: 'SEK', bills: 2, energyWh: 12_000, soldWh: 12_000 },
        ...{ exclVat: '48.00', vat: '12.00', inclVat: '60.00' },
      },
    ]);
    const { items: elsewhere } = await plugin.get<{ items: unknown[] }>('/api/v1/revenue?site=nowhere');
    expect(elsewhere).toEqual([]);
  });

  test('what is held is shown apart until it is released', async () => {
    await plugin.given(sessionClosed, aSessionClosed({ energyWh: 10_000, held: true, flags: ['implausible'] }));
    const whole = { exclVat: '40.00', vat: '10.00', inclVat: '50.00' };
    expect(await balance()).toMatchObject({ accrued: none, held: whole, settled: none, bills: 0 });
    const { items } = await plugin.get<{ items: { id: string }[] }>('/api/v1/cdrs?status=held');
    await plugin.request(`/api/v1/cdrs/${items[0]!.id}/release`, { method: 'POST' });
    await plugin.worked();
    expect(await balance()).toMatchObject({ accrued: none, held: none, settled: whole, bills: 1 });
  });

  test('a session that nobody can price is counted and sold for nothing', async () => {
    const body = JSON.stringify(perKwh('plain', '4.00', { to: 'location', id: 'elsewhere' }));
    await plugin.request('/api/v1/tariffs', {
      ...{ method: 'POST', body, headers: { 'content-type': 'application/json' } },
    });
    await plugin.given(sessionClosed, aSessionClosed({ energyWh: 10_000 }));
    const { items } = await plugin.get<{ items: unknown[] }>('/api/v1/revenue/balance');
    expect(items).toMatchObject([{ currency: null, sessions: 1, unpriced: 1, energyWh: 10_000, earned: none }]);
    expect(await plugin.get('/api/v1/revenue')).toMatchObject({ items: [] });
  });

  test('a change is told at most once a second, and the last one is not lost', async () => {
    const told = () => plugin.emitted(revenueChanged);
    const second = { session: 'session-2', station: 'station-2' };
    await plugin.given(sessionStarted, aSessionStarted());
    await plugin.given(sessionStarted, aSessionStarted(), second);
    await plugin.worked();
    const before = (await told()).length;
    plugin.clock.advance(1_000);
    await plugin.given(sessionMetered, aSessionMetered({ wh: 5_000 }), { row: { energyWh: 5_000 } });
    await plugin.given(sessionMetered, aSessionMetered({ wh: 3_000 }), { ...second, row: { energyWh: 3_000 } });
    const running = (await told()).slice(before);
    expect(running).toHaveLength(1);
    expect(running[0]?.data.days).toMatchObject([{ date: '2026-01-15', sessions: 2, accrued: { inclVat: '25.00' } }]);
    // What lasts is told once the second is over, whether anything else happens or not.
    await plugin.given(sessionClosed, aSessionClosed({ energyWh: 10_000 }));
    await eventually('the change that waited', 20_000, async () => {
      const last = (await told()).at(-1)?.data.days;
      expect(last).toMatchObject([{ accrued: { inclVat: '15.00' }, settled: { inclVat: '50.00' } }]);
    });
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

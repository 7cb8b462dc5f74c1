import { readFileSync } from 'node:fs';
import { sessionClosed, type TenantId } from '@plugga/kit';
import { billing } from '@plugga/plugin-billing';
import { revenue } from '@plugga/plugin-revenue';
import { tariffs } from '@plugga/plugin-tariffs';
import { aSessionClosed, type PluginTest, testPlugin } from '@plugga/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

let plugin: PluginTest;
beforeAll(async () => {
  plugin = await testPlugin(revenue, { with: [tariffs, billing] });
}, 60_000);
afterAll(() => plugin.close());

/** What a spreadsheet would run, and what only looks so after what it skips. */
const hostile = ['=HYPERLINK("http://x.example","1")', '+1+1', '-1+1', '@SUM(A1)', '\t=1+1', '\r=1+1', ' =1+1'];

const exports = {
  '/api/v1/cdrs/csv': ['cdrs/csv'],
  '/api/v1/invoices/csv': ['invoices/csv'],
  '/api/v1/revenue/report': ['day', 'site', 'station', 'customer', 'tariff', 'channel', 'costCentre'].map(
    (by) => `revenue/report?format=csv&from=2026-01-01&until=2026-02-01&by=${by}`,
  ),
} as const;

test('every route of the API that gives CSV is looked at here', () => {
  const { paths } = JSON.parse(readFileSync(new URL('../../sdk/client/openapi.json', import.meta.url), 'utf8')) as {
    paths: Record<string, object>;
  };
  const giving = Object.entries(paths).filter(([, path]) => JSON.stringify(path).includes('"text/csv'));
  expect(giving.map(([path]) => path).toSorted()).toEqual(Object.keys(exports).toSorted());
});

/** Cells of RFC 4180 as they stand in the file, quotes and all. */
const cellsOf = (csv: string): string[] => csv.match(/"(?:[^"]|"")*"|[^,\r\n]+/g) ?? [];
const read = (cell: string): string => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);

/** Where each export shows what strangers have named. */
const shows: readonly (readonly [path: string, cells: number])[] = Object.values(exports)
  .flat()
  .map((path) => {
    if (path.startsWith('cdrs')) return [path, 6]; // place, EVSE and token of both sessions
    if (path.startsWith('invoices')) return [path, 1]; // the buyer
    return [path, /by=(site|station|customer)$/.test(path) ? 1 : 0];
  });

/** An operator with a tariff. */
const anOperator = async (name: string) => {
  const tenant = name as TenantId;
  const send = (method: string, path: string, body?: unknown): Promise<Response> =>
    plugin.request(`/api/v1/${path}`, {
      ...{ tenant, method },
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  const tariff = {
    ...{ id: 'plain', currency: 'SEK', assign: [{ to: 'tenant' }] },
    elements: [{ price_components: [{ type: 'ENERGY', price: '4', vat: '25', step_size: 1 }] }],
  };
  expect((await send('POST', 'tariffs', tariff)).status).toBe(201);
  return { tenant, send };
};

/** The worst that a code may be: it has letters, digits, dots and dashes. */
test('a cost centre that begins with a dash is text in the report by cost centre (BI-080)', async () => {
  const { tenant, send } = await anOperator('centred');
  expect((await send('PUT', 'cost-centres/-A', { name: 'A', tokens: ['token-1'] })).status).toBe(200);
  await plugin.given(sessionClosed, aSessionClosed({ energyWh: 1_000, token: { id: 'token-1' } }), { tenant });
  const response = await send('GET', shows.find(([path]) => path.endsWith('by=costCentre'))![0]);
  expect(await response.text()).toContain('\r\n"\'-A",');
});

const full = process.env['PLUGGA_TEST'] === 'full';
test.each((full ? hostile : hostile.slice(0, 2)).map((text, nth) => [JSON.stringify(text), text, nth] as const))(
  'a text of %s is text in every CSV (BI-080)',
  async (_, text, nth) => {
    const { tenant, send } = await anOperator(`hostile-${nth}`);
    const driver = { kind: 'driver', name: `${text}.`, members: { tokens: [text] } };
    expect((await send('POST', 'customers', driver)).status).toBe(201);
    const place = { energyWh: 1_000, location: text as never, evseId: text };
    for (const [of, id] of [text, `${text}2`].entries())
      await plugin.given(sessionClosed, aSessionClosed({ ...place, token: { id, last4: text, type: 'RFID' } }), {
        ...{ tenant, station: `${text}${nth}`, session: `session-${nth}-${of}` },
      });
    for (const [path, least] of shows) {
      const response = await send('GET', path);
      expect([path, response.status, response.headers.get('content-type')]).toEqual([
        ...[path, 200],
        expect.stringContaining('text/csv'),
      ]);
      const cells = cellsOf(await response.text());
      const found = cells.filter((cell) => read(cell).includes(text.trim()));
      expect(found.length, `${path}: ${found.join(' ')}`).toBeGreaterThanOrEqual(least);
      for (const cell of found) expect(cell, path).toMatch(/^"'/);
    }
  },
);

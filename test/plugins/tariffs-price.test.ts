import { readFileSync } from 'node:fs';
import { tariffs } from '@plugga/plugin-tariffs';
import { startPlugin, type PluginTest } from '@plugga/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

let plugin: PluginTest;
beforeAll(async () => {
  plugin = await startPlugin(tariffs);
}, 60_000);
afterAll(() => plugin.close());

const post = (path: string, body: unknown): Promise<Response> =>
  plugin.request(`/api/v1/tariffs/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const vectors = (
  JSON.parse(readFileSync(new URL('../../plugins/tariffs/vectors/tariffs.json', import.meta.url), 'utf8')) as {
    vectors: readonly { readonly name: string; readonly expected: Record<string, unknown> }[];
  }
).vectors;
const vectorOf = (name: string) => vectors.find((it) => it.name === name);

test('a session is priced by tariffs that are not stored', async () => {
  const vector = vectorOf('spec_parking_step_900');
  const response = await post('price', vector);
  expect(response.status).toBe(200);
  const { total, invoice, billed_volume } = vector?.expected ?? {};
  expect(await response.json()).toMatchObject({ name: vector?.name, total, invoice, billed_volume, notes: [] });
});

test('numbers are read as they stand in the request', async () => {
  const text = JSON.stringify(vectorOf('spec_energy_020kwh')).replace('"price":0.25', '"price":0.2500000000000000001');
  expect(await (await post('price', text)).json()).toMatchObject({ total: { excl_vat: '5.000000000000000002' } });
});

test('what cannot be priced is refused by the name of the field', async () => {
  const response = await post('price', { tariffs: [{ id: 'T', currency: 'SEK', elements: [] }], session: {} });
  expect(response.status).toBe(422);
  const { errors } = (await response.json()) as { errors: readonly { path: string }[] };
  expect(errors.map(({ path }) => path)).toEqual(expect.arrayContaining(['tariffs.0.elements', 'session.time_zone']));
  expect((await post('price', { session: {} })).status).toBe(400);
});

test('a draft is looked at as it would be posted', async () => {
  const tariff = {
    id: 'T',
    currency: 'SEK',
    elements: [
      {
        price_components: [{ type: 'ENERGY', price: 4, step_size: 1 }],
        restrictions: { start_time: '06:00', end_time: '00:00', max_power: 50 },
      },
    ],
    assign: [{ to: 'tenant' }],
  };
  const response = await post('lint', { tariff, context: { has: { power: true } } });
  expect(response.status).toBe(200);
  const { findings } = (await response.json()) as { findings: readonly { code: string; at?: string }[] };
  expect(findings.map(({ code, at }) => [code, at])).toEqual([
    ...['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'].map((day) => [
      'no_price',
      `${day} 00:00`,
    ]),
    ...['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'].map((day) => [
      'maybe_no_price',
      `${day} 06:00`,
    ]),
  ]);
});

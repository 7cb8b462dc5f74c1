import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { tariffPrice } from './command.ts';

const vectors = fileURLToPath(new URL('../../vectors/tariffs.json', import.meta.url));

async function run(...args: string[]) {
  const [said, told]: [string[], string[]] = [[], []];
  const code = await tariffPrice.run({
    args,
    json: false,
    out: (text) => void said.push(text),
    err: (text) => void told.push(text),
  });
  return { code, lines: said.map((line) => JSON.parse(line) as Record<string, unknown>), told };
}

async function priced(content: unknown) {
  const folder = await mkdtemp(join(tmpdir(), 'tariff-price-'));
  const file = join(folder, 'file.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  const result = await run(file);
  await rm(folder, { recursive: true });
  return result;
}

const vector = (tariff: object, name?: string) => ({
  ...(name === undefined ? {} : { name }),
  tariffs: [
    {
      id: 'T',
      currency: 'SEK',
      elements: [{ price_components: [{ type: 'ENERGY', price: 4, step_size: 1 }] }],
      ...tariff,
    },
  ],
  session: {
    time_zone: 'Europe/Stockholm',
    start_date_time: '2026-05-04T08:00:00Z',
    end_date_time: '2026-05-04T09:00:00Z',
    charging_periods: [{ start_date_time: '2026-05-04T08:00:00Z', dimensions: [{ type: 'ENERGY', volume: 10 }] }],
  },
});

test('a file of vectors gives a line of JSON each, in their order', async () => {
  const { code, lines, told } = await run(vectors);
  expect([code, told]).toEqual([0, []]);
  expect(lines).toHaveLength(47);
  expect(lines[0]).toMatchObject({ name: 'spec_energy_020kwh', invoice: { net: '5.00', vat: '0.50', gross: '5.50' } });
});

test('one vector alone needs no name', async () => {
  const { code, lines } = await priced(vector({}));
  expect(code).toBe(0);
  expect(lines).toMatchObject([{ name: 'vector 1', total: { excl_vat: '40' } }]);
});

test('a field that is null is as if it were not there', async () => {
  const { lines } = await priced(vector({ min_price: null, plugga: null }));
  expect(lines).toMatchObject([{ total: { excl_vat: '40' }, limit_applied: null }]);
});

test('what cannot be priced is named by vector and field; the others are priced', async () => {
  const { code, lines, told } = await priced([
    vector({ elements: [{ price_components: [{ type: 'ENERGY', price: -1, step_size: 1 }] }] }, 'below zero'),
    vector({ elements: [{ price_components: [{ type: 'ENERGY', price: 1, step_size: 1, discount: 5 }] }] }, 'unknown'),
    vector({ plugga: { magic: true } }, 'own'),
    vector({ start_date_time: '2027-01-01T00:00:00Z' }, 'later'),
    vector({}, 'well'),
  ]);
  expect(code).toBe(1);
  expect(told).toEqual([
    'below zero: tariffs.0.elements.0.price_components.0.price: must be a number that is not negative, such as 4.99',
    'unknown: tariffs.0.elements.0.price_components.0: does not know "discount"',
    'own: tariffs.0.plugga: does not know "magic"',
    'later: tariffs: none is valid at the start of the session',
  ]);
  expect(lines.map(({ name }) => name)).toEqual(['well']);
});

test('a file that is not there, or is no JSON, is a wrong command line', async () => {
  expect(await run('/nowhere/tariffs.json')).toMatchObject({ code: 2, lines: [] });
  expect(await priced('{')).toMatchObject({ code: 2, lines: [] });
  expect(await run()).toMatchObject({ code: 2, told: ['usage: plugga tariff price <file.json>'] });
});

import { expect, test } from 'vitest';
import { priceBillable, type Charged } from './billable.ts';
import { lint } from './lint.ts';
import { tariffBody } from './tariff.ts';
import { toOcpi } from './to-ocpi.ts';

const component = (type: string, price: number) => ({ type, price, step_size: 1, vat: 25 });
const tariff = (plugga: object, ...components: object[]) => ({
  body: tariffBody.parse({ id: 'own', currency: 'SEK', elements: [{ price_components: components }], plugga }),
});
/** Two hours of charging, then three of idle time, over a local midnight: 22:00 to 03:00 in Stockholm. */
const night: Charged = {
  startedAt: '2026-05-04T20:00:00.000Z',
  endedAt: '2026-05-04T22:00:00.000Z',
  unpluggedAt: '2026-05-05T01:00:00.000Z',
  timeZone: 'Europe/Stockholm',
  energyWh: 20_000,
  curve: [],
  states: [],
};
const linesOf = (of: ReturnType<typeof priceBillable>) =>
  of.lines.map(({ dimension, quantity, exclVat }) => [dimension, quantity, exclVat]);

test('idle time is free for its grace, in all of the session once', () => {
  const states = [{ state: 'suspendedEV' as const, from: '2026-05-04T21:00:00.000Z', to: '2026-05-04T21:10:00.000Z' }];
  const price = priceBillable(tariff({ idleGraceSeconds: 1800 }, component('PARKING_TIME', 60)), { ...night, states });
  expect(linesOf(price)).toEqual([['idle', '2.666667', '160']]);
  // Ten minutes of it while suspended, the rest after the end: from there on it costs.
  expect(price.lines[0]?.from).toBe('2026-05-04T22:20:00.000Z');
  expect(price.notes?.map(({ code }) => code)).toEqual(['idle_grace']);
  const short = { ...night, unpluggedAt: '2026-05-04T22:20:00.000Z', states };
  expect(linesOf(priceBillable(tariff({ idleGraceSeconds: 1800 }, component('PARKING_TIME', 60)), short))).toEqual([]);
});

test('a cap of the session takes back what is above it, on a line of its own', () => {
  const caps = [{ type: 'PARKING_TIME', amount: '100', per: 'session' }];
  const { total, lines } = priceBillable(tariff({ caps }, component('PARKING_TIME', 60)), night);
  expect(lines.map(({ dimension, exclVat, text }) => [dimension, exclVat, text])).toEqual([
    ['idle', '180', 'Idle time'],
    ['limit', '-80', 'Idle time: most a session'],
  ]);
  expect(total).toEqual({ currency: 'SEK', exclVat: '100.00', vat: '25.00', inclVat: '125.00' });
});

test('a cap of the day holds for each local day', () => {
  const caps = [{ type: 'PARKING_TIME', amount: '50', per: 'day' }];
  // Idle from 23:00 to 02:00: one hour on the first day, two on the second; only these are above 50.
  const late = {
    ...night,
    startedAt: '2026-05-04T20:00:00.000Z',
    endedAt: '2026-05-04T21:00:00.000Z',
    unpluggedAt: '2026-05-05T00:00:00.000Z',
  };
  const { total } = priceBillable(tariff({ caps }, component('PARKING_TIME', 40)), late);
  expect(total.exclVat).toBe('90.00');
});

test('a cap of the day on energy counts for each day what flowed on it, and one upon another what that has left', () => {
  // From 23:30 to 01:30 evenly: a quarter of the 20 kWh before midnight.
  const flowed = { ...night, startedAt: '2026-05-04T21:30:00.000Z', endedAt: '2026-05-04T23:30:00.000Z' };
  const cost = (...amounts: string[]): string => {
    const caps = amounts.map((amount) => ({ type: 'ENERGY', amount, per: 'day' }));
    return priceBillable(tariff({ caps }, component('ENERGY', 4)), flowed).total.exclVat;
  };
  expect([cost(), cost('30'), cost('30', '10'), cost('10', '30')]).toEqual(['80.00', '50.00', '20.00', '20.00']);
});

test('a cap takes nothing back from what is free', () => {
  const caps = [{ type: 'ENERGY', amount: '10', per: 'session' }];
  const body = tariffBody.parse({
    ...{ id: 'own', currency: 'SEK', plugga: { caps } },
    elements: [
      { price_components: [component('ENERGY', 0)], restrictions: { max_kwh: 5 } },
      { price_components: [component('ENERGY', 4)] },
    ],
  });
  const { total, lines } = priceBillable({ body }, night);
  expect(total.exclVat).toBe('10.00');
  expect(lines.map(({ dimension, exclVat }) => [dimension, exclVat])).toEqual([
    ['energy', '0'],
    ['energy', '60'],
    ['limit', '-50'],
  ]);
});

test('a cap that is not reached changes nothing', () => {
  const caps = [{ type: 'PARKING_TIME', amount: '180', per: 'session' }];
  expect(linesOf(priceBillable(tariff({ caps }, component('PARKING_TIME', 60)), night))).toEqual([
    ['idle', '3', '180'],
  ]);
});

test('a band of the state of charge has its price before the elements, from the moment that the car says it', () => {
  const socBands = [{ minSoc: 80, type: 'TIME', price: 120, vat: 25 }];
  const soc = [
    { at: '2026-05-04T20:00:00.000Z', percent: 40 },
    { at: '2026-05-04T21:30:00.000Z', percent: 80 },
  ];
  const one = tariff({ socBands }, component('ENERGY', 4));
  expect(linesOf(priceBillable(one, { ...night, soc }))).toEqual([
    ['energy', '20', '80'],
    ['time', '0.5', '60'],
  ]);
  const silent = priceBillable(one, night);
  expect(linesOf(silent)).toEqual([['energy', '20', '80']]);
  expect(silent.notes?.map(({ code }) => code)).toEqual(['no_soc_data']);
});

test('a congestion fee is added while the site is congested, charging or idle', () => {
  const one = tariff({ congestion: { price: '30', vat: '25' } }, component('ENERGY', 4));
  const congestion = [{ from: '2026-05-04T21:30:00.000Z', to: '2026-05-04T22:30:00.000Z' }];
  expect(linesOf(priceBillable(one, { ...night, congestion }))).toEqual([
    ['energy', '20', '80'],
    ['congestion', '1', '30'],
  ]);
  expect(linesOf(priceBillable(one, night))).toEqual([['energy', '20', '80']]);
});

test('a price says that its tariff is under calibration law', () => {
  const price = (plugga: object) => priceBillable(tariff(plugga, component('ENERGY', 4)), night);
  expect(price({ calibrationLaw: true }).calibrationLaw).toBe(true);
  expect(price({ calibrationLaw: false })).not.toHaveProperty('calibrationLaw');
});

test('partners who know OCPI only read our rules as text, in Swedish and English', () => {
  const { body } = tariff(
    { idleGraceSeconds: 900, caps: [{ type: 'PARKING_TIME', amount: '100', per: 'day' }], calibrationLaw: true },
    component('ENERGY', 4),
  );
  const text = [{ language: 'en', text: 'Night rate.' }];
  const ocpi = toOcpi({ ...body, tariff_alt_text: text });
  expect(ocpi).not.toHaveProperty('plugga');
  expect(ocpi.tariff_alt_text).toEqual([
    {
      language: 'sv',
      text: 'De första 15 min efter laddning är fria. Tiden efter laddning kostar högst 100 SEK exkl. moms per dygn.',
    },
    {
      language: 'en',
      text: 'Night rate. The first 15 min of idle time are free. Idle time costs at most 100 SEK excl. VAT a day.',
    },
  ]);
  expect(lint(body).map(({ code, path }) => [code, path])).toEqual([
    ['beyond_ocpi', 'plugga.idleGraceSeconds'],
    ['beyond_ocpi', 'plugga.caps.0'],
  ]);
  expect(toOcpi(tariff({ calibrationLaw: true }, component('ENERGY', 4)).body)).not.toHaveProperty('tariff_alt_text');
});

test('a rule of ours that is not known, or makes no sense, is refused by its name', () => {
  const refused = (plugga: object) =>
    lint({ id: 'own', currency: 'SEK', elements: [{ price_components: [component('ENERGY', 4)] }], plugga }).map(
      ({ path, message }) => `${path}: ${message}`,
    );
  expect(refused({ grace: 5 })).toEqual(['plugga: does not know "grace"']);
  expect(refused({ socBands: [{ minSoc: 80, maxSoc: 60, type: 'TIME', price: 1 }] })).toEqual([
    'plugga.socBands.0: maxSoc must be above minSoc',
  ]);
  expect(refused({ caps: [{ type: 'ENERGY', amount: -5, per: 'session' }] })).toEqual([
    'plugga.caps.0.amount: must be a number that is not negative, such as 4.99',
  ]);
});

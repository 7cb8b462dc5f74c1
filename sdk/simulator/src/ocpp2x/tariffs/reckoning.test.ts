import { describe, expect, test } from 'vitest';
import { seeded } from '../../random.ts';
import { exact } from './exact.ts';
import { wallOf } from './local-time.ts';
import { type Reckoning, reckoning } from './reckoning.ts';
import { reckonable } from './tariff.ts';

type Given = Readonly<Record<string, unknown>>;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const begun = Date.parse('2026-03-02T20:30:00.000Z');
const by = (tariff: Given, o: { startedAt?: number; timeZone?: string } = {}): Reckoning =>
  reckoning({
    tariff: reckonable({ tariffId: 'T', currency: 'SEK', ...tariff }),
    startedAt: o.startedAt ?? begun,
    wall: wallOf(o.timeZone ?? 'UTC'),
    evseKind: 'AC',
  });
const after = (it: Reckoning, ms: number, wh: number, idle = false): Reckoning => {
  it.advance({ at: begun + ms, wh, idle });
  return it;
};
const vat = { taxRates: [{ type: 'vat', tax: 25 }] };

describe('what a station reckons by its tariff', () => {
  test('energy, time, idle time and the fee of the beginning are summed exactly', () => {
    const it = by({
      energy: { prices: [{ priceKwh: 0.1 }], ...vat },
      chargingTime: { prices: [{ priceMinute: 0.2 }] },
      idleTime: { prices: [{ priceMinute: 0.05 }] },
      fixedFee: { prices: [{ priceFixed: 2 }], ...vat },
    });
    expect(it.total()).toEqual({ exclTax: '2', inclTax: '2.5' });
    after(it, 10 * MINUTE, 3_001);
    after(it, 11 * MINUTE, 3_001, true);
    // 0.3001 and 2, and time without tax: 2 and 0.05.
    expect(it.total()).toEqual({ exclTax: '4.3501', inclTax: '4.925125' });
    expect(it.details(true, (at) => new Date(at).toISOString())).toEqual({
      chargingPeriods: [
        {
          ...{ startPeriod: '2026-03-02T20:30:00.000Z', tariffId: 'T' },
          dimensions: [
            { type: 'Energy', volume: 3_001 },
            { type: 'ChargingTime', volume: 600 },
            { type: 'IdleTIme', volume: 0 },
          ],
        },
        {
          ...{ startPeriod: '2026-03-02T20:40:00.000Z', tariffId: 'T' },
          dimensions: [
            { type: 'Energy', volume: 0 },
            { type: 'ChargingTime', volume: 0 },
            { type: 'IdleTIme', volume: 60 },
          ],
        },
      ],
      totalCost: {
        ...{ currency: 'SEK', typeOfCost: 'NormalCost' },
        energy: { exclTax: 0.3001, inclTax: 0.375125, ...vat },
        chargingTime: { exclTax: 2, inclTax: 2 },
        idleTime: { exclTax: 0.05, inclTax: 0.05 },
        fixed: { exclTax: 2, inclTax: 2.5, ...vat },
        total: { exclTax: 4.3501, inclTax: 4.925125 },
      },
      totalUsage: { energy: 3_001, chargingTime: 660, idleTime: 60 },
    });
    expect(it.reaches(exact(4.925125)!)).toBe(true);
    expect(it.reaches(exact(4.925126)!)).toBe(false);
  });

  test('the first price whose conditions hold counts, from the very watt-hour and second on', () => {
    const tiers = { prices: [{ priceKwh: 1, conditions: { maxEnergy: 2_000 } }, { priceKwh: 3 }] };
    const long = { prices: [{ priceMinute: 1, conditions: { minTime: 1_200 } }] };
    const it = after(by({ energy: tiers, chargingTime: long }), HOUR, 5_001);
    // 2 kWh at 1 and 3.001 at 3; 40 of 60 minutes.
    expect(it.total().exclTax).toBe('51.003');
  });

  test('a window of the clock is that of the station’s zone, also over midnight', () => {
    const night = { startTimeOfDay: '22:00', endTimeOfDay: '06:00' };
    const time = { chargingTime: { prices: [{ priceMinute: 1, conditions: night }] } };
    // From 21:30 in Stockholm for 10 hours: from 22 to 6.
    expect(after(by(time, { timeZone: 'Europe/Stockholm' }), 10 * HOUR, 0).total().exclTax).toBe('480');
    const tuesday = { ...night, dayOfWeek: ['Tuesday'], validFromDate: '2026-03-03', validToDate: '2026-03-04' };
    const once = { chargingTime: { prices: [{ priceMinute: 1, conditions: tuesday }] } };
    expect(after(by(once, { timeZone: 'Europe/Stockholm' }), 10 * HOUR, 0).total().exclTax).toBe('360');
  });

  test('the night on which the clock goes forward has an hour less', () => {
    const startedAt = Date.parse('2026-03-28T23:00:00.000Z');
    const early = { startTimeOfDay: '01:30', endTimeOfDay: '04:00' };
    const it = by(
      { chargingTime: { prices: [{ priceMinute: 1, conditions: early }] } },
      { startedAt, timeZone: 'Europe/Stockholm' },
    );
    it.advance({ at: startedAt + 6 * HOUR, wh: 0, idle: false });
    expect(it.total().exclTax).toBe('90');
  });

  test('idle time is free until its grace is used up', () => {
    const it = by({ idleTime: { prices: [{ priceMinute: 1, conditions: { minIdleTime: 300 } }] } });
    after(it, 4 * MINUTE, 0, true);
    after(it, 10 * MINUTE, 0);
    after(it, 13 * MINUTE, 0, true);
    expect(it.total().exclTax).toBe('2');
  });

  test('it costs no less than the least and no more than the most, with tax as without', () => {
    const bounds = { minCost: { exclTax: 10, inclTax: 12.5 }, maxCost: { exclTax: 20 } };
    const it = by({ energy: { prices: [{ priceKwh: 1 }], ...vat }, ...bounds });
    const kind = () => (it.details(false, String) as { totalCost: { typeOfCost: string } }).totalCost.typeOfCost;
    expect([it.total(), kind()]).toEqual([{ exclTax: '10', inclTax: '12.5' }, 'MinCost']);
    after(it, HOUR, 15_000);
    expect([it.total(), kind()]).toEqual([{ exclTax: '15', inclTax: '18.75' }, 'NormalCost']);
    after(it, 2 * HOUR, 30_000);
    expect([it.total(), kind()]).toEqual([{ exclTax: '20', inclTax: '25' }, 'MaxCost']);
  });

  test('taxes on top of each other', () => {
    const taxRates = [
      { type: 'state', tax: 5 },
      { type: 'city', tax: 5 },
      { type: 'federal', tax: 20, stack: 1 },
    ];
    expect(after(by({ energy: { prices: [{ priceKwh: 10 }], taxRates } }), HOUR, 1_000).total()).toEqual({
      ...{ exclTax: '10', inclTax: '13.2' },
    });
  });

  test('a price that depends on power is that of the power', () => {
    const fast = { prices: [{ priceKwh: 5, conditions: { minPower: 11_000 } }, { priceKwh: 1 }] };
    const it = after(by({ energy: fast }), HOUR, 10_000);
    expect(after(it, 2 * HOUR, 21_000).total().exclTax).toBe('65');
  });

  test('by another tariff only what comes after costs otherwise', () => {
    const it = after(by({ energy: { prices: [{ priceKwh: 1 }] } }), HOUR, 10_000);
    it.change(reckonable({ tariffId: 'U', currency: 'SEK', energy: { prices: [{ priceKwh: 2 }] } }));
    after(it, 2 * HOUR, 20_000);
    expect(it.total().exclTax).toBe('30');
    expect(it.details(true, String)).toMatchObject({ chargingPeriods: [{ tariffId: 'T' }, { tariffId: 'U' }] });
  });

  test.each([1, 2, 3, 4, 5])('how often the station looks changes nothing (seed %i)', (seed) => {
    const random = seeded(seed);
    const tariff = {
      energy: {
        prices: [
          { priceKwh: 2.13, conditions: { startTimeOfDay: '21:00', endTimeOfDay: '22:00' } },
          { priceKwh: 0.37, conditions: { minEnergy: 4_321 } },
          { priceKwh: 0.71 },
        ],
        ...vat,
      },
      chargingTime: { prices: [{ priceMinute: 0.07, conditions: { maxTime: 5_000 } }, { priceMinute: 0.11 }] },
    };
    const [once, often] = [by(tariff), by(tariff)];
    after(once, 3 * HOUR, 10_800);
    // A watt-hour a second: a look sees whole ones, whenever it looks at whole seconds.
    for (let s = 0; s < 10_800; s += 1 + Math.floor(random() * 400)) after(often, s * 1_000, s);
    after(often, 3 * HOUR, 10_800);
    expect(often.total()).toEqual(once.total());
  });
});

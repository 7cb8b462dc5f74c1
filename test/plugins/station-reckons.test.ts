import { ocpp21 } from '@plugga/ocpp21';
import { tariffs } from '@plugga/plugin-tariffs';
import { aVehicle, type VirtualStation, virtualStation } from '@plugga/simulator';
import { type PlatformTest, startPlatform } from '@plugga/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { settledCommand } from '../commands/settled-command.ts';
import { api, type Api } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';

// Longer than any of its waits, which name what stalled.
vi.setConfig({ testTimeout: 120_000 });

const TOKEN = 'RECKONS000000001';
const SPEED = 3_600;
const DAY_MS = 86_400_000;
let platform: PlatformTest;
let operator: Api;
let timeZone: string;
const stations: VirtualStation[] = [];

beforeAll(async () => {
  platform = await startPlatform({
    ...{ adapters: [ocpp21], plugins: [tariffs] },
    env: { PLUGGA_ONBOARDING: 'open' },
  });
  operator = api(platform.url, platform.adminKey);
  const [location] = await operator.all<{ timeZone: string }>('locations');
  timeZone = location!.timeZone;
  await operator.post('tokens', { type: 'ISO14443', value: TOKEN });
}, 90_000);
afterAll(async () => {
  for (const station of stations) station.close();
  await platform.stop();
});

interface Element {
  readonly price_components: readonly { readonly type: string; readonly price: string }[];
  readonly restrictions?: object;
}
const component = (type: string, price: string, vat = '25') => ({ type, price, vat, step_size: 1 });
const hourly = ({ price_components }: Element): number[] =>
  price_components.map(({ type, price }) => (type.endsWith('TIME') ? Number(price) : 0));
const only = (type: string, price: string, restrictions: object): Element => ({
  price_components: [component(type, price)],
  restrictions,
});
const always = (...price_components: Element['price_components']): Element => ({ price_components });
const hour = (n: number): string => `${String(n % 24).padStart(2, '0')}:00`;
const evenHours = Array.from({ length: 12 }, (_, n) => ({ start_time: hour(2 * n), end_time: hour(2 * n + 1) }));

interface Session {
  readonly id: string;
  readonly energyWh: number;
  readonly cost: { readonly final: boolean } | null;
}
interface Priced {
  readonly total: { readonly exclVat: string; readonly inclVat: string };
  readonly lines: readonly { readonly exclVat: string; readonly vatPercent: string }[];
  readonly limit?: object;
}
/** Units of 1e-20, in which both sides say amounts. */
const units = (amount: string): bigint => {
  const [whole = '', fraction = ''] = amount.split('.');
  return BigInt(whole + fraction.padEnd(20, '0').slice(0, 20));
};
const sum = (all: readonly bigint[]): bigint => all.reduce((a, b) => a + b, 0n);
/** Before anything is rounded to money; a limit is money as it is. */
const exactly = ({ total, lines, limit }: Priced): readonly [exclTax: bigint, inclTax: bigint] =>
  limit === undefined
    ? [
        sum(lines.map((line) => units(line.exclVat))),
        sum(lines.map((line) => units(line.exclVat) + (units(line.exclVat) * BigInt(line.vatPercent)) / 100n)),
      ]
    : [units(total.exclVat), units(total.inclVat)];

/** What a station reckons and what the platform bills are from two programs that share no line. */
const cases: readonly (readonly [string, readonly Element[], object])[] = [
  ['energy, time and a fee', [always(component('ENERGY', '4.13'), component('TIME', '6'), component('FLAT', '2'))], {}],
  [
    'energy in steps of amount',
    [
      only('ENERGY', '2.17', { max_kwh: '3' }),
      only('ENERGY', '3.71', { max_kwh: '7.5' }),
      always(component('ENERGY', '5')),
    ],
    {},
  ],
  [
    'time in steps of duration, each with the tax of its part',
    [
      only('TIME', '3', { max_duration: 1_000 }),
      always(component('TIME', '9.6'), component('ENERGY', '1.99', '12'), component('FLAT', '1.25', '6')),
    ],
    {},
  ],
  [
    'time by the clock on the wall',
    [
      ...evenHours.map((window) => only('TIME', '6', window)),
      always(component('TIME', '18'), component('ENERGY', '3')),
    ],
    {},
  ],
  [
    'idle time after a grace',
    [always(component('ENERGY', '3'), component('PARKING_TIME', '30'))],
    { plugga: { idleGraceSeconds: 600 } },
  ],
  [
    'the most that it may cost',
    [always(component('ENERGY', '9.99'))],
    { max_price: { excl_vat: '40', incl_vat: '50' } },
  ],
  ['the least that it costs', [always(component('ENERGY', '0.01'))], { min_price: { excl_vat: '12', incl_vat: '15' } }],
];
const full = process.env['PLUGGA_TEST'] === 'full';
test.concurrent.each(full ? cases : cases.slice(0, 1))(
  'what a station reckons is what is billed: %s',
  async (name, elements, more) => {
    const n = stations.length + 1;
    const [id, identity] = [`reckoned-${n}`, `RECKONS-${n}`];
    const station = virtualStation({
      ...{ url: platform.wsUrl, identity, protocol: 'ocpp2.1', maxPowerW: 11_000, clockFrom: 'service' },
      ...{ speed: SPEED, behindMs: DAY_MS },
      configuration: {
        ...{ 'SampledDataCtrlr.TxUpdatedInterval': '300', 'ClockCtrlr.TimeZone': timeZone },
        TransactionMessageRetryInterval: '0',
      },
    });
    stations.push(station);
    await station.start();
    const evse = await eventually('its EVSE', 20_000, async () => {
      const { evses } = await operator.get<{ evses: { evseId: string }[] }>(`stations/${identity}`);
      expect(evses).toHaveLength(1);
      return evses[0]!.evseId;
    });
    const from = new Date(Date.now() - 3 * DAY_MS).toISOString();
    const assign = [{ to: 'evse', id: evse, from }];
    await operator.post('tariffs', { id, currency: 'SEK', elements, assign, ...more });
    const { id: command } = await operator.post<{ id: string }>(`stations/${identity}/commands`, {
      ...{ type: 'setDefaultTariff', tariff: id },
    });
    expect(await settledCommand(operator, identity, command)).toMatchObject({ status: 'accepted' });
    // Full after 8 kWh or so; then it is idle.
    const vehicle = aVehicle({ batteryWh: 40_000, soc: 0.8 });
    const entry = await station.charge({ idTag: TOKEN, vehicle, stopAfterSeconds: 2 * 3_600 });
    await station.settled();

    const session = await eventually(`the price of ${name}`, 40_000, async () => {
      const [found] = await operator.all<Session>(`sessions?station=${identity}`);
      expect(found?.cost?.final, JSON.stringify(found)).toBe(true);
      return found!;
    });
    expect(session.energyWh).toBe(entry.meterStopWh! - entry.meterStartWh);
    const steps = await operator.all<{ kind: string; data: Priced }>(`sessions/${session.id}/timeline`);
    const [exclTax, inclTax] = exactly(steps.findLast(({ kind }) => kind === 'price')!.data);
    const { reckoned } = entry;
    expect(reckoned).toMatchObject({ currency: 'SEK', final: true });
    // Each line is cut at its twentieth place, and time counts up to its step, which is a second.
    const dearest = BigInt(Math.round(Math.max(...elements.flatMap(hourly)) * 1_000));
    const second = (units('1.25') * dearest) / 3_600_000n;
    const isNear = (billed: bigint, amount: bigint): boolean =>
      billed > amount - 100n && billed < amount + second + 100n;
    const both = `${JSON.stringify(reckoned)} and ${exclTax}, ${inclTax}`;
    expect([isNear(exclTax, units(reckoned!.exclTax)), isNear(inclTax, units(reckoned!.inclTax))], both).toEqual([
      ...[true, true],
    ]);
  },
);

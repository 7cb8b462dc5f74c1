import { priceBillable, type Charged } from '../../plugins/tariffs/src/price/billable.ts';
import { tariffBody } from '../../plugins/tariffs/src/price/tariff.ts';

/** A session of two hours with a meter value a minute, the last half hour idle. */
const minutes = Array.from({ length: 120 }, (_, n) => n + 1);
const start = Date.parse('2026-05-04T15:00:00Z');
const at = (minute: number): string => new Date(start + minute * 60_000).toISOString();
const session: Charged = {
  startedAt: at(0),
  endedAt: at(120),
  timeZone: 'Europe/Stockholm',
  energyWh: 16_500,
  curve: minutes.map((minute) => ({ at: at(minute), wh: Math.min(minute, 90) * 183 + (minute >= 90 ? 30 : 0) })),
  states: [{ state: 'suspendedEV', from: at(90), to: at(120) }],
};

const component = (type: string, price: number, step_size = 1) => ({ type, price, step_size, vat: 25 });
const plain = tariffBody.parse({
  id: 'plain',
  currency: 'SEK',
  elements: [{ price_components: [component('ENERGY', 4)] }],
});
/** Energy by hour of the day and band of power, idle time by hour of the day, a fee: 20 elements. */
const rich = tariffBody.parse({
  id: 'rich',
  currency: 'SEK',
  elements: [
    { price_components: [component('FLAT', 5)] },
    ...Array.from({ length: 12 }, (_, n) => ({
      price_components: [component('ENERGY', 3 + n / 10)],
      restrictions: {
        start_time: `${String(n * 2).padStart(2, '0')}:00`,
        end_time: `${String((n * 2 + 2) % 24).padStart(2, '0')}:00`,
        max_power: 11,
      },
    })),
    { price_components: [component('ENERGY', 5)] },
    ...Array.from({ length: 6 }, (_, n) => ({
      price_components: [component('PARKING_TIME', 10 * (n + 1), 60)],
      restrictions: {
        start_time: `${String(n * 4).padStart(2, '0')}:00`,
        end_time: `${String((n * 4 + 4) % 24).padStart(2, '0')}:00`,
      },
    })),
  ],
});

/** By processor time, not by the clock: what else the machine does must not count. */
const perSecond = (run: () => void): number => {
  const until = (ms: number): number => {
    const cpu = process.cpuUsage();
    const spent = (): number => {
      const { user, system } = process.cpuUsage(cpu);
      return (user + system) / 1000;
    };
    let n = 0;
    while (spent() < ms) for (let k = 0; k < 50; k++, n++) run();
    return n / (spent() / 1000);
  };
  until(500);
  return Math.round(until(2000));
};

/** `pnpm bench price`: how many sessions one core prices a second; nothing of it is held to a figure. */
export function benchPrice(say: (text: string) => void): void {
  const { curve: _, states: __, ...running } = session;
  const rows: [string, () => unknown][] = [
    ['plain tariff, running session', () => priceBillable({ body: plain }, { ...running, states: [] })],
    ['plain tariff, 120 meter values', () => priceBillable({ body: plain }, session)],
    [`${rich.elements.length} elements, 120 meter values`, () => priceBillable({ body: rich }, session)],
    [
      `${rich.elements.length} elements, running session`,
      () => priceBillable({ body: rich }, { ...running, states: [] }),
    ],
  ];
  for (const [name, run] of rows) {
    const rate = perSecond(run);
    say(`${name}: ${rate} sessions/s on one core, ${(1e6 / rate).toFixed(1)} us each`);
  }
}

import { describe, expect, test } from 'vitest';
import { seeded } from '../random.ts';
import { outlet } from './outlet.ts';
import { aVehicle, wantedPowerW } from './vehicle.ts';

const HOUR = 3_600_000;
const charging = (vehicle = aVehicle(), maxPowerW = 22_000) => {
  const one = outlet({ meterStartWh: 500, maxPowerW, now: 0 });
  one.plug(vehicle);
  one.deliver(true);
  return one;
};

describe('the meter', () => {
  test('an hour at 11 kW is 11 kWh, less what the ramp takes', () => {
    const one = charging(aVehicle({ batteryWh: 100_000, soc: 0.1 }));
    one.advance(HOUR);
    expect(one.registerWh() - 500).toBeGreaterThan(10_970);
    expect(one.registerWh() - 500).toBeLessThanOrEqual(11_000);
    expect(one.powerW()).toBe(11_000);
  });

  test('how often somebody looks does not change what is measured', () => {
    const random = seeded(3);
    const [seldom, often] = [charging(aVehicle({ soc: 0.75 })), charging(aVehicle({ soc: 0.75 }))];
    seldom.advance(2 * HOUR);
    for (let now = 0; now < 2 * HOUR; now += Math.floor(random() * 5_000)) often.advance(now);
    often.advance(2 * HOUR);
    expect(often.rawWh()).toBe(seldom.rawWh());
  });

  test('nothing flows before the contactor closes, nor after it opens or the car has gone', () => {
    const one = outlet({ meterStartWh: 500, maxPowerW: 22_000, now: 0 });
    one.plug(aVehicle());
    one.advance(HOUR);
    expect(one.registerWh()).toBe(500);
    one.deliver(true);
    one.advance(2 * HOUR);
    const wh = one.registerWh();
    one.deliver(false);
    one.advance(3 * HOUR);
    one.unplug();
    one.deliver(true);
    one.advance(4 * HOUR);
    expect(one.registerWh()).toBe(wh);
    expect(one.powerW()).toBe(0);
  });

  test('the car takes no more than its battery lacks', () => {
    const one = charging(aVehicle({ batteryWh: 40_000, soc: 0.5 }));
    one.advance(24 * HOUR);
    expect(one.soc()).toBe(1);
    expect(one.registerWh() - 500).toBeGreaterThanOrEqual(19_999);
    expect(one.registerWh() - 500).toBeLessThanOrEqual(20_010);
  });
});

test('a car asks for full power to 80 %, then for less and less, and for none when full', () => {
  const car = aVehicle({ maxPowerW: 10_000 });
  expect([0.1, 0.8, 0.9, 0.999, 1].map((soc) => Math.round(wantedPowerW(car, soc)))).toEqual([
    10_000, 10_000, 5_000, 500, 0,
  ]);
});

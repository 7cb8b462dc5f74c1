import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { stationClock } from '../clock.ts';
import { outlet } from '../physics/outlet.ts';
import { configuration } from './configuration.ts';
import type { Connector } from './connector.ts';
import { idleReadings } from './idle-readings.ts';

beforeEach(() => vi.useFakeTimers({ now: Date.parse('2026-03-04T12:03:20Z') }));
afterEach(() => vi.useRealTimers());

test('aligned readings come at the multiples of the interval, whatever the time now, and while the line is up', () => {
  const clock = stationClock();
  const settings = configuration({ ClockAlignedDataInterval: '900' });
  const connector: Connector = {
    number: 1,
    outlet: outlet({ meterStartWh: 5, maxPowerW: 11_000, now: clock.now() }),
    status: 'Available',
    operative: true,
  };
  let ready = true;
  const told: string[] = [];
  const readings = idleReadings({
    around: { clock, configuration: settings, stamp: (at) => new Date(at).toISOString() },
    connectors: [connector],
    ready: () => ready,
    call(_, payload) {
      told.push((payload['meterValue'] as [{ timestamp: string }])[0].timestamp.slice(11, 19));
      return Promise.resolve({ kind: 'result', payload: {} });
    },
  });
  readings.align();
  vi.advanceTimersByTime(30 * 60_000);
  ready = false;
  vi.advanceTimersByTime(15 * 60_000);
  ready = true;
  settings.change('ClockAlignedDataInterval', '3600');
  readings.align();
  vi.advanceTimersByTime(60 * 60_000);
  readings.stop();
  vi.advanceTimersByTime(60 * 60_000);
  expect(told).toEqual(['12:15:00', '12:30:00', '13:00:00']);
});

import { expect, test } from 'vitest';
import { linesOf, scheduleOf, swapOf } from './said.ts';

test('what has members and lists is told a line each, and nothing of it is lost', () => {
  const curve = {
    priority: 1,
    yUnit: 'PctMaxW',
    curveData: [
      { x: 100, y: 0 },
      { x: 110, y: -5 },
    ],
    modes: ['A', 'B'],
  };
  expect(linesOf({ curve, hysteresis: null, isOn: false })).toEqual([
    ['curve.priority', '1'],
    ['curve.yUnit', 'PctMaxW'],
    ['curve.curveData 1.x', '100'],
    ['curve.curveData 1.y', '0'],
    ['curve.curveData 2.x', '110'],
    ['curve.curveData 2.y', '-5'],
    ['curve.modes', 'A, B'],
    ['isOn', 'false'],
  ]);
});

test('a schedule has its periods with what else they say; what is none is none', () => {
  const said = {
    unit: 'W',
    start: '2026-01-31T12:00:00Z',
    periods: [
      { start: 0, limit: 11_000 },
      { start: 60, setpoint: -2_000 },
    ],
  };
  expect(scheduleOf(said)).toEqual({
    ...{ unit: 'W', start: '2026-01-31T12:00:00Z' },
    periods: [
      { ms: 0, limit: 11_000, rest: [] },
      { ms: 60_000, limit: undefined, rest: [['setpoint', '-2000']] },
    ],
  });
  expect([undefined, {}, 'x', { periods: 1 }].map(scheduleOf)).toEqual([undefined, undefined, undefined, undefined]);
});

test('a swap tells each battery, also one that the station says little of', () => {
  const batteries = [{ evseId: 1, serialNumber: 'B1', soC: 20, soH: 97 }, {}];
  expect(swapOf({ event: 'BatteryIn', request: 7, batteries })).toEqual({
    ...{ event: 'BatteryIn', request: '7' },
    batteries: [
      { evse: '1', serial: 'B1', soc: 20, soh: 97 },
      { evse: '–', serial: '–', soc: undefined, soh: undefined },
    ],
  });
  expect(swapOf(null)).toEqual({ event: '', request: '–', batteries: [] });
});

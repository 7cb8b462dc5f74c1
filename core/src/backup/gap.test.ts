import { instant } from '@plugga/kit';
import { describe, expect, it } from 'vitest';
import { type GapFacts, gapReport, type GapSession } from './gap.ts';

const t = (clock: string) => instant(Date.parse(`2026-11-20T${clock}:00Z`));
let made = 0;
const aSession = (
  started: string,
  ended: string | undefined,
  wh: readonly [number, number?],
  o: Partial<GapSession> = {},
): GapSession => ({
  id: `s${(made += 1)}`,
  station: 'A',
  evse: 1,
  connector: 1,
  startedAt: t(started),
  endedAt: ended === undefined ? null : t(ended),
  meterStartWh: wh[0],
  meterStopWh: wh[1] ?? null,
  energyWh: wh[1] === undefined ? null : wh[1] - wh[0],
  flags: [],
  ...o,
});
/** Backed up at 12:00, restored at 14:00. */
const report = (o: Partial<GapFacts>) =>
  gapReport({ from: t('12:00'), to: t('14:00'), sessions: [], flagged: [], orphans: [], stations: [], ...o });

describe('energy that was given and is in no session', () => {
  it('is what a register counted between the last stop before and the first start after', () => {
    const sessions = [aSession('11:00', '11:30', [1000, 6000]), aSession('14:10', undefined, [9500])];
    expect(report({ sessions })).toMatchObject({
      missingWh: 3500,
      energy: [{ station: 'A', evse: 1, connector: 1, wh: 3500, from: t('11:30'), to: t('14:10') }],
    });
  });
  it('is less what sessions of the time have told again, on each side of them', () => {
    const told = aSession('12:30', '13:00', [7000, 9000]);
    const sessions = [aSession('14:10', undefined, [9400]), told, aSession('11:00', '11:30', [1000, 6000])];
    expect(report({ sessions })).toMatchObject({ missingWh: 1400, toldAgain: [told.id] });
    expect(report({ sessions }).energy.map(({ wh }) => wh)).toEqual([1000, 400]);
  });
  it('is counted from the last register of one that was ended without a stop', () => {
    const sessions = [aSession('11:50', undefined, [1000], { energyWh: 500 }), aSession('14:10', undefined, [4000])];
    expect(report({ sessions }).missingWh).toBe(2500);
  });
  it('is counted on each connector by itself', () => {
    const sessions = [aSession('11:00', '11:30', [0, 100]), aSession('14:10', undefined, [9000], { connector: 2 })];
    expect(report({ sessions }).energy).toEqual([]);
  });
  it('is none where no time was lost in between, where the register fell, and where it is not known', () => {
    const well = [aSession('14:10', '14:20', [0, 100]), aSession('14:30', undefined, [500])];
    const before = [
      aSession('10:00', '10:20', [0, 100], { connector: 2 }),
      aSession('11:00', undefined, [500], { connector: 2 }),
    ];
    const fell = [aSession('11:00', '11:30', [0, 900], { evse: 3 }), aSession('14:10', undefined, [5], { evse: 3 })];
    const unknown = [
      aSession('11:00', '11:30', [0, 900], { evse: 4 }),
      aSession('14:10', undefined, [5], { evse: 4, meterStartWh: null }),
    ];
    expect(report({ sessions: [...well, ...before, ...fell, ...unknown] })).toMatchObject({ missingWh: 0, energy: [] });
  });
});

it('sessions are named by what is wrong with them', () => {
  const flagged = [
    { id: 'a', station: 'A', flags: ['restored', 'linkedStop'] },
    { id: 'b', station: 'A', flags: ['estimatedStart', 'seqGap'] },
    { id: 'c', station: 'A', flags: ['restored', 'estimatedEnd'] },
  ];
  expect(report({ flagged })).toMatchObject({ held: ['a', 'c'], withoutStart: ['b', 'a'], withGaps: ['b'] });
});

it('a station that was not heard of since the restore may still have something queued', () => {
  const stations = [
    { identity: 'A', lastSeenAt: t('11:59') },
    { identity: 'B', lastSeenAt: t('14:05') },
  ];
  expect(report({ stations }).silent).toEqual(['A']);
});

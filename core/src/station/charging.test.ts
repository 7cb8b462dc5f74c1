import { type ChargingSchedule, type Fact } from '@plugga/kit';
import { describe, expect, it } from 'vitest';
import { aStation, stamp, status, type Story } from '../session/story.test-station.ts';

const periods = (count: number) => Array.from({ length: count }, (_, start) => ({ start, limit: 16.1, phases: 3 }));
const schedule = (count: number): ChargingSchedule => ({ unit: 'A', periods: periods(count) });
const limit = (evse: number, count: number, source = 'EMS'): Fact => ({
  ...{ kind: 'externalLimit', evse, source, schedules: count === 0 ? [] : [schedule(count)] },
});
const rules = (request: number, names: readonly string[], more: boolean, note = ''): Fact => ({
  ...{ kind: 'derReported', request, more },
  controls: names.map((id) => ({ id, control: 'VoltWatt', values: { note } })),
});
const charging = (story: Story) => story.state.charging ?? {};
const size = (story: Story) => JSON.stringify(charging(story)).length;

describe('what a station says of charging is kept up to a size', () => {
  it('a limit with a schedule of usual length whole, one without end by its main words', () => {
    const story = aStation();
    story.hear(limit(1, 96));
    story.hear(limit(2, 1_024));
    expect(charging(story).limits).toMatchObject([
      { evse: 1, schedules: [schedule(96)] },
      { evse: 2, source: 'EMS' },
    ]);
    expect(charging(story).limits![1]).not.toHaveProperty('schedules');
    // The event has all of it.
    expect(story.log.at(-1)!.data).toMatchObject({ evse: 2, schedules: [schedule(1_024)] });
  });

  it('of too many the newest', () => {
    const story = aStation();
    for (let evse = 1; evse <= 64; evse += 1) story.hear(limit(evse, 200));
    expect(charging(story).limits!.at(-1)).toMatchObject({ evse: 64, schedules: [schedule(200)] });
    expect(charging(story).limits!.length).toBeLessThan(64);
    expect(size(story)).toBeLessThan(70_000);
  });

  it('needs without the parts that have no bounds, and a schedule by its first periods', () => {
    const story = aStation();
    const junk = 'j'.repeat(500_000);
    story.hear({ kind: 'chargingNeeds', evse: 1, needs: { transfer: 'DC_BPT', energyWh: 7_000, v2x: { junk } } });
    story.hear({ kind: 'vehicleSchedule', evse: 1, time: undefined, schedule: schedule(1_024) });
    expect(charging(story)).toMatchObject({
      needs: [{ evse: 1, needs: { transfer: 'DC_BPT', energyWh: 7_000 } }],
      vehicle: [{ evse: 1, schedule: { unit: 'A', periods: periods(100) } }],
    });
    expect(size(story)).toBeLessThan(20_000);
  });

  it('rules that are reported in parts, until they are whole, and those of the next report instead', () => {
    const story = aStation();
    story.hear(rules(7, ['a', 'b'], true));
    story.hear(rules(7, ['c'], false));
    expect(charging(story).rules!.items!.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    story.hear(rules(8, ['d'], false));
    expect(charging(story).rules!.items!.map(({ id }) => id)).toEqual(['d']);
    for (let n = 0; n < 50; n += 1) story.hear(rules(9, [`${n}`], true, 'n'.repeat(5_000)));
    expect(size(story)).toBeLessThan(70_000);
  });
});

it('a command that asks for rules is done once all of them came', () => {
  const story = aStation();
  const asked = { request: 7 };
  story.put({
    ...{ kind: 'command', command: 'c1', name: 'readDerControls', status: 'accepted', asked },
    result: { status: 'accepted' },
  });
  const done = () => story.effects.filter((it) => it.kind === 'effect').map(({ effect }) => effect);
  story.hear(rules(7, ['a'], true));
  expect(done()).toEqual([]);
  story.hear(rules(7, ['b'], false));
  expect(done()).toEqual(['reported in 2 parts']);
});

describe('a vehicle that asks before its transaction', () => {
  const asks = (story: Story, decision: 'accept' | 'later' = 'later') =>
    story.put({
      ...{ kind: 'message', action: 'NotifyEVChargingNeeds', messageId: 'n', deviations: [] },
      facts: [{ kind: 'chargingNeeds', evse: 1, needs: { transfer: 'AC_three_phase', energyWh: 7_000 } }],
      relayed: { chargingNeeds: { decision }, by: 'planner' },
    });
  const event = (kind: 'started' | 'updated', clock: string, seqNo: number): Fact =>
    ({
      ...{ kind, time: stamp(clock), transaction: { id: 'T1', seqNo }, content: clock, evse: 1, connector: 1 },
      ...(kind === 'started' && { token: { value: 'ABCD' } }),
    }) as Fact;
  const told = (story: Story) => story.log.filter(({ type }) => type === 'station.chargingNeedsTold');

  it('is heard of once more when that runs, and once only', () => {
    const story = aStation();
    story.hear(status('occupied', '12:00'));
    asks(story.at('12:01'));
    story.at('12:02').hear(event('started', '12:02', 0));
    story.at('12:03').hear(event('updated', '12:03', 1));
    expect(told(story)).toMatchObject([
      { data: { decision: 'later', by: 'planner' } },
      { data: { decision: 'later', by: 'planner', evse: 1, transaction: 'T1', needs: { energyWh: 7_000 } } },
    ]);
    expect(told(story)[0]!.data).not.toHaveProperty('transaction');
    expect(told(story)[0]!.session).toBe(told(story)[1]!.session);
  });

  it('is not heard of where it has been given its profile, has left, or asked too long ago', () => {
    const promised = aStation();
    promised.hear(status('occupied', '12:00'));
    asks(promised.at('12:01'), 'accept');
    promised.at('12:02').hear(event('started', '12:02', 0));
    expect(told(promised)).toHaveLength(1);

    const left = aStation();
    left.hear(status('occupied', '12:00'));
    asks(left.at('12:01'));
    left.at('12:02').hear(status('available', '12:02'));
    left.at('12:03').hear(status('occupied', '12:03'));
    left.at('12:04').hear(event('started', '12:04', 0));
    expect(told(left)).toHaveLength(1);

    const unseen = aStation();
    asks(unseen);
    unseen.at('12:11').hear(event('started', '12:11', 0));
    expect(told(unseen)).toHaveLength(1);
    const soon = aStation();
    asks(soon);
    soon.at('12:09').hear(event('started', '12:09', 0));
    expect(told(soon)).toHaveLength(2);
  });
});

it('what a vehicle means to take is kept with what it was told of it', () => {
  const story = aStation();
  const fact: Fact = { kind: 'vehicleSchedule', evse: 1, time: stamp('12:00'), schedule: schedule(1) };
  story.hear(fact);
  expect(charging(story).vehicle![0]).not.toHaveProperty('decision');
  story.put({
    ...{ kind: 'message', action: 'NotifyEVChargingSchedule', messageId: 'n', facts: [fact], deviations: [] },
    relayed: { vehicleSchedule: { decision: 'refuse', reason: 'too much' }, by: 'planner' },
  });
  expect(charging(story).vehicle).toMatchObject([{ decision: 'refuse', reason: 'too much', by: 'planner' }]);
});

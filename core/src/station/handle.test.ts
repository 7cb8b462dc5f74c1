import { describe, expect, it } from 'vitest';
import { aStation, ended, metered, started, status, t } from '../session/story.test-station.ts';

describe('an ordinary session', () => {
  it('goes from plug to closing and is billed to the watt-hour', () => {
    const story = aStation();
    story.hear(status('preparing', '12:00'));
    expect(story.row().status).toBe('pending');
    story.at('12:01');
    const { id } = story.hear(started('12:01')).outcome.transaction!;
    story.hear(status('charging', '12:01'));
    story.at('12:11').hear(metered('12:11', '2500', { transaction: id, watts: '9000' }));
    expect(story.row()).toMatchObject({ status: 'active', energyWh: 1500, powerW: 9000, meterStartWh: 1000 });
    story.at('12:31').hear(ended('12:31', id, { meterStop: '6000', reason: 'Local' }));
    story.hear(status('available', '12:31:05'));
    story.at('12:32');

    expect(story.row()).toMatchObject({
      status: 'closed',
      energyWh: 5000,
      meterStopWh: 6000,
      stopReason: 'Local',
      flags: [],
    });
    expect(story.rows()).toHaveLength(1);
    const [closed] = story.closed();
    expect(closed).toMatchObject({
      cdr: true,
      billable: { energyWh: 5000, held: false, timeZone: 'Europe/Stockholm', evseId: 'evse-1' },
    });
    expect(closed!.billable.curve.map((it) => it.wh)).toEqual([0, 1500, 5000]);
    expect(closed!.billable.states.map((it) => it.state)).toEqual(['plugged', 'charging']);
    expect(story.row().closedAt).toBe(t('12:31'));
    expect(story.effects.map((it) => it.kind)).toEqual(['settle']);
  });
});

import { defineQuirk } from '@plugga/kit';
import { onProfiles, withLimits, withSchedule } from './profile.ts';

const STEPS = [6, 8, 10, 13, 16];

/** The step that the station would take; below the lowest it does not charge. */
const step = (amperes: number): number => STEPS.findLast((it) => it <= amperes) ?? 0;

/** NEcharge One and Pro. The vendor's text in BootNotification was not seen in a log. */
export const necharge = defineQuirk({
  id: 'necharge-current-steps',
  why: 'It charges with 6, 8, 10, 13 or 16 A and rounds down in between (evcc-io/evcc PR #31631): the limit that we believe to be in force is the one that is.',
  match: { vendor: /^nech/i },
  protocols: ['ocpp1.6'],
  outbound: onProfiles((profile) =>
    withSchedule(profile, (schedule) =>
      schedule['chargingRateUnit'] === 'A' ? withLimits(schedule, (limit) => step(limit)) : schedule,
    ),
  ),
});

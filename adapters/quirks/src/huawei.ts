import { defineQuirk } from '@plugga/kit';
import { onProfiles, withLimits, withSchedule } from './profile.ts';
import { isMembers } from './members.ts';

const VOLTS = 230;

/** Huawei SCharger and FusionCharge: one reading instead of a list of readings, and limits in watts only. */
export const huawei = defineQuirk({
  id: 'huawei-single-meter-value',
  why: 'meterValue is an object where the schema has a list (lbbrhzn/ocpp #1144); limits in amperes are ignored or rejected (lbbrhzn/ocpp #2084). The same boxes boot with an empty vendor (evcc-io/evcc #32184, PR #19001).',
  match: { vendor: /^(huawei.*)?$/i, model: /charge/i },
  protocols: ['ocpp1.6'],
  inbound: {
    MeterValues: (payload) => {
      const { meterValue } = payload;
      return isMembers(meterValue) ? { ...payload, meterValue: [meterValue] } : payload;
    },
  },
  outbound: {
    ...onProfiles((profile) =>
      withSchedule(profile, (schedule) => {
        if (schedule['chargingRateUnit'] !== 'A') return schedule;
        // Without a number of phases three are meant (1.6 section 7.14).
        const watts = (amperes: number, phases: unknown): number =>
          Math.floor(amperes * VOLTS * (typeof phases === 'number' ? phases : 3));
        const lowest = schedule['minChargingRate'];
        return {
          ...withLimits(schedule, (limit, period) => watts(limit, period['numberPhases'])),
          ...(typeof lowest === 'number' && { minChargingRate: watts(lowest, 3) }),
          chargingRateUnit: 'W',
        };
      }),
    ),
    GetCompositeSchedule: (payload) => ({ ...payload, chargingRateUnit: 'W' }),
  },
});

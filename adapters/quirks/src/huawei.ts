import { defineQuirk } from '@plugga/kit';

/** Huawei SCharger and FusionCharge: one reading instead of a list of readings. */
export const huawei = defineQuirk({
  id: 'huawei-single-meter-value',
  why: 'meterValue is an object where the schema has a list (lbbrhzn/ocpp #1144). The same boxes boot with an empty vendor (evcc-io/evcc #32184, PR #19001).',
  match: { vendor: /^(huawei.*)?$/i, model: /charge/i },
  protocols: ['ocpp1.6'],
  inbound: {
    MeterValues: (payload) => {
      const { meterValue } = payload;
      return typeof meterValue === 'object' && meterValue !== null && !Array.isArray(meterValue)
        ? { ...payload, meterValue: [meterValue] }
        : payload;
    },
  },
});

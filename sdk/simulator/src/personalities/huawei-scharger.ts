import type { Personality } from '../personality.ts';

export const huaweiScharger: Personality = {
  id: 'huawei-scharger',
  what: 'Has an empty vendor; gives one reading where a list of them belongs; takes limits in watts only.',
  source: 'evcc-io/evcc #32184, lbbrhzn/ocpp #1144, #2084',
  about: { chargePointVendor: '', chargePointModel: 'SCharger-22KT-S0', firmwareVersion: 'V100R023C10SPC220' },
  configuration: { ChargingScheduleAllowedChargingRateUnit: 'Power' },
  sends: {
    MeterValues: (payload) => {
      const { meterValue } = payload;
      return { ...payload, meterValue: Array.isArray(meterValue) ? meterValue[0] : meterValue };
    },
  },
};

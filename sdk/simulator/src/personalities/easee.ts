import type { Personality } from '../personality.ts';

const INTERVALS = ['MeterValueSampleInterval', 'ClockAlignedDataInterval'];

export const easee: Personality = {
  id: 'easee',
  what: 'Takes no interval between readings below 30 s.',
  source: 'evcc-io/evcc template ocpp-easee, #20791',
  about: { chargePointVendor: 'Easee', chargePointModel: 'Charge', firmwareVersion: '328' },
  answers: {
    ChangeConfiguration: ({ key, value }) =>
      INTERVALS.includes(String(key)) && Number(value) > 0 && Number(value) < 30
        ? { result: { status: 'Rejected' } }
        : undefined,
  },
};

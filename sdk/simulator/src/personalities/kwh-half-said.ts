import type { Personality } from '../personality.ts';
import { eachRegister } from './samples.ts';

const kWh = (value: unknown): string => (Number(value) / 1_000).toFixed(3);

export const kwhHalfSaid: Personality = {
  id: 'kwh-half-said',
  what: 'Its register is in kWh: readings say so, those that come with the stop have no unit.',
  source: 'solidstudiosh/ocpp-virtual-charge-point; measured',
  about: { chargePointVendor: 'Various', chargePointModel: 'kWh, half said' },
  sends: {
    MeterValues: eachRegister((sample) => ({ ...sample, value: kWh(sample['value']), unit: 'kWh' })),
    StopTransaction: eachRegister(({ unit: _, ...sample }) => ({ ...sample, value: kWh(sample['value']) })),
  },
};

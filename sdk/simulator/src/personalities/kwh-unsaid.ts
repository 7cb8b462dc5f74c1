import type { Personality } from '../personality.ts';
import { eachRegister } from './samples.ts';

const inKwh = eachRegister(({ unit: _, ...sample }) => ({
  ...sample,
  value: (Number(sample['value']) / 1_000).toFixed(3),
}));

export const kwhUnsaid: Personality = {
  id: 'kwh-unsaid',
  what: 'Its register is in kWh and no reading says a unit, which means Wh.',
  source: 'solidstudiosh/ocpp-virtual-charge-point; measured',
  about: { chargePointVendor: 'Various', chargePointModel: 'kWh, unsaid' },
  sends: { MeterValues: inKwh, StopTransaction: inKwh },
};

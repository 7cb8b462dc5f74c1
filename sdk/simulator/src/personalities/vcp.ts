import type { Personality } from '../personality.ts';
import { eachRegister } from './samples.ts';

export const vcp: Personality = {
  id: 'vcp',
  what: 'Gives its register in kWh with the artefacts of binary floats.',
  source: 'solidstudiosh/ocpp-virtual-charge-point; measured',
  about: { chargePointVendor: 'Solidstudio', chargePointModel: 'VirtualChargePoint', firmwareVersion: '1.0.0' },
  sends: {
    MeterValues: eachRegister((sample) => ({ ...sample, value: String(Number(sample['value']) * 0.001), unit: 'kWh' })),
  },
};

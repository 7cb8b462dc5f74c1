import type { Personality } from '../personality.ts';
import { eachSample } from './samples.ts';

export const openevse: Personality = {
  id: 'openevse',
  what: 'Its register is in kWh and says Wh.',
  source: 'OpenEVSE/openevse_esp32_firmware #703',
  about: { chargePointVendor: 'OpenEVSE', chargePointModel: 'Advanced Series', firmwareVersion: '4.2.2' },
  sends: {
    MeterValues: eachSample((sample) =>
      sample['measurand'] === 'Energy.Active.Import.Register'
        ? [{ ...sample, value: (Number(sample['value']) / 1_000).toFixed(3) }]
        : [sample],
    ),
  },
};

import type { Personality } from '../personality.ts';
import { eachSample } from './samples.ts';

export const chargeAmpsHalo: Personality = {
  id: 'charge-amps-halo',
  what: 'Gives the frequency in Hz, which is no unit of the standard.',
  source: 'lbbrhzn/ocpp #1576',
  about: { chargePointVendor: 'Charge Amps', chargePointModel: 'HALO', firmwareVersion: '146.1' },
  configuration: { MeterValuesSampledData: 'Energy.Active.Import.Register,Power.Active.Import,Frequency,Temperature' },
  sends: {
    MeterValues: eachSample((sample) => (sample['measurand'] === 'Frequency' ? [{ ...sample, unit: 'Hz' }] : [sample])),
  },
};

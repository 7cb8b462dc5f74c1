import type { Personality } from '../personality.ts';
import { eachRegister } from './samples.ts';

/** Whole ones: 361 to 362 in 7 min at 9.4 kW. */
const kWh = (wh: unknown): number => Math.floor(Number(wh) / 1_000);
const inKwh = eachRegister((sample) => ({ ...sample, value: String(kWh(sample['value'])) }));

export const openevse: Personality = {
  id: 'openevse',
  what: 'Its register counts whole kWh and says Wh; starts and stops are told by it too.',
  source: 'OpenEVSE/openevse_esp32_firmware #703',
  about: { chargePointVendor: 'OpenEVSE', chargePointModel: 'Advanced Series', firmwareVersion: '4.2.2' },
  sends: {
    MeterValues: inKwh,
    StartTransaction: (payload) => ({ ...payload, meterStart: kWh(payload['meterStart']) }),
    StopTransaction: (payload) => ({ ...inKwh(payload), meterStop: kWh(payload['meterStop']) }),
  },
};

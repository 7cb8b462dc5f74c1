import { defineQuirk } from '@plugga/kit';
import type { Members } from './members.ts';
import { eachSample, onSamples } from './samples.ts';

/** 4.2.2 and before; later versions write watt-hours. */
const to422 = (firmware: string): boolean => {
  const [, a, b, c] = /(\d+)\.(\d+)\.(\d+)/.exec(firmware) ?? [];
  return a !== undefined && Number(a) * 1e6 + Number(b) * 1e3 + Number(c) <= 4_002_002;
};

const readings = onSamples(
  eachSample((sample) =>
    (sample['measurand'] ?? 'Energy.Active.Import.Register') === 'Energy.Active.Import.Register' &&
    (sample['unit'] ?? 'Wh') === 'Wh'
      ? { ...sample, unit: 'kWh' }
      : sample,
  ),
);

/** Start and stop are told by the same register. */
const inWh =
  (name: 'meterStart' | 'meterStop') =>
  (payload: Members): Members =>
    typeof payload[name] === 'number' ? { ...payload, [name]: payload[name] * 1_000 } : payload;

/** OpenEVSE. The vendor's text in BootNotification was not seen in a log. */
export const openEvse = defineQuirk({
  id: 'openevse-kwh-as-wh',
  why: 'To 4.2.2 the register counts kWh and says Wh: 361 to 362 in 7 min at 9.4 kW (OpenEVSE/openevse_esp32_firmware #703).',
  match: { vendor: /^openevse/i, firmware: to422 },
  protocols: ['ocpp1.6'],
  inbound: {
    ...readings,
    StartTransaction: inWh('meterStart'),
    StopTransaction: (payload, station) => inWh('meterStop')(readings['StopTransaction']!(payload, station) as Members),
  },
  inexact: 'its register counts whole kWh only (OpenEVSE to 4.2.2): update its firmware',
  advice: 'Energy comes in whole kWh, and meterStart and meterStop too: sessions are held. Update the firmware.',
});

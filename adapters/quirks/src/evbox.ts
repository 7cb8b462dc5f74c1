import { defineQuirk } from '@plugga/kit';
import { asTxDefault, onProfiles } from './profile.ts';
import { staticLimit } from './static-limit.ts';

/** One of them in the list, and the whole list is rejected. */
const UNMEASURED = new Set(['Current.Offered', 'Power.Offered', 'SoC']);
const LISTS = new Set(['metervaluessampleddata', 'metervaluesaligneddata', 'stoptxnsampleddata', 'stoptxnaligneddata']);

const measured = (value: string): string => {
  const names = value.split(',').map((name) => name.trim());
  const known = names.filter((name) => !UNMEASURED.has(name));
  return known.length === names.length || known.length === 0 ? value : known.join(',');
};

/** EVBox Elvi. */
export const evboxElvi = defineQuirk({
  id: 'evbox-elvi-profiles-and-measurands',
  why: 'ChargePointMaxProfile is Rejected, TxDefaultProfile is taken (lbbrhzn/ocpp #221, #1703); a list with a measurand that it does not have is rejected as a whole (evcc-io/evcc #29809).',
  match: { vendor: /^ev-?box/i, model: /elvi|^evb-p|^e\d{4}/i },
  protocols: ['ocpp1.6'],
  outbound: {
    ...onProfiles((profile) =>
      profile['chargingProfilePurpose'] === 'ChargePointMaxProfile' ? asTxDefault(profile) : profile,
    ),
    ChangeConfiguration: (payload) =>
      LISTS.has(String(payload['key']).toLowerCase()) && typeof payload['value'] === 'string'
        ? { ...payload, value: measured(payload['value']) }
        : payload,
  },
  advice: 'What it can measure stands in its variable evb_SupportedMeasurands. Old firmware always charges with 6 A.',
});

/** EVBox stations before Elvi, and their satellites. */
export const evboxStationLimit = defineQuirk({
  id: 'evbox-station-limit',
  why: 'The limit of the station is the key evb_MaximumStationCurrent in tenths of an ampere (sap-labs-france/ev-server EVBOXChargingStationVendorIntegration, lbbrhzn/ocpp #221).',
  match: { vendor: /^ev-?box/i, model: /^(?!.*elvi|evb-p|e\d{4})/i },
  protocols: ['ocpp1.6'],
  plan: { limit: staticLimit({ key: 'evb_MaximumStationCurrent', perAmpere: 10 }) },
});

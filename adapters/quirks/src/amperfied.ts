import { defineQuirk } from '@plugga/kit';

/** Heidelberg Amperfied connect.business. The vendor's text in BootNotification was not seen in a log. */
export const amperfied = defineQuirk({
  id: 'amperfied-no-smart-charging',
  why: 'SupportedFeatureProfiles has no SmartCharging and SetChargingProfile is NotSupported (evcc-io/evcc #17836).',
  match: { vendor: /amperfied|heidelberg/i, model: /connect\.?business/i },
  protocols: ['ocpp1.6'],
  deny: ['SetChargingProfile', 'ClearChargingProfile', 'GetCompositeSchedule'],
});

import { defineQuirk } from '@plugga/kit';
import { absolute, onProfiles } from './profile.ts';

/** Autel MaxiCharger. */
export const autel = defineQuirk({
  id: 'autel-max-profile-absolute',
  why: 'PropertyConstraintViolation "When chargingProfilePurpose = ChargingStationMaxProfile, chargingProfileKind SHALL NOT be Relative" (lbbrhzn/ocpp #677, #1019, PR #2150).',
  match: { vendor: /^autel/i },
  protocols: ['ocpp1.6'],
  outbound: onProfiles((profile) =>
    profile['chargingProfilePurpose'] === 'ChargePointMaxProfile' ? absolute(profile) : profile,
  ),
  advice:
    'wss needs the CA of our certificate uploaded to the station, else it drops the connection without a word. After a remote stop it stays Finishing until unplugged or reset (lbbrhzn/ocpp PR #2072).',
});

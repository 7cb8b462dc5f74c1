import { defineQuirk } from '@plugga/kit';
import { asTxDefault, onProfiles, relative } from './profile.ts';

/** Timxon A0. The vendor's text in BootNotification was not seen in a log. */
export const timxon = defineQuirk({
  id: 'timxon-tx-default-only',
  why: 'ChargePointMaxProfile and TxProfile are NotSupported, an Absolute schedule gets no answer at all; TxDefaultProfile, Relative, works (lbbrhzn/ocpp #2158).',
  match: { vendor: /^timxon/i },
  protocols: ['ocpp1.6'],
  outbound: onProfiles((profile) => relative(asTxDefault(profile))),
});

import { defineQuirk } from '@plugga/kit';

/** Alfen Eve. */
export const alfen = defineQuirk({
  id: 'alfen-plug-and-charge-token',
  why: 'With autostart the idTag of every session is the value of the key PlugAndChargeIdentifier, which no driver has (evcc-io/evcc charger/ocpp/cp_setup.go, #16186).',
  match: { vendor: /alfen/i },
  protocols: ['ocpp1.6'],
  advice:
    'If it starts by itself: read the variable PlugAndChargeIdentifier and add its value as a token, else those sessions are refused and held.',
});

import { defineQuirk } from '@plugga/kit';

/** United Chargers Grizzl-E Smart, firmware 5. */
export const grizzlE = defineQuirk({
  id: 'grizzl-e-cut-answers',
  why: 'GetConfiguration of a key that it does not have is answered with `[3,"id",{"configurationKey":[]`, without the end (lbbrhzn/ocpp #176, #442); commands beyond the core profile make it reboot (#442, #899).',
  match: { vendor: /^united chargers/i, model: /^grs/i },
  protocols: ['ocpp1.6'],
  text: (raw) => raw.replace(/^(\[3,"[^"]*",\{"configurationKey":\[\])\s*$/, '$1}]'),
  advice:
    'Firmware before 5.7 offers no subprotocol: set defaultProtocol of the station to ocpp1.6, else it is turned away.',
  deny: ['SetChargingProfile', 'ClearChargingProfile', 'GetCompositeSchedule', 'TriggerMessage', 'SendLocalList'],
});

import { defineQuirk } from '@plugga/kit';

/** EN+ AC stations, also sold under other names. */
export const enplus = defineQuirk({
  id: 'enplus-change-availability',
  why: 'ChangeAvailability is not answered, or leaves the station unusable (evcc-io/evcc #15691, #30217).',
  match: { vendor: /^en ?(\+|plus)/i },
  protocols: ['ocpp1.6'],
  deny: ['ChangeAvailability'],
});

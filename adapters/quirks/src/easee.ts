import { defineQuirk } from '@plugga/kit';

const SHORTEST_SECONDS = 30;
const INTERVALS = new Set(['metervaluesampleinterval', 'clockaligneddatainterval']);

/** 0 switches the readings off and stays 0. */
const longEnough = (value: unknown): boolean => !(Number(value) > 0 && Number(value) < SHORTEST_SECONDS);

/** Easee with native OCPP. */
export const easee = defineQuirk({
  id: 'easee-meter-interval',
  why: 'Firmware 328 and later takes no interval between meter values below 30 s (evcc-io/evcc templates/definition/charger/ocpp-easee.yaml, #20791).',
  match: { vendor: /^easee/i },
  protocols: ['ocpp1.6'],
  outbound: {
    ChangeConfiguration: (payload) =>
      INTERVALS.has(String(payload['key']).toLowerCase()) && !longEnough(payload['value'])
        ? { ...payload, value: String(SHORTEST_SECONDS) }
        : payload,
  },
});

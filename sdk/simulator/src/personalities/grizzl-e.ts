import type { Personality } from '../personality.ts';

export const grizzlE: Personality = {
  id: 'grizzl-e',
  what: 'Names no subprotocol in the handshake; its answer to GetConfiguration ends too early.',
  source: 'lbbrhzn/ocpp #176, #442',
  about: { chargePointVendor: 'United Chargers', chargePointModel: 'GRS-*', firmwareVersion: '05.633:A3A5:2A3C' },
  options: { subprotocol: false },
  answers: {
    GetConfiguration: () => ({
      text: (id) => `[3,${JSON.stringify(id)},{"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"val`,
    }),
  },
  // Turned away where a subprotocol is asked for.
  mixed: false,
};

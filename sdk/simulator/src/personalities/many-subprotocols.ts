import type { Personality } from '../personality.ts';

export const manySubprotocols: Personality = {
  id: 'many-subprotocols',
  what: 'Offers several subprotocols in one handshake, the one that it speaks first.',
  source: 'OCPP-J 2.0.1 part 4, section 3.1.2',
  about: { chargePointVendor: 'Unnamed', chargePointModel: 'Offers All' },
  options: { protocol: 'ocpp2.0.1', subprotocols: ['ocpp2.0.1', 'ocpp1.6'] },
};

import type { Personality } from '../personality.ts';

export const neverBoots: Personality = {
  id: 'never-boots',
  what: 'Connects and sends nothing: its own serial number is too long for its own check. Answers commands.',
  source: 'SAP e-mobility-charging-stations-simulator, Schneider template; measured',
  about: { chargePointVendor: 'Schneider Electric', chargePointModel: 'MONOBLOCK' },
  options: { boots: 'never' },
  mixed: false,
};

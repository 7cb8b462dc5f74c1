import type { Personality } from '../personality.ts';

export const sapAbb: Personality = {
  id: 'sap-abb',
  what: 'Tells each stop twice under two message ids, the second without a reason, without waiting for answers.',
  source: 'SAP e-mobility-charging-stations-simulator, ABB template; measured',
  about: { chargePointVendor: 'ABB', chargePointModel: 'Simulated ABB' },
  options: { stopsTwice: true, pipelines: true },
};

import type { Personality } from '../personality.ts';

export const availableFirst: Personality = {
  id: 'available-first',
  what: 'Shows the connector Available before it tells of the stop.',
  source: 'sap-labs-france/ev-server OCPPService.ts',
  about: { chargePointVendor: 'Various', chargePointModel: 'Available first' },
  options: { freesFirst: true },
};

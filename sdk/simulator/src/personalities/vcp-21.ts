import type { Personality } from '../personality.ts';
import { vcpWays } from './vcp-201.ts';

export const vcp21: Personality = {
  id: 'vcp-21',
  what: 'As vcp-201, in OCPP 2.1; its answer to ClearTariffs is an empty list.',
  source: 'solidstudiosh/ocpp-virtual-charge-point; measured',
  about: { chargePointVendor: 'Solidstudio', chargePointModel: 'VirtualChargePoint', firmwareVersion: '1.0.0' },
  options: { protocol: 'ocpp2.1' },
  ...vcpWays,
  answers: { ...vcpWays.answers, OpenPeriodicEventStream: () => 'drop' },
  rewrites: { ClearTariffs: () => ({ clearTariffsResult: [] }) },
};

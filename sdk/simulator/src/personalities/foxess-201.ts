import type { Personality } from '../personality.ts';

type Payload = Readonly<Record<string, unknown>>;

const statusOf16 = ({ evseId, connectorStatus, timestamp }: Payload): Payload => ({
  connectorId: evseId,
  errorCode: 'NoError',
  status: connectorStatus === 'Occupied' ? 'Charging' : connectorStatus,
  timestamp,
});

export const foxess201: Personality = {
  id: 'foxess-201',
  what: 'Speaks 2.0.1, with statuses of 1.6, and reads profiles by its schema of 1.6, which refuses them all.',
  source: 'lbbrhzn/ocpp #2050 and PR #2073, FoxESS A-series 1.10',
  about: { chargePointVendor: 'FoxESS', chargePointModel: 'A022KP1', firmwareVersion: '1.10' },
  options: { protocol: 'ocpp2.0.1' },
  sends: { StatusNotification: statusOf16 },
  answers: {
    SetChargingProfile: () => ({ error: 'FormationViolation', why: 'csChargingProfiles is required' }),
  },
  mixed: false,
};

import type { Personality } from '../personality.ts';

const notZero = ({ connectorId }: Readonly<Record<string, unknown>>) =>
  connectorId === 0 ? { result: { status: 'Rejected' } } : undefined;

export const singleConnector: Personality = {
  id: 'single-connector',
  what: 'Has one connector and rejects connector 0 for availability and profiles.',
  source: 'lbbrhzn/ocpp #1736',
  about: { chargePointVendor: 'Various', chargePointModel: 'Single connector' },
  answers: { ChangeAvailability: notZero, SetChargingProfile: notZero },
};

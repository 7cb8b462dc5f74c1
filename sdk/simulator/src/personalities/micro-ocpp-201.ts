import type { Deviation, Personality } from '../personality.ts';

const none = (): Deviation => ({ error: 'NotImplemented', why: 'Action is not implemented' });
const unread = (): Deviation => ({ error: 'FormationViolation', why: '' });

/** It charges by its own word before the plug; its ends have no reason, and are never marked as offline. */
const written = (event: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const { offline: _, ...rest } = event;
  const { stoppedReason: __, ...info } = event['transactionInfo'] as Record<string, unknown>;
  const before = event['eventType'] === 'Started' && event['triggerReason'] === 'RemoteStart';
  return { ...rest, transactionInfo: before ? { ...info, chargingState: 'Charging' } : info };
};

export const microOcpp201: Personality = {
  id: 'micro-ocpp-201',
  what: 'Charges before the plug, by its own word; offline swipes are asked about again minutes later; ends without a reason.',
  source: 'matth-x/MicroOcpp 2.0.1; measured',
  about: { chargePointVendor: 'MicroOcpp', chargePointModel: 'MicroOcpp 201' },
  options: { protocol: 'ocpp2.0.1', replaysStates: true, replaysTokens: true },
  configuration: { 'TxCtrlr.TxStartPoint': 'Authorized' },
  sends: { TransactionEvent: written },
  answers: {
    GetInstalledCertificateIds: unread,
    GetReport: none,
    GetTransactionStatus: none,
    SendLocalList: unread,
    SetChargingProfile: none,
    UnlockConnector: none,
    UpdateFirmware: none,
  },
};

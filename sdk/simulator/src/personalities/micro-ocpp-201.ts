import type { Personality } from '../personality.ts';

export const microOcpp201: Personality = {
  id: 'micro-ocpp-201',
  what: 'Charges before the plug, by its own word; offline swipes are asked about again minutes later.',
  source: 'matth-x/MicroOcpp 2.0.1; measured',
  about: { chargePointVendor: 'MicroOcpp', chargePointModel: 'MicroOcpp 201' },
  options: { protocol: 'ocpp2.0.1', replaysStates: true, replaysTokens: true },
  configuration: { 'TxCtrlr.TxStartPoint': 'Authorized' },
  sends: {
    TransactionEvent: (event) =>
      event['eventType'] === 'Started' && event['triggerReason'] === 'RemoteStart'
        ? { ...event, transactionInfo: { ...(event['transactionInfo'] as object), chargingState: 'Charging' } }
        : event,
  },
};

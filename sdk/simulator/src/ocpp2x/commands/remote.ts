import { accepted, type Command, malformed, record, status, text, whole } from '../../ocpp16/command.ts';
import { profileGiven } from '../charging/charging-words.ts';
import { connectorsOf, connectorWith, type Context } from './context.ts';

const tokenOf = (value: unknown): { readonly idTag: string; readonly type: string } | undefined => {
  const [idTag, type] = [text(record(value)?.['idToken']), text(record(value)?.['type'])];
  return idTag === undefined || type === undefined ? undefined : { idTag, type };
};
/** Messages that a trigger may ask for, in the words of the station's works. */
const triggers: Readonly<Record<string, string>> = {
  BootNotification: 'BootNotification',
  FirmwareStatusNotification: 'SignedFirmwareStatusNotification',
  Heartbeat: 'Heartbeat',
  LogStatusNotification: 'LogStatusNotification',
  MeterValues: 'MeterValues',
  SignChargingStationCertificate: 'SignChargePointCertificate',
  StatusNotification: 'StatusNotification',
  TransactionEvent: 'MeterValues',
};

/** Blocks E, F, G and P: what starts, stops, unlocks, triggers and takes out of service. */
export const remote = (context: Context): Readonly<Record<string, Command>> => {
  const { hands, speech, beside } = context;
  return {
    ChangeAvailability(payload) {
      const to = payload['operationalStatus'];
      if (to !== 'Operative' && to !== 'Inoperative')
        return malformed('operationalStatus is neither Operative nor Inoperative');
      const chosen = connectorsOf(hands, payload['evse']);
      if (chosen.length === 0) return status('Rejected');
      const busy = chosen.filter((one) => one.running !== undefined);
      for (const one of busy) one.scheduled = to;
      return status(busy.length > 0 ? 'Scheduled' : 'Accepted', () => {
        for (const one of chosen) {
          if (one.running !== undefined) continue;
          one.operative = to === 'Operative';
          hands.resting(one);
        }
        hands.save();
      });
    },
    ClearCache: () => status(hands.authorizer.clearCache()),
    DataTransfer(payload) {
      const vendorId = text(payload['vendorId']);
      if (vendorId === undefined) return malformed('vendorId is missing');
      return status(vendorId === hands.vendor ? 'UnknownMessageId' : 'UnknownVendorId');
    },
    GetTransactionStatus(payload) {
      const id = text(payload['transactionId']);
      const waiting = beside.undelivered();
      if (id === undefined) return { result: { messagesInQueue: waiting.length > 0 } };
      return {
        result: {
          ongoingIndicator: connectorWith(hands, id) !== undefined,
          messagesInQueue: waiting.some((one) => one.entry.transactionId === id),
        },
      };
    },
    RequestStartTransaction(payload) {
      const token = tokenOf(payload['idToken']);
      const remoteStartId = whole(payload['remoteStartId']);
      if (token === undefined || remoteStartId === undefined) return malformed('idToken or remoteStartId is missing');
      const evseId = whole(payload['evseId']);
      const profile = record(payload['chargingProfile']);
      if (profile !== undefined && profile['chargingProfilePurpose'] !== 'TxProfile') return status('Rejected');
      const limit = profile === undefined ? undefined : profileGiven(profile, hands.stamp(hands.now()));
      const chosen = connectorsOf(hands, evseId === undefined ? undefined : { id: evseId });
      // A transaction that began with the plug waits for its token: that one is meant.
      const plugged = chosen.find((one) => one.open !== undefined && one.running === undefined);
      const connector = plugged ?? chosen.find((one) => hands.usable(one, token.idTag));
      if (connector === undefined || !hands.usable(connector, token.idTag)) return status('Rejected');
      speech.knowType(token.idTag, token.type);
      const transactionId = plugged?.open?.transactionId;
      return {
        result: { status: 'Accepted', ...(transactionId === undefined ? {} : { transactionId }) },
        after: () => hands.remoteStart(connector, token.idTag, limit, remoteStartId),
      };
    },
    RequestStopTransaction(payload) {
      const id = text(payload['transactionId']);
      if (id === undefined) return malformed('transactionId is missing');
      const connector = connectorWith(hands, id);
      if (connector === undefined || connector.open?.stoppedAt !== undefined) return status('Rejected');
      return accepted(() => hands.stop(connector, 'Remote'));
    },
    TriggerMessage(payload) {
      const wanted = text(payload['requestedMessage']);
      if (wanted === undefined) return malformed('requestedMessage is missing');
      const message = Object.hasOwn(triggers, wanted) ? triggers[wanted] : undefined;
      if (message === undefined) return status('NotImplemented');
      const chosen = connectorsOf(hands, payload['evse']);
      if (chosen.length === 0) return status('Rejected');
      if (wanted === 'TransactionEvent' && chosen.every((one) => one.running === undefined)) return status('Rejected');
      const number = payload['evse'] === undefined ? undefined : chosen[0]?.number;
      return accepted(() => {
        if (message === 'BootNotification') context.triggered('Triggered');
        if (wanted === 'TransactionEvent') {
          for (const one of chosen) if (one.running !== undefined) hands.trigger(message, one.number);
        } else hands.trigger(message, number);
      });
    },
    UnlockConnector(payload) {
      const [evseId, connectorId] = [whole(payload['evseId']), whole(payload['connectorId'])];
      if (evseId === undefined || connectorId === undefined) return malformed('evseId or connectorId is missing');
      const [connector] = connectorsOf(hands, { id: evseId, connectorId });
      if (connector === undefined) return status('UnknownConnector');
      // It does not pull the plug out of a running transaction (part 2, F05.FR.02).
      if (connector.running !== undefined) return status('OngoingAuthorizedTransaction');
      return status('Unlocked');
    },
  };
};

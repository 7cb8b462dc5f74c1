import { hash } from 'node:crypto';
import type { ChargingState, Fact, Inbound, RunningCost, StationView, TransactionRef } from '@plugga/kit';
import { integerOf, isMembers, meaningOf, membersOf, numberOf, textOf, transactionOf, wordOf } from '@plugga/wire';
import { isItsCurrency, showsCost } from '../cost.ts';
import type { Wire2 } from '../schema.ts';
import { tokenOf } from '../token.ts';
import { type IdTokenInfo, idTokenInfo } from './id-token-info.ts';
import { limitOf, type TransactionLimit } from './transaction-limit.ts';
import { readingsOf } from './readings.ts';
import { whereOf } from './where.ts';

interface Request {
  readonly eventType?: unknown;
  readonly timestamp?: unknown;
  readonly triggerReason?: unknown;
  readonly seqNo?: unknown;
  readonly offline?: unknown;
  readonly transactionInfo?: unknown;
  readonly evse?: unknown;
  readonly idToken?: unknown;
  readonly reservationId?: unknown;
  readonly meterValue?: unknown;
  readonly costDetails?: unknown;
}
interface Response {
  readonly totalCost?: number;
  readonly idTokenInfo?: IdTokenInfo;
  /** 2.1. */
  readonly transactionLimit?: TransactionLimit;
}

const STATE: Readonly<Record<string, ChargingState>> = {
  Charging: 'charging',
  EVConnected: 'plugged',
  SuspendedEV: 'suspendedEV',
  SuspendedEVSE: 'suspendedEVSE',
  Idle: 'idle',
};
/** What a station says of a car that is gone, where it does not say the opposite beside it. */
const GONE = new Set<unknown>(['EVCommunicationLost', 'EVDeparted']);

/** What tells one event from another: all that it says, and not that it was late. */
const contentOf = ({ offline: _, ...said }: Request): string =>
  hash('sha256', JSON.stringify(said), 'base64url').slice(0, 22);

const isUnplug = (p: Request, state: ChargingState | undefined, stoppedReason: string | undefined): boolean => {
  if (p.eventType === 'Started') return false;
  if (state !== undefined) return state === 'idle';
  return stoppedReason === 'EVDisconnected' || GONE.has(p.triggerReason);
};

/** The event itself, with what it says of the token, the request and the register. */
const mainOf = (p: Request, transaction: TransactionRef): Fact => {
  const info = membersOf(p.transactionInfo);
  const evse = membersOf(p.evse);
  const where = whereOf(evse['id'], evse['connectorId']);
  const token = tokenOf(p.idToken);
  const remoteStartId = numberOf(info['remoteStartId']);
  const reservation = numberOf(p.reservationId);
  const reason = wordOf(info['stoppedReason']);
  const common = {
    transaction,
    time: wordOf(p.timestamp),
    ...(token && { token }),
    content: contentOf(p),
  };
  const remote = remoteStartId !== undefined && { remoteStartId };
  switch (p.eventType) {
    case 'Started':
      // Where the EVSE is not chosen yet, a later event names it.
      return {
        ...{ kind: 'started', ...common, evse: 0, ...where, ...remote },
        ...(reservation !== undefined && { reservation }),
      };
    case 'Ended':
      return { kind: 'ended', ...common, ...where, ...(reason && { reason }) };
    default:
      return { kind: 'updated', ...common, ...where, ...remote };
  }
};

const factsOf = (p: Request): readonly Fact[] => {
  const info = membersOf(p.transactionInfo);
  const id = transactionOf(info['transactionId']);
  const evse = membersOf(p.evse);
  const where = whereOf(evse['id'], evse['connectorId']);
  const readings = readingsOf(p.meterValue);
  const trigger = wordOf(p.triggerReason);
  const unread: Fact = { kind: 'noted', topic: 'transactionEvent.unreadable', data: p };
  // Of no transaction: what it measured goes by EVSE and time.
  if (id === undefined) return readings.length > 0 ? [{ kind: 'metered', ...where, readings }, unread] : [unread];
  const transaction: TransactionRef = {
    id,
    seqNo: integerOf(p.seqNo) ?? 0,
    ...(p.offline === true && { offline: true }),
    ...(trigger !== undefined && { trigger }),
  };
  const time = wordOf(p.timestamp);
  const state = meaningOf(STATE, wordOf(info['chargingState']));
  const facts: Fact[] = [mainOf(p, transaction)];
  if (readings.length > 0) facts.push({ kind: 'metered', transaction, ...where, readings });
  if (state !== undefined) facts.push({ kind: 'state', transaction, time, ...where, state });
  if (isUnplug(p, state, wordOf(info['stoppedReason']))) facts.push({ kind: 'unplugged', transaction, time, ...where });
  // 2.1: what the station itself has reckoned, and by which tariff.
  const { costDetails } = p;
  const tariff = wordOf(info['tariffId']);
  if (costDetails !== undefined || tariff !== undefined)
    facts.push({ kind: 'noted', topic: 'transaction.cost', data: { transaction: id, tariff, costDetails } });
  // 2.1: how far it goes at the most, as whoever charges has set it at the station.
  const limit = info['transactionLimit'];
  if (isMembers(limit)) facts.push({ kind: 'noted', topic: 'transaction.limit', data: { transaction: id, limit } });
  if (p.meterValue !== undefined && !Array.isArray(p.meterValue)) facts.push(unread);
  return facts;
};

/** The final cost at the end; before it only in 2.1, where an Updated hears what it costs so far. */
function totalOf(
  cost: RunningCost | undefined,
  { eventType }: Request,
  station: StationView,
): { readonly totalCost?: number } {
  if (cost === undefined || showsCost(station) === false || !isItsCurrency(station, cost)) return {};
  const isTold = eventType === 'Ended' ? cost.final : eventType === 'Updated' && station.protocol === 'ocpp2.1';
  return isTold ? { totalCost: Number(cost.value) } : {};
}

/** Whether the token was presented to end the transaction. */
const stops = ({ eventType, triggerReason }: Request): boolean =>
  eventType === 'Ended' || triggerReason === 'StopAuthorized';

/**
 * [2,"id","TransactionEvent",{"eventType":"Started","timestamp":"…","triggerReason":"Authorized","seqNo":0,
 * "transactionInfo":{"transactionId":"T1"},"evse":{"id":1,"connectorId":1},"idToken":{"idToken":"04A2B3C4","type":"ISO14443"}}]
 */
export const transactionEvent = (wire: Wire2): Inbound<Request, Response> => ({
  request: wire.tolerant('TransactionEventRequest', { kind: 'transaction' }),
  response: wire.strict('TransactionEventResponse'),
  lastResort: {},
  read: (p, station) => {
    const token = tokenOf(p.idToken);
    const { evse } = whereOf(membersOf(p.evse)['id']);
    return {
      facts: factsOf(p),
      ...(p.eventType === 'Ended' && showsCost(station) !== false && { finalCost: true as const }),
      ...(token && {
        ask: {
          question: 'authorize',
          token,
          ...(evse !== undefined && evse > 0 && { evse }),
          purpose: stops(p) ? 'stop' : 'start',
          time: textOf(p.timestamp),
        },
      }),
    };
  },
  // Only an event that names a token hears about one. No decision is a fault of ours, and never the driver's.
  reply: ({ authorization, cost }, p, station) => ({
    ...totalOf(cost, p, station),
    ...(tokenOf(p.idToken) !== undefined && {
      idTokenInfo: idTokenInfo(authorization ?? { status: 'accepted' }, station),
      ...(p.eventType !== 'Ended' && limitOf(authorization, station)),
    }),
  }),
});

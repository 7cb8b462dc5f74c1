import type { ConnectorStatus, Fact, Inbound, StationError } from '@plugga/kit';
import { clip, meaningOf, wordOf } from '@plugga/wire';
import { strict, tolerant } from '../schema.ts';
import { whereOf } from './where.ts';

interface Request {
  readonly connectorId: number;
  readonly status: string;
  readonly errorCode?: string;
  readonly info?: string;
  readonly timestamp?: string;
  readonly vendorId?: string;
  readonly vendorErrorCode?: string;
}

const STATUS: Readonly<Record<string, ConnectorStatus>> = {
  available: 'available',
  preparing: 'preparing',
  charging: 'charging',
  suspendedev: 'suspendedEV',
  suspendedevse: 'suspendedEVSE',
  finishing: 'finishing',
  reserved: 'reserved',
  unavailable: 'unavailable',
  faulted: 'faulted',
  // OCPP 1.5, still sent by stations that were updated from it.
  occupied: 'occupied',
};

const ERRORS = new Set([
  'ConnectorLockFailure',
  'EVCommunicationError',
  'GroundFailure',
  'HighTemperature',
  'InternalError',
  'LocalListConflict',
  'OtherError',
  'OverCurrentFailure',
  'OverVoltage',
  'PowerMeterFailure',
  'PowerSwitchFailure',
  'ReaderFailure',
  'ResetFailure',
  'UnderVoltage',
  'WeakSignal',
]);

const errorOf = (p: Request): StationError | undefined => {
  const code = wordOf(p.errorCode) ?? 'NoError';
  const info = wordOf(p.info);
  const vendorCode = wordOf(p.vendorErrorCode);
  // Stations report vendor codes beside NoError too; without either there is nothing wrong.
  if (code === 'NoError' && vendorCode === undefined) return undefined;
  const vendor = wordOf(p.vendorId);
  const known = code === 'NoError' || ERRORS.has(code);
  return {
    code: known ? code : 'OtherError',
    ...(vendor && { vendor }),
    ...(vendorCode && { vendorCode }),
    ...(known ? info && { info } : { info: clip(info ? `${code}: ${info}` : code, 255) }),
  };
};

/** [2,"id","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}] */
export const statusNotification: Inbound<Request, Readonly<Record<string, never>>> = {
  request: tolerant('StatusNotificationRequest', { kind: 'plain', harmless: ['errorCode'] }),
  response: strict('StatusNotificationResponse'),
  read: (p) => {
    const status = meaningOf(STATUS, p.status.trim().toLowerCase());
    // A state that we do not know changes none that we do.
    if (!status) return { facts: [{ kind: 'noted', topic: 'status.unknown', data: p }] };
    const error = errorOf(p);
    const fact: Fact = {
      kind: 'status',
      ...whereOf(p.connectorId),
      status,
      raw: p.status,
      time: wordOf(p.timestamp),
      ...(error && { error }),
    };
    return { facts: [fact] };
  },
  reply: () => ({}),
};

import { isAskedFor } from './awaited.ts';
import type { StationState } from './state.ts';

/** What a station of 2.x may say while it is Pending because we ask it to (B02, B03). */
const REPORTS = new Set(['NotifyReport', 'NotifyMonitoringReport']);
const TRIGGERED: Readonly<Record<string, string>> = {
  Heartbeat: 'heartbeat',
  StatusNotification: 'status',
  MeterValues: 'meterValues',
  FirmwareStatusNotification: 'firmwareStatus',
  LogStatusNotification: 'logStatus',
  SignCertificate: 'signCertificate',
};

/**
 * Whether a message is answered SecurityError: one of a 2.x station whose last boot was answered Pending or Rejected (B02.FR.09,
 * B03.FR.07). Never its boot, and never a TransactionEvent, which it would throw away: those are kept.
 */
export function isUnregistered(state: StationState, protocol: string, action: string): boolean {
  const { registration } = state;
  if (protocol === 'ocpp1.6' || (registration !== 'pending' && registration !== 'rejected')) return false;
  if (action === 'BootNotification' || action === 'TransactionEvent') return false;
  if (registration === 'rejected') return true;
  const trigger = Object.hasOwn(TRIGGERED, action) ? TRIGGERED[action] : undefined;
  return !REPORTS.has(action) && (trigger === undefined || !isAskedFor(state, trigger));
}

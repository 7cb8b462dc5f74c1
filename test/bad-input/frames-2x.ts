import type { Case, Step } from './case.ts';

/** What stations of 2.0.1 and 2.1 say in the cases, and what comes of it. */

export type Version = '2.0.1' | '2.1';
export type Bad = Omit<Case, 'version'>;

export const call = (id: unknown, action: string, payload: unknown = {}): unknown => [2, id, action, payload];
export const heartbeat = (id: unknown = 'beat'): unknown => call(id, 'Heartbeat');
export const status = (o: object = {}): unknown =>
  call('status', 'StatusNotification', {
    ...{ timestamp: '«-60»', connectorStatus: 'Available', evseId: 1, connectorId: 1 },
    ...o,
  });
export const register = (timestamp: string, value: unknown, o: object = {}): object => ({
  meterValue: [{ timestamp, sampledValue: [{ value, measurand: 'Energy.Active.Import.Register', ...o }] }],
});
export const BEGIN = { context: 'Transaction.Begin' };
export const END = { context: 'Transaction.End' };
const event = (eventType: string, seqNo: number, o: object = {}): Step => ({
  send: call(`${eventType} ${seqNo}`, 'TransactionEvent', {
    ...{ eventType, seqNo, triggerReason: 'Trigger', evse: { id: 1, connectorId: 1 } },
    transactionInfo: { transactionId: 'T1' },
    ...o,
  }),
  gives: 'result',
});
export const started = (o: object = {}, seqNo = 0): Step =>
  event('Started', seqNo, {
    ...{ timestamp: '«-600»', triggerReason: 'Authorized' },
    idToken: { idToken: '«tag»', type: 'ISO14443' },
    ...register('«-600»', 1000, BEGIN),
    ...o,
  });
/** Enough of an event to begin a transaction. */
export const BEGINNING = {
  eventType: 'Started',
  timestamp: '«-60»',
  seqNo: 0,
  transactionInfo: { transactionId: 'T1' },
};
export const updated = (seqNo: number, value: unknown = 2000, o: object = {}): Step =>
  event('Updated', seqNo, { timestamp: '«-300»', ...register('«-300»', value), ...o });
export const ended = (seqNo: number, o: object = {}): Step =>
  event('Ended', seqNo, { timestamp: '«-60»', ...register('«-60»', 3000, END), ...o });
export const thrice = (step: Step): Step => ({ ...step, times: 3 }) as Step;

/** An event that could not be read, as the log has it: whole. */
export const unread = (payload: object): object => ({
  type: 'station.noted',
  data: { topic: 'transactionEvent.unreadable', data: payload },
});

export const OVER = /^(ended|closed)$/;
export const VISIT = { transactionId: 'T1', meterStartWh: 1000, meterStopWh: 3000, energyWh: 2000, status: OVER };
export const ACCEPTED = { result: { idTokenInfo: { status: 'Accepted' } } };
export const STREAM = { id: 1, pending: 0, basetime: '«-60»', data: [{ t: 0, v: '230' }] };
export const report = (seqNo: number, tbc: boolean, requestId: unknown = '«request»'): unknown =>
  call(`report ${seqNo}`, 'NotifyReport', {
    ...{ requestId, seqNo, tbc, generatedAt: '«-1»' },
    reportData: [
      { component: { name: 'Clock' }, variable: { name: `V${seqNo}` }, variableAttribute: [{ value: `${seqNo}` }] },
    ],
  });

import { POSITIVE, type Case, type Step } from './case.ts';

/** What stations of 1.6 say in the cases, and what comes of it. */

export type Bad = Omit<Case, 'version'>;

export const call = (id: unknown, action: string, payload: unknown = {}): unknown => [2, id, action, payload];
export const heartbeat = (id: unknown = 'beat'): unknown => call(id, 'Heartbeat');
export const boot = (o: object = {}): unknown =>
  call('boot', 'BootNotification', { chargePointVendor: 'Vendor', chargePointModel: 'Model', ...o });
export const status = (o: object = {}): unknown =>
  call('status', 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available', ...o });
export const start = (o: object = {}, id: unknown = 'start'): unknown =>
  call(id, 'StartTransaction', { connectorId: 1, idTag: '«tag»', meterStart: 1000, timestamp: '«-600»', ...o });
export const stop = (o: object = {}, id: unknown = 'stop'): unknown =>
  call(id, 'StopTransaction', { transactionId: '«tx»', meterStop: 3000, timestamp: '«-60»', ...o });
export const meter = (o: object = {}, value = '2000', sampled: object = {}): unknown =>
  call('meter', 'MeterValues', {
    connectorId: 1,
    transactionId: '«tx»',
    meterValue: [
      {
        timestamp: '«-300»',
        sampledValue: [{ value, measurand: 'Energy.Active.Import.Register', unit: 'Wh', ...sampled }],
      },
    ],
    ...o,
  });

/** Starts, and keeps the transaction id as «tx». */
export const started = (o: object = {}): Step => ({
  send: start(o),
  gives: { result: { transactionId: POSITIVE } },
  keep: { tx: 'transactionId' },
});
export const stopped = (o: object = {}): Step => ({ send: stop(o), gives: 'result' });
export const ACCEPTED = { result: { status: 'Accepted' } };
export const REFUSED = { status: 401 } as const;
/** What a visit of 2 kWh comes to. */
export const ENERGY = { meterStartWh: 1000, meterStopWh: 3000, energyWh: 2000 };
export const OVER = /^(ended|closed)$/;

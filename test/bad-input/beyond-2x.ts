import { NONE, type Step } from './case.ts';
import { type Bad, call, ended, heartbeat, OVER, started, updated, VISIT } from './frames-2x.ts';

/** OCPP counts in 32 bits. */
const HUGE = 1e15;
const part = (reportData: readonly unknown[], seqNo = 0): unknown =>
  call(`part ${seqNo}`, 'NotifyReport', { requestId: 7, seqNo, tbc: true, generatedAt: '«-1»', reportData });
const variable = (component: string, name: string, value: unknown = '1', o: object = {}): object => ({
  ...{ component: { name: component, ...o }, variable: { name }, variableAttribute: [{ value }] },
});
const period = { startPeriod: 0, limit: 16 };
const schedules = (...periods: readonly (readonly object[])[]): object => ({
  chargingSchedule: periods.map((chargingSchedulePeriod, id) => ({
    id,
    chargingRateUnit: 'A',
    chargingSchedulePeriod,
  })),
});
const limited = (id: string, evseId: unknown, o: object = {}): unknown =>
  call(id, 'NotifyChargingLimit', { evseId, chargingLimit: { chargingLimitSource: 'EMS' }, ...o });
const watched = { component: { name: 'EVSE' }, variable: { name: 'Temperature' } };
const monitors = (ids: readonly unknown[], o: object = {}): unknown =>
  call('monitors', 'NotifyMonitoringReport', {
    ...{ requestId: 7, seqNo: 0, tbc: true, generatedAt: '«-1»' },
    monitor: [
      {
        ...watched,
        variableMonitoring: ids.map((id) => ({ id, type: 'Delta', value: 1, severity: 3, transaction: false, ...o })),
      },
    ],
  });
/** Not to be made smaller by any compression. */
const noise = (length: number): string =>
  Array.from({ length }, (_, n) => String.fromCharCode(33 + ((n * n * 7919 + n * 104_729) % 90))).join('');
const all = (...sent: readonly unknown[]): readonly Step[] => sent.map((send) => ({ send, gives: 'result' }) as const);

/** Numbers, names and lists of 2.x that are beyond what anything of ours counts or holds. */
export const beyond: readonly Bad[] = (
  [
    {
      id: 'BI-078',
      title: 'an EVSE beyond any number: the visit is kept, of no EVSE',
      steps: [
        started({ evse: { id: HUGE, connectorId: HUGE } }),
        updated(1, 2000, { evse: { id: -HUGE } }),
        ended(2, { evse: { id: HUGE, connectorId: 1 } }),
      ],
      sessions: [{ ...VISIT, evse: null }],
    },
    {
      id: 'BI-078',
      title: 'a transaction that speaks of other EVSEs than its own: one visit, where it began',
      steps: [
        started(),
        updated(1, 2000, { evse: { id: 2, connectorId: 1 } }),
        ended(2, { evse: { id: 3, connectorId: 7 } }),
      ],
      sessions: [{ ...VISIT, evse: 1, connector: 1 }],
    },
    {
      id: 'BI-035',
      title: 'numbers beyond 32 bits, in messages that have one',
      steps: [
        started({ reservationId: HUGE, transactionInfo: { transactionId: 'T1', remoteStartId: HUGE } }),
        ended(1),
        ...all(
          call('needs', 'NotifyEVChargingNeeds', { evseId: HUGE, chargingNeeds: { requestedEnergyTransfer: 'DC' } }),
          call('cleared', 'ClearedChargingLimit', { evseId: HUGE, chargingLimitSource: 'EMS' }),
          call('gone', 'ReservationStatusUpdate', { reservationId: HUGE, reservationUpdateStatus: 'Eaten' }),
          call('published', 'PublishFirmwareStatusNotification', { status: 'Published', requestId: HUGE }),
          call('customer', 'NotifyCustomerInformation', {
            requestId: HUGE,
            seqNo: HUGE,
            data: 'x',
            generatedAt: '«-1»',
          }),
          call('status', 'StatusNotification', {
            ...{ timestamp: '«-60»', connectorStatus: 'Available', evseId: HUGE, connectorId: HUGE },
          }),
          limited('limit', HUGE),
          monitors([HUGE, -HUGE, 1], { severity: HUGE }),
          part([variable('A', 'B', '1', { evse: { id: HUGE, connectorId: -HUGE } })]),
          call('event', 'NotifyEvent', {
            ...{ generatedAt: '«-1»', seqNo: HUGE },
            eventData: [{ eventId: HUGE, cause: HUGE, severity: HUGE, variableMonitoringId: HUGE, ...watched }],
          }),
          heartbeat(),
        ),
      ],
      sessions: [VISIT],
    },
    {
      id: 'BI-037',
      title: 'names that objects have by nature',
      steps: [
        ...all(
          part([variable('__proto__', '__proto__'), variable('constructor', 'prototype', { toString: 1 })]),
          '[2,"raw","NotifyReport",{"requestId":7,"seqNo":1,"generatedAt":"«-1»","__proto__":{"polluted":true},"reportData":[{"component":{"name":"__proto__Ctrlr","__proto__":{"name":"x"}},"variable":{"name":"constructor"},"variableAttribute":[{"value":"1","__proto__":null}]}]}]',
          call('event', 'NotifyEvent', {
            ...{ generatedAt: '«-1»', seqNo: 0 },
            eventData: [{ eventId: 1, component: { name: '__proto__' }, variable: { name: 'constructor' } }],
          }),
          heartbeat(),
        ),
      ],
    },
    {
      id: 'BI-038',
      title: 'NUL and half a character in the names of variables: those beside them are kept',
      steps: [...all(part([variable('E\u0000', 'N\ud800', '\ud800'), variable('A', 'Beside')]))],
      station: { variables: [{ name: 'A/Beside', value: '1' }] },
    },
    {
      id: 'BI-079',
      title: 'names of variables that are longer than any: those beside them are kept',
      steps: [
        ...all(
          part([
            variable('A', 'Before'),
            variable(noise(9_000), 'N'),
            variable('A', noise(9_000)),
            variable('A', 'Beside'),
          ]),
          call('monitors', 'NotifyMonitoringReport', {
            ...{ requestId: 7, seqNo: 0, generatedAt: '«-1»' },
            monitor: [
              {
                ...{ component: { name: noise(9_000) }, variable: { name: 'V' } },
                variableMonitoring: [{ id: 4, type: 'Delta', value: 1, severity: 3, transaction: false }],
              },
            ],
          }),
        ),
      ],
      station: {
        variables: [
          { name: 'A/Before', value: '1' },
          { name: 'A/Beside', value: '1' },
        ],
      },
    },
    {
      id: 'BI-089',
      title: 'thousands of variables and of monitors that nobody has asked for',
      steps: [
        ...Array.from({ length: 3 }, (_, n) => n).flatMap((n) =>
          all(
            part(
              Array.from({ length: 2_000 }, (__, k) => variable(`Made${n}Ctrlr`, `V${k}`, 'x'.repeat(50))),
              n,
            ),
          ),
        ),
        ...all(monitors(Array.from({ length: 3_000 }, (_, n) => n)), heartbeat()),
      ],
    },
    {
      id: 'BI-040',
      title: 'schedules without periods, below zero, and longer than any',
      steps: [
        ...all(
          limited('none', 1, schedules([])),
          limited('below', 1, schedules([{ startPeriod: -5, limit: -16 }])),
          limited(
            'long',
            1,
            schedules(Array.from({ length: 5_000 }, (_, startPeriod) => ({ ...period, startPeriod }))),
          ),
          call('vehicle', 'NotifyEVChargingSchedule', {
            ...{ timeBase: '«-1»', evseId: 1 },
            chargingSchedule: { id: 1, chargingRateUnit: 'A', chargingSchedulePeriod: [] },
          }),
          call('profiles', 'ReportChargingProfiles', {
            ...{ requestId: 7, chargingLimitSource: 'CSO', evseId: 1, tbc: true },
            chargingProfile: [
              { id: -1, stackLevel: -1, chargingProfilePurpose: 'Eaten', chargingProfileKind: 'Odd', ...schedules([]) },
            ],
          }),
        ),
      ],
    },
    {
      id: 'BI-041',
      title: 'payloads of 1.6 on a socket of 2.x',
      steps: [
        {
          send: call('status', 'StatusNotification', { connectorId: 1, status: 'Available', errorCode: 'NoError' }),
          gives: { error: 'OccurrenceConstraintViolation' },
        },
        {
          send: call('authorize', 'Authorize', { idTag: '«tag»' }),
          gives: { error: 'OccurrenceConstraintViolation' },
        },
        ...all(
          call('boot', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' }),
          call('meter', 'MeterValues', {
            ...{ connectorId: 1, transactionId: 17 },
            meterValue: [{ timestamp: '«-60»', sampledValue: [{ value: '1000', unit: 'Wh' }] }],
          }),
        ),
      ],
      sessions: [],
    },
    {
      id: 'BI-090',
      title: 'an id that another transaction had, long after it: another visit',
      steps: [started({ timestamp: '«-7200»' }), ended(1, { timestamp: '«-7000»' }), started(), ended(1)],
      sessions: [
        { ...VISIT, flags: NONE },
        { transactionId: 'T1', status: OVER },
      ],
    },
  ] satisfies Omit<Bad, 'layer'>[]
).map((it) => ({ ...it, layer: 'station' }));

import { NONE, type Step } from './case.ts';
import {
  type Bad,
  call,
  heartbeat,
  register,
  BEGIN,
  END,
  started,
  updated,
  ended,
  thrice,
  unread,
  OVER,
  VISIT,
  ACCEPTED,
} from './frames-2x.ts';

/** Transactions of 2.x that are not as they should be. */
export const transactions: readonly Bad[] = (
  [
    {
      id: 'BI-034',
      title: 'a register that is not finite: the event is kept',
      steps: [
        started(),
        {
          send: '[2,"u","TransactionEvent",{"eventType":"Updated","timestamp":"«-300»","triggerReason":"Trigger","seqNo":1,"transactionInfo":{"transactionId":"T1"},"meterValue":[{"timestamp":"«-300»","sampledValue":[{"value":1e999}]}]}]',
          gives: 'result',
        },
        ended(2),
      ],
      sessions: [VISIT],
    },
    {
      id: 'BI-038',
      title: 'NUL and half a character in a transactionId: one transaction still',
      steps: [
        started({ transactionInfo: { transactionId: 'T\u0000\ud83d' } }),
        ended(1, { transactionInfo: { transactionId: 'T\u0000\ud83d' } }),
      ],
      sessions: [{ energyWh: 2000, status: OVER }],
    },
    {
      id: 'BI-041',
      title: 'a TransactionEvent whose numbers are texts: read',
      steps: [
        started({ seqNo: '0', evse: { id: '1', connectorId: '1' }, ...register('«-600»', '1000', BEGIN) }),
        updated(1, '2000', { seqNo: '1', evse: '1' }),
        ended(2, { seqNo: '2', ...register('«-60»', '3000', END) }),
      ],
      sessions: [{ ...VISIT, evse: 1, flags: NONE }],
    },
    ...[
      { eventType: 7, timestamp: [], triggerReason: {}, evse: 'one', idToken: 17, meterValue: 'much' },
      { eventType: 'Updated', timestamp: {}, seqNo: 'x', offline: 'no', meterValue: [{ sampledValue: 7 }, null] },
      { eventType: 'Paused', timestamp: 17, seqNo: 1e15, transactionInfo: { transactionId: 'T1', chargingState: 3 } },
      { eventType: null, timestamp: null, triggerReason: null, seqNo: null, evse: null, idToken: null },
    ].map((wrong, n) => ({
      id: 'BI-041',
      title: `a TransactionEvent of wrong types, ${n + 1}: answered, and the visit is whole`,
      steps: [started(), updated(1, 2000, wrong), ended(2)],
      sessions: [VISIT],
    })),
    {
      id: 'BI-041',
      title: 'a TransactionEvent of no transaction: what it measured is in the log',
      steps: [updated(1, 1234, { timestamp: '2026-01-05T12:00:00Z', transactionInfo: {} })],
      sessions: [],
      log: [unread({ seqNo: 1, meterValue: [{ sampledValue: [{ value: 1234 }] }] })],
    },
    {
      id: 'BI-041',
      title: 'readings that are a text: in the log as they came',
      steps: [started(), updated(1, 2000, { meterValue: 'much' }), ended(2)],
      sessions: [{ ...VISIT, flags: NONE }],
      log: [unread({ seqNo: 1, meterValue: 'much' })],
    },
    ...[{}, { transactionInfo: 'T1' }, { transactionInfo: { transactionId: {} } }, { eventType: 'Ended' }].map(
      (payload) => ({
        id: 'BI-041',
        title: `the TransactionEvent ${JSON.stringify(payload)}: answered, of no session, and in the log`,
        steps: [{ send: call('1', 'TransactionEvent', payload), gives: 'result' }] satisfies Step[],
        sessions: [],
        log: [unread(payload)],
      }),
    ),
    {
      id: 'BI-052',
      title: 'a TransactionEvent before any boot, with an unknown token',
      steps: [
        {
          ...started({ idToken: { idToken: 'UNKNOWN', type: 'ISO14443' } }),
          gives: { result: { idTokenInfo: { status: 'Invalid' } } },
        } as Step,
      ],
      sessions: [{ transactionId: 'T1', status: 'active', meterStartWh: 1000 }],
    },
    ...['1970-01-01T00:00:00Z', '2024-02-30T00:00:00Z', 'now', ''].map((timestamp) => ({
      id: 'BI-076',
      title: `the time ${JSON.stringify(timestamp)}`,
      steps: [
        started({ timestamp, ...register(timestamp, 1000, BEGIN) }),
        ended(1, { timestamp, ...register(timestamp, 3000, END) }),
      ],
      sessions: [VISIT],
    })),
    {
      id: 'BI-090',
      title: 'each event three times: one visit, nothing flagged',
      steps: [thrice(started()), thrice(updated(1)), thrice(ended(2))],
      sessions: [{ ...VISIT, flags: NONE }],
    },
    {
      id: 'BI-090',
      title: 'one seqNo for two events: both kept, flagged',
      steps: [started(), updated(1, 1500), updated(1, 2500, { timestamp: '«-200»' }), ended(2)],
      sessions: [{ ...VISIT, flags: ['seqNoRepeated'] }],
    },
    {
      id: 'BI-090',
      title: 'events that are missing: flagged',
      steps: [started(), updated(2), ended(7)],
      sessions: [{ ...VISIT, flags: ['seqGap'] }],
    },
    {
      id: 'BI-090',
      title: 'events that are missing are asked for after a minute',
      slow: true,
      steps: [
        started(),
        updated(2),
        { hears: 'GetTransactionStatus', reply: [[3, '«call»', { messagesInQueue: true, ongoingIndicator: true }]] },
        updated(1, 1500, { offline: true }),
        ended(3),
      ],
      sessions: [{ ...VISIT, flags: NONE }],
    },
    {
      id: 'BI-090',
      title: 'an end before its start: one visit once both are there',
      steps: [ended(2), updated(1, 2000, { offline: true }), started({ offline: true })],
      sessions: [VISIT],
    },
    {
      id: 'BI-090',
      title: 'an end and never a start: kept, and held',
      steps: [ended(2)],
      sessions: [{ transactionId: 'T1', status: OVER, flags: ['startMissing'] }],
    },
    {
      id: 'BI-090',
      title: 'an update after the end, from when it was offline',
      steps: [started(), ended(2), updated(1, 2000, { offline: true })],
      sessions: [{ ...VISIT, flags: NONE }],
    },
    {
      id: 'BI-091',
      title: "another station's transaction of the same id is another",
      steps: [
        started(),
        { ...started(), as: 'b' },
        { ...ended(1, register('«-60»', 9000, END)), as: 'b' },
        { as: 'b', send: heartbeat(), gives: 'result' },
        updated(1),
        ended(2),
      ],
      sessions: [{ ...VISIT, flags: NONE }],
    },
    {
      id: 'BI-092',
      title: 'a seqNo that begins anew inside a transaction',
      steps: [
        started(),
        updated(1, 1500),
        updated(0, 2000, { timestamp: '«-250»' }),
        updated(1, 2500, { timestamp: '«-200»' }),
        ended(2),
      ],
      sessions: [{ ...VISIT, flags: ['seqNoRepeated'] }],
    },
    {
      id: 'BI-093',
      title: 'signed values that are none: kept as they came',
      steps: [
        started(),
        updated(1, 2000, register('«-300»', 2000, { signedMeterValue: { signedMeterData: '!!', encodingMethod: 7 } })),
        updated(2, 2500, {
          ...register('«-200»', 2500, { signedMeterValue: 'none' }),
          timestamp: '«-200»',
        }),
        ended(3),
      ],
      sessions: [{ ...VISIT, flags: NONE }],
    },
    {
      id: 'BI-064',
      title: 'a start with a blocked token is stored',
      steps: [
        {
          ...started({ idToken: { idToken: '«blocked»', type: 'ISO14443' } }),
          gives: { result: { idTokenInfo: { status: 'Blocked' } } },
        } as Step,
      ],
      sessions: [{ transactionId: 'T1', status: 'active' }],
    },
    {
      id: 'BI-064',
      title: 'a start with a known token, for comparison',
      steps: [{ ...started(), gives: ACCEPTED } as Step],
      sessions: [{ transactionId: 'T1', status: 'active' }],
    },
  ] satisfies Omit<Bad, 'layer'>[]
).map((it) => ({ ...it, layer: 'station' }));

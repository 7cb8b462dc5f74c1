import { POSITIVE, SOME, type Step } from './case.ts';
import { type Bad, call, heartbeat, status, start, stop, meter, started, stopped, ENERGY, OVER } from './frames-16.ts';

const times = [
  '1970-01-01T00:00:00Z',
  '2024-11-20T10:00:00',
  '2099-01-01T00:00:00Z',
  '1000000',
  '2024-13-01T00:00:00Z',
  '2024-02-30T00:00:00Z',
  '2024-06-30T23:59:60Z',
  'now',
  'infinity',
  '',
];

/** Transactions of 1.6 that cannot be as they are told. */
export const transactions: readonly Bad[] = (
  [
    {
      id: 'BI-062',
      title: 'MeterValues of 500 samples',
      steps: [
        started(),
        {
          send: call('meter', 'MeterValues', {
            connectorId: 1,
            transactionId: '«tx»',
            meterValue: Array.from({ length: 500 }, (_, n) => ({
              timestamp: `«-${590 - n}»`,
              sampledValue: [{ value: String(1000 + n), unit: 'Wh', measurand: 'Energy.Active.Import.Register' }],
            })),
          }),
          gives: 'result',
        },
        stopped(),
      ],
      sessions: [{ ...ENERGY, status: OVER }],
    },
    {
      id: 'BI-063',
      title: 'MeterValues of an unknown transaction',
      steps: [{ send: meter({ transactionId: 424242 }), gives: 'result' }],
      sessions: [],
    },
    {
      id: 'BI-064',
      title: 'a start with an unknown token in the past is stored',
      steps: [
        {
          send: start({ idTag: 'UNKNOWN', timestamp: '«-86400»' }),
          gives: { result: { transactionId: POSITIVE, idTagInfo: { status: 'Invalid' } } },
        },
      ],
      sessions: [{ status: 'active', meterStartWh: 1000 }],
    },
    {
      id: 'BI-064',
      title: 'a start with a blocked token is stored',
      steps: [
        {
          send: start({ idTag: '«blocked»' }),
          gives: { result: { transactionId: POSITIVE, idTagInfo: { status: 'Blocked' } } },
        },
      ],
      sessions: [{ status: 'active' }],
    },
    {
      id: 'BI-064',
      title: 'a start with an expired token is stored',
      steps: [
        {
          send: start({ idTag: '«expired»' }),
          gives: { result: { transactionId: POSITIVE, idTagInfo: { status: 'Expired' } } },
        },
      ],
      sessions: [{ status: 'active' }],
    },
    {
      id: 'BI-065',
      title: 'the same start under a new id',
      steps: [
        {
          send: start({ timestamp: '2024-11-01T10:00:00Z' }, 'one'),
          gives: { result: { transactionId: POSITIVE } },
          keep: { tx: 'transactionId' },
        },
        { send: start({ timestamp: '2024-11-01T10:00:00Z' }, 'two'), gives: { result: { transactionId: '«tx»' } } },
      ],
      sessions: [{ status: 'active' }],
    },
    {
      id: 'BI-066',
      title: 'the same start after we were killed',
      alone: true,
      steps: [
        {
          send: start({ timestamp: '2024-11-01T11:00:00Z' }, 'one'),
          gives: { result: { transactionId: POSITIVE } },
          keep: { tx: 'transactionId' },
        },
        { restart: true },
        { dial: {}, gives: 'open' },
        { send: start({ timestamp: '2024-11-01T11:00:00Z' }, 'two'), gives: { result: { transactionId: '«tx»' } } },
        stopped(),
      ],
      sessions: [{ ...ENERGY, status: OVER }],
    },
    {
      id: 'BI-067',
      title: 'a start on a connector with an open session ends that one',
      steps: [
        started(),
        { send: meter({}, '1500'), gives: 'result' },
        {
          send: start({ timestamp: '«-120»', meterStart: 1600 }, 'next'),
          gives: { result: { transactionId: POSITIVE } },
        },
      ],
      sessions: [
        { status: 'active', meterStartWh: 1600 },
        { status: OVER, energyWh: 500, flags: SOME },
      ],
    },
    {
      id: 'BI-068',
      title: 'the same stop again',
      steps: [started(), stopped(), { send: stop({}, 'again'), gives: 'result' }],
      sessions: [{ ...ENERGY, status: OVER }],
    },
    {
      id: 'BI-069',
      title: 'a second stop with another register: the first stands',
      steps: [started(), stopped(), { send: stop({ meterStop: 9000, timestamp: '«-30»' }, 'again'), gives: 'result' }],
      sessions: [{ ...ENERGY, status: OVER, flags: SOME }],
    },
    {
      id: 'BI-070',
      title: 'a stop of -1 finds the only open session',
      steps: [started(), { send: heartbeat(), gives: 'result' }, stopped({ transactionId: -1, idTag: '«tag»' })],
      sessions: [{ ...ENERGY, status: OVER }],
    },
    {
      id: 'BI-071',
      title: "a stop of another station's transaction has no effect",
      steps: [started(), { ...stopped(), as: 'b' }, { as: 'b', send: heartbeat(), gives: 'result' }],
      sessions: [{ status: 'active', meterStartWh: 1000 }],
    },
    {
      id: 'BI-072',
      title: 'a stop of an unknown transaction',
      steps: [{ send: stop({ transactionId: 424242 }), gives: 'result' }],
      sessions: [],
    },
    {
      id: 'BI-073',
      title: 'a stop below its start is flagged, and no bill',
      steps: [started(), stopped({ meterStop: 10 })],
      sessions: [{ status: OVER, meterStartWh: 1000, flags: SOME }],
    },
    {
      id: 'BI-074',
      title: 'more energy than can be is flagged',
      steps: [started({ timestamp: '«-120»' }), stopped({ meterStop: 1_000_000 })],
      sessions: [{ status: OVER, flags: SOME }],
    },
    {
      id: 'BI-075',
      title: 'readings that count from the start beside a lifetime register',
      steps: [
        started({ meterStart: 1_000_000 }),
        { send: meter({}, '500'), gives: 'result' },
        stopped({ meterStop: 1_002_000 }),
      ],
      sessions: [{ status: OVER, energyWh: 2000 }],
    },
    {
      id: 'BI-075',
      title: 'readings in kWh beside a register in Wh',
      steps: [started(), { send: meter({}, '1.5', { unit: 'kWh' }), gives: 'result' }, stopped()],
      sessions: [{ ...ENERGY, status: OVER }],
    },
    {
      id: 'BI-075',
      title: 'a reading that drops to 0',
      steps: [started(), { send: meter({}, '0'), gives: 'result' }, stopped()],
      sessions: [{ ...ENERGY, status: OVER }],
    },
    ...times.map((timestamp) => ({
      id: 'BI-076',
      title: `the time ${JSON.stringify(timestamp)}`,
      steps: [
        { send: status({ timestamp }), gives: 'result' },
        started({ timestamp }),
        stopped({ timestamp }),
      ] satisfies Step[],
      sessions: [{ ...ENERGY, status: OVER }],
    })),
    {
      id: 'BI-077',
      title: 'a stop before its start',
      steps: [started({ timestamp: '«-60»' }), stopped({ timestamp: '«-600»' })],
      sessions: [{ meterStartWh: 1000, meterStopWh: 3000, status: OVER, flags: SOME }],
    },
    {
      id: 'BI-078',
      title: 'connector 99',
      steps: [started({ connectorId: 99 }), stopped()],
      sessions: [{ ...ENERGY, evse: 99, status: OVER }],
    },
    ...[0, -1, 1e15].map((connectorId) => ({
      id: 'BI-078',
      title: `connector ${connectorId}`,
      steps: [started({ connectorId }), stopped()],
      sessions: [{ ...ENERGY, evse: null, status: OVER, flags: SOME }],
    })),
    {
      id: 'BI-079',
      title: 'an idTag that begins as a known one and is longer',
      steps: [
        {
          send: start({ idTag: '«tag»XXXXXXXXXXXX' }),
          gives: { result: { transactionId: POSITIVE, idTagInfo: { status: 'Invalid' } } },
        },
      ],
      sessions: [{ status: 'active' }],
    },
    {
      id: 'BI-079',
      title: 'an idTag of 10 KB',
      steps: [
        {
          send: start({ idTag: 'T'.repeat(10_240) }),
          gives: { result: { transactionId: POSITIVE, idTagInfo: { status: 'Invalid' } } },
        },
      ],
      sessions: [{ status: 'active' }],
    },
  ] satisfies Omit<Bad, 'layer'>[]
).map((it) => ({ ...it, layer: 'station' }));

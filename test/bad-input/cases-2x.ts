import { BAD_ANSWERS } from './bad-answers.ts';
import { NONE, type Case, type Step } from './case.ts';

/** Bad inputs of 2.0.1 and 2.1: each is played in both, but for what one of them alone has. */

type Version = '2.0.1' | '2.1';
type Bad = Omit<Case, 'version'>;

const call = (id: unknown, action: string, payload: unknown = {}): unknown => [2, id, action, payload];
const heartbeat = (id: unknown = 'beat'): unknown => call(id, 'Heartbeat');
const status = (o: object = {}): unknown =>
  call('status', 'StatusNotification', {
    ...{ timestamp: '«-60»', connectorStatus: 'Available', evseId: 1, connectorId: 1 },
    ...o,
  });
const register = (timestamp: string, value: unknown, o: object = {}): object => ({
  meterValue: [{ timestamp, sampledValue: [{ value, measurand: 'Energy.Active.Import.Register', ...o }] }],
});
const BEGIN = { context: 'Transaction.Begin' };
const END = { context: 'Transaction.End' };
const event = (eventType: string, seqNo: number, o: object = {}): Step => ({
  send: call(`${eventType} ${seqNo}`, 'TransactionEvent', {
    ...{ eventType, seqNo, triggerReason: 'Trigger', evse: { id: 1, connectorId: 1 } },
    transactionInfo: { transactionId: 'T1' },
    ...o,
  }),
  gives: 'result',
});
const started = (o: object = {}, seqNo = 0): Step =>
  event('Started', seqNo, {
    ...{ timestamp: '«-600»', triggerReason: 'Authorized' },
    idToken: { idToken: '«tag»', type: 'ISO14443' },
    ...register('«-600»', 1000, BEGIN),
    ...o,
  });
/** Enough of an event to begin a transaction. */
const BEGINNING = { eventType: 'Started', timestamp: '«-60»', seqNo: 0, transactionInfo: { transactionId: 'T1' } };
const updated = (seqNo: number, value: unknown = 2000, o: object = {}): Step =>
  event('Updated', seqNo, { timestamp: '«-300»', ...register('«-300»', value), ...o });
const ended = (seqNo: number, o: object = {}): Step =>
  event('Ended', seqNo, { timestamp: '«-60»', ...register('«-60»', 3000, END), ...o });
const thrice = (step: Step): Step => ({ ...step, times: 3 }) as Step;

/** An event that could not be read, as the log has it: whole. */
const unread = (payload: object): object => ({
  type: 'station.noted',
  data: { topic: 'transactionEvent.unreadable', data: payload },
});

const OVER = /^(ended|closed)$/;
const VISIT = { transactionId: 'T1', meterStartWh: 1000, meterStopWh: 3000, energyWh: 2000, status: OVER };
const ACCEPTED = { result: { idTokenInfo: { status: 'Accepted' } } };
const STREAM = { id: 1, pending: 0, basetime: '«-60»', data: [{ t: 0, v: '230' }] };
const report = (seqNo: number, tbc: boolean, requestId: unknown = '«request»'): unknown =>
  call(`report ${seqNo}`, 'NotifyReport', {
    ...{ requestId, seqNo, tbc, generatedAt: '«-1»' },
    reportData: [
      { component: { name: 'Clock' }, variable: { name: `V${seqNo}` }, variableAttribute: [{ value: `${seqNo}` }] },
    ],
  });

const framing: readonly Bad[] = (
  [
    ...['hello', '', '{', '{"a":1}', '[]', '[2]', '[2,null,"Heartbeat",{}]', '[2,{"a":1},"Heartbeat",{}]', 'null'].map(
      (text) => ({
        id: 'BI-029',
        title: `the text ${text}`,
        steps: [{ send: text, gives: { frame: [4, '-1', 'RpcFrameworkError'] } }] satisfies Step[],
      }),
    ),
    {
      id: 'BI-029',
      title: 'ten frames that are none',
      steps: [
        ...Array.from({ length: 9 }, (): Step => ({ send: '{', gives: { error: 'RpcFrameworkError' } })),
        { send: '{', gives: { close: 1002 } },
      ],
    },
    {
      id: 'BI-033',
      title: 'a depth of 5,000',
      steps: [{ send: `[2,"deep","DataTransfer",{"data":${'['.repeat(5000)}]`, gives: { error: 'FormatViolation' } }],
    },
    {
      id: 'BI-034',
      title: 'a number that is not finite, where it matters',
      steps: [
        {
          send: '[2,"1","StatusNotification",{"timestamp":"«-60»","connectorStatus":"Available","evseId":1e400}]',
          gives: { error: 'TypeConstraintViolation' },
        },
      ],
    },
    {
      id: 'BI-041',
      title: 'text as a number',
      steps: [{ send: status({ evseId: 'one' }), gives: { error: 'TypeConstraintViolation' } }],
    },
    {
      id: 'BI-041',
      title: 'a token that is a text, as 1.6 has it',
      steps: [{ send: call('1', 'Authorize', { idToken: '«tag»' }), gives: { error: 'TypeConstraintViolation' } }],
    },
    {
      id: 'BI-042',
      title: 'a member that must be there, in the spelling of 2.x',
      steps: [
        { send: call('1', 'Authorize'), gives: { error: 'OccurrenceConstraintViolation' } },
        {
          send: call('2', 'StatusNotification', { connectorStatus: 'Available' }),
          gives: { error: 'OccurrenceConstraintViolation' },
        },
        { send: call('3', 'NotifyReport', { seqNo: 0 }), gives: { error: 'OccurrenceConstraintViolation' } },
      ],
    },
    ...['BootNotification', 'TransactionEvent', 'StatusNotification'].flatMap((action) =>
      ['boot', null, 7, [1]].map((payload) => ({
        id: 'BI-042',
        title: `${action} with the payload ${JSON.stringify(payload)}, in the spelling of 2.x`,
        steps: [{ send: call('1', action, payload), gives: { error: 'FormatViolation' } }] satisfies Step[],
      })),
    ),
    ...['Hartbeat', 'heartbeat', 'StartTransaction', '__proto__', 'constructor', '', 'x'.repeat(5000)].map(
      (action) => ({
        id: 'BI-043',
        title: `the action ${JSON.stringify(action.slice(0, 20))}`,
        steps: [{ send: call('1', action), gives: { error: 'NotImplemented' } }] satisfies Step[],
      }),
    ),
    {
      id: 'BI-043',
      title: 'an action that only the CSMS sends',
      steps: [{ send: call('1', 'Reset', { type: 'Immediate' }), gives: { error: 'NotSupported' } }],
    },
    {
      id: 'BI-044',
      title: 'an answer to nothing',
      steps: [
        { send: [3, 'never asked', {}], gives: 'nothing' },
        { send: [4, 'never asked', 'GenericError', '', {}], gives: 'nothing' },
        { send: [5, 'never asked', 'FormatViolation', '', {}], gives: 'nothing' },
      ],
    },
    {
      id: 'BI-042',
      title: 'a CALLERROR in the spelling of 1.6',
      steps: [
        {
          call: { action: 'ClearCache', payload: {} },
          reply: [[4, '«call»', 'FormationViolation', 'no', {}]],
          gives: { status: 200, body: { error: { code: 'FormationViolation' } } },
        },
      ],
    },
    ...['', 'x'.repeat(37), 'x'.repeat(255)].map((id) => ({
      id: 'BI-050',
      title: `an id of ${id.length} characters`,
      steps: [{ send: heartbeat(id), gives: 'result' }] satisfies Step[],
    })),
    {
      id: 'BI-050',
      title: 'an id of 256 characters',
      steps: [{ send: heartbeat('x'.repeat(256)), gives: { frame: [4, '-1', 'RpcFrameworkError'] } }],
    },
    ...['[7,"x",{}]', '["2","x","Heartbeat",{}]', '[1e999]', '[null]'].map((text) => ({
      id: 'BI-051',
      title: `the frame ${text}`,
      steps: [{ send: text, gives: 'nothing' }] satisfies Step[],
    })),
    ...['[2,"x"]', '[2,"x","Heartbeat"]', '[2,"x","Heartbeat",{},{}]', '[2,"x",7,{}]'].map((text) => ({
      id: 'BI-053',
      title: `the frame ${text}`,
      steps: [{ send: text, gives: { frame: [4, 'x', 'ProtocolError'] } }] satisfies Step[],
    })),
    ...[null, []].map((payload) => ({
      id: 'BI-054',
      title: `the payload ${JSON.stringify(payload)} where {} is meant`,
      steps: [{ send: call('1', 'Heartbeat', payload), gives: 'result' }] satisfies Step[],
    })),
  ] satisfies Omit<Bad, 'layer'>[]
).map((it) => ({ ...it, layer: 'framing' }));

const transactions: readonly Bad[] = (
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

const noRequest = { result: { status: 'Rejected', statusInfo: { additionalInfo: /PKCS#10/ } } };
const noMore = { result: { status: 'Rejected', statusInfo: { additionalInfo: /no more are looked at/ } } };
const sign = (id: string): unknown => call(id, 'SignCertificate', { csr: `no request ${id}` });

const authorizing = (idToken: string, status: string): Step => ({
  send: call(`authorize ${idToken}`, 'Authorize', { idToken: { idToken, type: 'ISO14443' } }),
  gives: { result: { idTokenInfo: { status } } },
});
const OCSP = {
  ...{ hashAlgorithm: 'SHA256', issuerNameHash: 'a', issuerKeyHash: 'b', serialNumber: '1' },
  responderURL: '«responder»',
};

const ofTemperature = { component: { name: 'EVSE', evse: { id: 1 } }, variable: { name: 'Temperature' } };
const monitors = (seqNo: number, tbc: boolean, requestId: unknown = '«request»'): unknown =>
  call(`monitors ${seqNo}`, 'NotifyMonitoringReport', {
    ...{ requestId, seqNo, tbc, generatedAt: '«-1»' },
    monitor: [
      {
        ...ofTemperature,
        variableMonitoring: [{ id: seqNo, type: 'UpperThreshold', value: 80, severity: 3, transaction: false }],
      },
    ],
  });
const temperature = (actualValue: number): object => ({
  ...{ eventId: actualValue, timestamp: '«-1»', trigger: 'Alerting', actualValue: `${actualValue}` },
  ...{ eventNotificationType: 'CustomMonitor', ...ofTemperature },
});
const notifyEvent = (seqNo: number, tbc: boolean, eventData: readonly unknown[]): unknown =>
  call(`event ${seqNo}`, 'NotifyEvent', { seqNo, tbc, generatedAt: '«-1»', eventData });

const stations: readonly Bad[] = (
  [
    {
      id: 'BI-059',
      title: '50 boots in a row',
      steps: [
        {
          send: call('boot', 'BootNotification', {
            reason: 'PowerUp',
            chargingStation: { vendorName: 'V', model: 'M' },
          }),
          ...{ times: 50, gives: { result: { status: 'Accepted' } } },
        },
      ],
    },
    {
      id: 'BI-087',
      title: 'a flood of requests for certificates: five are looked at',
      steps: [
        ...Array.from({ length: 5 }, (_, n): Step => ({ send: sign(`${n}`), gives: noRequest })),
        { send: sign('more'), times: 20, gives: noMore },
      ],
    },
    {
      id: 'BI-088',
      title: 'a flood of security events, each of 2 KB',
      steps: [
        {
          send: call('tamper', 'SecurityEventNotification', {
            ...{ type: 'TamperDetectionActivated', timestamp: '«-60»', techInfo: 'x'.repeat(2_000) },
          }),
          ...{ times: 40, gives: 'result' },
        },
      ],
      security: [
        { kind: 'TamperDetectionActivated', count: 16, critical: true, detail: /^x{255}$/ },
        { count: 6 },
        ...Array.from({ length: 10 }, () => ({ count: 1 })),
      ],
    },
    {
      id: 'BI-089',
      title: 'parts of a report in a wrong order, twice: it is whole',
      steps: [
        {
          ...{ command: { type: 'baseReport' }, action: 'GetBaseReport' },
          reply: [
            [3, '«call»', { status: 'Accepted' }],
            report(2, false),
            report(0, true),
            report(0, true),
            report(1, true),
          ],
          gives: { status: 'done', effectState: 'seen', effect: /in 3 parts/ },
        },
      ],
    },
    {
      id: 'BI-089',
      title: 'a report with a part missing: given up after a minute, named',
      slow: true,
      steps: [
        {
          ...{ command: { type: 'baseReport' }, action: 'GetBaseReport' },
          reply: [[3, '«call»', { status: 'Accepted' }], report(0, true), report(2, false)],
          gives: { status: 'accepted', effectState: 'unseen', effect: /part 1 did not come/ },
        },
      ],
    },
    {
      id: 'BI-089',
      title: 'a report that never ends: given up after a minute',
      slow: true,
      steps: [
        {
          ...{ command: { type: 'baseReport' }, action: 'GetBaseReport' },
          reply: [[3, '«call»', { status: 'Accepted' }], ...Array.from({ length: 50 }, (_, n) => report(n, true))],
          gives: {
            status: 'accepted',
            effectState: 'unseen',
            effect: /the last part did not come; 49 was the highest/,
          },
        },
      ],
    },
    {
      id: 'BI-089',
      title: 'a flood of parts that nobody has asked for',
      steps: [{ send: report(0, true, 424242), times: 100, gives: 'result' }],
    },
    {
      id: 'BI-089',
      title: 'parts of a report of monitors in a wrong order, twice: it is whole',
      steps: [
        {
          ...{ command: { type: 'readMonitors' }, action: 'GetMonitoringReport' },
          reply: [
            [3, '«call»', { status: 'Accepted' }],
            monitors(2, false),
            monitors(0, true),
            monitors(0, true),
            monitors(1, true),
          ],
          gives: { status: 'done', effectState: 'seen', effect: /in 3 parts/ },
        },
      ],
    },
    {
      id: 'BI-089',
      title: 'a report of monitors with a part missing: given up after a minute, named',
      slow: true,
      steps: [
        {
          ...{ command: { type: 'readMonitors' }, action: 'GetMonitoringReport' },
          reply: [[3, '«call»', { status: 'Accepted' }], monitors(0, true), monitors(2, false)],
          gives: { status: 'accepted', effectState: 'unseen', effect: /part 1 did not come/ },
        },
      ],
    },
    {
      id: 'BI-089',
      title: 'a flood of parts of a report of monitors that nobody has asked for',
      steps: [{ send: monitors(0, true, 424242), times: 100, gives: 'result' }],
    },
    {
      id: 'BI-089',
      title: 'events that begin in the middle and never end: each is kept as it comes',
      steps: [
        { send: notifyEvent(7, true, [temperature(80)]), gives: 'result' },
        { send: notifyEvent(3, true, [temperature(81), { eventId: 'x', trigger: 7 }, 'none', null]), gives: 'result' },
        { send: notifyEvent(9, true, [temperature(82)]), times: 50, gives: 'result' },
        {
          send: call('none', 'NotifyEvent', { seqNo: 0, eventData: 'none' }),
          gives: { error: 'TypeConstraintViolation' },
        },
      ],
      log: [{ data: { value: '80' } }, { data: { value: '81' } }, { data: { value: '82' } }],
    },
    {
      id: 'BI-094',
      title:
        'guessing tokens: after sixty in a minute no more are looked at, not even the right one; who charges charges on',
      steps: [
        authorizing('«tag»', 'Accepted'),
        ...Array.from({ length: 60 }, (_, n) => authorizing(`GUESS${n}`, 'Invalid')),
        authorizing('«tag»', 'Invalid'),
        authorizing('GUESS60', 'Invalid'),
        { ...started(), gives: ACCEPTED } as Step,
        { ...authorizing('«tag»', 'Accepted'), as: 'b' },
        { as: 'a', send: heartbeat(), gives: 'result' },
      ],
      sessions: [{ transactionId: 'T1', status: 'active' }],
      security: [{ kind: 'token-guessing', origin: 'csms', critical: true }, { kind: 'token-guessing' }],
    },
    {
      id: 'BI-095',
      title: 'responders at a private address that a station names are not contacted',
      steps: [
        { trap: 'responder' },
        {
          send: call('1', 'Authorize', {
            idToken: { idToken: '«tag»', type: 'eMAID' },
            iso15118CertificateHashData: [OCSP],
          }),
          gives: { result: { idTokenInfo: { status: 'Invalid' }, certificateStatus: 'CertChainError' } },
        },
        {
          send: call('2', 'GetCertificateStatus', { ocspRequestData: OCSP }),
          gives: { result: { status: 'Failed' } },
        },
      ],
    },
    {
      id: 'BI-095',
      title: 'hashes and certificates that are none',
      steps: [
        ...['none', [7], { a: 1 }].map((iso15118CertificateHashData, n): Step => ({
          send: call(`h${n}`, 'Authorize', {
            idToken: { idToken: '«tag»', type: 'eMAID' },
            iso15118CertificateHashData,
          }),
          gives: { error: 'TypeConstraintViolation' },
        })),
        ...[
          { shown: { iso15118CertificateHashData: [{}] }, certificateStatus: 'CertChainError' },
          { shown: { certificate: 'x'.repeat(20_000) }, certificateStatus: 'NoCertificateAvailable' },
        ].map(({ shown, certificateStatus }, n): Step => ({
          send: call(`c${n}`, 'Authorize', { idToken: { idToken: '«tag»', type: 'eMAID' }, ...shown }),
          gives: { result: { idTokenInfo: { status: 'Invalid' }, certificateStatus } },
        })),
      ],
    },
    ...BAD_ANSWERS.map(({ id, title, reply, gives }) => ({
      id,
      title: `an answer to our ClearCache: ${title}`,
      steps: [{ command: { type: 'clearCache' }, action: 'ClearCache', reply, gives }] satisfies Step[],
    })),
  ] satisfies Omit<Bad, 'layer'>[]
).map((it) => ({ ...it, layer: 'station' }));

/** What one version has and the other has not. */
const own: readonly Case[] = [
  {
    id: 'BI-051',
    title: 'a SEND, which 2.0.1 has not: ignored',
    layer: 'framing',
    version: '2.0.1',
    steps: [
      { send: [6, 'x', 'NotifyPeriodicEventStream', STREAM], gives: 'nothing' },
      { send: [6, 'y', 'Heartbeat', {}], gives: 'nothing' },
      { send: '[6]', gives: 'nothing' },
      { send: [6, 'z', 'TransactionEvent', BEGINNING], gives: 'nothing' },
    ],
    sessions: [],
  },
  {
    id: 'BI-051',
    title: 'a SEND is never answered, however it is',
    layer: 'framing',
    version: '2.1',
    steps: [
      { send: [6, 'a', 'NotifyPeriodicEventStream', STREAM], gives: 'nothing' },
      { send: [6, 'b', 'NotifyPeriodicEventStream', { id: 'one' }], gives: 'nothing' },
      { send: [6, 'c', 'NotifyPeriodicEventStream', null], gives: 'nothing' },
      { send: [6, 'd', 'NotifyPeriodicEventStream'], gives: 'nothing' },
      { send: [6, 'e', 'Hartbeat', {}], gives: 'nothing' },
      { send: [6, 'f', 'Heartbeat', {}], gives: 'nothing' },
      { send: [6, 'g', 7, {}], gives: 'nothing' },
    ],
  },
  {
    id: 'BI-051',
    title: 'a flood of SENDs',
    layer: 'framing',
    version: '2.1',
    steps: [
      ...Array.from({ length: 50 }, (_, n): Step => ({
        send: [6, `${n}`, 'NotifyPeriodicEventStream', STREAM],
        gives: 'nothing',
      })),
    ],
  },
  {
    id: 'BI-043',
    title: 'an action that only 2.1 has',
    layer: 'framing',
    version: '2.0.1',
    steps: [{ send: call('1', 'NotifySettlement'), gives: { error: 'NotImplemented' } }],
  },
  {
    id: 'BI-043',
    title: 'an action of 2.1 without what must be there',
    layer: 'framing',
    version: '2.1',
    steps: [
      { send: call('1', 'OpenPeriodicEventStream'), gives: { error: 'OccurrenceConstraintViolation' } },
      { send: call('2', 'ClosePeriodicEventStream', { id: 'one' }), gives: { error: 'TypeConstraintViolation' } },
    ],
  },
];

/** What takes a minute is the same code in both. */
const isPlayed = (it: Bad, version: Version): boolean => it.slow !== true || version === '2.0.1';
const versions: readonly Version[] = ['2.0.1', '2.1'];

export const cases2x: readonly Case[] = [
  ...versions.flatMap((version) =>
    [...framing, ...transactions, ...stations]
      .filter((it) => isPlayed(it, version))
      .map((it) => ({ ...it, title: `${it.title}, ${version}`, version })),
  ),
  ...own,
];

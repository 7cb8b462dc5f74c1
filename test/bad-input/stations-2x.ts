import { BAD_ANSWERS } from './bad-answers.ts';
import { type Step } from './case.ts';
import { type Bad, call, heartbeat, started, ACCEPTED, report } from './frames-2x.ts';

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

/** What else a station of 2.x may do. */
export const stations: readonly Bad[] = (
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

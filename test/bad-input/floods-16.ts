import { type Step } from './case.ts';
import { ACCEPTED, type Bad, call, heartbeat, boot } from './frames-16.ts';

const authorizing = (idTag: string, status: string): Step => ({
  send: call(`authorize ${idTag}`, 'Authorize', { idTag }),
  gives: { result: { idTagInfo: { status } } },
});

/** More of the same than anybody needs. */
export const floods: readonly Bad[] = (
  [
    { id: 'BI-059', title: '100 boots in a row', steps: [{ send: boot(), times: 100, gives: ACCEPTED }] },
    { id: 'BI-060', title: '500 Heartbeats in a row', steps: [{ send: heartbeat(), times: 500, gives: 'result' }] },
    {
      id: 'BI-061',
      title: 'a status that flaps',
      steps: [
        ...Array.from({ length: 25 }, (_, n): readonly Step[] => [
          {
            send: call(`${n}a`, 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Unavailable' }),
            gives: 'result',
          },
          {
            send: call(`${n}b`, 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available' }),
            gives: 'result',
          },
        ]).flat(),
      ],
      station: { evses: [{ evse: 1, connectors: [{ connector: 1, status: /available/i }] }] },
    },
    {
      id: 'BI-094',
      title: 'guessing tokens: after sixty in a minute no more are looked at, not even the right one',
      steps: [
        authorizing('«tag»', 'Accepted'),
        ...Array.from({ length: 60 }, (_, n) => authorizing(`GUESS${n}`, 'Invalid')),
        authorizing('«tag»', 'Invalid'),
      ],
      security: [{ kind: 'token-guessing', origin: 'csms', critical: true }],
    },
    {
      id: 'BI-088',
      title: 'a flood of security events, each of 2 KB',
      steps: [
        {
          send: call('tamper', 'SecurityEventNotification', {
            type: 'TamperDetectionActivated',
            timestamp: '«-60»',
            techInfo: 'x'.repeat(2_000),
          }),
          times: 40,
          gives: 'result',
        },
      ],
      // Ten one by one, the 16th with the six since, the 32nd with the sixteen since; the rest is told later.
      security: [
        { kind: 'TamperDetectionActivated', count: 16, critical: true, detail: /^x{255}$/ },
        { count: 6 },
        ...Array.from({ length: 10 }, () => ({ count: 1 })),
      ],
    },
  ] satisfies Omit<Bad, 'layer'>[]
).map((it) => ({ ...it, layer: 'station' }));

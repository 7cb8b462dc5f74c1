import type { Inbound, Monitor } from '@plugga/kit';
import { isMembers, numberOf } from '@plugga/wire';
import { kindOf } from '../monitor-kind.ts';
import type { Wire2 } from '../schema.ts';
import { nameOf, saidOf, wordOf } from '../variable-name.ts';
import { reportPart } from './report-part.ts';

interface Payload {
  readonly requestId: number;
  readonly seqNo?: number;
  readonly tbc?: boolean;
  readonly monitor?: unknown;
}

/** What has said nothing of its severity is debugging. */
const LEAST = 9;

const monitorOf = (variable: string, raw: unknown): readonly Monitor[] => {
  if (!isMembers(raw)) return [];
  const [id, kind, value] = [numberOf(raw['id']), kindOf(raw['type']), Number(raw['value'])];
  if (id === undefined || kind === undefined || !Number.isFinite(value)) return [];
  const origin = wordOf(raw['eventNotificationType']);
  return [
    {
      ...{ id, variable, kind, value, severity: numberOf(raw['severity']) ?? LEAST },
      transaction: raw['transaction'] === true,
      ...(origin !== undefined && { origin }),
    },
  ];
};

const monitorsOf = (raw: unknown): readonly Monitor[] => {
  const said = saidOf(raw);
  const list = isMembers(raw) ? raw['variableMonitoring'] : undefined;
  return said === undefined || !Array.isArray(list) ? [] : list.flatMap((it) => monitorOf(nameOf(said), it));
};

/** [2,"id","NotifyMonitoringReport",{"requestId":7,"generatedAt":"…","seqNo":0,"monitor":[{"component":{"name":"EVSE"},"variable":{"name":"Temperature"},"variableMonitoring":[{"id":4,"type":"UpperThreshold","value":80,"severity":3,"transaction":false}]}]}] */
export const notifyMonitoringReport = (wire: Wire2): Inbound<Payload, Readonly<Record<string, never>>> => ({
  request: wire.tolerant('NotifyMonitoringReportRequest', {
    kind: 'plain',
    harmless: ['generatedAt', 'seqNo'],
    opaque: [
      ...['seqNo', 'tbc', 'generatedAt', 'monitor', 'monitor/*', 'monitor/*/component', 'monitor/*/variable'],
      ...['monitor/*/variableMonitoring', 'monitor/*/variableMonitoring/*'],
      ...['id', 'type', 'value', 'severity', 'transaction'].map((it) => `monitor/*/variableMonitoring/*/${it}`),
    ],
  }),
  response: wire.strict('NotifyMonitoringReportResponse'),
  read: ({ monitor, ...payload }) => ({
    facts: [
      {
        kind: 'monitorsReported',
        report: reportPart(payload),
        monitors: Array.isArray(monitor) ? monitor.flatMap(monitorsOf) : [],
      },
    ],
  }),
  reply: () => ({}),
});

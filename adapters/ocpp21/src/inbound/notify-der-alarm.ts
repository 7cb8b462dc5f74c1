import type { Inbound } from '@plugga/kit';
import { clip } from '@plugga/wire';
import type { Wire21 } from '../schema.ts';

interface Payload {
  readonly controlType: string;
  readonly gridEventFault?: string;
  readonly alarmEnded?: boolean;
  readonly timestamp?: string;
  readonly extraInfo?: string;
}

/** [2,"id","NotifyDERAlarm",{"controlType":"VoltWatt","gridEventFault":"OverVoltage","timestamp":"2026-01-05T12:00:00Z"}] */
export const notifyDerAlarm = (wire: Wire21): Inbound<Payload, Readonly<Record<string, never>>> => ({
  request: wire.tolerant('NotifyDERAlarmRequest', { kind: 'plain', harmless: ['timestamp'] }),
  response: wire.strict('NotifyDERAlarmResponse'),
  read: ({ controlType, gridEventFault, alarmEnded = false, timestamp, extraInfo }) => ({
    facts: [
      {
        kind: 'derAlarm',
        control: clip(controlType, 50),
        ended: alarmEnded,
        time: timestamp,
        ...(gridEventFault !== undefined && { fault: clip(gridEventFault, 50) }),
        ...(extraInfo !== undefined && { info: clip(extraInfo, 200) }),
      },
    ],
  }),
  reply: () => ({}),
});

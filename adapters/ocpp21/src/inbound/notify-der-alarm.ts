import type { Inbound } from '@plugga/kit';
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
        control: controlType,
        ended: alarmEnded,
        time: timestamp,
        ...(gridEventFault !== undefined && { fault: gridEventFault }),
        ...(extraInfo !== undefined && { info: extraInfo }),
      },
    ],
  }),
  reply: () => ({}),
});

import type { DeviceEvent, Fact, Inbound } from '@plugga/kit';
import { clip, isMembers, meaningOf, type Members, numberOf, textOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';
import { nameOf, saidOf, wordOf } from '../variable-name.ts';

interface Payload {
  readonly eventData?: unknown;
}

const TRIGGER: Readonly<Record<string, DeviceEvent['trigger']>> = {
  Alerting: 'alerting',
  Delta: 'delta',
  Periodic: 'periodic',
};
const NUMBERS = { id: 'eventId', cause: 'cause', monitor: 'variableMonitoringId', severity: 'severity' } as const;
const TEXTS = {
  value: ['actualValue', 2_500],
  code: ['techCode', 50],
  info: ['techInfo', 500],
  transactionId: ['transactionId', 36],
  origin: ['eventNotificationType', 50],
} as const;

const numbersOf = (raw: Members) =>
  Object.fromEntries(
    Object.entries(NUMBERS).flatMap(([name, member]) => {
      const number = numberOf(raw[member]);
      return number === undefined ? [] : [[name, number]];
    }),
  );
const textsOf = (raw: Members) =>
  Object.fromEntries(
    Object.entries(TEXTS).flatMap(([name, [member, most]]) => {
      const value = raw[member];
      const text = typeof value === 'boolean' ? String(value) : textOf(value);
      return text === undefined ? [] : [[name, clip(text, most)]];
    }),
  );

/** One that names no variable is kept as it came. */
const eventOf = (raw: unknown): Fact => {
  const said = saidOf(raw);
  if (said === undefined || !isMembers(raw)) return { kind: 'noted', topic: 'event.unreadable', data: raw };
  return {
    kind: 'deviceEvent',
    time: wordOf(raw['timestamp']),
    variable: nameOf(said),
    trigger: meaningOf(TRIGGER, raw['trigger']) ?? 'alerting',
    ...(raw['cleared'] === true && { cleared: true }),
    ...numbersOf(raw),
    ...textsOf(raw),
  };
};

/** [2,"id","NotifyEvent",{"generatedAt":"…","seqNo":0,"eventData":[{"eventId":1,"timestamp":"…","trigger":"Alerting","actualValue":"true","eventNotificationType":"HardWiredMonitor","component":{"name":"ChargingStation"},"variable":{"name":"Problem"}}]}] */
export const notifyEvent = (wire: Wire2): Inbound<Payload, Readonly<Record<string, never>>> => ({
  request: wire.tolerant('NotifyEventRequest', {
    kind: 'plain',
    harmless: ['generatedAt', 'seqNo'],
    opaque: [
      ...['seqNo', 'tbc', 'generatedAt', 'eventData/*', 'eventData/*/timestamp', 'eventData/*/cleared'],
      ...['eventData/*/trigger', 'eventData/*/component', 'eventData/*/variable'],
      ...Object.values(NUMBERS).map((member) => `eventData/*/${member}`),
      ...Object.values(TEXTS).map(([member]) => `eventData/*/${member}`),
    ],
  }),
  response: wire.strict('NotifyEventResponse'),
  read: ({ eventData }) => ({ facts: Array.isArray(eventData) ? eventData.map(eventOf) : [] }),
  reply: () => ({}),
});

import type { Inbound } from '@plugga/kit';
import { wire21 } from '../schema.ts';

type Nothing = Readonly<Record<string, never>>;
interface Stream {
  readonly id: number;
  readonly variableMonitoringId: number;
  readonly params: { readonly interval?: number; readonly values?: number };
}

const noted = (topic: string, data: unknown) => ({ facts: [{ kind: 'noted', topic, data } as const] });

/** [2,"id","OpenPeriodicEventStream",{"constantStreamData":{"id":1,"variableMonitoringId":7,"params":{"interval":2}}}] */
export const openPeriodicEventStream: Inbound<
  { readonly constantStreamData: Stream },
  { readonly status: 'Accepted' }
> = {
  request: wire21.tolerant('OpenPeriodicEventStreamRequest', { kind: 'plain' }),
  response: wire21.strict('OpenPeriodicEventStreamResponse'),
  read: ({ constantStreamData: { id, variableMonitoringId: monitor, params } }) =>
    noted('stream.opened', { id, monitor, ...params }),
  reply: () => ({ status: 'Accepted' }),
};

/** [2,"id","ClosePeriodicEventStream",{"id":1}] */
export const closePeriodicEventStream: Inbound<{ readonly id: number }, Nothing> = {
  request: wire21.tolerant('ClosePeriodicEventStreamRequest', { kind: 'plain' }),
  response: wire21.strict('ClosePeriodicEventStreamResponse'),
  read: ({ id }) => noted('stream.closed', { id }),
  reply: () => ({}),
};

interface Values {
  readonly id: number;
  readonly pending: number;
  readonly basetime: string;
  readonly data: readonly unknown[];
}

/**
 * [6,"id","NotifyPeriodicEventStream",{"id":1,"pending":0,"basetime":"2026-01-05T12:00:00Z","data":[{"t":0,"v":"230"}]}] : a
 * SEND, which nobody answers. All its values are stored at once, as one event.
 */
export const notifyPeriodicEventStream: Inbound<Values, Nothing> = {
  request: wire21.tolerant('NotifyPeriodicEventStream', { kind: 'plain', harmless: ['pending'] }),
  read: ({ id, pending, basetime: base, data: values }) => noted('stream.values', { id, base, pending, values }),
  reply: () => ({}),
};

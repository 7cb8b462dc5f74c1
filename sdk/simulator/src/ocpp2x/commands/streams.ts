import { type Command, record, status, whole } from '../../ocpp16/command.ts';
import type { Context } from './context.ts';

type Given = Readonly<Record<string, unknown>>;

/** Streams of values that nobody answers (2.1: SEND, message type 6). */
export interface Streams {
  open(id: number, params: Given): void;
  close(id: number): void;
  /** A value of the monitor; false when it has no stream. */
  push(id: number, value: string): boolean;
  readonly commands: Readonly<Record<string, Command>>;
}

interface Stream {
  params: { readonly interval?: number; readonly values?: number };
  first: number;
  values: { readonly t: number; readonly v: string }[];
}

export const streams = ({ hands, beside, protocol }: Context): Streams => {
  const all = new Map<number, Stream>();
  const paramsOf = (given: Given): Stream['params'] => {
    const [interval, values] = [whole(given['interval']), whole(given['values'])];
    return { ...(interval === undefined ? {} : { interval }), ...(values === undefined ? {} : { values }) };
  };
  const seconds = (ms: number): number => Math.round(ms / 10) / 100;
  const flush = (id: number, stream: Stream): void => {
    if (stream.values.length === 0) return;
    const data = stream.values.splice(0);
    beside.send('NotifyPeriodicEventStream', { id, pending: 0, basetime: hands.stamp(stream.first), data });
    stream.first = hands.now();
  };
  const known = (): Given[] => [...all].map(([id, { params }]) => ({ id, params, variableMonitoringId: id }));
  const commands: Readonly<Record<string, Command>> = {
    AdjustPeriodicEventStream(payload) {
      const stream = all.get(whole(payload['id']) ?? -1);
      if (stream === undefined) return status('Rejected');
      stream.params = paramsOf(record(payload['params']) ?? {});
      return status('Accepted');
    },
    GetPeriodicEventStream: () => ({ result: all.size === 0 ? {} : { constantStreamData: known() } }),
  };
  return {
    commands: protocol === 'ocpp2.1' ? commands : {},
    open(id, given) {
      if (protocol !== 'ocpp2.1') return;
      const params = paramsOf(given);
      const constantStreamData = { id, params, variableMonitoringId: id };
      void beside.call('OpenPeriodicEventStream', { constantStreamData }).then((answer) => {
        if (answer.kind !== 'result' || answer.payload['status'] !== 'Accepted') return;
        all.set(id, { params, first: hands.now(), values: [] });
      });
    },
    close(id) {
      const stream = all.get(id);
      if (stream === undefined) return;
      flush(id, stream);
      all.delete(id);
      void beside.call('ClosePeriodicEventStream', { id });
    },
    push(id, v) {
      const stream = all.get(id);
      if (stream === undefined) return false;
      const now = hands.now();
      stream.values.push({ t: seconds(now - stream.first), v });
      const { interval = 0, values = 1 } = stream.params;
      const full = stream.values.length >= values;
      if (full || (interval > 0 && now - stream.first >= interval * 1_000)) flush(id, stream);
      return true;
    },
  };
};

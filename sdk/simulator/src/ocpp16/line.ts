import { randomUUID } from 'node:crypto';
import type { Dialect } from '../dialect.ts';
import type { StationEvent } from '../events.ts';
import type { StationOptions } from '../station.ts';
import { type Answered, calls, type Calls } from '../wire/calls.ts';
import { callText, type Frame, readFrame } from '../wire/frames.ts';
import { type Credentials, socket, type Socket } from '../wire/socket.ts';

/** The station's line and the calls on it, with the faults and the make's own way of writing. */
export interface Line {
  readonly socket: Socket;
  readonly talk: Calls;
  /** Actions whose next answer is lost. */
  readonly losing: Set<string>;
  readonly newId: () => string;
  call(action: string, payload: Record<string, unknown>): Promise<Answered>;
  /** The same in the words of the station's works, which the dialect puts into its own. */
  tell(action: string, payload: Record<string, unknown>): Promise<Answered>;
  say(text: string): boolean;
  /** The counter of message ids begins anew. */
  restarted(): void;
  reuseIds(on: boolean): void;
}

export const lineOf = (o: {
  readonly options: StationOptions;
  readonly dialect: Dialect;
  readonly url: string;
  readonly random: () => number;
  readonly credentials: () => Credentials;
  readonly emit: (event: StationEvent) => void;
  readonly opened: () => void;
  readonly closed: () => void;
  readonly called: (frame: Extract<Frame, { type: 2 }>) => void;
}): Line => {
  const { options, emit } = o;
  const { personality } = options;
  const losing = new Set<string>();
  let count = 0;
  let last = '';
  let reusing = false;

  const newId = (): string => {
    if (reusing && last !== '') return last;
    count += 1;
    last = options.messageIds === 'numbers' ? String(count) : randomUUID();
    return last;
  };
  const write = (id: string, action: string, payload: unknown): string => {
    const filled = personality?.sends?.[action]?.(payload as Readonly<Record<string, unknown>>) ?? payload;
    const text = callText(id, action, filled);
    return personality?.text?.(text, action) ?? text;
  };
  const say = (text: string): boolean => {
    const sent = line.send(text);
    if (sent) emit({ kind: 'sent', text });
    return sent;
  };
  const talk = calls({ send: say, timeoutMs: options.callTimeoutMs ?? 30_000, write });
  const line = socket({
    url: o.url,
    identity: options.identity,
    protocols: options.subprotocol === false ? [] : (options.subprotocols ?? [o.dialect.protocol]),
    credentials: o.credentials,
    dropsOnPing: options.dropsOnPing === true,
    backOff: options.backOff ?? { firstMs: 1_000, maxMs: 30_000 },
    random: o.random,
    opened() {
      emit({ kind: 'connected' });
      o.opened();
    },
    closed(code, reason) {
      o.closed();
      emit({ kind: 'disconnected', code, reason });
      talk.reset();
    },
    refused: (status) => emit({ kind: 'refused', status }),
    received(text) {
      const frame = readFrame(text);
      if (frame !== undefined && frame.type !== 2) {
        const lost = talk.actionsOf(frame.id).filter((action) => losing.delete(action));
        if (lost.length > 0) return line.cut();
      }
      emit({ kind: 'received', text });
      if (frame === undefined) return;
      if (frame.type === 2) o.called(frame);
      else talk.answered(frame);
    },
  });
  const call: Line['call'] = (action, payload) => talk.call({ id: newId(), action, payload });
  return {
    socket: line,
    talk,
    losing,
    newId,
    call,
    async tell(action, payload) {
      const told = o.dialect.tell(action, payload);
      return o.dialect.hear(action, await call(told.action, told.payload), payload);
    },
    say,
    restarted: () => void (count = 0),
    reuseIds: (on) => void (reusing = on),
  };
};

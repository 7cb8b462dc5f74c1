import { once } from 'node:events';
import type { ConnectionOptions } from 'node:tls';
import { WebSocket } from 'ws';

type Payload = Readonly<Record<string, unknown>>;
/** What a CALL is answered with; `silent` is no answer at all, a text an OCPP error code. */
export type Replies = Record<string, Payload | string | ((payload: Payload) => Payload | string)>;

/** A station that says what the test says and answers what the test answers: it knows nothing of OCPP but its frames. */
export interface AnsweringStation {
  /** The CALLs that came, in order. */
  readonly calls: readonly (readonly [action: string, payload: Payload])[];
  /** Answers to what asked for none, such as to a SEND. */
  readonly strays: readonly (readonly unknown[])[];
  replies: Replies;
  /** A CALL of the station; gives the payload of the answer. */
  say(action: string, payload?: unknown): Promise<Payload>;
  /** A CALL of the station; gives the frame that answers it, without its id: a CALLRESULT or a CALLERROR. */
  ask(action: string, payload?: unknown): Promise<readonly unknown[]>;
  /** A SEND, which has no answer. */
  send(action: string, payload: unknown): void;
  /** 2.1: the answer that it got last is none that it can read (CALLRESULTERROR). */
  refuse(code: string, description: string): void;
  /** The next CALL of that action, from those that came already on. */
  called(action: string, withinMs?: number): Promise<Payload>;
  close(): Promise<void>;
}

const DEADLINE_MS = 20_000;

export async function answeringStation(
  url: string,
  o: {
    readonly replies?: Replies;
    readonly authorization?: string;
    readonly boots?: boolean;
    readonly tls?: ConnectionOptions;
    readonly protocol?: 'ocpp1.6' | 'ocpp2.0.1' | 'ocpp2.1';
    /** Where it thinks it dials. */
    readonly host?: string;
  } = {},
): Promise<AnsweringStation> {
  const { protocol = 'ocpp1.6' } = o;
  const socket = new WebSocket(url, [protocol], {
    ...o.tls,
    headers: {
      ...(o.authorization === undefined ? {} : { authorization: o.authorization }),
      ...(o.host === undefined ? {} : { host: o.host }),
    },
  });
  const calls: [string, Payload][] = [];
  const strays: (readonly unknown[])[] = [];
  const waiting = new Map<string, (answer: readonly unknown[]) => void>();
  const listeners = new Set<() => void>();
  let next = 0;
  let seen = 0;

  const answer = (id: string, action: string, payload: Payload): void => {
    const reply = station.replies[action] ?? { status: 'Accepted' };
    const said = typeof reply === 'function' ? reply(payload) : reply;
    if (said === 'silent') return;
    socket.send(JSON.stringify(typeof said === 'string' ? [4, id, said, '', {}] : [3, id, said]));
  };
  socket.on('message', (raw) => {
    const [kind, id, ...rest] = JSON.parse(String(raw)) as readonly [number, string, ...unknown[]];
    if (kind !== 2) {
      const waits = waiting.get(id);
      if (waits === undefined) strays.push([kind, id, ...rest]);
      return waits?.([kind, ...rest]);
    }
    const [action, payload] = rest as [string, Payload];
    calls.push([action, payload]);
    answer(id, action, payload);
    for (const listener of [...listeners]) listener();
  });

  const inTime = <T>(step: string, wait: Promise<T>, withinMs = DEADLINE_MS): Promise<T> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`stalled: ${step}`)), withinMs);
    });
    return Promise.race([wait, late]).finally(() => clearTimeout(timer));
  };

  const ask: AnsweringStation['ask'] = (action, payload = {}) => {
    const id = `s${(next += 1)}`;
    const answered = new Promise<readonly unknown[]>((resolve) => waiting.set(id, resolve));
    socket.send(JSON.stringify([2, id, action, payload]));
    return inTime(`the answer to ${action}`, answered);
  };
  const station: AnsweringStation = {
    calls,
    strays,
    ask,
    send: (action, payload) => socket.send(JSON.stringify([6, `s${(next += 1)}`, action, payload])),
    replies: o.replies ?? {},
    refuse: (code, description) => socket.send(JSON.stringify([5, `s${next}`, code, description, {}])),
    say: async (action, payload = {}) => {
      const [kind, ...rest] = await ask(action, payload);
      if (kind !== 3) throw new Error(`${action} was answered ${JSON.stringify(rest)}`);
      return rest[0] as Payload;
    },
    called: (action, withinMs) =>
      inTime(
        `a call of ${action}`,
        new Promise((resolve) => {
          const look = (): void => {
            const at = calls.findIndex(([name], i) => i >= seen && name === action);
            if (at < 0) return;
            seen = at + 1;
            listeners.delete(look);
            resolve(calls[at]![1]);
          };
          listeners.add(look);
          look();
        }),
        withinMs,
      ),
    close: async () => {
      if (socket.readyState === WebSocket.CLOSED) return;
      const closed = once(socket, 'close');
      socket.close();
      await inTime('the close', closed);
    },
  };
  await inTime('the handshake', once(socket, 'open'));
  if (o.boots !== false)
    await station.say(
      'BootNotification',
      protocol === 'ocpp1.6'
        ? { chargePointVendor: 'Test', chargePointModel: 'Answers' }
        : { reason: 'PowerUp', chargingStation: { vendorName: 'Test', model: 'Answers' } },
    );
  return station;
}

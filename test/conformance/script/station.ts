import { connect, type ConnectionOptions } from 'node:tls';
import { WebSocket } from 'ws';
import { Failure, inTime } from './failure.ts';
import { misfit, type Wanted } from './fit.ts';
import { schemaFault, type Version } from './schema.ts';

export type Payload = Readonly<Record<string, unknown>>;

/** One payload on its way: who says it, and whether it asks or answers. */
export interface Spoken {
  readonly who: 'csms asks' | 'csms answers' | 'station says' | 'station answers';
  readonly action: string;
  readonly payload: Payload;
}

/** A station that says what its script says and knows nothing of OCPP but its frames. */
export interface Station {
  readonly identity: string;
  /** The protocol that was agreed on. */
  readonly protocol: string;
  /** A CALL; gives the payload of the answer, which must fit `wanted` where that is given. */
  says(action: string, payload?: Payload, wanted?: Payload): Promise<Payload>;
  /** A CALL that must be answered with an error of that code. */
  isRefused(action: string, payload: Payload, code: string): Promise<void>;
  /** A SEND, which has no answer: only 2.1 has it. */
  sends(action: string, payload: Payload): void;
  /** The next CALL of the CSMS must be this one, nothing else in it; it is answered so. Gives its payload. */
  hears(action: string, wanted: Wanted, answer: Payload, withinMs?: number): Promise<Payload>;
  /** The same, and it is answered with an error of that code. */
  refuses(action: string, wanted: Wanted, code: string): Promise<Payload>;
  /** Questions that it may be asked or not, whenever, and what it then answers. */
  allows(answers: Allowed): void;
  /** Whatever else it is asked from now on, but these, it says that it does not support. */
  declines(o: { readonly but: readonly string[] }): void;
  /** The socket is gone without a word, as when the power fails. */
  loses(): void;
  /** Nothing that the script did not ask for has come, an answer to a SEND neither. */
  quiet(): void;
  /** Resolves when the other side has closed. */
  readonly closed: Promise<number>;
  close(): Promise<void>;
}

type Allowed = Readonly<Record<string, Payload | ((asked: Payload) => Payload)>>;

export interface StationOptions {
  readonly url: string;
  readonly identity: string;
  readonly protocols: readonly string[];
  readonly authorization?: string;
  readonly tls?: ConnectionOptions;
  readonly patienceMs: number;
  /** Changes a payload on its way: how a case is shown that it can fail. */
  twist(spoken: Spoken): Payload;
}

interface Heard {
  readonly id: string;
  readonly action: string;
  readonly payload: Payload;
}

export async function connectStation(o: StationOptions): Promise<Station> {
  const { identity, patienceMs, twist } = o;
  const socket = new WebSocket(`${o.url}/${encodeURIComponent(identity)}`, [...o.protocols], {
    ...o.tls,
    ...(o.authorization === undefined ? {} : { headers: { authorization: o.authorization } }),
  });
  const answers = new Map<string, (frame: readonly unknown[]) => void>();
  const heard: Heard[] = [];
  let unasked: string | undefined;
  let allowed: Allowed = {};
  let supported: readonly string[] | undefined;
  let wake: (() => void) | undefined;
  let next = 0;

  const faultOf = (action: string, kind: 'Request' | 'Response', payload: unknown): string | undefined =>
    schemaFault(versionOf(socket.protocol), action, kind, payload);

  socket.on('message', (raw) => {
    const [kind, id, ...rest] = JSON.parse(String(raw)) as readonly [number, string, ...unknown[]];
    if (kind !== 2) return answers.get(id)?.([kind, ...rest]);
    const [action, payload] = rest as [string, Payload];
    const free = Object.hasOwn(allowed, action) ? allowed[action] : undefined;
    if (free !== undefined && faultOf(action, 'Request', payload) === undefined)
      return socket.send(JSON.stringify([3, id, typeof free === 'function' ? free(payload) : free]));
    if (supported?.includes(action) === false) return socket.send(JSON.stringify([4, id, 'NotSupported', '', {}]));
    heard.push({ id, action, payload: twist({ who: 'csms asks', action, payload }) });
    wake?.();
  });
  socket.on('error', () => undefined);
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));

  const must = (step: string, why: string | undefined): void => {
    if (why !== undefined) throw new Failure(step, why);
  };

  const asks = (action: string, payload: Payload): Promise<readonly unknown[]> => {
    const id = `s${(next += 1)}`;
    const answered = new Promise<readonly unknown[]>((resolve) => answers.set(id, resolve));
    const said = twist({ who: 'station says', action, payload });
    socket.send(JSON.stringify([2, id, action, said]));
    return inTime(`the answer to ${action}`, patienceMs, answered);
  };
  const comes = async (action: string, wanted: Wanted, withinMs = patienceMs): Promise<Heard> => {
    const step = `${action} comes`;
    if (heard.length === 0) await inTime(step, withinMs, new Promise<void>((resolve) => (wake = resolve)));
    const call = heard.shift()!;
    if (call.action !== action) throw new Failure(step, `${call.action} came instead`);
    must(step, faultOf(action, 'Request', call.payload));
    must(step, misfit(call.payload, wanted, true));
    return call;
  };

  await inTime(`${identity} connects`, patienceMs + 5_000, opened(socket));
  return {
    identity,
    protocol: socket.protocol,
    closed,
    says: async (action, payload = {}, wanted = {}) => {
      const step = `the answer to ${action}`;
      const [kind, ...rest] = await asks(action, payload);
      if (kind !== 3) throw new Failure(step, `it is an error: ${JSON.stringify(rest)}`);
      const answer = twist({ who: 'csms answers', action, payload: rest[0] as Payload });
      must(step, faultOf(action, 'Response', answer));
      must(step, misfit(answer, wanted, false));
      return answer;
    },
    isRefused: async (action, payload, code) => {
      const [kind, found] = await asks(action, payload);
      const answer = kind === 4 ? { error: found } : {};
      must(
        `the answer to ${action}`,
        misfit(twist({ who: 'csms answers', action, payload: answer }), { error: code }, true),
      );
    },
    sends: (action, payload) => {
      const said = twist({ who: 'station says', action, payload });
      const id = `s${(next += 1)}`;
      answers.set(id, () => (unasked = `the SEND ${action} was answered`));
      socket.send(JSON.stringify([6, id, action, said]));
    },
    hears: async (action, wanted, answer, withinMs) => {
      const { id, payload } = await comes(action, wanted, withinMs);
      socket.send(JSON.stringify([3, id, twist({ who: 'station answers', action, payload: answer })]));
      return payload;
    },
    refuses: async (action, wanted, code) => {
      const { id, payload } = await comes(action, wanted);
      const { error, ...answer } = twist({ who: 'station answers', action, payload: { error: code } });
      socket.send(JSON.stringify(error === undefined ? [3, id, answer] : [4, id, error, '', {}]));
      return payload;
    },
    allows: (answers) => {
      allowed = answers;
    },
    declines: ({ but }) => {
      supported = but;
    },
    loses: () => socket.terminate(),
    quiet: () => must('nothing else is asked', heard[0] === undefined ? unasked : `${heard[0].action} came`),
    close: async () => {
      if (socket.readyState === WebSocket.CLOSED) return;
      socket.close();
      await inTime(`${identity} closes`, 5_000, closed);
    },
  };
}

/** Whether a handshake is let in: 101, or the status that refuses it. */
export const knock = (o: {
  readonly url: string;
  readonly identity: string;
  readonly protocol: string;
  readonly authorization?: string;
  readonly tls?: ConnectionOptions;
}) => {
  const socket = new WebSocket(`${o.url}/${encodeURIComponent(o.identity)}`, [o.protocol], {
    ...o.tls,
    ...(o.authorization === undefined ? {} : { headers: { authorization: o.authorization } }),
  });
  return inTime(
    `${o.identity} knocks`,
    10_000,
    new Promise<number>((resolve) => {
      // A CSMS may also refuse in the handshake of TLS: 0.
      socket.on('error', () => resolve(0));
      socket.once('open', () => {
        socket.terminate();
        resolve(101);
      });
      socket.once('unexpected-response', (request, response) => {
        request.destroy();
        resolve(response.statusCode ?? 0);
      });
    }),
  );
};

/** The version of TLS that a station of those suites is spoken to in; `refused` where there is none. */
export const shake = (url: string, tls: ConnectionOptions): Promise<string> => {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port || 443), servername: '', ...tls });
  return inTime(
    'the handshake of TLS',
    10_000,
    new Promise<string>((resolve) => {
      socket.once('secureConnect', () => resolve(socket.getProtocol() ?? ''));
      socket.on('error', () => resolve('refused'));
    }),
  ).finally(() => socket.destroy());
};

/** The subprotocol that is agreed on of those offered; empty when none is. */
export const negotiate = (o: {
  readonly url: string;
  readonly identity: string;
  readonly protocols: readonly string[];
}) => {
  const socket = new WebSocket(`${o.url}/${encodeURIComponent(o.identity)}`, [...o.protocols]);
  socket.on('error', () => undefined);
  return inTime(
    `${o.identity} offers ${o.protocols.join(', ')}`,
    10_000,
    new Promise<string>((resolve) => {
      socket.once('upgrade', (response) => {
        resolve(String(response.headers['sec-websocket-protocol'] ?? ''));
        setImmediate(() => socket.terminate());
      });
      socket.once('unexpected-response', (request) => {
        request.destroy();
        resolve('');
      });
    }),
  );
};

/** Of a subprotocol that was agreed on; a CSMS that names none is taken for one of 1.6. */
const versionOf = (protocol: string): Version =>
  protocol === 'ocpp2.1' ? '2.1' : protocol === 'ocpp2.0.1' ? '2.0.1' : '1.6';

const opened = (socket: WebSocket): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('unexpected-response', (_, response) =>
      reject(new Failure('the handshake', `it was refused with ${response.statusCode}`)),
    );
    socket.once('error', (error) => reject(new Failure('the handshake', error.message)));
  });

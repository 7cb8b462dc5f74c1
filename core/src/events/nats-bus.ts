import { fail, instant, type Instant, iso, type Log } from '@plugga/kit';
import type { ConnectionOptions, Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Clock } from '../ports.ts';
import { type BusState, inProcessBus, type OpenBus } from './bus.ts';
import { decodeAnswer, decodeSaid, encodeAnswer, encodeError, encodeSaid, type Ignored, isLate } from './envelope.ts';

/** Where NATS is, and how it is known that it is NATS. */
export interface NatsAddress {
  /** `nats://user:password@host:4222`, `tls://…`; a user without password is a token. */
  readonly url: string;
  /** Paths of PEM files, for `tls://…`. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

export interface NatsBusOptions extends NatsAddress {
  /** The first words of every subject: two installations on one NATS never hear each other. */
  readonly prefix: string;
  /** Name of this node, on each message. */
  readonly node: string;
  readonly clock: Clock;
  readonly log: Log;
  /** A message that came over the wire and was not listened to. */
  ignored?(why: Ignored): void;
  /** How long the first connection is waited for before the node goes on alone. */
  readonly firstMs?: number;
}

const FIRST_MS = 2_000;
const DIAL_MS = 3_000;
const AGAIN_MS = { first: 250, longest: 5_000 };
/** A server that says nothing is found out within twice this. */
const PING_MS = 5_000;
/** Only one answers, should two have subscribed. */
const QUEUE = 'holder';

/**
 * The bus between nodes, on NATS core. What this node says reaches its own listeners at once and without NATS; other nodes
 * hear it while NATS is there. Connects again for ever; meanwhile the node goes on alone and says so.
 */
export async function natsBus(o: NatsBusOptions): Promise<OpenBus> {
  const { clock, log, node } = o;
  const { connect, RequestError, TimeoutError } = await import('@nats-io/transport-node');
  const local = inProcessBus({ clock, log });
  const { options, host } = dialOf(o, node);
  const wires = new Map<string, Wire>();
  const listeners = new Set<(state: BusState) => void>();
  const pending = new Set<(error: Error) => void>();
  let state: Extract<BusState, { since: Instant }> = { kind: 'away', since: clock.now() };
  let connection: NatsConnection | undefined;
  let closing = false;
  let wake = (): void => undefined;

  const become = (kind: 'connected' | 'away', why?: unknown): void => {
    if (kind === state.kind) return;
    const secondsAway = Math.round((clock.now() - state.since) / 1000);
    state = { kind, since: clock.now() };
    if (kind === 'connected') log.info('bus connected: the nodes hear each other', { host, secondsAway });
    else {
      log.warn('bus away: this node goes on alone', { host, error: why });
      for (const reject of pending) reject(fail('unavailable', 'the bus went away before the answer came'));
      pending.clear();
    }
    for (const listener of listeners) listener(state);
  };

  // ---- what comes over the wire ----
  const ignored = (why: Ignored): void => o.ignored?.(why);
  const heard = (subject: string, message: Msg): void => {
    const said = decodeSaid(message.data);
    if (typeof said === 'string') ignored(said);
    else local.publish(subject, said.body);
  };
  const asked = (subject: string, message: Msg): void => {
    const said = decodeSaid(message.data);
    if (typeof said === 'string') return ignored(said);
    // A process that was frozen finds what was asked of it long ago.
    if (isLate(said, clock.now())) return ignored('late');
    local
      .request(subject, said.body, said.ms ?? DIAL_MS)
      .then(encodeAnswer)
      .catch(encodeError)
      .then((text) => message.respond(text))
      .catch((error: unknown) => log.warn('answer not sent', { subject, error }));
  };
  const listen = (wire: Wire): void => {
    if (connection === undefined) return;
    const callback = (error: Error | null, message: Msg): void => {
      if (error !== null) log.warn('bus subscription failed', { subject: wire.subject, error });
      else wire.take(wire.subject, message);
    };
    wire.subscription = connection.subscribe(`${o.prefix}.${wire.subject}`, {
      callback,
      ...(wire.take === asked ? { queue: QUEUE } : {}),
    });
  };
  /** One subscription a subject and purpose, however many there are here that wait for it. */
  const wired = (subject: string, take: Wire['take']): (() => void) => {
    const key = `${take === asked ? '?' : '!'}${subject}`;
    const wire = wires.get(key) ?? { subject, take, users: 0 };
    wire.users += 1;
    if (wire.users === 1) {
      wires.set(key, wire);
      listen(wire);
    }
    let left = false;
    return () => {
      if (left) return;
      left = true;
      wire.users -= 1;
      if (wire.users > 0) return;
      wires.delete(key);
      wire.subscription?.unsubscribe();
    };
  };

  // ---- the connection ----
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.at(instant(clock.now() + ms), resolve);
      wake = () => {
        cancel();
        resolve();
      };
    });
  const follow = async (opened: NatsConnection): Promise<void> => {
    for await (const event of opened.status()) {
      if (event.type === 'disconnect') become('away', 'the connection was lost');
      else if (event.type === 'reconnect') become('connected');
      else if (event.type === 'error') log.warn('bus', { host, error: event.error });
    }
  };
  /** Until the first connection, and again should the client give up. */
  const keep = async (): Promise<void> => {
    for (let ms = AGAIN_MS.first, told = false; !closing;) {
      try {
        connection = await connect(options);
        if (closing) return await connection.close();
        for (const wire of wires.values()) listen(wire);
        become('connected');
        void follow(connection);
        ms = AGAIN_MS.first;
        told = false;
        const why = await connection.closed();
        connection = undefined;
        become('away', why ?? 'the connection was closed');
      } catch (error) {
        if (!told) log.warn('bus cannot be reached: this node goes on alone', { host, error });
        told = true;
      }
      if (!closing) await pause(ms);
      ms = Math.min(ms * 2, AGAIN_MS.longest);
    }
  };
  const keeping = keep();

  const bus: OpenBus = {
    state: () => state,
    follow: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    publish: (subject, message) => {
      local.publish(subject, message);
      if (state.kind === 'away') return;
      connection?.publish(`${o.prefix}.${subject}`, encodeSaid({ from: node, at: clock.now(), body: message }));
    },
    subscribe: (subject, handler) => {
      const here = local.subscribe(subject, handler);
      const there = wired(subject, heard);
      return () => {
        here();
        there();
      };
    },
    request: async (subject, message, timeoutMs) => {
      if (local.responds(subject)) return local.request(subject, message, timeoutMs);
      if (state.kind === 'away' || connection === undefined)
        throw fail('station-offline', `the bus is away since ${iso(state.since)}: nobody can be asked`);
      const text = encodeSaid({ from: node, at: clock.now(), ms: timeoutMs, body: message });
      let give: (error: Error) => void = () => undefined;
      const gone = new Promise<never>((_, reject) => pending.add((give = reject)));
      try {
        const answer = connection.request(`${o.prefix}.${subject}`, text, { timeout: timeoutMs });
        return decodeAnswer((await Promise.race([answer, gone])).data);
      } catch (error) {
        if (error instanceof RequestError && error.isNoResponders())
          throw fail('station-offline', `nobody answers for "${subject}"`, { cause: error });
        if (error instanceof TimeoutError)
          throw fail('call-timeout', `no answer for "${subject}" within ${timeoutMs} ms`, { cause: error });
        throw error;
      } finally {
        pending.delete(give);
      }
    },
    respond: (subject, handler) => {
      const here = local.respond(subject, handler);
      const there = wired(subject, asked);
      return () => {
        here();
        there();
      };
    },
    close: async () => {
      closing = true;
      wake();
      // What was said last goes out before.
      if (state.kind === 'connected') await connection?.drain().catch(() => connection?.close());
      else await connection?.close();
      await keeping;
    },
  };

  const first = new Promise<void>((resolve) => {
    const cancel = clock.at(instant(clock.now() + (o.firstMs ?? FIRST_MS)), resolve);
    const stop = bus.follow(() => {
      cancel();
      stop();
      resolve();
    });
  });
  await first;
  return bus;
}

/** Whether NATS answers at that address, for `plugga doctor`; throws what it said. */
export async function greetNats(address: NatsAddress): Promise<string> {
  const { connect } = await import('@nats-io/transport-node');
  const { options, host } = dialOf(address, 'doctor');
  const connection = await connect({ ...options, reconnect: false });
  const { version = '' } = connection.info ?? {};
  await connection.close();
  return `${host}, nats-server ${version}`;
}

interface Wire {
  readonly subject: string;
  readonly take: (subject: string, message: Msg) => void;
  users: number;
  subscription?: Subscription;
}

/** The client takes credentials as options only. The other servers of a NATS cluster are found through the first. */
function dialOf(
  { url: text, tls = {} }: NatsAddress,
  node: string,
): { readonly options: ConnectionOptions; readonly host: string } {
  const url = new URL(text);
  const user = decodeURIComponent(url.username);
  const pass = decodeURIComponent(url.password);
  const credentials = user === '' ? {} : pass === '' ? { token: user } : { user, pass };
  const host = `${url.hostname}:${url.port || '4222'}`;
  return {
    host,
    options: {
      servers: host,
      name: `plugga ${node}`,
      ...credentials,
      // Files and not what is in them: a certificate that was renewed is read at the next connection.
      ...(url.protocol === 'tls:'
        ? {
            tls: {
              // The client names the host for the check of the certificate only where it is a name; else Node takes
              // "localhost" for it, whose certificate is not that of an address.
              ...{ host: url.hostname.replace(/^\[(.*)\]$/, '$1') },
              ...(tls.ca === undefined ? {} : { caFile: tls.ca }),
              ...(tls.cert === undefined ? {} : { certFile: tls.cert }),
              ...(tls.key === undefined ? {} : { keyFile: tls.key }),
            },
          }
        : {}),
      noEcho: true,
      timeout: DIAL_MS,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 500,
      reconnectJitter: 500,
      ignoreAuthErrorAbort: true,
      pingInterval: PING_MS,
      maxPingOut: 2,
    },
  };
}

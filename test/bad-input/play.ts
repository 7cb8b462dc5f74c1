import { inspect } from 'node:util';
import { WebSocket } from 'ws';
import { POSITIVE, SOME, type Case, type Closed, type Dial, type Gives, type Step } from './case.ts';
import { type Trap, trap } from './trap.ts';
import { frame, handshake, wire, type Wire } from './wire.ts';

/** A live platform. */
export interface Target {
  /** ws://host:port/ocpp */
  readonly wsUrl: string;
  /** http://host:port */
  readonly apiUrl: string;
  readonly adminKey: string;
  /** Ends it without a word and starts it again on the same data and port. */
  restart?(): Promise<void>;
}

export interface Tokens {
  readonly tag: string;
  readonly blocked: string;
  readonly expired: string;
}

const KEY = '00112233445566778899aabbccddeeff00112233';
const BEGAN = 'began';
const DEADLINE_MS = 15_000;
/** The slowest case waits for two pongs. */
const CLOSE_DEADLINE_MS = 120_000;

interface Talk {
  readonly ws?: WebSocket;
  readonly wire?: Wire;
  readonly received: unknown[];
  closed(): { readonly code: number | 'cut'; readonly reason: string } | undefined;
}

/** Plays one case; throws an error that names the case and the step. */
export async function play(it: Case, target: Target, tokens: Tokens, unique: string): Promise<void> {
  const port = Number(new URL(target.apiUrl).port);
  // Times are told from the case's begin, so that what is sent twice is the same both times.
  const kept = new Map<string, unknown>([...Object.entries(tokens), [BEGAN, Date.now()]]);
  const talks = new Map<string, Talk>();
  const all: Talk[] = [];
  const traps: Trap[] = [];
  const join = (as: string, talk: Talk): void => {
    talks.set(as, talk);
    all.push(talk);
  };
  const identities = new Map<string, string>();
  let probes = 0;
  /** Where the last CALL of ours stands among what each has received. */
  const calls = new Map<Talk, number>();

  const identityOf = async (as: string): Promise<string> => {
    const known = identities.get(as);
    if (known !== undefined) return known;
    const identity = `${unique}-${as}`;
    identities.set(as, identity);
    await api(target, 'POST', 'stations', { identity, key: KEY });
    return identity;
  };

  const dial = async (as: string, o: Dial, gives: Extract<Step, { dial: unknown }>['gives']): Promise<void> => {
    if (o.of !== undefined) identities.set(as, await identityOf(o.of));
    const identity = await identityOf(as);
    const path = `/ocpp/${o.identity ?? identity}`;
    const key = {
      right: KEY,
      capitals: KEY.toUpperCase(),
      bytes: Buffer.from(KEY, 'hex'),
      wrong: 'not the key',
      none: undefined,
    }[o.key ?? 'right'];
    const authorization: Record<string, string> =
      key === undefined
        ? {}
        : {
            Authorization: `Basic ${Buffer.concat([Buffer.from(`${o.user ?? identity}:`), Buffer.from(key as string)]).toString('base64')}`,
          };
    const protocols = o.protocols ?? [`ocpp${it.version}`];
    if (gives === 'open' && o.wire === undefined) {
      join(
        as,
        await opened(`${target.wsUrl.replace(/\/ocpp$/, '')}${path}`, protocols, { ...authorization, ...o.headers }),
      );
      return;
    }
    const offered: Record<string, string> =
      protocols.length === 0 ? {} : { 'Sec-WebSocket-Protocol': protocols.join(', ') };
    const text =
      handshake(path, { ...offered, ...authorization, ...o.headers }) + (o.unfinished === true ? '' : '\r\n');
    const from = performance.now();
    const line = await wire(port, text);
    const talk: Talk = { wire: line, received: [], closed: line.closed };
    if (gives === 'open' || 'close' in gives) join(as, talk);
    if (gives === 'open') return void (await until('the upgrade', () => line.status() === 101));
    if ('close' in gives) return closing(talk, gives);
    const status = await until('an answer to the handshake', () => line.status());
    if (status !== gives.status) throw new Unexpected(`status ${gives.status}`, status);
    if (gives.after !== undefined && performance.now() - from < gives.after)
      throw new Unexpected(`an answer after ${gives.after} ms`, performance.now() - from);
    line.socket.destroy();
  };

  const closing = async (talk: Talk, expected: Closed): Promise<void> => {
    const closed = await until(`close ${expected.close}`, () => talk.closed(), CLOSE_DEADLINE_MS);
    // Cut without a close frame shows as 1006 in a library and as `cut` on the wire.
    const code = closed.code === 1006 ? 'cut' : closed.code;
    if (code !== expected.close) throw new Unexpected(`close ${expected.close}`, closed);
    if (expected.reason !== undefined && !closed.reason.includes(expected.reason))
      throw new Unexpected(`a reason with "${expected.reason}"`, closed.reason);
  };

  const probe = async (talk: Talk): Promise<void> => {
    const id = `probe ${(probes += 1)}`;
    talk.ws?.send(JSON.stringify([2, id, 'Heartbeat', {}]));
    await until('a Heartbeat is answered', () => frameOf(talk, id));
  };

  const sent = async (talk: Talk, step: Extract<Step, { send: unknown }>): Promise<void> => {
    const value = filled(step.send, kept);
    const before = talk.received.length;
    for (let time = 0; time < (step.times ?? 1); time += 1) {
      // Each repetition is a message of its own.
      const one =
        Array.isArray(value) && step.times !== undefined ? value.with(1, `${String(value[1])} ${time}`) : value;
      const data = typeof one === 'string' ? one : JSON.stringify(one);
      talk.ws?.send(step.binary === true ? Buffer.from(data) : data, { binary: step.binary === true });
    }
    const { gives } = step;
    if (gives === 'nothing') {
      await probe(talk);
      const came = answersSince(talk, before).slice(0, -1);
      if (came.length > 0) throw new Unexpected('no answer', came);
      return;
    }
    if (typeof gives === 'object' && 'close' in gives) return closing(talk, gives);
    const answers = await until(`${step.times ?? 1} answers`, () => {
      const came = answersSince(talk, before);
      return came.length >= (step.times ?? 1) ? came : undefined;
    });
    for (const answer of answers)
      judged(answer, Array.isArray(value) && step.times === undefined ? value[1] : undefined, gives);
    const result = (answers[0] as readonly unknown[])[2];
    for (const [name, member] of Object.entries(step.keep ?? {}))
      kept.set(name, (result as Record<string, unknown>)[member]);
  };

  const judged = (answer: unknown, id: unknown, gives: Exclude<Gives, 'nothing' | Closed>): void => {
    if (gives === 'result') return fits(answer, id === undefined ? [3] : [3, id], answer);
    if ('result' in gives) return fits((answer as readonly unknown[])[2], filled(gives.result, kept), answer);
    if ('frame' in gives) return fits(answer, gives.frame, answer);
    fits((answer as readonly unknown[]).slice(0, 1), [4], answer);
    fits((answer as readonly unknown[])[2], gives.error, answer);
  };

  const take = async (step: Step): Promise<void> => {
    const as = step.as ?? 'a';
    if ('dial' in step) return dial(as, step.dial, step.gives);
    kept.set('identity', await identityOf(as));
    if ('idleSockets' in step) return crowd(step.idleSockets);
    if ('http' in step) {
      const path = String(filled(step.path, kept));
      const response = await fetch(`${target.apiUrl}${path}`, { method: step.http });
      if (response.status !== step.gives.status) throw new Unexpected(`status ${step.gives.status}`, response.status);
      const body = await response.text();
      if (body.length > 1000) throw new Unexpected('a short body', body.length);
      return;
    }
    if ('trap' in step) {
      const set = await trap();
      traps.push(set);
      return void kept.set(step.trap, set.url);
    }
    if ('restart' in step) {
      if (target.restart === undefined) throw new Unexpected('a platform that can be restarted', undefined);
      for (const talk of talks.values()) talk.ws?.terminate();
      talks.clear();
      return target.restart();
    }
    if (!talks.has(as)) await dial(as, {}, 'open');
    const talk = talks.get(as)!;
    if ('send' in step) return sent(talk, step);
    if ('wire' in step) {
      for (const bytes of step.wire) talk.wire?.socket.write(bytes);
      return closing(talk, step.gives);
    }
    if ('trickle' in step) {
      talk.wire?.socket.write(frame(step.trickle, { first: 0x01 }));
      const timer = setInterval(() => talk.wire?.socket.write(frame(' ', { first: 0x00 })), 100);
      return closing(talk, step.gives).finally(() => clearInterval(timer));
    }
    if ('ping' in step) {
      for (let n = 0; n < step.ping; n += 1) talk.ws?.ping();
      return closing(talk, step.gives);
    }
    if ('unread' in step) return unread(talk, step);
    if ('frozen' in step) {
      // It has ponged once, and then its kernel takes our bytes while nobody answers.
      await until('the first ping', () => (talk as { pinged?: boolean }).pinged, CLOSE_DEADLINE_MS);
      talk.ws?.pause();
      await until('it is given up', async () => !(await isOnline(target, identities.get(as)!)), CLOSE_DEADLINE_MS);
      talk.ws?.terminate();
      return;
    }
    if ('idle' in step) {
      await new Promise((done) => setTimeout(done, step.idle * 1000));
      if (talk.closed() !== undefined) throw new Unexpected('an open connection', talk.closed());
      return probe(talk);
    }
    if ('hears' in step) return heard(talk, step.hears, step.reply, CLOSE_DEADLINE_MS);
    if ('command' in step) return commanded(talk, identities.get(as)!, step);
    return called(talk, identities.get(as)!, step);
  };

  const crowd = async (count: number): Promise<void> => {
    const lines: Wire[] = [];
    try {
      for (let from = 0; from < count; from += 250)
        lines.push(...(await Promise.all(Array.from({ length: Math.min(250, count - from) }, () => wire(port, '')))));
      await until('some are cut', () => lines.some((line) => line.over));
      const cut = lines.filter((line) => line.over).length;
      if (cut > count / 10) throw new Unexpected('the others to be left alone', `${cut} of ${count} cut`);
    } finally {
      for (const line of lines) line.socket.destroy();
    }
  };

  const unread = async (talk: Talk, step: Extract<Step, { unread: unknown }>): Promise<void> => {
    talk.ws?.pause();
    const text = JSON.stringify(filled(step.unread, kept));
    const timer = setInterval(() => {
      for (let n = 0; n < 90; n += 1) talk.ws?.send(text);
    }, 100);
    try {
      await until(
        'it is given up',
        async () => !(await isOnline(target, kept.get('identity') as string)),
        CLOSE_DEADLINE_MS,
      );
    } finally {
      clearInterval(timer);
      talk.ws?.terminate();
    }
  };

  const called = async (talk: Talk, identity: string, step: Extract<Step, { call: unknown }>): Promise<void> => {
    const answer = api(target, 'POST', `stations/${identity}/calls`, step.call, 'any');
    await heard(talk, step.call.action, step.reply);
    const { status, body } = await answer;
    if (status !== step.gives.status) throw new Unexpected(`status ${step.gives.status}`, { status, body });
    fits(body, step.gives.body ?? body, body);
    await probe(talk);
  };

  const commanded = async (talk: Talk, identity: string, step: Extract<Step, { command: unknown }>): Promise<void> => {
    const { body } = await api(target, 'POST', `stations/${identity}/commands`, step.command);
    const { id } = body as { readonly id: string };
    await heard(talk, step.action, step.reply);
    const look = async (): Promise<void> => {
      const { body: now } = await api(target, 'GET', `stations/${identity}/commands/${id}`);
      fits(now, step.gives, now);
    };
    await settled(`the end of ${step.action}`, look, it.slow === true ? CLOSE_DEADLINE_MS : DEADLINE_MS);
    await probe(talk);
  };

  /** Waits for the next CALL of that name, and says what the station says to it. */
  const heard = async (
    talk: Talk,
    action: string,
    replies: readonly unknown[],
    deadlineMs = DEADLINE_MS,
  ): Promise<void> => {
    const last = calls.get(talk);
    const ours = await until(
      `our ${action}`,
      () =>
        (talk.received as (readonly unknown[])[]).find(
          (frame, at) => at > (last ?? -1) && frame[0] === 2 && frame[2] === action,
        ),
      deadlineMs,
    );
    calls.set(talk, talk.received.indexOf(ours));
    kept.set('call', ours[1]);
    kept.set('request', (ours[3] as { readonly requestId?: unknown }).requestId);
    for (const reply of replies) {
      const value = filled(reply, kept);
      talk.ws?.send(typeof value === 'string' ? value : JSON.stringify(value));
    }
  };

  let step = 0;
  try {
    for (; step < it.steps.length; step += 1) await take(it.steps[step]!);
    for (const set of traps) if (set.visits() > 0) throw new Unexpected('nobody to connect to the trap', set.visits());
    if (it.sessions !== undefined) await sessionsOf(target, identities.get('a')!, it.sessions);
    if (it.security !== undefined) await securityOf(target, identities.get('a')!, it.security);
    if (it.log !== undefined) await logOf(target, identities.get('a')!, it.log);
    if (it.station !== undefined) {
      const expected = it.station;
      await settled('the station', async () => {
        const { body } = await api(target, 'GET', `stations/${identities.get('a')!}`);
        fits(body, expected, body);
      });
    }
  } catch (error) {
    const where = step < it.steps.length ? `step ${step + 1} of ${it.steps.length}` : 'the state afterwards';
    throw new Error(`${it.id} ${it.title}: ${where}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  } finally {
    for (const it of traps) it.close();
    for (const talk of all) {
      talk.ws?.terminate();
      talk.wire?.socket.destroy();
    }
  }
}

async function opened(
  url: string,
  protocols: readonly string[],
  headers: Readonly<Record<string, string>>,
): Promise<Talk> {
  const ws = new WebSocket(url, [...protocols], { headers, perMessageDeflate: false });
  const received: unknown[] = [];
  let ended: { code: number; reason: string } | undefined;
  const talk = { ws, received, closed: () => ended, pinged: false };
  ws.on('message', (data) => received.push(JSON.parse(String(data))));
  ws.on('ping', () => (talk.pinged = true));
  ws.on('close', (code, reason) => (ended = { code, reason: String(reason) }));
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve);
    ws.once('error', reject);
  });
  ws.on('error', () => undefined);
  return talk;
}

/** All but CALLs of ours, which may come at any time. */
const answersSince = (talk: Talk, before: number): readonly unknown[] =>
  talk.received.slice(before).filter((it) => (it as readonly unknown[])[0] !== 2);

const frameOf = (talk: Talk, id: unknown): readonly unknown[] | undefined =>
  (talk.received as (readonly unknown[])[]).find((it) => it[0] !== 2 && it[1] === id);

const isOnline = async (target: Target, identity: string): Promise<boolean> => {
  const { body } = await api(target, 'GET', `stations/${identity}`);
  return (body as { online: boolean }).online;
};

async function sessionsOf(target: Target, identity: string, expected: readonly unknown[]): Promise<void> {
  await settled('the sessions', async () => {
    const { body } = await api(target, 'GET', `sessions?station=${identity}`);
    const { items } = body as { readonly items: readonly unknown[] };
    if (items.length !== expected.length) throw new Unexpected(`${expected.length} sessions`, items);
    fits(items, expected, items);
  });
}

async function securityOf(target: Target, identity: string, expected: readonly unknown[]): Promise<void> {
  await settled('the security events', async () => {
    const { body } = await api(target, 'GET', `security?station=${identity}`);
    const { items } = body as { readonly items: readonly unknown[] };
    if (items.length !== expected.length) throw new Unexpected(`${expected.length} security events`, items);
    fits(items, expected, items);
  });
}

/** Reads the station's events from the first on, until all that are expected were among them. */
async function logOf(target: Target, identity: string, expected: readonly unknown[]): Promise<void> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), DEADLINE_MS);
  const events: unknown[] = [];
  const isThere = (wanted: unknown): boolean =>
    events.some((event) => {
      try {
        fits(event, wanted, event);
        return true;
      } catch {
        return false;
      }
    });
  try {
    const { body } = await fetch(`${target.apiUrl}/api/v1/events?after=0&station=${identity}`, {
      headers: { authorization: `Bearer ${target.adminKey}` },
      signal: stop.signal,
    });
    let text = '';
    for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
      const lines = (text + chunk).split('\n');
      text = lines.pop()!;
      for (const line of lines) if (line.startsWith('data: ')) events.push(JSON.parse(line.slice(6)));
      if (expected.every(isThere)) return;
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
  throw new Unexpected(inspect(expected, { depth: 5 }), events);
}

/** Derived views follow within seconds: asked again until it fits. */
async function settled(what: string, look: () => Promise<void>, deadlineMs = DEADLINE_MS): Promise<void> {
  let last: unknown;
  const fine = async (): Promise<boolean> => {
    try {
      await look();
      return true;
    } catch (error) {
      last = error;
      return false;
    }
  };
  await until(what, fine, deadlineMs).catch(() => {
    throw last;
  });
}

export async function api(
  target: Target,
  method: string,
  path: string,
  body?: unknown,
  expected: 'ok' | 'any' = 'ok',
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`${target.apiUrl}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${target.adminKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (expected === 'ok' && !response.ok)
    throw new Unexpected(`${method} ${path} to work`, `${response.status} ${text}`);
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

/** «name» replaced by what is kept under it, «-60» by the time 60 s ago. */
function filled(value: unknown, kept: ReadonlyMap<string, unknown>): unknown {
  const named = (name: string): unknown => {
    if (/^[+-]\d+$/.test(name))
      return new Date((kept.get(BEGAN) as number) + Number(name) * 1000).toISOString().replace(/\.\d+/, '');
    if (!kept.has(name)) throw new Unexpected('a name that is kept', name);
    return kept.get(name);
  };
  if (typeof value === 'string') {
    const alone = /^«([^»]+)»$/.exec(value)?.[1];
    return alone === undefined ? value.replace(/«([^»]+)»/g, (_, name: string) => String(named(name))) : named(alone);
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, kept));
  if (typeof value !== 'object' || value === null || value === POSITIVE || value instanceof RegExp) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, filled(member, kept)]));
}

/** Throws unless every member that is expected is there. Arrays fit item by item, as far as the expected ones go. */
function fits(actual: unknown, expected: unknown, whole: unknown): void {
  const differs = (): never => {
    throw new Unexpected(inspect(expected, { depth: 4 }), whole);
  };
  if (expected === POSITIVE) return typeof actual === 'number' && actual > 0 ? undefined : differs();
  if (expected === SOME) return Array.isArray(actual) && actual.length > 0 ? undefined : differs();
  if (expected instanceof RegExp) return expected.test(String(actual)) ? undefined : differs();
  if (typeof expected !== 'object' || expected === null) return actual === expected ? undefined : differs();
  if (typeof actual !== 'object' || actual === null) return differs();
  for (const [key, member] of Object.entries(expected)) fits((actual as Record<string, unknown>)[key], member, whole);
}

async function until<T>(
  step: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (let wait = 2; ; wait = Math.min(wait * 1.5, 250)) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`stalled: ${step}`);
    await new Promise((done) => setTimeout(done, wait));
  }
}

class Unexpected extends Error {
  constructor(expected: string, actual: unknown) {
    super(`expected ${expected}, got ${inspect(actual, { depth: 5, breakLength: 160 }).slice(0, 1500)}`);
  }
}

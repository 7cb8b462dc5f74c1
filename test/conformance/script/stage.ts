import { randomBytes } from 'node:crypto';
import type { ConnectionOptions } from 'node:tls';
import type { Csms, Operator, Registration, StationWanted, TokenWanted } from './csms.ts';
import { Failure } from './failure.ts';
import { misfit, oneOf, type Rule, type Wanted } from './fit.ts';
import type { Version } from './schema.ts';
import {
  connectStation,
  knock,
  negotiate,
  shake,
  type Payload,
  type Spoken,
  type Station,
  type StationOptions,
} from './station.ts';

/** A command as the operator sees it end. */
export interface Ended {
  readonly status: 'accepted' | 'rejected';
  readonly detail?: string | null;
  readonly result?: Payload;
  readonly effect?: string | Rule;
}

export interface Command {
  /** The answer is written down, and what it leads to is looked out for. */
  taken(): Promise<void>;
  ends(wanted: Ended): Promise<void>;
}

/** What a case acts on: stations that it connects, the operator's steps, and what the operator then sees. */
export interface Stage {
  /** The subprotocol of the version that is played. */
  readonly protocol: string;
  /** Connected; known to the CSMS, and with a key where one is given. */
  station(o?: {
    readonly identity?: string;
    readonly key?: string | Uint8Array;
    readonly protocols?: readonly string[];
    readonly over?: Tls;
    /** It also hears what the CSMS sends by itself. */
    readonly unasked?: true;
  }): Promise<Station>;
  /** As `hears`, of what the CSMS sends by itself: that may take until 30 s after the connection, and then as long as an answer. */
  hearsUnasked(station: Station, action: string, wanted: Wanted, answer: Payload): Promise<Payload>;
  /** A station that is known and has not connected; gives its identity. */
  known(key?: string, securityProfile?: number): Promise<string>;
  /** What its boot is answered from now on; accepted where nothing is said. */
  registers(identity: string, as: Registration): Promise<void>;
  /** That much time goes by. */
  passes(ms: number): Promise<void>;
  /** The status of a handshake with that key, 101 when it is let in, 0 when already TLS refuses it. */
  knocks(identity: string, key?: Credentials, over?: Tls): Promise<number>;
  /** The version of TLS that is spoken to a station that knows only these; `refused` where none is. */
  speaks(only: { readonly newest?: 'TLSv1.1' | 'TLSv1.2'; readonly suites: string }): Promise<string>;
  /** What a handshake that offers these agrees on. */
  offers(identity: string, protocols: readonly string[]): Promise<string>;
  /** A token that the CSMS knows; gives its value. */
  token(token?: Omit<TokenWanted, 'value'>): Promise<string>;
  /** A tariff of 4.00 SEK a kWh and 25 % VAT that the CSMS knows, for the tokens of a group where one is named; gives its id. */
  tariff(group?: string): Promise<string>;
  /** The operator trusts an issuer of contracts; then what fetches them for vehicles. */
  trusts(root: string): Promise<void>;
  fetchesFrom(url: string): Promise<void>;
  /** What names that token in commands. */
  idOf(value: string): string;
  /** A value that no CSMS knows. */
  strange(): string;
  /** The operator has the vehicle that charges there planned for otherwise than it asked. */
  replans(station: Station, wishes: Payload): Promise<void>;
  /** The operator asks for a command; gives a way to see how it ended. */
  asks(station: Station, command: Payload): Promise<Command>;
  /** A resource of the operator API. Nothing where only frames can be looked at. */
  sees(step: string, path: string, wanted: unknown): Promise<void>;
  /** The same, looked at until it fits: what a plugin makes of it. */
  comes(step: string, path: string, wanted: unknown): Promise<void>;
  /** The only session of the station. */
  session(station: Station, wanted: Payload): Promise<void>;
  /** The station's events of those types, from the first on, by their data. */
  told(station: Station, types: string, wanted: readonly Payload[]): Promise<void>;
  connector(station: Station, connector: number, wanted: string | Payload): Promise<void>;
  must(step: string, value: unknown, wanted: unknown): void;
}

/** A key, which goes with the identity, or with another user's name. */
export type Credentials = string | Uint8Array | { readonly user: string; readonly key: string };

/** Over TLS, and with the certificate that it then shows. */
export interface Tls {
  readonly cert?: string;
  readonly key?: string;
}

const LOOK_MS = 20;
/** A CSMS may wait that long after a connection until it says something of its own accord; ours does. */
const UNASKED_MS = 30_000;

/** The case needs what is not there: somebody who does a step at the CSMS, or TLS. */
export class Missing extends Error {}

export function openStage(
  csms: Csms,
  twist: (spoken: Spoken) => Payload,
  version: Version,
): { stage: Stage; close(): Promise<void> } {
  const protocol = `ocpp${version}`;
  const { seen } = csms;
  const stations: Station[] = [];
  const run = randomBytes(4).toString('hex').toUpperCase();
  const ids = new Map<string, string>();
  let named = 0;
  const operator = (): Operator => {
    if (csms.operator === undefined) throw new Missing('an operator');
    return csms.operator;
  };
  const basic = (identity: string, key?: Credentials): string | undefined => {
    if (key === undefined) return undefined;
    if (typeof key === 'object' && 'user' in key) return basic(key.user, key.key);
    return `Basic ${Buffer.concat([Buffer.from(`${identity}:`), Buffer.from(key)]).toString('base64')}`;
  };
  /** Where to connect, and how. */
  const by = (over: Tls | undefined): { readonly url: string; readonly tls?: ConnectionOptions } => {
    if (over === undefined) return { url: csms.url };
    if (csms.tls === undefined) throw new Missing('TLS');
    const { url, ca } = csms.tls;
    return { url, tls: { ...(ca === undefined ? {} : { ca }), ...over } };
  };
  const passes = async (ms: number): Promise<void> =>
    csms.leap === undefined ? new Promise((resolve) => setTimeout(resolve, ms)) : csms.leap(ms);
  const handshake = (payload: Payload): Payload => twist({ who: 'csms answers', action: 'Upgrade', payload });
  const must: Stage['must'] = (step, value, wanted) => {
    const why = misfit(value, wanted, false);
    if (why !== undefined) throw new Failure(step, why);
  };
  /** Looked at again while `open`; then it must fit at once. */
  const look = async <T>(step: string, get: () => Promise<T>, open: (it: T) => boolean): Promise<T> => {
    for (const until = performance.now() + csms.patienceMs; ;) {
      const found = await get();
      if (!open(found)) return found;
      if (performance.now() > until) throw new Failure(step, `it is still ${JSON.stringify(found).slice(0, 300)}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  };
  const letIn = async (wanted: StationWanted): Promise<string> => {
    const { key } = wanted;
    if (csms.operator === undefined && key === undefined && csms.identity !== undefined) return csms.identity;
    const identity = `C-${run}-${(named += 1)}`;
    if (csms.operator !== undefined || key !== undefined) await operator().station(identity, wanted);
    return identity;
  };

  const stage: Stage = {
    ...{ protocol, passes },
    known: (key, securityProfile) =>
      letIn({ ...(key !== undefined && { key }), ...(securityProfile !== undefined && { securityProfile }) }),
    station: async ({ identity, key, protocols, over, unasked } = {}) => {
      const name = identity ?? (await letIn(unasked === undefined ? {} : { unasked }));
      const authorization = basic(name, key);
      const options: StationOptions = {
        ...{ ...by(over), identity: name, patienceMs: csms.patienceMs, twist },
        protocols: protocols ?? [protocol],
        ...(authorization === undefined ? {} : { authorization }),
      };
      const station = await connectStation(options);
      stations.push(station);
      return station;
    },
    hearsUnasked: (station, action, wanted, answer) => {
      csms.leap?.(UNASKED_MS);
      return station.hears(action, wanted, answer, csms.patienceMs + (csms.leap === undefined ? UNASKED_MS : 0));
    },
    speaks: async ({ newest = 'TLSv1.2', suites }) => {
      const { url, tls } = by({});
      const old = newest === 'TLSv1.1' ? ({ minVersion: 'TLSv1' } as const) : {};
      const version = await shake(url, { ...tls, ...old, maxVersion: newest, ciphers: suites });
      return twist({ who: 'csms answers', action: 'TLS', payload: { version } })['version'] as string;
    },
    knocks: async (identity, key, over) => {
      const authorization = basic(identity, key);
      const status = await knock({
        ...by(over),
        ...{ identity, protocol },
        ...(authorization === undefined ? {} : { authorization }),
      });
      return handshake({ status })['status'] as number;
    },
    offers: async (identity, protocols) => {
      const protocol = await negotiate({ url: csms.url, identity, protocols });
      return handshake({ protocol })['protocol'] as string;
    },
    trusts: (root) => operator().contractRoot(root),
    fetchesFrom: (url) => operator().contractService(url),
    registers: (identity, as) => operator().registers(identity, as),
    idOf: (value) => ids.get(value) ?? value,
    token: async (token = {}) => {
      if (csms.operator === undefined && csms.token !== undefined && Object.keys(token).length === 0) return csms.token;
      const value = `T${run}${(named += 1)}`.padEnd(16, '0');
      const id = await operator().token({ value, ...token });
      if (id !== undefined) ids.set(value, id);
      return value;
    },
    tariff: async (group) => {
      const id = `C-${run}-${(named += 1)}`;
      await operator().tariff({
        ...{ id, currency: 'SEK', perKwh: '4.00', vatPercent: '25' },
        ...(group !== undefined && { group }),
      });
      return id;
    },
    replans: ({ identity }, wishes) => operator().replan(identity, wishes),
    strange: () => `X${run}${(named += 1)}`,
    asks: async (station, command) => {
      const step = `the command ${String(command['type'])} ends`;
      const id = await operator().command(station.identity, command);
      const get = async (): Promise<Payload | undefined> =>
        seen === undefined || id === undefined
          ? undefined
          : ((await seen.get(`stations/${station.identity}/commands/${id}`)) as Payload);
      const until = (open: (it: Payload) => boolean) => look(step, get, (it) => it !== undefined && open(it));
      return {
        taken: async () => {
          await until(
            (it) => it['effectState'] === null && ['queued', 'sent', 'accepted'].includes(String(it['status'])),
          );
        },
        ends: async ({ status, effect, ...wanted }) => {
          const isTaken = (it: Payload): boolean =>
            ['accepted', 'scheduled'].includes(String((it['result'] as Payload)['status']));
          const isLookedFor = (it: Payload): boolean =>
            effect !== undefined && isTaken(it) && !['seen', 'unseen'].includes(String(it['effectState']));
          const ended = await until((it) => it['result'] === null || isLookedFor(it));
          if (ended === undefined) return;
          // What was seen of it beats what was answered: `done` follows both, so the answer itself is looked at.
          must(step, isTaken(ended) ? 'accepted' : 'rejected', status);
          must(step, ended['status'], oneOf(status, 'done'));
          must(step, ended, { ...wanted, ...(effect === undefined ? {} : { effect }) });
        },
      };
    },
    sees: async (step, path, wanted) => {
      if (seen !== undefined) must(step, await seen.get(path), wanted);
    },
    comes: async (step, path, wanted) => {
      if (seen === undefined) return;
      const found = await look(
        step,
        () => seen.get(path),
        (it) => misfit(it, wanted, false) !== undefined,
      );
      must(step, found, wanted);
    },
    session: async (station, wanted) => {
      if (seen === undefined) return;
      const page = (await seen.get(`sessions?station=${encodeURIComponent(station.identity)}`)) as { items: unknown[] };
      must('the session', page.items, [wanted]);
    },
    told: async (station, types, wanted) => {
      if (seen === undefined) return;
      const events = await seen.events({ station: station.identity, types, count: wanted.length });
      must(
        `what was told of ${types}`,
        events.map((it) => (it as { data: unknown }).data),
        wanted,
      );
    },
    connector: async (station, connector, wanted) => {
      if (seen === undefined) return;
      const { evses } = (await seen.get(`stations/${station.identity}`)) as {
        evses: readonly { readonly evse: number; readonly connectors: readonly unknown[] }[];
      };
      const found = evses.find(({ evse }) => evse === connector)?.connectors[0];
      must(`connector ${connector}`, found, typeof wanted === 'string' ? { status: wanted } : wanted);
    },
    must,
  };
  return { stage, close: async () => void (await Promise.all(stations.map((it) => it.close()))) };
}

import pg from 'pg';
import type { Chance } from './chance.ts';
import type { Faults } from './faults.ts';
import type { Failure, Probe } from './probe.ts';
import type { Process } from './process.ts';
import type { RealDatabase, Slot } from './real-database.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';

/** How the next statement goes. */
export type Fate =
  | { readonly kind: 'well'; readonly before: number; readonly after: number }
  | { readonly kind: 'refused' | 'serialization' | 'crash before' | 'crash inside'; readonly before: number }
  | { readonly kind: 'lost after' | 'crash after'; readonly before: number };

export interface SimulatedDatabase {
  /** As pg's pool; what is asked of it is asked by that process. */
  poolOf(process: Process): pg.Pool;
  /** Nothing goes until then. */
  awayUntil: number;
}

interface Query {
  readonly text: string;
  readonly values?: readonly unknown[];
  readonly name?: string;
  readonly query_timeout?: number;
}

const CLOCK = 'clock_timestamp()';

const PROBED = {
  error: 'refused',
  'late error': 'lost after',
  crash: 'crash before',
  'late crash': 'crash after',
} as const satisfies Record<Failure, Fate['kind']>;

const OFTEN: readonly { readonly says: RegExp; readonly every: number; readonly first: number }[] = [
  // Which stations have a rule that is due: at the start, and now and then.
  { says: /min\(d\.due_at\)/, every: 20, first: 0 },
  { says: /^\s*with seen as/, every: 20, first: 0 },
  // Whether anybody is there at all.
  { says: /^select 1$/, every: 1, first: 1 },
];

const queryOf = (given: string | Query, values?: readonly unknown[]): Query =>
  typeof given === 'string' ? { text: given, ...(values === undefined ? {} : { values }) } : given;

const lost = (): Error => Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' });
const refused = (): Error => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

/** A failure as the server words it. */
const errorOf = (code: string, message: string): Error =>
  Object.assign(new pg.DatabaseError(message, message.length, 'error'), { code });

/** The tables of one tenant behind a network of its own: slow, away, lost before or after, as the seed has it. */
export function simulatedDatabase(o: {
  readonly real: RealDatabase;
  readonly slot: Slot;
  readonly time: Timeline;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly probe: Probe | undefined;
}): SimulatedDatabase {
  const { real, slot, time, chance, faults, trace } = o;
  let holder: object | undefined;
  let line: (() => void)[] = [];

  /** The one connection, for a statement or a whole transaction. */
  const take = async (): Promise<() => void> => {
    const me = {};
    while (holder !== undefined) await new Promise<void>((resolve) => line.push(resolve));
    holder = me;
    return () => {
      if (holder !== me) return;
      holder = undefined;
      const next = line;
      line = [];
      for (const go of next) go();
    };
  };

  const fateOf = (what: 'commit' | 'query' | 'transaction'): Fate => {
    const failure = o.probe?.('store');
    const before = chance.between(1, what === 'commit' ? 15 : 4);
    if (failure !== undefined) return { kind: PROBED[failure], before };
    if (!faults.active) return { kind: 'well', before, after: 1 };
    if (time.now < self.awayUntil) {
      faults.happened('FI-08 database away');
      return { kind: 'refused', before: chance.pick([1, 1, 500]) };
    }
    if (what === 'commit' && chance.of(faults.rates.crash)) {
      const kind = chance.pick(['crash before', 'crash after'] as const);
      faults.happened(kind === 'crash before' ? 'FI-05 crash before commit' : 'FI-06 crash between commit and answer');
      return { kind, before };
    }
    if (what === 'transaction' && chance.of(faults.rates.crash)) {
      const kind = chance.pick(['crash before', 'crash inside', 'crash after'] as const);
      faults.happened(kind === 'crash after' ? 'FI-06 crash between commit and answer' : 'FI-05 crash before commit');
      return { kind, before };
    }
    if (!chance.of(faults.rates.database)) return { kind: 'well', before, after: chance.between(0, 3) };
    const kind = chance.pick(['refused', 'lost after', 'serialization', 'slow', 'slow', 'late', 'away'] as const);
    switch (kind) {
      case 'serialization':
        faults.happened('FI-10 serialization failure');
        return { kind, before };
      case 'slow':
      case 'late': {
        faults.happened('FI-09 database slow');
        const ms = chance.between(2_000, 30_000);
        // It happens now and is told late, or happens late.
        return kind === 'late' ? { kind: 'well', before, after: ms } : { kind: 'well', before: ms, after: 1 };
      }
      case 'away':
        self.awayUntil = time.now + chance.pick([300, 1_500, 8_000, 40_000]);
        trace.say('database', `away until ${self.awayUntil - time.now} ms later`);
        faults.happened('FI-08 database away');
        return { kind: 'refused', before };
      default:
        faults.happened('FI-08 database away');
        return { kind, before };
    }
  };

  /** The database's own clock is the seed's. */
  const told = ({ text, values }: Query): [text: string, values?: readonly unknown[]] => {
    if (!text.includes(CLOCK)) return [text, values];
    const seconds = time.now / 1000;
    // As another parameter, so that the text stays the same and is planned once.
    return values === undefined
      ? [text.replaceAll(CLOCK, `to_timestamp(${seconds})`)]
      : [text.replaceAll(CLOCK, `to_timestamp($${values.length + 1}::float8)`), [...values, seconds]];
  };

  /** What a node asks every few seconds for hours is asked each so many times: between, nothing has changed. */
  const asked = new Map<string, number>();
  const spared = (process: Process, { text }: Query): boolean => {
    const often = OFTEN.find(({ says }) => says.test(text));
    if (often === undefined) return false;
    const key = `${process.name} ${often.says.source}`;
    const times = asked.get(key) ?? 0;
    asked.set(key, times + 1);
    return times % often.every !== often.first;
  };
  const execute = (process: Process, query: Query, how: 'query' | 'within' = 'query'): Promise<unknown> =>
    spared(process, query)
      ? Promise.resolve({ rows: [], rowCount: 0, command: 'SELECT' })
      : time.real(() => slot[how](...told(query)));

  const ask = async (process: Process, query: Query): Promise<unknown> => {
    const release = await take();
    try {
      return await execute(process, query);
    } finally {
      release();
    }
  };

  /** It goes with those of other seeds: where in the log its own events lie is not told. */
  const committed = async ({ text, values }: Query): Promise<unknown> => {
    await real.commit(text, values as (string | null)[]);
    return { rows: [] };
  };

  /** One statement that is its own transaction. */
  const single = (process: Process, query: Query): Promise<unknown> => {
    const isCommit = query.name === 'commit';
    const what = isCommit ? 'commit' : 'query';
    const fate = fateOf(what);
    const run = (): Promise<unknown> => (isCommit ? time.real(() => committed(query)) : ask(process, query));
    const named = !trace.keep
      ? ''
      : isCommit
        ? `commit ${nameOf(query)}`
        : (query.name ?? query.text.trim().slice(0, 60));
    return new Promise((resolve, reject) => {
      let waits = true;
      const answer = (ms: number, how: () => void): void =>
        void time.after(
          ms,
          () => {
            if (waits) how();
            waits = false;
          },
          process,
        );
      if (query.query_timeout !== undefined) answer(query.query_timeout, () => reject(new Error('Query read timeout')));
      // Not the process's own: what is on its way to the database may happen though who asked is dead.
      time.after(fate.before, () => {
        if (!process.alive && chance.of(0.5)) return;
        if (fate.kind !== 'well') trace.say('database', `${named}: ${fate.kind}`);
        switch (fate.kind) {
          case 'refused':
            return answer(0, () => reject(refused()));
          case 'serialization':
            return answer(0, () => reject(errorOf('40001', 'could not serialize access due to concurrent update')));
          case 'crash before':
            return process.crash('before the commit');
          default:
        }
        run().then(
          (result) => {
            trace.say('database', `${named} done${process.alive ? '' : ', nobody there'}`);
            if (fate.kind === 'crash after') process.crash('between commit and answer');
            else if (fate.kind === 'lost after') answer(0, () => reject(lost()));
            else answer(fate.kind === 'well' ? fate.after : 0, () => resolve(result));
          },
          (error: unknown) => {
            trace.say('database', `${named}: ${String(error)}`);
            answer(0, () => reject(error));
          },
        );
      });
    });
  };

  /** A connection for a transaction, or for what uses one as if. */
  const connect = (process: Process): Promise<unknown> => {
    const fate = fateOf('transaction');
    return new Promise((resolve, reject) => {
      time.after(
        fate.before,
        () => {
          if (fate.kind === 'refused') return reject(refused());
          if (fate.kind === 'crash before') return process.crash('when it connected');
          void take().then((free) => {
            if (process.alive) return resolve(clientOf(process, fate, free));
            free();
          });
        },
        process,
      );
    });
  };

  const clientOf = (process: Process, fate: Fate, free: () => void) => {
    let open = false;
    let broken = false;
    let over = false;
    let statements = 0;
    const query = async (given: string | Query, values?: readonly unknown[]): Promise<unknown> => {
      const asked = queryOf(given, values);
      if (broken) throw lost();
      if (!process.alive) return new Promise(() => undefined);
      if (/^\s*begin/i.test(asked.text)) open = true;
      const ends = /commit\s*$/i.test(asked.text);
      const decisive = ends || !open;
      if (fate.kind === 'crash inside' && (decisive || statements > 0)) {
        process.crash('inside a transaction');
        return new Promise(() => undefined);
      }
      statements += 1;
      if (decisive && fate.kind === 'serialization') {
        if (open) await rollback();
        throw errorOf('40001', 'could not serialize access');
      }
      const result = await execute(process, asked, open ? 'within' : 'query');
      if (ends || /^\s*rollback/i.test(asked.text)) open = false;
      if (decisive && fate.kind === 'crash after') {
        process.crash('after a transaction');
        return new Promise(() => undefined);
      }
      if (decisive && fate.kind === 'lost after') {
        broken = true;
        throw lost();
      }
      return result;
    };
    const rollback = async (): Promise<void> => {
      open = false;
      await time.real(() => slot.within('rollback'));
    };
    const release = (): void => {
      if (over) return;
      over = true;
      unhook();
      if (open) void rollback().then(free);
      else free();
    };
    const unhook = process.onEnd(release);
    return { query, release, on: () => undefined, off: () => undefined };
  };

  const self: SimulatedDatabase = {
    awayUntil: 0,
    poolOf: (process) =>
      ({
        query: (given: string | Query, values?: readonly unknown[]) => single(process, queryOf(given, values)),
        connect: () => connect(process),
        on: () => undefined,
        end: () => Promise.resolve(),
        options: {},
      }) as unknown as pg.Pool,
  };
  return self;
}

/** Which events a commit stores, for the trace. */
const nameOf = ({ values }: Query): string => {
  const events = JSON.parse(String(values?.[0] ?? '[]')) as {
    readonly s: string;
    readonly n: number;
    readonly k: string;
  }[];
  return events.map(({ s, n, k }) => `${s.slice(-2)}#${n} ${k}`).join(', ');
};

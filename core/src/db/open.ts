import { Socket } from 'node:net';
import { fail } from '@plugga/kit';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';

export interface OpenOptions {
  readonly url: string;
  /** Every connection works as this role from its first statement on. */
  readonly role?: string;
  /** Settings of every session, such as `jit: 'off'`. Values without spaces. */
  readonly session?: Readonly<Record<string, string>>;
  readonly max?: number;
  /** How long a connection and each statement may take; then the connection is given up. Without it: for ever. */
  readonly patienceMs?: number;
  /** Told of connections that broke while idle; the pool has already replaced them. */
  readonly onLost?: (error: Error) => void;
}

export interface Database<Tables> {
  readonly pool: pg.Pool;
  readonly kysely: Kysely<Tables>;
  close(): Promise<void>;
  /** Closes at once, whatever is under way: for a server that says nothing. What waits is told that its connection broke. */
  letGo(): Promise<void>;
}

const oldestServer = 150_000;

/** Opens no connection yet. The first one of a server older than PostgreSQL 15 fails, saying so. */
export const openDatabase = <Tables>({
  url,
  role,
  session = {},
  max = 10,
  patienceMs,
  onLost = () => {},
}: OpenOptions): Database<Tables> => {
  const settings = Object.entries({ ...(role === undefined ? {} : { role }), ...session });
  const sockets = new Set<Socket>();
  const pool = new pg.Pool({
    connectionString: url,
    // Ours, so that one can be let go of that is still connecting: the pool waits for it otherwise.
    stream: () => {
      const socket = new Socket();
      sockets.add(socket);
      return socket.once('close', () => sockets.delete(socket));
    },
    max,
    ...(patienceMs === undefined ? {} : { connectionTimeoutMillis: patienceMs, query_timeout: patienceMs }),
    ...(settings.length === 0 ? {} : { options: settings.map(([name, value]) => `-c ${name}=${value}`).join(' ') }),
    verify: (client, done) => {
      serverVersion(client).then(({ number, name }) => done(unsupportedServer(number, name)), done);
    },
  });
  // Without listeners a server's restart ends the process: the pool listens to connections while they are idle, and
  // nobody does between two statements of a transaction. There the next statement fails, which is enough.
  pool.on('error', onLost);
  pool.on('connect', (client) => client.on('error', () => {}));
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= kysely.destroy().then(() => (pool.ending ? undefined : pool.end())));
  return {
    ...{ pool, kysely, close },
    letGo: () => {
      const gone = close();
      for (const socket of sockets) socket.destroy();
      return gone;
    },
  };
};

export const unsupportedServer = (number: number, name: string): Error | undefined =>
  number < oldestServer
    ? fail('database-unusable', `the server is PostgreSQL ${name}; 15 or later is needed`)
    : undefined;

const serverVersion = async (client: pg.PoolClient): Promise<{ number: number; name: string }> => {
  const { rows } = await client.query<{ number: string; name: string }>(
    `select current_setting('server_version_num') as number, current_setting('server_version') as name`,
  );
  return { number: Number(rows[0]?.number), name: rows[0]?.name ?? 'unknown' };
};

import { fail } from '@plugga/kit';
import { realClock, realRandom } from '../clock.ts';
import { readConfig } from '../config.ts';
import { openDatabase } from '../db/open.ts';
import type { CoreTables } from '../db/tables.ts';
import { createTransactions } from '../db/transactions.ts';
import { inProcessBus } from '../events/bus.ts';
import type { HttpDeps } from '../http/deps.ts';
import { createLog, logOf } from '../log.ts';
import { createOutside } from '../outside/outside.ts';
import { createHost, type Host } from '../plugins/host.ts';
import type { Invocation } from './command.ts';

/** Nothing listens there: a plugin's command that asks for a database where there is none gets a plain refusal. */
const nowhere = 'postgres://127.0.0.1:1/none';

export type HostParts = Pick<HttpDeps, 'transactions' | 'system' | 'clock' | 'random' | 'log'>;

/** The deployment's plugins without a platform around them: no station, no delivery, a connection only when one is asked for. */
export async function withHost<T>(
  invocation: Invocation,
  run: (host: Host, parts: HostParts) => Promise<T>,
  url: string | undefined = readConfig(invocation.env).databaseUrl,
): Promise<T> {
  const config = readConfig(invocation.env);
  const log = createLog({ level: config.logLevel === 'info' ? 'warn' : config.logLevel });
  const owner = openDatabase<unknown>({ url: url ?? nowhere, max: 2 });
  const database = openDatabase<CoreTables>({ url: url ?? nowhere, max: 2 });
  const transactions = createTransactions({ pool: database.pool, clock: realClock, random: realRandom });
  const host = createHost({
    deployment: await invocation.deployment(),
    owner,
    database,
    transactions,
    delivery: {
      start: async () => undefined,
      stop: async () => undefined,
      status: async () => new Map(),
      rebuild: async () => undefined,
    },
    commands: {
      send: () => Promise.reject(fail('unavailable', 'a station can only be reached by a running platform')),
    },
    clock: realClock,
    random: realRandom,
    bus: inProcessBus({ clock: realClock, log }),
    outside: createOutside({ allow: config.egressAllow }),
    publicUrl: config.publicUrl ?? `http://${config.host}:${config.port}`,
    log,
    logOf: (plugin) => logOf(log, { plugin }),
  });
  try {
    return await run(host, { transactions, system: database.kysely, clock: realClock, random: realRandom, log });
  } finally {
    await Promise.all([owner.close(), database.close()]);
  }
}

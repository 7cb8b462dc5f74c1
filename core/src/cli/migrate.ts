import { readConfig } from '../config.ts';
import { startEmbedded } from '../db/embedded.ts';
import { migrate } from '../db/migrate.ts';
import { openDatabase } from '../db/open.ts';
import { exitCodes, type Command } from './command.ts';
import { optionsOf } from './options.ts';

export const migrateCommand: Command = {
  usage: 'plugga migrate',
  summary:
    'Brings the schemas of core and plugins up to date; the start does it too, this is for whoever wants it apart',
  async run(invocation) {
    const { args, json, env, out, err } = invocation;
    optionsOf(args, {});
    const config = readConfig(env);
    const embedded = config.databaseUrl === undefined ? await startEmbedded({ dataDir: config.dataDir }) : undefined;
    try {
      const url = config.databaseUrl ?? embedded?.url ?? '';
      const owner = openDatabase<unknown>({ url, max: 2 });
      const applied = await migrate(owner.kysely).finally(() => owner.close());
      const { withHost } = await import('./host.ts');
      const failed = await withHost(
        invocation,
        async (host) => {
          await host.migrate();
          return (await host.status()).filter(({ state }) => state === 'failed');
        },
        url,
      );
      for (const { name, reason } of failed) err(`plugin ${name}: ${reason ?? 'failed'}`);
      out(
        json
          ? JSON.stringify({ applied, failed: failed.map(({ name }) => name) })
          : `${applied.length} migrations of the core applied`,
      );
      return failed.length === 0 ? exitCodes.done : exitCodes.failed;
    } finally {
      await embedded?.stop();
    }
  },
};

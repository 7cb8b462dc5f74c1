import { refuseUnfinished } from '../backup/unfinished.ts';
import { migrate } from '../db/migrate.ts';
import { createLog } from '../log.ts';
import { exitCodes, type Command } from './command.ts';
import { optionsOf } from './options.ts';
import { withOwner } from './schemas.ts';

export const migrateCommand: Command = {
  usage: 'plugga migrate [up|status|plan]',
  summary:
    'Brings the schemas of core and plugins up to date; the start does it too, this is for whoever wants it apart',
  async run(invocation) {
    const { args, json, out, err } = invocation;
    optionsOf(args, {});
    return withOwner(invocation, async (owner, url) => {
      await refuseUnfinished(owner);
      const applied = await migrate(owner, { log: createLog() });
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
    });
  },
};

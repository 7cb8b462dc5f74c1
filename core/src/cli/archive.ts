import { reachDatabase } from '../backup/reach.ts';
import { readConfig } from '../config.ts';
import { openSystem } from '../db/system.ts';
import { archiveMonths } from '../retention/months.ts';
import { exitCodes, type Command } from './command.ts';
import { optionsOf } from './options.ts';
import { tableOf } from './table.ts';

export const archiveCommand: Command = {
  usage: 'plugga archive',
  summary:
    'What the archive of meter values holds, month by month, and what would be lost with each: none is ever dropped',
  async run({ args, env, json, out }) {
    optionsOf(args, {});
    const reached = await reachDatabase(readConfig(env));
    const system = openSystem({ url: reached.url, max: 1 });
    try {
      const months = await archiveMonths(system.kysely);
      if (json) out(JSON.stringify(months));
      else if (months.length === 0) out('nothing is archived yet');
      else {
        out(tableOf(months, ['month', 'mib', 'events', 'sessions', 'byReadingsAlone', 'lastClosedAt']));
        const sessions = months.reduce((sum, it) => sum + it.sessions, 0);
        const bare = months.reduce((sum, it) => sum + it.byReadingsAlone, 0);
        out(
          `without them ${sessions} sessions could not be corrected rightly when a station tells something late, and of ${bare} nothing would say what they drew; see docs/decisions/0011`,
        );
      }
      return exitCodes.done;
    } finally {
      await system.close();
      await reached.close();
    }
  },
};

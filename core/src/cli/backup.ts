import { reachDatabase } from '../backup/reach.ts';
import { makeBackup } from '../backup/make.ts';
import { realClock, realRandom } from '../clock.ts';
import { readConfig } from '../config.ts';
import { journalFolder } from '../db/journal.ts';
import { createLog } from '../log.ts';
import { exitCodes, type Command } from './command.ts';
import { optionsOf } from './options.ts';
import { progressTo, sizeText } from './progress.ts';

export const backup: Command = {
  usage: 'plugga backup [--to <file>|-] [--without-frames]',
  summary:
    'Writes one file with all of the installation, while it runs or not; `-` writes to standard output. It holds secrets: keep it as you keep keys',
  async run({ args, json, env, out, err }) {
    const options = { to: { type: 'string' }, 'without-frames': { type: 'boolean' } } as const;
    const { values } = optionsOf(args, options);
    const to = values.to ?? `plugga-${new Date(realClock.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '')}.backup`;
    const config = readConfig(env);
    const reached = await reachDatabase(config);
    const say = progressTo(err, realClock);
    try {
      const made = await makeBackup({
        url: reached.url,
        to,
        frames: values['without-frames'] !== true,
        journalDir: journalFolder(config.dataDir),
        clock: realClock,
        random: realRandom,
        log: createLog({ level: 'warn' }),
        progress: ({ table, rows, bytes, percent }) =>
          say(() => `${percent} %  ${table}  ${rows} rows  ${sizeText(bytes)}`),
      });
      const { file, bytes, tables, rows, position, seconds } = made;
      const line = json
        ? JSON.stringify(made)
        : `${file}: ${sizeText(bytes)}, ${rows} rows of ${tables} tables up to event ${position}, in ${seconds} s`;
      (to === '-' ? err : out)(line);
      return exitCodes.done;
    } finally {
      await reached.close();
    }
  },
};

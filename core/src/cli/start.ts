import { flushCompileCache } from 'node:module';
import { styleText } from 'node:util';
import { readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { exitCodes, type Command } from './command.ts';
import { optionsOf } from './options.ts';

/** What an ending may take beside the drain before it is cut off: with the usual 5 s all is gone within 10 s of the signal. */
const STOP_SECONDS = 4;
const USUAL_DRAIN_SECONDS = 5;

export const start: Command = {
  usage: 'plugga start',
  summary: 'Runs the platform with the plugins of plugga.config.ts until it is told to end',
  async run({ args, json, env, out, err, deployment, ended, reload }) {
    optionsOf(args, {});
    const config = readConfig(env);
    const log = createLog({ level: config.logLevel });
    if (config.onboarding === 'open')
      err(styleText(['red', 'bold'], 'PLUGGA_ONBOARDING=open: unknown stations are let in without credentials'));
    // Loaded here, so that the commands that need no platform load none.
    const { startPlatform } = await import('../compose.ts');
    const starting = startPlatform({ config, deployment: await deployment(), log });
    // Without certificates there is nothing to read again: a terminal that is closed then ends it, as ever.
    if (config.tls !== undefined)
      reload?.(
        () =>
          void starting.then(
            (it) => it.reload(),
            () => undefined,
          ),
      );
    const platform = await Promise.race([starting, ended.then(() => undefined)]);
    if (platform !== undefined) {
      const { url, tlsUrl, publicUrl, newAdminKey } = platform;
      if (newAdminKey !== undefined)
        out(json ? JSON.stringify({ adminKey: newAdminKey }) : `Admin key, shown this once: ${newAdminKey}`);
      // Whatever the level: scripts wait for this line, and it says the port.
      createLog().info('ready', {
        url,
        publicUrl,
        ocpp: `${url.replace(/^http/, 'ws')}/ocpp/<identity>`,
        ...(tlsUrl === undefined ? {} : { ocppTls: `${tlsUrl.replace(/^http/, 'ws')}/ocpp/<identity>` }),
        console: `${url}/console`,
        docs: `${url}/docs`,
        ...(platform.database === 'there' ? {} : { database: 'away: stations are served from the standing file' }),
      });
      // Now, as a process that is killed leaves nothing for the next start.
      flushCompileCache();
      // Not awaited: whoever comes before waits for it.
      void platform.buildWeb();
    }
    const why = await ended;
    log.info('stopping', { signal: why });
    const cut = setTimeout(
      () => {
        log.error('stopping took too long: cut off');
        process.exit(exitCodes.failed);
      },
      (Math.max(config.drainSeconds, USUAL_DRAIN_SECONDS) + STOP_SECONDS) * 1000,
    );
    await (await starting).stop();
    clearTimeout(cut);
    log.info('stopped');
    return exitCodes.done;
  },
};

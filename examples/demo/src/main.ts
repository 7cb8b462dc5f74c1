import { demo } from './run.ts';
import { screen } from './screen.ts';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

process.exitCode = await demo(
  {
    env: process.env,
    fleet: process.argv.includes('--fleet'),
    once: process.argv.includes('--once'),
    interrupted: interrupted.signal,
  },
  screen({
    write: (text) => void process.stdout.write(text),
    colour: process.stdout.isTTY === true && !process.env['NO_COLOR'],
  }),
);
process.exit();

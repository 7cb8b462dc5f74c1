import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type RecordedFrame, readFrames } from '../recording/frames.ts';
import { type Replayed, replay } from '../recording/replay.ts';
import { numberOf } from './options.ts';
import type { Terminal } from './terminal.ts';

const usage = `plugga-sim replay <file.jsonl>: plays the station's part of a recording against a CSMS

  --url <ws://…/ocpp>   where it connects                          (ws://127.0.0.1:8080/ocpp)
  --station <identity>  which one, when the recording has several
  --identity <text>     who it says it is                          (as recorded)
  --password <text>     HTTP Basic password                        (none)
  --speed <n>           times as fast as it was recorded           (as fast as it is answered)
  --within <seconds>    longest wait for one answer                (30)
  --json                the result as JSON on stdout

Exit: 0 every answer says what it said then, 1 one does not or the replay stalled, 2 wrong usage.
`;

/** Throws with what is wrong. */
const chosen = (frames: readonly RecordedFrame[], wanted: string | undefined): readonly RecordedFrame[] => {
  const stations = new Set(frames.map((one) => one.station ?? '(unnamed)'));
  if (wanted === undefined && stations.size > 1)
    throw new Error(`--station wants one of ${[...stations].slice(0, 20).join(', ')}`);
  const own = wanted === undefined ? frames : frames.filter((one) => one.station === wanted);
  if (own.length === 0) throw new Error(wanted === undefined ? 'the recording is empty' : `no frame of ${wanted}`);
  return own;
};

const shown = ({ sent, answered, differences }: Replayed): string =>
  `${sent} calls sent, ${answered} answered, ${differences.length} answered otherwise\n${differences
    .map((one) => `line ${one.line}: ${one.action} was ${one.recorded}, is ${one.now}\n`)
    .join('')}`;

/** The `sim replay` command; gives the exit code. */
export const replayCommand = async (args: readonly string[], terminal: Terminal): Promise<number> => {
  let plan: Parameters<typeof replay>[0];
  let json: boolean;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: { type: 'string', default: 'ws://127.0.0.1:8080/ocpp' },
        station: { type: 'string' },
        identity: { type: 'string' },
        password: { type: 'string' },
        speed: { type: 'string' },
        within: { type: 'string', default: '30' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      terminal.out(usage);
      return 0;
    }
    const [file] = positionals;
    if (file === undefined || positionals.length > 1) throw new Error('one recording is wanted');
    const frames = chosen(readFrames(readFileSync(file, 'utf8')), values.station);
    const identity = values.identity ?? frames[0]?.station;
    if (identity === undefined) throw new Error('--identity is wanted: the recording names no station');
    json = values.json;
    plan = {
      url: values.url,
      identity,
      password: values.password,
      frames,
      speed: values.speed === undefined ? undefined : numberOf('speed', values.speed, 0.001),
      withinMs: numberOf('within', values.within, 0.1) * 1_000,
    };
  } catch (error) {
    terminal.err(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  try {
    const replayed = await replay(plan);
    terminal.out(json ? `${JSON.stringify(replayed)}\n` : shown(replayed));
    return replayed.differences.length === 0 ? 0 : 1;
  } catch (error) {
    terminal.err(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
};

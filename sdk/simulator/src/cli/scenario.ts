import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { recorder } from '../recording/frames.ts';
import { readScenario } from '../scenario/read.ts';
import { runScenario, type StepResult } from '../scenario/run.ts';
import { formatOf, type Scenario } from '../scenario/schema.ts';
import { protocolOf } from './options.ts';
import type { Terminal } from './terminal.ts';

const usage = `plugga-sim scenario <file.json>: runs a story of stations step by step

  --url <ws://…/ocpp>  where the stations connect       (ws://127.0.0.1:8080/ocpp)
  --ocpp <version>     1.6, 2.0.1 or 2.1 for stations of no make  (as the file says)
  --record <file>      writes every frame there, as JSON lines
  --check              only reads the file
  --schema             prints the JSON Schema of the format

Exit: 0 every step went as it says, 1 one did not (it is named), 2 the file or the usage is wrong.
`;

const lineOf = ({ number, step, failed }: StepResult): string => {
  const { do: what, station, note } = step;
  const about = [station, note].filter((one) => one !== undefined).join(': ');
  const text = `${failed === undefined ? 'ok    ' : 'FAILED'} ${String(number).padStart(3)} ${what}${about === '' ? '' : `  ${about}`}`;
  return failed === undefined ? `${text}\n` : `${text}\n           ${failed}\n`;
};

/** The same story in another version; a make speaks what it speaks. */
const spoken = (scenario: Scenario, version: string): Scenario => {
  const protocol = protocolOf(version);
  if (protocol === undefined) throw new Error(`--ocpp wants 1.6, 2.0.1 or 2.1, not "${version}"`);
  const stations = scenario.stations.map((one) => (one.make === undefined ? { ...one, protocol } : one));
  return { ...scenario, stations };
};

/** The `sim scenario` command; gives the exit code. */
export const scenarioCommand = async (args: readonly string[], terminal: Terminal): Promise<number> => {
  let scenario: Scenario;
  let url: string;
  let record: string | undefined;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: { type: 'string', default: 'ws://127.0.0.1:8080/ocpp' },
        ocpp: { type: 'string' },
        record: { type: 'string' },
        schema: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      terminal.out(usage);
      return 0;
    }
    if (values.schema) {
      terminal.out(`${JSON.stringify(formatOf(), null, 2)}\n`);
      return 0;
    }
    const [file] = positionals;
    if (file === undefined || positionals.length > 1) throw new Error(`one scenario is wanted\n\n${usage}`);
    const read = readScenario(readFileSync(file, 'utf8'));
    if (!read.ok) throw new Error(`${file} is no scenario\n  ${read.problems.join('\n  ')}`);
    if (values.check) return 0;
    scenario = values.ocpp === undefined ? read.scenario : spoken(read.scenario, values.ocpp);
    ({ url, record } = values);
  } catch (error) {
    terminal.err(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  const tape = record === undefined ? undefined : openSync(record, 'w');
  terminal.err(`${scenario.name}\n`);
  const good = await runScenario(scenario, {
    url,
    done: (result) => terminal.out(lineOf(result)),
    stations(all) {
      if (tape === undefined) return;
      for (const { identity, watch } of all)
        recorder({ station: identity, watch, write: (line) => void writeSync(tape, line) });
    },
  });
  if (tape !== undefined) closeSync(tape);
  return good ? 0 : 1;
};

// pnpm test:mutants [rule…] [--simulation [--seeds 24]] [--write]: switches off one rule at a time and lets the tests that must
// notice run. The last line is `killed N/M`; 0 only when all died. --simulation lets the seeds look too: they need not notice.
// --write puts the table into docs/reliability.md.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mutantNamed } from './mutation.ts';
import { mutants, type Mutant } from './mutants.ts';
import { writeTable, type Line } from './table.ts';
import { nameOf, verdictOfSeeds, verdictOn, type Report, type Verdict } from './verdict.ts';

const root = join(import.meta.dirname, '..', '..');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const DEADLINE_MS = 180_000;
const SEEDS_DEADLINE_MS = 900_000;
const simulation = ['test/simulation/even-seeds.test.ts', 'test/simulation/odd-seeds.test.ts'];

const folder = mkdtempSync(join(tmpdir(), 'plugga-mutants-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** One run of vitest; what it loaded mutated, and what it reported. */
function vitestOn(
  files: readonly string[],
  names: readonly string[],
  env: Readonly<Record<string, string>>,
  timeout = DEADLINE_MS,
) {
  const [output, applied] = [join(folder, 'report.json'), join(folder, 'applied')];
  for (const path of [output, applied]) rmSync(path, { force: true });
  const pattern = names.length === 0 ? [] : ['-t', `^(${names.map(escaped).join('|')})$`];
  const reporters = ['--reporter=json', `--outputFile=${output}`, '--retry=0'];
  const { error, stderr } = spawnSync(process.execPath, [vitest, 'run', ...files, ...pattern, ...reporters], {
    cwd: root,
    encoding: 'utf8',
    timeout,
    env: { ...process.env, PLUGGA_MUTANT_APPLIED: applied, ...env },
  });
  if (error !== undefined) return { failed: `vitest: ${error.message}` };
  if (!existsSync(output)) return { failed: `vitest reported nothing: ${stderr.trim().split('\n').at(-1)}` };
  return {
    report: JSON.parse(readFileSync(output, 'utf8')) as Report,
    applied: existsSync(applied) ? readFileSync(applied, 'utf8').trim().split('\n') : [],
  };
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);

const namesOf = (mutant: Mutant): readonly string[] => Object.values(mutant.killers).flat();

/** Without a mutant every named test must be there and pass; else nothing that follows would mean anything. */
function wellWithout(chosen: readonly Mutant[]): boolean {
  const files = [...new Set(chosen.flatMap(({ killers }) => Object.keys(killers)))];
  const ran = vitestOn(files, chosen.flatMap(namesOf), {});
  if (ran.report === undefined) {
    console.error(ran.failed);
    return false;
  }
  const passed = new Set(
    ran.report.testResults
      .flatMap((file) => file.assertionResults)
      .filter(({ status }) => status === 'passed')
      .map(nameOf),
  );
  const wanting = [...new Set(chosen.flatMap(namesOf))].filter((name) => !passed.has(name));
  for (const name of wanting) console.error(`not green without a mutant, or not there: ${name}`);
  return wanting.length === 0;
}

function tryOut(mutant: Mutant): Line {
  const began = Date.now();
  const ran = vitestOn(Object.keys(mutant.killers), namesOf(mutant), { PLUGGA_MUTANT: mutant.rule });
  const files = mutant.edits.map(({ file }) => file);
  const verdict: Verdict =
    ran.report === undefined
      ? { kind: 'unclear', why: ran.failed }
      : verdictOn(ran.report, { named: namesOf(mutant), files, applied: ran.applied });
  return { mutant, verdict, seconds: (Date.now() - began) / 1_000 };
}

/** What the seeds make of it. */
function simulated(mutant: Mutant, seeds: string): Verdict {
  const ran = vitestOn(simulation, [], { PLUGGA_MUTANT: mutant.rule, PLUGGA_SEEDS: seeds }, SEEDS_DEADLINE_MS);
  const files = mutant.edits.map(({ file }) => file);
  return ran.report === undefined
    ? { kind: 'unclear', why: ran.failed }
    : verdictOfSeeds(ran.report, { files, applied: ran.applied });
}

const said = ({ mutant, verdict, seconds }: Line): string => {
  const why = verdict.kind === 'killed' ? `by "${verdict.by}"` : verdict.kind === 'unclear' ? verdict.why : '';
  return `${verdict.kind.padEnd(7)}  ${mutant.rule.padEnd(34)} ${seconds.toFixed(1).padStart(5)} s  ${why}`;
};

const { values, positionals } = parseArgs({
  options: {
    write: { type: 'boolean' },
    simulation: { type: 'boolean' },
    // Above 24 a file of seeds also asks that each fault has happened: no matter of the rule.
    seeds: { type: 'string', default: '24' },
  },
  allowPositionals: true,
});
const chosen = positionals.length === 0 ? mutants : positionals.map(mutantNamed);
if (!wellWithout(chosen)) process.exit(1);
const lines = chosen.map((mutant): Line => {
  const line = tryOut(mutant);
  console.log(said(line));
  if (values.simulation !== true) return line;
  const seeds = simulated(mutant, values.seeds);
  const shown = seeds.kind === 'killed' ? seeds.how : seeds.kind === 'unclear' ? seeds.why : '';
  console.log(`  in ${values.seeds} seeds: ${seeds.kind} ${shown}`);
  return { ...line, seeds };
});
if (values.write === true) writeTable(root, lines);
const killed = lines.filter(({ verdict }) => verdict.kind === 'killed').length;
console.log(`killed ${killed}/${lines.length}`);
process.exitCode = killed === lines.length ? 0 : 1;

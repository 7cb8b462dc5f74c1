// pnpm test:mutants [rule…] [--simulation [--seeds 20] [--every-seed]] [--write]: switches off one rule at a time and lets the tests
// that must notice run. The last line is `killed N/M`; 0 only when all died. --simulation lets its invariants look too, without
// those tests: first the seeds that are known to notice, then others, as many as --seeds says; then all that they can see must die
// there as well. --every-seed asks all of them and says which notice. --write puts the table into docs/reliability.md.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import oneDatabaseServer from '@plugga/testing/global-setup';
import { inSeeds } from './in-seeds.ts';
import { mutantNamed } from './mutation.ts';
import { mutants, type Mutant } from './mutants.ts';
import { writeTable, type Line } from './table.ts';
import { nameOf, type Report, type SeedVerdict, verdictOfSeeds, verdictOn, type Verdict } from './verdict.ts';

const { values, positionals } = parseArgs({
  options: {
    write: { type: 'boolean' },
    simulation: { type: 'boolean' },
    seeds: { type: 'string', default: '20' },
    'every-seed': { type: 'boolean' },
  },
  allowPositionals: true,
});
const root = join(import.meta.dirname, '..', '..');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const DEADLINE_MS = 180_000;
/** Half of a run is vitest's own start, which is one thread; the seeds of the simulation take what there is. */
const AT_ONCE = values.simulation === true ? 1 : 2;

const folder = mkdtempSync(join(tmpdir(), 'plugga-mutants-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** One run of vitest; what it loaded mutated, and what it reported. */
async function vitestOn(files: readonly string[], names: readonly string[], env: Readonly<Record<string, string>>) {
  const own = mkdtempSync(join(folder, 'run-'));
  const [output, applied] = [join(own, 'report.json'), join(own, 'applied')];
  const pattern = names.length === 0 ? [] : ['-t', `^(${names.map(escaped).join('|')})$`];
  const reporters = ['--reporter=json', `--outputFile=${output}`, '--retry=0'];
  const ran = await new Promise<{ readonly late: boolean; readonly stderr: string }>((resolve) => {
    const options = {
      maxBuffer: 64 * 1024 * 1024,
      cwd: root,
      timeout: DEADLINE_MS,
      env: { ...process.env, PLUGGA_MUTANT_APPLIED: applied, ...env },
    };
    // That a test failed is no error here.
    execFile(process.execPath, [vitest, 'run', ...files, ...pattern, ...reporters], options, (error, _, stderr) =>
      resolve({ late: error?.killed === true, stderr }),
    );
  });
  if (ran.late) return { failed: `vitest: not through after ${DEADLINE_MS / 1_000} s` };
  if (!existsSync(output)) return { failed: `vitest reported nothing: ${ran.stderr.trim().split('\n').at(-1)}` };
  return {
    report: JSON.parse(readFileSync(output, 'utf8')) as Report,
    applied: existsSync(applied) ? readFileSync(applied, 'utf8').trim().split('\n') : [],
  };
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);

const namesOf = (mutant: Mutant): readonly string[] => Object.values(mutant.killers).flat();

/** Without a mutant every named test must be there and pass; else nothing that follows would mean anything. */
async function wellWithout(chosen: readonly Mutant[]): Promise<boolean> {
  const files = [...new Set(chosen.flatMap(({ killers }) => Object.keys(killers)))];
  const ran = await vitestOn(files, chosen.flatMap(namesOf), {});
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

async function tests(mutant: Mutant): Promise<Verdict> {
  const ran = await vitestOn(Object.keys(mutant.killers), namesOf(mutant), { PLUGGA_MUTANT: mutant.rule });
  const files = mutant.edits.map(({ file }) => file);
  return ran.report === undefined
    ? { kind: 'unclear', why: ran.failed }
    : verdictOn(ran.report, { named: namesOf(mutant), files, applied: ran.applied });
}

/** What the seeds make of it, unless they cannot see it. */
async function simulated({ rule, edits, seeds = [], blind }: Mutant): Promise<SeedVerdict | undefined> {
  if (values.simulation !== true || blind !== undefined) return undefined;
  const others = Array.from({ length: Number(values.seeds) }, (_, n) => n + 1).filter((seed) => !seeds.includes(seed));
  const isEvery = values['every-seed'] === true;
  const known = isEvery ? [] : seeds;
  const files = edits.map(({ file }) => file);
  const first =
    known.length === 0 ? undefined : verdictOfSeeds(await inSeeds({ rule, seeds: known, untilOne: true }), files);
  if (first?.kind === 'killed') return unlessIllWithout(first);
  const all = isEvery ? [...others, ...seeds].toSorted((a, b) => a - b) : others;
  return unlessIllWithout(verdictOfSeeds(await inSeeds({ rule, seeds: all, untilOne: !isEvery }), files));
}

/** A seed that finds something without any mutant shows nothing of one. */
async function unlessIllWithout(verdict: SeedVerdict): Promise<SeedVerdict> {
  if (verdict.kind !== 'killed') return verdict;
  const unknown = verdict.seeds.filter((seed) => !wellSeeds.has(seed));
  const { seeds, cutShort } =
    unknown.length === 0 ? { seeds: [] } : await inSeeds({ rule: undefined, seeds: unknown, untilOne: false });
  for (const { seed, violations, failed } of seeds)
    if (violations.length === 0 && failed === undefined) wellSeeds.add(seed);
  const ill = unknown.filter((seed) => !wellSeeds.has(seed));
  return ill.length === 0
    ? verdict
    : { kind: 'unclear', why: cutShort ?? `seed ${ill.join(', ')} is not well without a mutant` };
}
const wellSeeds = new Set<number>();

async function tryOut(mutant: Mutant): Promise<Line> {
  const began = Date.now();
  const [verdict, seeds] = await Promise.all([tests(mutant), simulated(mutant)]);
  return { mutant, verdict, ...(seeds !== undefined && { seeds }), seconds: (Date.now() - began) / 1_000 };
}

const shown = (verdict: Verdict | SeedVerdict): string => {
  if (verdict.kind === 'lives') return '';
  if (verdict.kind === 'unclear') return verdict.why;
  return 'seeds' in verdict ? `by seed ${verdict.seeds.join(', ')}: ${verdict.how}` : `by "${verdict.by}"`;
};
const said = ({ mutant, verdict, seeds, seconds }: Line): string =>
  [
    `${verdict.kind.padEnd(7)}  ${mutant.rule.padEnd(34)} ${seconds.toFixed(1).padStart(5)} s  ${shown(verdict)}`,
    ...(seeds === undefined ? [] : [`  in seeds ${seeds.kind} ${shown(seeds)}`]),
  ].join('\n');

const chosen = positionals.length === 0 ? mutants : positionals.map(mutantNamed);
// One for all runs: each would make and migrate its own.
const stopServer = await oneDatabaseServer({ config: { root } });
if (!(await wellWithout(chosen))) {
  await stopServer();
  process.exit(1);
}
const tried = new Map<Mutant, Line>();
const waiting = [...chosen];
const work = async (): Promise<void> => {
  for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
    const line = await tryOut(mutant);
    console.log(said(line));
    tried.set(mutant, line);
  }
};
await Promise.all(Array.from({ length: AT_ONCE }, work));
await stopServer();
const lines = chosen.flatMap((mutant) => tried.get(mutant) ?? []);
if (values.write === true) writeTable(root, lines);
const died = lines.filter(({ verdict }) => verdict.kind === 'killed').length;
const asked = lines.flatMap(({ seeds }) => seeds ?? []);
const diedInSeeds = asked.filter(({ kind }) => kind === 'killed').length;
if (asked.length > 0) console.log(`killed ${diedInSeeds}/${asked.length} in seeds`);
console.log(`killed ${died}/${lines.length}`);
process.exit(died === lines.length && diedInSeeds === asked.length ? 0 : 1);

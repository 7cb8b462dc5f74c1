// pnpm test:mutants [rule…] [--write]: switches off one rule at a time and lets the tests that must notice run. The last line is
// `killed N/M`; 0 only when all died. --write puts the table into docs/reliability.md.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mutantNamed } from './mutation.ts';
import { mutants, type Mutant } from './mutants.ts';
import { writeTable, type Line } from './table.ts';
import { nameOf, verdictOn, type Report, type Verdict } from './verdict.ts';

const root = join(import.meta.dirname, '..', '..');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const DEADLINE_MS = 180_000;

const folder = mkdtempSync(join(tmpdir(), 'plugga-mutants-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** One run of vitest; what it loaded mutated, and what it reported. */
function vitestOn(files: readonly string[], names: readonly string[], env: Readonly<Record<string, string>>) {
  const [output, applied] = [join(folder, 'report.json'), join(folder, 'applied')];
  for (const path of [output, applied]) rmSync(path, { force: true });
  const pattern = names.length === 0 ? [] : ['-t', `^(${names.map(escaped).join('|')})$`];
  const reporters = ['--reporter=json', `--outputFile=${output}`, '--retry=0'];
  const { error, stderr } = spawnSync(process.execPath, [vitest, 'run', ...files, ...pattern, ...reporters], {
    cwd: root,
    encoding: 'utf8',
    timeout: DEADLINE_MS,
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

const said = ({ mutant, verdict, seconds }: Line): string => {
  const why = verdict.kind === 'killed' ? `by "${verdict.by}"` : verdict.kind === 'unclear' ? verdict.why : '';
  return `${verdict.kind.padEnd(7)}  ${mutant.rule.padEnd(34)} ${seconds.toFixed(1).padStart(5)} s  ${why}`;
};

const { values, positionals } = parseArgs({ options: { write: { type: 'boolean' } }, allowPositionals: true });
const chosen = positionals.length === 0 ? mutants : positionals.map(mutantNamed);
if (!wellWithout(chosen)) process.exit(1);
const lines = chosen.map((mutant) => {
  const line = tryOut(mutant);
  console.log(said(line));
  return line;
});
if (values.write === true) writeTable(root, lines);
const killed = lines.filter(({ verdict }) => verdict.kind === 'killed').length;
console.log(`killed ${killed}/${lines.length}`);
process.exitCode = killed === lines.length ? 0 : 1;

import type { SeedsSaid } from './in-seeds.ts';

/** The part of vitest's JSON report that we read. */
export interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

export type Verdict =
  | { readonly kind: 'killed'; readonly by: string; readonly how: string }
  | { readonly kind: 'lives' }
  /** Nothing is shown: the mutant did not apply, was not loaded, or broke more than its rule. */
  | { readonly kind: 'unclear'; readonly why: string };

type Test = Report['testResults'][number]['assertionResults'][number];

/** `describe > test`, as vitest prints it and takes it with -t. */
export const nameOf = ({ ancestorTitles, title }: Pick<Test, 'ancestorTitles' | 'title'>): string =>
  [...ancestorTitles, title].join(' > ');

const firstLine = (text = ''): string => text.split('\n')[0]!.slice(0, 200);

/**
 * What a run with one rule switched off shows. Only a named test that ran and whose own expectation failed kills; a deadline
 * does where other tests of the run passed, so that it is not the whole world that stands still. A file that does not load, or
 * a TypeError in the mutated code, is a broken mutant.
 */
export function verdictOn(
  report: Report,
  o: { readonly named: readonly string[]; readonly files: readonly string[]; readonly applied: readonly string[] },
): Verdict {
  const missed = o.files.filter((file) => !o.applied.includes(file));
  if (missed.length > 0) return { kind: 'unclear', why: `no test loaded ${missed.join(', ')}` };
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const broken = report.testResults.find(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  );
  if (broken !== undefined) return { kind: 'unclear', why: `${broken.name}: ${firstLine(broken.message)}` };
  const ran = tests.filter((test) => test.status !== 'skipped' && o.named.includes(nameOf(test)));
  const absent = o.named.filter((name) => !ran.some((test) => nameOf(test) === name));
  if (absent.length > 0) return { kind: 'unclear', why: `did not run: ${absent.join('; ')}` };
  const failed = ran.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return { kind: 'lives' };
  const saying = (pattern: RegExp) =>
    failed.find(({ failureMessages = [] }) => failureMessages.some((message) => pattern.test(message)));
  const asserted = saying(/^AssertionError|^Error: Property failed after [^]*\nGot AssertionError/);
  if (asserted !== undefined) return killedBy(asserted);
  const late = saying(/timed out in \d+ms|^Error: still not: /);
  if (late !== undefined && tests.some(({ status }) => status === 'passed')) return killedBy(late);
  return { kind: 'unclear', why: firstLine(failed[0]?.failureMessages?.[0]) };
}

const killedBy = (test: Test): Verdict => ({
  kind: 'killed',
  by: nameOf(test),
  how: firstLine(test.failureMessages?.[0]),
});

/** As a verdict of tests, with the seeds that found something where it was killed. */
export type SeedVerdict =
  | { readonly kind: 'killed'; readonly by: string; readonly how: string; readonly seeds: readonly number[] }
  | Exclude<Verdict, { readonly kind: 'killed' }>;

/**
 * What the simulation shows: `by` is the invariant that a seed found broken. A seed that cannot go on (it waits for what never
 * comes, or the code fell over) shows nothing of the rule.
 */
export function verdictOfSeeds({ applied, seeds, cutShort }: SeedsSaid, files: readonly string[]): SeedVerdict {
  const missed = files.filter((file) => !applied.includes(file));
  if (missed.length > 0)
    return { kind: 'unclear', why: cutShort ?? `the simulation does not load ${missed.join(', ')}` };
  const found = seeds.filter(({ violations }) => violations.length > 0);
  const [how] = found.flatMap(({ violations }) => violations);
  if (how !== undefined)
    return {
      kind: 'killed',
      by: /^INV-\d+/.exec(how)?.[0] ?? how,
      how: firstLine(how),
      seeds: found.map(({ seed }) => seed),
    };
  const fell = seeds.find(({ failed }) => failed !== undefined);
  const why = cutShort ?? (fell && `seed ${fell.seed}: ${fell.failed}`);
  return why === undefined ? { kind: 'lives' } : { kind: 'unclear', why: firstLine(why) };
}

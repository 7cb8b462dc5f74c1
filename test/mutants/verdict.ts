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

/**
 * What the simulation shows: `by` is the invariant that a seed found broken. A seed that cannot go on (it waits for what never
 * comes, or the code fell over) shows nothing of the rule.
 */
export function verdictOfSeeds(
  report: Report,
  o: { readonly files: readonly string[]; readonly applied: readonly string[] },
): Verdict {
  const missed = o.files.filter((file) => !o.applied.includes(file));
  if (missed.length > 0) return { kind: 'unclear', why: `the simulation does not load ${missed.join(', ')}` };
  const said = report.testResults.flatMap((file) => [
    file.message ?? '',
    ...file.assertionResults.flatMap(({ failureMessages = [] }) => failureMessages),
  ]);
  const found = said.map((text) => /(INV-\d+)[^\n]*/.exec(text)).find((match) => match !== null);
  if (found !== undefined) return { kind: 'killed', by: found[1]!, how: found[0].slice(0, 200) };
  const failed = report.testResults.some(({ status }) => status === 'failed');
  return failed ? { kind: 'unclear', why: firstLine(said.find((text) => text !== '')) } : { kind: 'lives' };
}

// What a JSON report of vitest comes to: `passed failed`, then what failed, in few lines. Node 20 runs it, as .ci/run may find no newer.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const [run, path, code] = process.argv.slice(2);
const short = (line) => (line.length > 240 ? `${line.slice(0, 239)}…` : line);

/** The first lines of a message (a property's seed stands in the second), and where in our code it was thrown. */
const wordsOf = (message) => {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const firstFrame = lines.findIndex((line) => line.startsWith('at '));
  const said = firstFrame === -1 ? lines : lines.slice(0, firstFrame);
  const place = lines.find(
    (line) => line.startsWith('at ') && !line.includes('node_modules') && !line.includes('node:'),
  );
  return [...said.slice(0, 3), ...(place === undefined ? [] : [place])].map((line) => `    ${short(line)}`);
};

/** A file that does not load has no failed test, yet it failed: it counts as one. So does an error that is no test's. */
const failures = ({ testResults }) =>
  testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(process.cwd(), name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0 && status === 'failed') return [{ what: `${file} as a whole`, words: wordsOf(message) }];
    return failed.map(({ ancestorTitles, title, failureMessages }) => ({
      what: [file, ...ancestorTitles.filter((it) => it !== ''), title].join(' > '),
      words: wordsOf(failureMessages[0] ?? ''),
    }));
  });

const outcome = () => {
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return { passed: 0, failed: [{ what: `no report, code ${code}`, words: wordsOf(String(error)) }] };
  }
  const failed = failures(report);
  if (failed.length === 0 && code !== '0') failed.push({ what: `code ${code} though no test failed`, words: [] });
  return { passed: report.numPassedTests, failed };
};

const { passed, failed } = outcome();
console.log(passed, failed.length);
// Of many the names are worth more than what each says.
for (const { what, words } of failed)
  for (const line of [short(`${run}: ${what}`), ...(failed.length > 7 ? [] : words)]) console.log(line);

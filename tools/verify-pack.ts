// pnpm verify-pack <folder> [--key <public key, PEM>]: is the folder what its provenance says? 0 yes, 1 no, 2 wrong command.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { verdictOn, type Verdict } from './supply/verify.ts';

const signatures: Readonly<Record<Verdict['signature'], string>> = {
  none: 'not signed: it says that the files belong together, not who packed them',
  'not checked': 'signed, and not checked: name the public key with --key',
  good: 'signed by the key that was given',
  bad: 'not signed by the key that was given',
};

const look = (folder: string, key: string | undefined): boolean => {
  const { differences, statement, signature } = verdictOn(
    folder,
    key === undefined ? undefined : readFileSync(key, 'utf8'),
  );
  const source = statement?.predicate.buildDefinition.resolvedDependencies.find(({ name }) => name === 'source');
  const tree = source?.annotations?.clean === true ? 'a clean tree' : 'a tree with changes that are in no commit';
  console.log(source === undefined ? 'source: not stated' : `source: commit ${source.digest.gitCommit}, ${tree}`);
  console.log(`signature: ${signatures[signature]}`);
  for (const one of differences) console.error(one);
  console.log(
    differences.length === 0 ? `${statement?.subject.length} files, as packed` : `${differences.length} differences`,
  );
  return differences.length === 0;
};

try {
  const { values, positionals } = parseArgs({ options: { key: { type: 'string' } }, allowPositionals: true });
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new Error('usage: pnpm verify-pack <folder> [--key <file>]');
  process.exitCode = look(folder, values.key) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}

// pnpm new plugin <name> | pnpm new quirk <vendor>: an example, copied to where ours stand, under the new name.
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { root } from './run.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  console.log(`  ${path}`);
};
const camel = (name: string): string => name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
const titled = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** The example's name in strings and paths, as an identifier, and at the beginning of a sentence. */
const renamed = (text: string, name: string): string =>
  text
    .replaceAll(/(?<=['"/^])hello\b/g, name)
    .replaceAll(/\bhello\b/g, camel(name))
    .replaceAll(/\bHello\b/g, titled(name));

/** The text with a line more, in order among those that match. */
const withLine = (text: string, among: RegExp, line: string): string => {
  const lines = text.split('\n');
  const at = lines.findIndex((one) => among.test(one) && one > line);
  const last = lines.findLastIndex((one) => among.test(one));
  return lines.toSpliced(at === -1 ? last + 1 : at, 0, line).join('\n');
};

const newPlugin = (name: string): readonly string[] => {
  const [from, to] = ['examples/hello-plugin', `plugins/${name}`];
  const example = JSON.parse(read(`${from}/package.json`)) as Record<string, unknown>;
  const own = { ...example, name: `@plugga/plugin-${name}`, description: `${titled(name)}: what it does for whom` };
  write(`${to}/package.json`, `${JSON.stringify(own, undefined, 2)}\n`);
  for (const path of ['tsconfig.json', 'web/tsconfig.json']) write(`${to}/${path}`, read(`${from}/${path}`));
  for (const path of globSync('{src,web}/**/*.{ts,tsx}', { cwd: join(root, from) }).toSorted())
    write(`${to}/${path}`, renamed(read(`${from}/${path}`), name));
  // Its README without the part on copying it. In text every name is the plugin's, none an identifier.
  const readme = read(`${from}/README.md`).replace(/^## Make it yours\n[^]*?(?=^## )/m, '');
  write(`${to}/README.md`, readme.replaceAll(/\bhello\b/g, name));

  const deployment = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
  deployment.dependencies[`@plugga/plugin-${name}`] = 'workspace:*';
  const sorted = Object.entries(deployment.dependencies).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const dependencies = Object.fromEntries(sorted);
  write('package.json', `${JSON.stringify({ ...deployment, dependencies }, undefined, 2)}\n`);
  const { references, ...build } = JSON.parse(read('tsconfig.json')) as { references: { path: string }[] };
  const all = [...references, { path: to }, { path: `${to}/web` }];
  write('tsconfig.json', `${JSON.stringify({ ...build, references: all }, undefined, 2)}\n`);
  return [
    `say what it does in ${to}/src/index.ts, and prove it: pnpm test ${to}`,
    `name it in plugga.config.ts: import ${camel(name)} from '@plugga/plugin-${name}'; plugins: [..., ${camel(name)}]`,
  ];
};

const newQuirk = (vendor: string): readonly string[] => {
  const [from, to] = ['examples/hello-quirk', 'adapters/quirks'];
  write(`${to}/src/${vendor}.ts`, renamed(read(`${from}/src/index.ts`), vendor));
  const fixtures = globSync('fixtures/*.jsonl', { cwd: join(root, from) }).toSorted();
  const own = fixtures.map((path) => `${to}/fixtures/${basename(path).replace('hello', vendor)}`);
  for (const [n, path] of fixtures.entries()) write(own[n]!, renamed(read(`${from}/${path}`), vendor));
  const index = withLine(
    read(`${to}/src/index.ts`),
    /^import \{/,
    `import { ${camel(vendor)} } from './${vendor}.ts';`,
  );
  write(`${to}/src/index.ts`, index.replace('readonly Quirk[] = [', `readonly Quirk[] = [${camel(vendor)}, `));
  return [
    `put what your station says into ${own.join(', ')}, and what is done about it into ${to}/src/${vendor}.ts`,
    'prove it: pnpm test test/conformance/quirks.test.ts',
  ];
};

interface Kind {
  readonly make: (name: string) => readonly string[];
  readonly place: (name: string) => string;
}
const kinds: Readonly<Record<string, Kind>> = {
  plugin: { make: newPlugin, place: (name) => `plugins/${name}` },
  quirk: { make: newQuirk, place: (name) => `adapters/quirks/src/${name}.ts` },
};

function refuse(text: string): never {
  console.error(text);
  process.exit(2);
}

const [what = '', name = '', ...more] = process.argv.slice(2);
const kind = Object.hasOwn(kinds, what) ? kinds[what] : undefined;
if (kind === undefined || name === '' || more.length > 0)
  refuse('usage: pnpm new plugin <name> | pnpm new quirk <vendor>');
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40)
  refuse(`"${name}" cannot be a name: kebab-case, at most 40 characters, such as night-rates`);
if (existsSync(join(root, kind.place(name)))) refuse(`${kind.place(name)} is there already`);

const steps = kind.make(name);
console.log(['', 'Next:', ...steps.map((step, n) => `  ${n + 1}. ${step}`)].join('\n'));

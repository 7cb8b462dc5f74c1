import { posix } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';

/** One source file as the rules see it: path from the root of the repository, imports and uses of the surroundings. */
export interface Source {
  readonly path: string;
  readonly imports: readonly { readonly from: string; readonly typeOnly: boolean }[];
  /** Where it reads a clock, random numbers, timers or the environment by itself: `Date.now()` at 12. */
  readonly ambient: readonly { readonly what: string; readonly line: number }[];
}

export const parseSource = (path: string, text: string): Source => {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const imports: { from: string; typeOnly: boolean }[] = [];
  const ambient: { what: string; line: number }[] = [];
  const use = (what: string, at: { start: number }) =>
    ambient.push({ what, line: text.slice(0, at.start).split('\n').length });
  new Visitor({
    ImportDeclaration: ({ source, importKind, specifiers }) =>
      imports.push({
        from: source.value,
        typeOnly:
          importKind === 'type' ||
          (specifiers.length > 0 && specifiers.every((one) => 'importKind' in one && one.importKind === 'type')),
      }),
    ExportAllDeclaration: ({ source, exportKind }) =>
      imports.push({ from: source.value, typeOnly: exportKind === 'type' }),
    ExportNamedDeclaration: ({ source, exportKind }) =>
      source && imports.push({ from: source.value, typeOnly: exportKind === 'type' }),
    ImportExpression: ({ source }) =>
      source.type === 'Literal' &&
      typeof source.value === 'string' &&
      imports.push({ from: source.value, typeOnly: false }),
    TSImportType: ({ source }) => imports.push({ from: source.value, typeOnly: true }),
    CallExpression: (node) => {
      const callee = node.callee;
      if (callee.type === 'Identifier' && timers.has(callee.name)) use(`${callee.name}()`, node);
      if (callee.type === 'Identifier' && callee.name === 'Date') use('Date()', node);
    },
    NewExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'Date' && node.arguments.length === 0)
        use('new Date()', node);
    },
    MemberExpression: (node) => {
      if (node.object.type !== 'Identifier' || node.property.type !== 'Identifier') return;
      const name = `${node.object.name}.${node.property.name}`;
      if (members.has(name)) use(name, node);
    },
  }).visit(program);
  if (imports.some(({ from }) => /^(node:)?timers/.test(from))) use('node:timers', { start: 0 });
  return { path, imports, ambient };
};

const timers = new Set(['setTimeout', 'setInterval', 'setImmediate']);
const members = new Set(['Date.now', 'performance.now', 'Math.random', 'process.env', 'process.hrtime']);

/** The packages of ours that a file may import, by the first pattern that fits; undefined: any. */
const mayImport = (path: string): ReadonlySet<string> | undefined =>
  allowed.find(({ files }) => files.test(path))?.packages;

const only = (...names: string[]): ReadonlySet<string> => new Set(names.map((name) => `@plugga/${name}`));

/** Sections "The house" and "Who may import whom" of ARCHITECTURE.md. */
const allowed: readonly { files: RegExp; packages: ReadonlySet<string> | undefined }[] = [
  { files: /^sdk\/(kit|simulator|client|console)\//, packages: only() },
  { files: /^(core|adapters\/.*|plugins\/.*)\/.*\.test(-[\w-]+)?\.ts$/, packages: only('kit', 'testing', 'core') },
  { files: /^sdk\/testing\//, packages: only('kit', 'core') },
  { files: /^adapters\/ocpp21\//, packages: only('kit', 'wire', 'ocpp201') },
  { files: /^adapters\/ocpp/, packages: only('kit', 'wire') },
  { files: /^plugins\/[^/]+\/web\//, packages: only('kit', 'client', 'console') }, // a browser program is a client like any other
  { files: /^(core|adapters|plugins)\//, packages: only('kit') },
  { files: /./, packages: undefined },
];

/** What a file imports of ours and must not. */
export const forbiddenImports = ({ path, imports }: Source): string[] => {
  const packages = mayImport(path);
  const home = /^(core|test|(sdk|adapters|plugins|examples)\/[^/]+)\//.exec(path)?.[0] ?? '';
  return imports.flatMap(({ from }) => {
    if (from.startsWith('.')) {
      const target = posix.join(posix.dirname(path), from);
      // Tests that span packages, and plugga.config.ts, import anything of the project.
      return (target.startsWith(home) || packages === undefined) && !target.startsWith('..')
        ? []
        : [`${path} reaches ${from}, outside its package`];
    }
    const name = /^@plugga\/[^/]+/.exec(from)?.[0];
    if (path.startsWith('sdk/kit/') && from.startsWith('node:') && !path.endsWith('.test.ts'))
      return [`${path} imports ${from}`];
    return name === undefined || packages === undefined || packages.has(name) ? [] : [`${path} imports ${from}`];
  });
};

/** What a pure file reaches, by its own imports or those of the files it imports, that could do I/O. */
export const impureImports = (path: string, sources: ReadonlyMap<string, Source>): string[] => {
  const seen = new Set<string>();
  const found: string[] = [];
  const walk = (file: string, way: readonly string[]) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { from, typeOnly } of sources.get(file)?.imports ?? []) {
      if (typeOnly) continue;
      if (from.startsWith('.')) walk(posix.join(posix.dirname(file), from), [...way, from]);
      else if (!pureModules.test(from)) found.push(`${path} imports ${[...way, from].join(' > ')}`);
    }
  };
  walk(path, []);
  return found;
};

const pureModules = /^(@plugga\/kit|zod|big\.js|temporal-polyfill|node:(crypto|buffer|util))$/;

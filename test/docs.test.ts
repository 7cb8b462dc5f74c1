import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type AnyPlugin, fail } from '@plugga/kit';
import { startPlugin } from '@plugga/testing';
import { describe, expect, test } from 'vitest';

/**
 * Every code block of the guides is run. A ts block whose first line names a file of the repository must stand in that file;
 * any other is a file of its own (`// loyalty.ts`), type-checked and imported; its tests run here, its plugins are started.
 * Of commands, the scripts that they name must be there.
 */

const root = join(import.meta.dirname, '..');
const folder = join(import.meta.dirname, 'dist', 'docs'); // ignored by git, resolves what `test` depends on
const documents = globSync(['README.md', 'docs/*.md', 'examples/*/README.md'], { cwd: root }).toSorted();

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

interface Block {
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

const blocksOf = (document: string): readonly Block[] => {
  const text = readFileSync(join(root, document), 'utf8');
  return [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map((match) => ({
    language: match[1]!,
    text: match[2]!,
    line: text.slice(0, match.index).split('\n').length,
  }));
};

const nameIn = (text: string): string | undefined => /^\/\/ (\S+\.tsx?)$/m.exec(text.split('\n')[0]!)?.[1];
const quoted = (text: string): string | undefined => {
  const path = nameIn(text);
  return path !== undefined && existsSync(join(root, path)) ? path : undefined;
};
const squeezed = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/,? ([)\]}])/g, '$1')
    .trim();

rmSync(folder, { recursive: true, force: true });
const files: string[] = [];
const written = (document: string, { text, line }: Block): string => {
  const path = join(folder, document.replaceAll(/[/.]/g, '-'), nameIn(text) ?? `line-${line}.ts`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  files.push(path);
  return path;
};

for (const document of documents) {
  const blocks = blocksOf(document);
  if (blocks.every(({ language }) => language === 'sh')) continue; // commands are run where their subject is tested
  const typescript = blocks.filter(({ language }) => language === 'ts' || language === 'tsx');
  const own = typescript.filter(({ text }) => quoted(text) === undefined).map((block) => written(document, block));

  describe(document, async () => {
    for (const { text, line } of typescript) {
      const path = quoted(text);
      if (path === undefined) continue;
      test(`line ${line} stands in ${path}`, () => {
        const code = text.split('\n').slice(1).join('\n');
        expect(squeezed(readFileSync(join(root, path), 'utf8'))).toContain(squeezed(code));
      });
    }
    for (const { text, line } of blocks.filter(({ language }) => language === 'json'))
      test(`line ${line} is JSON`, () => void JSON.parse(text));
    for (const { text, line } of blocks.filter(({ language }) => language === 'sh'))
      test(`line ${line} runs scripts that are there`, () => {
        const named = [...text.matchAll(/\bpnpm(?:@[\d.]+)? (\S+)/g)].map((match) => match[1]);
        expect(named.filter((name) => !Object.hasOwn(scripts, name ?? ''))).toEqual([]);
      });
    for (const path of own.filter((it) => it.endsWith('.test.ts'))) await import(path);
    for (const path of own.filter((it) => !it.endsWith('.test.ts')))
      test(`${basename(path)} is loaded, its plugins run`, async () => {
        const exported = Object.values((await import(path)) as object);
        for (const plugin of exported.filter(isPlugin)) {
          const others = exported.filter(isPlugin).filter((it) => it !== plugin);
          await using started = await startPlugin(plugin, { with: others, config: configs[plugin.name] });
          expect(await started.status()).toMatchObject({ state: 'running', reason: null });
        }
      });
  });
}

/** Of plugins whose config has no default. */
const configs: Readonly<Record<string, unknown>> = { mailer: { endpoint: 'https://mail.example/send' } };

const isPlugin = (value: unknown): value is AnyPlugin =>
  typeof value === 'object' && value !== null && 'name' in value && 'setup' in value;

test('every block compiles', { timeout: 60_000 }, () => {
  const config = join(folder, 'tsconfig.json');
  const options = { composite: false, declaration: false, noEmit: true, noUnusedLocals: true };
  writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.base.json'), compilerOptions: options, files }));
  const { status, stdout, error } = spawnSync('tsc', ['-p', config], { encoding: 'utf8' });
  if (error) throw fail('broken-assumption', 'tsc cannot be run', { cause: error });
  expect(stdout.replaceAll(folder, '')).toBe('');
  expect(status).toBe(0);
});

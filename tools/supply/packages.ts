import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../run.ts';

/** The pnpm that packs, as README names it. */
export const pnpm = ['npx', '-y', 'pnpm@12.21.0'] as const;

export interface Published {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly folder: string;
}

/** Every package that is published, in the order of its folder. */
export const publishedPackages = (): readonly Published[] =>
  globSync('{core,{sdk,adapters,plugins,examples}/*}/package.json', { cwd: root })
    .toSorted()
    .map((path) => ({
      folder: join(root, dirname(path)),
      ...(JSON.parse(readFileSync(join(root, path), 'utf8')) as Omit<Published, 'folder'> & { private?: boolean }),
    }))
    .filter((one) => one.private !== true);

/** How pnpm calls a package's files: @plugga/core is plugga-core. */
export const slugOf = (name: string): string => name.replace('@', '').replace('/', '-');

/** `plugga-core-0.1.0`: the tarball is `<stem>.tgz`, its SBOM `<stem>.cdx.json`. */
export const stemOf = ({ name, version }: Pick<Published, 'name' | 'version'>): string => `${slugOf(name)}-${version}`;

/** What a program printed; throws, with what it said, when it did not end with 0. */
export const outputOf = (command: readonly string[], cwd = root): string => {
  const [program = '', ...args] = command;
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
    timeout: 120_000,
  });
  if (error !== undefined || status !== 0)
    throw new Error(`${command.join(' ')} failed: ${error?.message ?? (stderr || stdout).trim()}`);
  return stdout;
};

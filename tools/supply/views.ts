import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bom } from './bom.ts';
import { outputOf, pnpm, slugOf } from './packages.ts';
import type { Views } from './sbom.ts';

/** What pnpm says of these packages of the workspace; its root is `plugga`. */
export function viewsOf(names: readonly string[]): ReadonlyMap<string, Views> {
  const folder = mkdtempSync(join(tmpdir(), 'plugga-sbom-'));
  const ask = (view: keyof Views, ...more: readonly string[]) => {
    const format = ['--split', '--sbom-format', 'cyclonedx', '--sbom-spec-version', '1.6'];
    outputOf([...pnpm, '-r', 'sbom', ...format, ...more, '--out', join(folder, `${view}-%s.json`)]);
    return (name: string) => JSON.parse(readFileSync(join(folder, `${view}-${slugOf(name)}.json`), 'utf8')) as Bom;
  };
  try {
    const installed = ask('installed', '--prod');
    const locked = ask('locked', '--prod', '--lockfile-only');
    const all = ask('all');
    return new Map(
      names.map((name) => [name, { installed: installed(name), locked: locked(name), all: all(name) }] as const),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../run.ts';
import type { Published } from './packages.ts';

/** What Vite wrote beside the pages: each package whose code is in them, with the text of its licence. */
const noteOf = (web: string): string => join(web, 'licences.md');

/** `name@version` of each package that the note of a build names. */
export const bundledIn = (note: string): readonly string[] =>
  [...note.matchAll(/^## (\S+) - (\S+) \(.*\)$/gm)].map(([, name, version]) => `${name}@${version}`);

/** What the build of a package's pages copies into its tarball; nothing where it has no pages. Built when asked. */
export function bundledOf({ name, folder }: Published): readonly string[] {
  if (!existsSync(join(folder, 'web'))) return [];
  const out = mkdtempSync(join(tmpdir(), 'plugga-web-'));
  try {
    const build = ['vite', 'build', 'web', '--logLevel', 'error', '--outDir', out, '--emptyOutDir'];
    if (!run(['env', 'NODE_ENV=production', ...build], folder)) throw new Error(`the pages of ${name} do not build`);
    if (!existsSync(noteOf(out)))
      throw new Error(`${name}: Vite wrote no licences.md: see build.license in its vite.config.ts`);
    return bundledIn(readFileSync(noteOf(out), 'utf8'));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

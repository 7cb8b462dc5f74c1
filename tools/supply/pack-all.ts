import { globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../run.ts';
import type { Bom } from './bom.ts';
import { bundledIn } from './bundled.ts';
import { sealed } from './envelope.ts';
import { envelopeFile, sha256Of, statementFile, subjectsIn } from './files.ts';
import { licensedIn, policy, refusedOf } from './licences.ts';
import { reportOf } from './licence-report.ts';
import { outputOf, pnpm, publishedPackages, stemOf, type Published } from './packages.ts';
import { statementOf, type Making } from './provenance.ts';
import { sbomOf } from './sbom.ts';
import { viewsOf } from './views.ts';

export interface PackOptions {
  /** The command as the user gave it: it becomes part of the statement. */
  readonly command: string;
  /** PEM of an Ed25519 key; without one the statement is not signed. */
  readonly signingKey?: string | undefined;
  /** SOURCE_DATE_EPOCH; without one no file names a moment. */
  readonly at?: Date | undefined;
}

/**
 * Builds and packs every published package into an empty folder: tarballs, an SBOM each, the licence report, and the
 * provenance over all of them. The same tree on the same Node gives the same bytes.
 */
export function packAll(folder: string, options: PackOptions): readonly Published[] {
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length > 0) throw new Error(`${folder} is not empty: a pack holds what was packed together`);
  const packages = publishedPackages();
  // Compiled anew: tsc leaves what deleted sources once gave. The pages empty their own folder.
  for (const path of packages.flatMap((one) =>
    globSync('dist/*', { cwd: one.folder, exclude: ['dist/web'] }).map((it) => join(one.folder, it)),
  ))
    rmSync(path, { recursive: true });
  if (!run(['tsc', '-b', '--force'])) throw new Error('the build failed');
  const views = viewsOf(packages.map(({ name }) => name));
  const boms = packages.map((one): Bom => {
    outputOf([...pnpm, 'pack', '--pack-destination', folder], one.folder);
    const tarball = join(folder, `${stemOf(one)}.tgz`);
    const { digest } = subjectsIn(folder).find(({ name }) => name === `${stemOf(one)}.tgz`)!;
    const bom = sbomOf(views.get(one.name)!, {
      hashes: [
        { alg: 'SHA-256', content: digest.sha256 },
        { alg: 'SHA-512', content: digest.sha512 },
      ],
      bundled: bundledIn(noteIn(tarball)),
      at: options.at,
    });
    writeFileSync(join(folder, `${stemOf(one)}.cdx.json`), `${JSON.stringify(bom, undefined, 2)}\n`);
    return bom;
  });
  const licensed = licensedIn(boms, policy);
  const refused = refusedOf(licensed, policy);
  if (refused.length > 0) throw new Error(`may not be shipped: ${refused.join('; ')}`);
  writeFileSync(join(folder, 'licences.md'), reportOf(licensed));

  const statement = `${JSON.stringify(statementOf(subjectsIn(folder), makingOf(options)), undefined, 2)}\n`;
  writeFileSync(join(folder, statementFile), statement);
  if (options.signingKey !== undefined)
    writeFileSync(
      join(folder, envelopeFile),
      `${JSON.stringify(sealed(statement, options.signingKey), undefined, 2)}\n`,
    );
  return packages;
}

/** What the pages in a tarball were made of; empty where it has none. */
const noteIn = (tarball: string): string => {
  const note = 'package/dist/web/licences.md';
  return outputOf(['tar', '-tzf', tarball]).split('\n').includes(note) ? outputOf(['tar', '-xzOf', tarball, note]) : '';
};

const makingOf = ({ command, at }: PackOptions): Making => ({
  command,
  at,
  source: sourceOf(),
  lockfileSha256: sha256Of(readFileSync(join(root, 'pnpm-lock.yaml'))),
  node: process.versions.node,
  pnpm: outputOf([...pnpm, '--version']).trim(),
  platform: `${process.platform}-${process.arch}`,
});

/** The commit, and whether the tree is what it says; undefined where this is no git tree of its own. */
const sourceOf = (): Making['source'] => {
  try {
    const [top = '', commit = ''] = outputOf(['git', 'rev-parse', '--show-prefix', 'HEAD']).split('\n');
    return top === '' ? { commit, clean: outputOf(['git', 'status', '--porcelain']).trim() === '' } : undefined;
  } catch {
    return undefined;
  }
};

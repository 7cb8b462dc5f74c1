import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from '@plugga/kit';
import { UsageError } from '../command.ts';

export interface Installed {
  readonly name: string;
  readonly version: string;
  /** Who needs it, from the deployment down: "@plugga/core > pg-boss". */
  readonly via: string;
}

const names = z.record(z.string(), z.string()).optional();
const packageJson = z.looseObject({
  name: z.string().optional(),
  version: z.string().optional(),
  dependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
});

/**
 * What runs in production: the packages of these folders and all that they need, found where Node would find it,
 * whichever package manager put it there. What only develops is left out.
 */
export async function installedFrom(folders: readonly string[]): Promise<readonly Installed[]> {
  const waiting = await Promise.all(folders.map(async (folder) => ({ folder: await realpath(folder), via: '' })));
  const seen = new Map<string, Installed | undefined>();
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { folder, via } = next;
    if (seen.has(folder)) continue;
    const file = packageJson.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
    const { name, version } = file;
    seen.set(folder, name === undefined || version === undefined ? undefined : { name, version, via });
    const needs = { ...file.peerDependencies, ...file.optionalDependencies, ...file.dependencies };
    for (const need of Object.keys(needs)) {
      const found = whereIs(need, folder);
      const below = [via, name].filter((it) => it !== undefined && it !== '').join(' > ');
      if (found !== undefined) waiting.push({ folder: await realpath(found), via: below });
    }
  }
  return [...seen.values()].filter((it) => it !== undefined);
}

/** As Node looks for it; undefined for one of another platform, or one that its user need not bring. */
function whereIs(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

const bom = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  metadata: z.looseObject({ component: z.looseObject({ name: z.string() }).optional() }).optional(),
  components: z.array(z.looseObject({ purl: z.string().optional() })).optional(),
});

/** The packages of npm that a CycloneDX SBOM lists, such as the one beside each of our tarballs. */
export async function listedIn(path: string): Promise<readonly Installed[]> {
  try {
    const { metadata, components = [] } = bom.parse(JSON.parse(await readFile(path, 'utf8')));
    return [metadata?.component, ...components].flatMap((component) => {
      const [, name, version] = /^pkg:npm\/(.+)@([^?#]+)/.exec(String(component?.['purl'] ?? '')) ?? [];
      if (name === undefined || version === undefined) return [];
      return [{ name: decodeURIComponent(name), version: decodeURIComponent(version), via: path }];
    });
  } catch (cause) {
    throw new UsageError(`${path} is no CycloneDX SBOM in JSON`, { cause });
  }
}

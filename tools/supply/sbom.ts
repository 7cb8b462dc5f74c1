import { createHash } from 'node:crypto';
import type { Bom, Component, Dependency, Hash } from './bom.ts';

/** What pnpm says of one package, in three views: as a third party installs it here, on any platform, and with what builds it. */
export interface Views {
  /** Production dependencies that are installed here, with what their package.json says. */
  readonly installed: Bom;
  /** Production dependencies of the lockfile: those of other platforms too, without description and licence. */
  readonly locked: Bom;
  /** Everything, development too: where what a build bundles is found. */
  readonly all: Bom;
}

/**
 * The SBOM of a tarball: sorted, without the moment or a random number in it, so that the same tree gives the same bytes.
 * Hashes stand with the component rather than with a download address, which depends on who packs.
 * What a build has copied into the tarball (`name@version`) is listed as bundled.
 */
export function sbomOf(
  { installed, locked, all }: Views,
  tarball: { readonly hashes: readonly Hash[]; readonly bundled: readonly string[]; readonly at?: Date | undefined },
): Bom {
  const { timestamp: _, component, ...metadata } = installed.metadata;
  const known = new Map(
    [...all.components, ...locked.components, ...installed.components].map((it) => [it['bom-ref'], it]),
  );
  const bundled = new Set(tarball.bundled.map((id) => refOf(id, known)));
  const listed = new Set([...locked.components.map((it) => it['bom-ref']), ...bundled]);
  const components = [...listed]
    .map((ref) => tidy(known.get(ref)!))
    .map((it) => (bundled.has(it['bom-ref']) ? { ...it, properties: [{ name: 'plugga:bundled', value: 'true' }] } : it))
    .toSorted((a, b) => compare(a['bom-ref'], b['bom-ref']));
  const main = component['bom-ref'];
  const needed = new Map<string, Set<string>>([main, ...listed].map((ref) => [ref, new Set()]));
  const views: readonly Dependency[] = [...locked.dependencies, ...installed.dependencies];
  const ofBundled = all.dependencies.filter(({ ref }) => bundled.has(ref));
  for (const { ref, dependsOn = [] } of [...views, ...ofBundled])
    for (const one of dependsOn) if (listed.has(one)) needed.get(ref)?.add(one);
  for (const ref of bundled) needed.get(main)?.add(ref);
  const content = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX' as const,
    specVersion: '1.6',
    version: 1,
    metadata: {
      ...(tarball.at === undefined ? {} : { timestamp: tarball.at.toISOString() }),
      ...metadata,
      component: { ...tidy(component), hashes: tarball.hashes },
    },
    components,
    dependencies: [...needed]
      .map(([ref, on]) => ({ ref, dependsOn: [...on].toSorted(compare) }))
      .toSorted((a, b) => compare(a.ref, b.ref)),
  };
  const { $schema, bomFormat, specVersion, ...rest } = content;
  return { $schema, bomFormat, specVersion, serialNumber: serialOf(JSON.stringify(content)), ...rest } as Bom;
}

const refOf = (id: string, known: ReadonlyMap<string, Component>): string => {
  const at = id.lastIndexOf('@');
  const ref = `pkg:npm/${id.slice(0, at).replace('@', '%40')}${id.slice(at)}`;
  if (!known.has(ref)) throw new Error(`${id} is bundled, and no dependency of the package: where does it come from?`);
  return ref;
};

/** Without addresses of people and of the place it was downloaded from. */
const tidy = (it: Component): Component => {
  const hashes = it.externalReferences?.find(({ type }) => type === 'distribution')?.hashes;
  const references = it.externalReferences?.filter(({ type }) => type !== 'distribution') ?? [];
  return {
    type: it.type,
    'bom-ref': it['bom-ref'],
    ...(it.group === undefined ? {} : { group: it.group }),
    name: it.name,
    version: it.version,
    ...(it.description === undefined ? {} : { description: it.description }),
    ...(hashes === undefined ? {} : { hashes }),
    ...(it.licenses === undefined ? {} : { licenses: it.licenses }),
    purl: it.purl,
    ...(references.length === 0 ? {} : { externalReferences: references }),
  };
};

/** RFC 9562 section 5.8: a UUID of our own making, here a digest of the content. */
const serialOf = (content: string): string => {
  const hex = createHash('sha256').update(content).digest('hex');
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)];
  return `urn:uuid:${uuid.join('-')}`;
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

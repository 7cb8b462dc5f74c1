import { z } from '@plugga/kit';
import semver from 'semver';

/** What is known of one package of npm: whether a version is hit, and what mends it. */
export interface Advisory {
  readonly id: string;
  readonly package: string;
  readonly severity: Severity;
  readonly summary: string;
  /** Taken back by who published it: it hits nothing. */
  readonly withdrawn: boolean;
  hits(version: string): boolean;
  /** The lowest version above this one that mends it; undefined where the advisory names none. */
  fixedAfter(version: string): string | undefined;
}

export const severities = ['critical', 'high', 'moderate', 'low', 'unknown'] as const;
export type Severity = (typeof severities)[number];

/** A file of advisories that is not one: says where in it and what. */
export class MalformedAdvisories extends Error {
  override readonly name = 'MalformedAdvisories';
}

const versionText = z.string().refine((text) => semver.parse(text, { loose: true }) !== null, 'is no version');
const boundary = z.union([z.literal('0'), versionText]);

const osvEvent = z.union([
  z.object({ introduced: boundary }),
  z.object({ fixed: versionText }),
  z.object({ last_affected: versionText }),
  z.object({ limit: z.union([z.literal('*'), versionText]) }),
]);

const named = z.looseObject({ severity: z.string().optional() });

/** Of other ecosystems and of git ranges nothing is asked: their versions are no semver. */
const osvAffected = z.looseObject({
  package: z.looseObject({ ecosystem: z.string(), name: z.string() }).optional(),
  ranges: z.array(z.looseObject({ type: z.string(), events: z.array(z.unknown()).min(1) })).optional(),
  versions: z.array(z.string()).optional(),
  database_specific: named.optional(),
  ecosystem_specific: named.optional(),
});

/** Open Source Vulnerability format 1.x. https://ossf.github.io/osv-schema */
const osvRecord = z.looseObject({
  id: z.string().min(1),
  summary: z.string().optional(),
  withdrawn: z.string().optional(),
  affected: z.array(osvAffected).nullish(),
  database_specific: named.optional(),
});

const osvEvents = z.array(osvEvent);
type OsvEvent = z.infer<typeof osvEvent>;

/** What `npm audit` gets from the bulk endpoint of a registry: package name to advisories. */
const bulk = z.record(
  z.string(),
  z.array(
    z.looseObject({
      id: z.union([z.number(), z.string()]),
      title: z.string().optional(),
      severity: z.string().optional(),
      url: z.string().optional(),
      vulnerable_versions: z.string().refine((text) => semver.validRange(text) !== null, 'is no range of versions'),
    }),
  ),
);

/** The advisories for npm in a JSON text: an OSV record, an array of them, or the bulk answer of `npm audit`. */
export function advisoriesIn(text: string): readonly Advisory[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new MalformedAdvisories(`is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  if (Array.isArray(json)) return json.flatMap((one, index) => ofOsv(one, [index]));
  if (typeof json !== 'object' || json === null) throw new MalformedAdvisories('holds no advisories');
  return 'id' in json || 'schema_version' in json ? ofOsv(json, []) : ofBulk(json);
}

function ofOsv(json: unknown, at: readonly PropertyKey[]): readonly Advisory[] {
  const record = parsed(osvRecord, json, at);
  return (record.affected ?? []).flatMap((affected, index) => {
    if (affected.package?.ecosystem !== 'npm') return [];
    const ranges = (affected.ranges ?? []).flatMap(({ type, events }, range) =>
      type === 'GIT' ? [] : [parsed(osvEvents, events, [...at, 'affected', index, 'ranges', range, 'events'])],
    );
    const versions = affected.versions ?? [];
    return [
      {
        id: record.id,
        package: affected.package.name,
        severity: severityOf(
          affected.database_specific?.severity ??
            affected.ecosystem_specific?.severity ??
            record.database_specific?.severity,
        ),
        summary: record.summary ?? '',
        withdrawn: record.withdrawn !== undefined,
        hits: (version) => versions.includes(version) || ranges.some((events) => isIn(events, version)),
        fixedAfter: (version) => lowestAbove(version, ranges),
      },
    ];
  });
}

const ofBulk = (json: object): readonly Advisory[] =>
  Object.entries(parsed(bulk, json, [])).flatMap(([name, list]) =>
    list.map((one) => ({
      // The address of a GitHub advisory ends in the name by which everyone knows it.
      id: /GHSA(-[a-z0-9]{4}){3}/.exec(one.url ?? '')?.[0] ?? String(one.id),
      package: name,
      severity: severityOf(one.severity),
      summary: one.title ?? '',
      withdrawn: false,
      hits: (version: string) => semver.satisfies(version, one.vulnerable_versions, { includePrerelease: true }),
      fixedAfter: () => undefined,
    })),
  );

function parsed<T>(schema: z.ZodType<T>, json: unknown, at: readonly PropertyKey[]): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = [...at, ...(issue?.path ?? [])].map(String).join('.');
  throw new MalformedAdvisories(`is no OSV and no npm audit file: ${path === '' ? 'it' : path}: ${issue?.message}`);
}

/** The evaluation of the OSV schema: events in the order of their versions, the last one that is not above decides. */
function isIn(events: readonly OsvEvent[], version: string): boolean {
  // What cannot be compared is for a person to judge, not to be passed over.
  if (semver.parse(version, { loose: true }) === null) return true;
  const limits = events.flatMap((event) => ('limit' in event ? [event.limit] : []));
  if (limits.length > 0 && !limits.some((limit) => limit === '*' || compare(version, limit) < 0)) return false;
  return events
    .filter((event) => !('limit' in event))
    .toSorted((a, b) => compare(versionOf(a), versionOf(b)))
    .reduce((inside, event) => {
      if ('introduced' in event) return inside || compare(version, event.introduced) >= 0;
      if ('fixed' in event) return inside && compare(version, event.fixed) < 0;
      return 'last_affected' in event ? inside && compare(version, event.last_affected) <= 0 : inside;
    }, false);
}

const lowestAbove = (version: string, ranges: readonly (readonly OsvEvent[])[]): string | undefined =>
  ranges
    .filter((events) => isIn(events, version))
    .flat()
    .flatMap((event) => ('fixed' in event ? [event.fixed] : []))
    .filter((fixed) => semver.parse(version, { loose: true }) === null || compare(fixed, version) > 0)
    .toSorted(compare)[0];

const versionOf = (event: OsvEvent): string => Object.values(event)[0] ?? '0';

/** "0" stands before every version, pre-releases of 0.0.0 included. */
function compare(a: string, b: string): number {
  if (a === '0' || b === '0') return a === b ? 0 : a === '0' ? -1 : 1;
  return semver.compare(a, b, { loose: true });
}

const severityOf = (stated: string | undefined): Severity => {
  const name = stated?.toLowerCase() === 'medium' ? 'moderate' : stated?.toLowerCase();
  return severities.find((one) => one === name) ?? 'unknown';
};

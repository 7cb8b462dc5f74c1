import { anyOf, type Instant, type TenantId } from '@plugga/kit';
import { targetsOf, type Place, type Who } from './assignment.ts';
import { inForce, versionDates, versionsOf, type Db } from './versions.ts';
import { offerOf, type TariffVersion } from './version.ts';

/** Who charges where from when: what decides on the tariff. */
export interface Visit extends Who {
  readonly place: Place;
  readonly startedAt: Instant;
}

export interface Chosen {
  readonly tariff: TariffVersion;
  /** What it is assigned to: `location`, `group`. */
  readonly by: string;
}

interface Candidate {
  readonly target_kind: string;
  readonly target: string;
  readonly tariff: string;
  readonly from_at: Date | null;
  readonly until_at: Date | null;
  readonly created_at: Date | null;
  readonly withdrawn_at: Date | null;
}

/**
 * The tariff in force for each visit, in their order; undefined where none is assigned. The most specific that has a version in force
 * wins. `known` spares the reading of versions that were read before.
 */
export async function tariffsFor(
  db: Db,
  tenant: TenantId,
  visits: readonly Visit[],
  known: (id: string, version: number) => TariffVersion | undefined = () => undefined,
): Promise<readonly (Chosen | undefined)[]> {
  if (visits.length === 0) return [];
  const targets = visits.map((visit) => targetsOf(tenant, visit.place, visit));
  const rows = await candidates(db, [...new Set(targets.flat())], Math.min(...visits.map((it) => it.startedAt)));
  const dates = Map.groupBy(
    await versionDates(
      db,
      rows.map(({ tariff }) => tariff),
    ),
    ({ id }) => id,
  );
  const found = visits.map(({ startedAt }, at) => {
    for (const target of targets[at] ?? [])
      for (const { tariff, target_kind } of inOrder(rows, target, startedAt)) {
        const version = inForce(dates.get(tariff) ?? [], startedAt);
        if (version !== undefined) return { tariff, version: version.version, by: target_kind };
      }
    return undefined;
  });
  const held = found.map((it) => it && known(it.tariff, it.version));
  const read = await versionsOf(
    db,
    found.flatMap((it, at) => (it === undefined || held[at] !== undefined ? [] : it)),
  );
  return found.map((it, at) => {
    const tariff = it && (held[at] ?? read.get(offerOf({ id: it.tariff, version: it.version })));
    return it === undefined || tariff === undefined ? undefined : { tariff, by: it.by };
  });
}

export const tariffFor = async (db: Db, tenant: TenantId, visit: Visit): Promise<Chosen | undefined> =>
  (await tariffsFor(db, tenant, [visit]))[0];

async function candidates(db: Db, targets: readonly string[], since: number): Promise<readonly Candidate[]> {
  const columns = ['target_kind', 'target', 'tariff', 'from_at', 'until_at', 'created_at'] as const;
  return db
    .selectFrom('assignment')
    .select([...columns, (it) => it.lit(null).$castTo<Date | null>().as('withdrawn_at')])
    .where('target', '=', anyOf(targets))
    .unionAll(
      db
        .selectFrom('assignment_past')
        .select([...columns, (it) => it.ref('withdrawn_at').$castTo<Date | null>().as('withdrawn_at')])
        .where('target', '=', anyOf(targets))
        .where('withdrawn_at', '>', new Date(since)),
    )
    .limit(1000 * targets.length)
    .execute();
}

/**
 * What was assigned to the target and holds at that moment: made by then before made since, the latest `from` first, then the
 * newest. A session that is older than all of them has the first that was made.
 */
function inOrder(rows: readonly Candidate[], target: string, at: Instant): readonly Candidate[] {
  const made = ({ created_at }: Candidate): number => created_at?.getTime() ?? -Infinity;
  const from = ({ from_at }: Candidate): number => from_at?.getTime() ?? -Infinity;
  return rows
    .filter(
      (it) =>
        it.target === target &&
        from(it) <= at &&
        (it.until_at === null || at < it.until_at.getTime()) &&
        (it.withdrawn_at === null || at < it.withdrawn_at.getTime()),
    )
    .toSorted((a, b) => {
      const [early, late] = [made(a) <= at, made(b) <= at];
      if (early !== late) return early ? -1 : 1;
      return from(b) - from(a) || (early ? made(b) - made(a) : made(a) - made(b)) || (a.tariff < b.tariff ? -1 : 1);
    });
}

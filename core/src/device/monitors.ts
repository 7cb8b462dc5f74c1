import type { Monitor, MonitorKind, StationId, TenantId } from '@plugga/kit';
import { sql } from 'kysely';
import type { Db } from '../site/transact.ts';
import type { DeviceTold } from '../station/input.ts';

/** Monitors of a station that are kept; what is more is not. */
const MOST = 2_000;
const THRESHOLDS: readonly MonitorKind[] = ['upper', 'lower'];
const KINDS: Readonly<Record<string, readonly MonitorKind[]>> = {
  threshold: THRESHOLDS,
  delta: ['delta'],
  periodic: ['periodic', 'clockAligned'],
};

interface Of {
  readonly tenant: TenantId;
  readonly station: StationId;
  readonly updated_at: Date;
}

/** Which of the station's monitors a report was asked for: all where it names none. */
interface Scope {
  readonly names?: readonly string[];
  readonly criteria?: readonly string[];
}

/** `Component/Variable@1.2` is of `Component@1.2`, and of itself. */
const isIn = (
  { names = [], criteria = [] }: Scope,
  { variable, kind }: { variable: string; kind: string },
): boolean => {
  const [, component, where = ''] = /^([^/]*)\/[^@#]*(@[^#]*)?/.exec(variable) ?? [];
  const own = [variable, `${component}${where}`].map((it) => it.toLowerCase());
  return (
    (names.length === 0 || names.some((it) => own.includes(it.trim().toLowerCase()))) &&
    (criteria.length === 0 || criteria.some((it) => KINDS[it]?.includes(kind as MonitorKind)))
  );
};

/** Those that a report should have named and has not; none where it was not us who asked for it. */
async function staleOf(db: Db, { station }: Of, whole: NonNullable<DeviceTold['whole']>): Promise<readonly number[]> {
  const asked = await db
    .selectFrom('core.command_row')
    .select('payload')
    .where('station', '=', station)
    .where('name', 'in', ['readMonitors', 'setMonitoringBase'])
    .where(sql<boolean>`payload ->> 'request' = ${String(whole.request)}`)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (asked === undefined) return [];
  const there = await db
    .selectFrom('core.monitor')
    .select(['monitor', 'variable', 'kind'])
    .where('station', '=', station)
    .where('updated_at', '<', new Date(whole.since))
    .orderBy('monitor')
    .limit(MOST)
    .execute();
  const told = new Set(whole.ids);
  return there
    .filter((it) => !told.has(Number(it.monitor)) && isIn(asked.payload as Scope, it))
    .map(({ monitor }) => Number(monitor));
}

const remove = async (db: Db, { station }: Of, monitors: readonly number[]): Promise<void> => {
  if (monitors.length > 0)
    await db
      .deleteFrom('core.monitor')
      .where('station', '=', station)
      .where('monitor', 'in', monitors.map(String))
      .execute();
};

/** Monitors that a station has told of or taken, without those that it has no more; which of them it no longer has by its report. */
export async function keepMonitors(
  db: Db,
  of: Of,
  told: Pick<DeviceTold, 'whole'> & { readonly set: readonly Monitor[]; readonly cleared: readonly number[] },
): Promise<readonly number[]> {
  await remove(db, of, told.cleared);
  await add(db, of, told.set);
  if (told.whole === undefined) return [];
  const stale = await staleOf(db, of, told.whole);
  await remove(db, of, stale);
  return stale;
}

async function add(db: Db, of: Of, set: readonly Monitor[]): Promise<void> {
  // Each once: one statement cannot set a row twice.
  const monitors = [...new Map(set.map((it) => [it.id, it])).values()].slice(0, MOST);
  if (monitors.length === 0) return;
  const { count } = await db
    .selectFrom('core.monitor')
    .select((it) => it.fn.countAll<string>().as('count'))
    .where('station', '=', of.station)
    .executeTakeFirstOrThrow();
  if (Number(count) >= MOST) return;
  await db
    .insertInto('core.monitor')
    .values(monitors.map(({ id, origin = null, ...it }) => ({ ...of, ...it, monitor: String(id), origin })))
    .onConflict((it) =>
      it.columns(['station', 'monitor']).doUpdateSet((row) => ({
        variable: row.ref('excluded.variable'),
        kind: row.ref('excluded.kind'),
        value: row.ref('excluded.value'),
        severity: row.ref('excluded.severity'),
        transaction: row.ref('excluded.transaction'),
        origin: row.ref('excluded.origin'),
        updated_at: row.ref('excluded.updated_at'),
      })),
    )
    .execute();
}

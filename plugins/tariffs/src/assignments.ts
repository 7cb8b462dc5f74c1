import type { Instant, TenantId } from '@plugga/kit';
import { idOf, targetOf, type Assignment } from './assignment.ts';
import type { Db } from './versions.ts';

const columns = ['id', 'tenant', 'target_kind', 'target', 'tariff', 'from_at', 'until_at', 'created_at'] as const;

/** What a tariff is assigned to from now on. What is taken back goes on holding for sessions that began before. */
export async function assign(
  db: Db,
  o: {
    readonly tenant: TenantId;
    readonly tariff: string;
    readonly assignments: readonly Assignment[];
    readonly at: Instant;
    newId(): string;
  },
): Promise<void> {
  const { tenant, tariff, at } = o;
  const held = await db.selectFrom('assignment').select(columns).where('tariff', '=', tariff).forUpdate().execute();
  const wanted = new Map(o.assignments.map((it) => [keyOf(it, tenant), it]));
  const known = new Set<string>();
  const gone = held.filter((row) => {
    const key = rowKey(row);
    if (!wanted.has(key)) return true;
    known.add(key);
    return false;
  });
  if (gone.length > 0) {
    await db
      .insertInto('assignment_past')
      .values(gone.map((row) => ({ ...row, withdrawn_at: new Date(at) })))
      .execute();
    await db
      .deleteFrom('assignment')
      .where(
        'id',
        'in',
        gone.map(({ id }) => id),
      )
      .execute();
  }
  const fresh = [...wanted].filter(([key]) => !known.has(key)).map(([, it]) => it);
  if (fresh.length === 0) return;
  await db
    .insertInto('assignment')
    .values(
      fresh.map((it) => ({
        ...{ id: o.newId(), tenant, target_kind: it.to, target: targetOf(it, tenant), tariff },
        from_at: it.from === undefined ? null : new Date(it.from),
        until_at: it.until === undefined ? null : new Date(it.until),
        created_at: new Date(at),
      })),
    )
    .execute();
}

const millis = (value: Date | string | null | undefined): number | null =>
  value === null || value === undefined ? null : new Date(value).getTime();
const keyOf = (it: Assignment, tenant: string): string =>
  JSON.stringify([it.to, targetOf(it, tenant), millis(it.from), millis(it.until)]);
const rowKey = (row: {
  readonly target_kind: string;
  readonly target: string;
  readonly from_at: Date | null;
  readonly until_at: Date | null;
}): string => JSON.stringify([row.target_kind, row.target, millis(row.from_at), millis(row.until_at)]);

export interface ShownAssignment {
  readonly to: string;
  readonly id?: string;
  readonly from?: string;
  readonly until?: string;
}

/** What each of these tariffs is assigned to now and later. */
export async function assignmentsOf(
  db: Db,
  tariffs: readonly string[],
): Promise<ReadonlyMap<string, readonly ShownAssignment[]>> {
  if (tariffs.length === 0) return new Map();
  const rows = await db
    .selectFrom('assignment')
    .select(columns)
    .where('tariff', 'in', [...tariffs])
    .orderBy('target_kind')
    .orderBy('target')
    .orderBy('from_at')
    .orderBy('id')
    .limit(100_000)
    .execute();
  const found = new Map<string, ShownAssignment[]>(tariffs.map((id) => [id, []]));
  for (const { tariff, target_kind, target, from_at, until_at } of rows) {
    const id = idOf(target_kind, target);
    found.get(tariff)?.push({
      to: target_kind,
      ...(id === '' ? {} : { id }),
      ...(from_at === null ? {} : { from: from_at.toISOString() }),
      ...(until_at === null ? {} : { until: until_at.toISOString() }),
    });
  }
  return found;
}

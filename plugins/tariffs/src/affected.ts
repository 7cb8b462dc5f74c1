import type { TenantId } from '@plugga/kit';
import type { ShownAssignment } from './assignments.ts';
import type { Db } from './versions.ts';

export interface Affected {
  readonly evses: number;
  readonly connectors: number;
}

/** How many EVSEs and connectors these assignments reach; what is for somebody rather than some place reaches all of the tenant. */
export async function affectedBy(
  db: Db,
  tenant: TenantId,
  assignments: readonly Pick<ShownAssignment, 'to' | 'id'>[],
): Promise<Affected> {
  if (assignments.length === 0) return { evses: 0, connectors: 0 };
  const everywhere = assignments.some(
    ({ to, id }) => to === 'tenant' || id === tenant || ['partner', 'plan', 'group'].includes(to) || id === undefined,
  );
  const ids = assignments.flatMap(({ id }) => id ?? []);
  const { evses, connectors } = await db
    .selectFrom('core.evse as e')
    .leftJoin('core.connector as c', 'c.evse_id', 'e.id')
    .select(({ fn }) => [
      fn.count<string>('e.id').distinct().as('evses'),
      fn.count<string>('c.id').distinct().as('connectors'),
    ])
    .$if(!everywhere, (it) =>
      it.where(({ or, eb }) => or([eb('e.id', 'in', ids), eb('e.location', 'in', ids), eb('c.id', 'in', ids)])),
    )
    .executeTakeFirstOrThrow();
  return { evses: Number(evses), connectors: Number(connectors) };
}

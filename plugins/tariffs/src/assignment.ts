import { z } from '@plugga/kit';

/**
 * For whom and where a tariff is, the most specific first. Who charges goes before where: what was agreed with a partner, in a plan
 * or with a group holds at every place; the ad hoc price is that of a driver without any of these.
 */
const targetKinds = ['partner', 'plan', 'group', 'adhoc', 'connector', 'evse', 'location', 'tenant'] as const;

export const assignment = z
  .strictObject({
    to: z.enum(targetKinds),
    /** The id of what it is assigned to; not needed for the tenant, and for `adhoc` the place, else everywhere. */
    id: z.string().min(1).max(255).optional(),
    from: z.iso.datetime({ offset: true }).optional(),
    until: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ to, id }) => id !== undefined || to === 'tenant' || to === 'adhoc', {
    path: ['id'],
    message: 'names whom or what the tariff is for',
  })
  .refine(({ from, until }) => from === undefined || until === undefined || Date.parse(from) < Date.parse(until), {
    path: ['until'],
    message: 'is later than from',
  });
export type Assignment = z.output<typeof assignment>;

export interface Place {
  readonly location?: string | null | undefined;
  readonly evseId?: string | null | undefined;
  readonly connectorId?: string | null | undefined;
}

/** Who charges, as far as it decides on the price. */
export interface Who {
  /** Who pays, from the authorization: a partner's or a plan's id, plain or as `partner:<id>` and `plan:<id>`. */
  readonly payer?: string | null | undefined;
  readonly group?: string | null | undefined;
  readonly channel?: string | null | undefined;
}

const PLACES: ReadonlySet<string> = new Set(['tenant', 'location', 'evse', 'connector']);

/** How a target is stored: places and the tenant by their id alone, all others with their kind before it. */
export const targetOf = ({ to, id }: Pick<Assignment, 'to' | 'id'>, tenant: string): string =>
  to === 'tenant' ? tenant : PLACES.has(to) ? (id ?? '') : `${to}:${id ?? ''}`;

/** The id as it was assigned. */
export const idOf = (kind: string, target: string): string =>
  PLACES.has(kind) ? target : target.slice(kind.length + 1);

/** All targets that fit who charges where, the most specific first. */
export function targetsOf(tenant: string, place: Place, { payer, group, channel }: Who): readonly string[] {
  const places = [place.connectorId, place.evseId, place.location].filter((it) => typeof it === 'string');
  const found: string[] = [];
  for (const kind of ['partner', 'plan'] as const)
    if (typeof payer === 'string')
      found.push(`${kind}:${payer.startsWith(`${kind}:`) ? payer.slice(kind.length + 1) : payer}`);
  if (typeof group === 'string') found.push(`group:${group}`);
  if (channel === 'adhoc') found.push(...places.map((it) => `adhoc:${it}`), 'adhoc:');
  return [...found, ...places, tenant];
}

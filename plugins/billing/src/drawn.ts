import { decimalOf, type Instant } from '@plugga/kit';
import type { BillingDb } from './db.ts';
import type { BillingTables } from './tables.ts';
import { localDate } from './time.ts';

export type BudgetRow = BillingTables['budget'];

/** `2026-01`, in the zone of the budget. */
export const monthOf = (at: Instant, { time_zone }: Pick<BudgetRow, 'time_zone'>): string =>
  localDate(at, time_zone).slice(0, 7);
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** What a token has drawn of its budget, and what starts under way hold of it. Money in whole minor units. */
export interface Drawn {
  readonly month: string;
  readonly minor: bigint;
  readonly energyWh: bigint;
  readonly heldMinor: bigint;
  readonly heldWh: bigint;
}

/**
 * Spent is what is settled and accrued this month; a start that is admitted holds its reserve, or what is left, until its
 * session has drawn as much. The budget's row is locked meanwhile, so that of two starts at once the second sees what the
 * first holds: what is left is given out once.
 */
export async function drawnOf(
  db: BillingDb,
  budget: BudgetRow,
  now: Instant,
  without?: { readonly station: string; readonly evse: number },
): Promise<Drawn> {
  const month = monthOf(now, budget);
  // Holds first: what becomes of one meanwhile is then counted, never neither.
  const holds = await db
    .selectFrom('budget_hold')
    .selectAll()
    .where('token', '=', budget.token)
    .where('until_at', '>', new Date(now))
    .execute();
  const spends = await db
    .selectFrom('budget_spend')
    .select(['session', 'currency', 'minor', 'energy_wh'])
    .where('token', '=', budget.token)
    .where('month', '=', month)
    .execute();
  const own = new Map(
    spends.map((it) => [
      it.session,
      { minor: it.currency === budget.currency ? BigInt(it.minor) : 0n, wh: BigInt(it.energy_wh) },
    ]),
  );
  let [minor, energyWh, heldMinor, heldWh] = [0n, 0n, 0n, 0n];
  for (const it of own.values()) [minor, energyWh] = [minor + it.minor, energyWh + it.wh];
  for (const it of holds) {
    const again = it.session === null && it.station === without?.station && (it.evse === 0 || it.evse === without.evse);
    if (again) continue;
    const drawn = it.session === null ? undefined : own.get(it.session);
    heldMinor += most(BigInt(it.minor) - (drawn?.minor ?? 0n), 0n);
    heldWh += most(BigInt(it.energy_wh) - (drawn?.wh ?? 0n), 0n);
  }
  return { month, minor, energyWh, heldMinor, heldWh };
}

/** Whether anything is left, and what a start then holds of it. Pure. */
export function admitting(
  budget: Pick<BudgetRow, 'currency' | 'minor' | 'energy_wh' | 'reserve_minor' | 'reserve_wh'>,
  drawn: Drawn,
): { readonly minor: bigint; readonly energyWh: bigint } | { readonly reason: string } {
  const of = { minor: 0n, energyWh: 0n };
  if (budget.minor !== null && budget.currency !== null) {
    const { currency } = budget;
    const shown = (minor: bigint): string => decimalOf({ currency, minor });
    const limit = BigInt(budget.minor);
    const left = limit - drawn.minor - drawn.heldMinor;
    if (left <= 0n)
      return {
        reason: `budget of ${shown(limit)} ${currency} in ${drawn.month} is spent: ${shown(drawn.minor)} drawn, ${shown(drawn.heldMinor)} held by charging under way`,
      };
    of.minor = least(left, BigInt(budget.reserve_minor ?? left));
  }
  if (budget.energy_wh !== null) {
    const limit = BigInt(budget.energy_wh);
    const left = limit - drawn.energyWh - drawn.heldWh;
    if (left <= 0n)
      return {
        reason: `budget of ${limit} Wh in ${drawn.month} is spent: ${drawn.energyWh} Wh drawn, ${drawn.heldWh} Wh held by charging under way`,
      };
    of.energyWh = least(left, BigInt(budget.reserve_wh ?? left));
  }
  return of;
}

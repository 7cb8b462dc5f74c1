import { anyOf, instantOf, type Billable, type Instant, localTime } from '@plugga/kit';
import type { BillingDb } from './db.ts';
import type { BillingTables } from './tables.ts';

export type FreeVendRow = BillingTables['free_vend'];

/** What the operator has decided of a session beside its price. */
export interface Accounts {
  /** Code of the cost centre of its token, else of the token's group. */
  readonly costCentre: string | null;
  /** Why it is given away; null where it is billed. */
  readonly waived: string | null;
}

/** More rules than these are not looked at: they are made by hand. */
export const mostFreeVend = 1_000;

/** Cost centre and free vend of sessions, in their order. Two statements, however many they are. */
export async function accountsOf(db: BillingDb, whose: readonly Billable[]): Promise<readonly Accounts[]> {
  if (whose.length === 0) return [];
  const values = [...new Set(whose.flatMap(({ token }) => [token?.id ?? [], token?.group ?? []].flat()))];
  const members =
    values.length === 0
      ? []
      : await db
          .selectFrom('cost_centre_member')
          .select(['kind', 'value', 'cost_centre'])
          .where('value', '=', anyOf(values))
          .execute();
  const centreOf = new Map(members.map(({ kind, value, cost_centre }) => [`${kind} ${value}`, cost_centre]));
  const rules = await db
    .selectFrom('free_vend')
    .select(['id', 'tenant', 'reason', 'token', 'token_group', 'location', 'from_at', 'until_at'])
    .select(['weekdays', 'start_time', 'end_time', 'created_at'])
    .orderBy('created_at')
    .orderBy('id')
    .limit(mostFreeVend)
    .execute();
  return whose.map((billable) => ({
    costCentre: centreOf.get(`token ${billable.token?.id}`) ?? centreOf.get(`group ${billable.token?.group}`) ?? null,
    waived: rules.find((rule) => givesAway(rule, billable))?.reason ?? null,
  }));
}

/** Whether a rule fits a session: all that it names must. Judged at the session's start, by the clock of its site. Pure. */
export function givesAway(
  rule: FreeVendRow,
  billable: Pick<Billable, 'token' | 'location' | 'startedAt' | 'timeZone'>,
): boolean {
  const { token, location, startedAt, timeZone } = billable;
  if (rule.token !== null && rule.token !== token?.id) return false;
  if (rule.token_group !== null && rule.token_group !== token?.group) return false;
  if (rule.location !== null && rule.location !== location) return false;
  const at = instantOf(startedAt);
  if (rule.from_at !== null && at < rule.from_at.getTime()) return false;
  if (rule.until_at !== null && at >= rule.until_at.getTime()) return false;
  return inWindow(rule, at, timeZone);
}

/** A window that ends before it begins goes over midnight, and belongs to the day on which it began. */
function inWindow({ weekdays, start_time, end_time }: FreeVendRow, at: Instant, timeZone: string): boolean {
  const { date, time } = localTime(at, timeZone);
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
  const [from, to] = [start_time ?? '00:00', end_time ?? '24:00'];
  const overnight = to <= from;
  const after = time >= from && (overnight || time < to);
  const before = overnight && time < to;
  if (!after && !before) return false;
  const day = after ? weekday : ((weekday + 5) % 7) + 1;
  return weekdays === null || weekdays.includes(day);
}

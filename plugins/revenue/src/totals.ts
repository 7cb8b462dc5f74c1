import { type RawBuilder, sql } from 'kysely';
import { type Column, columns } from './migrations.ts';
import type { RevenueDb } from './store.ts';
import { type Decimals, plus, shownSums, type Sums } from './sums.ts';

/** Rows of `day` added up; amounts as PostgreSQL gives them. */
export type Summed = Readonly<Record<Column, string>> & { readonly currency: string };
export type DaySummed = Summed & { readonly day: string };

export const summed = (alias: string): RawBuilder<unknown> =>
  sql.raw(columns.map((name) => `coalesce(sum(${alias}.${name}), 0)::text as ${name}`).join(', '));

/** Newest first. */
export async function sumOfDays(
  db: RevenueDb,
  where: RawBuilder<unknown>,
  limit?: number,
): Promise<readonly DaySummed[]> {
  const { rows } = await sql<DaySummed>`
    select d.day, d.currency, ${summed('d')} from revenue.day d where ${where}
    group by d.day, d.currency order by d.day desc, d.currency ${limit === undefined ? sql`` : sql`limit ${limit}`}`.execute(
    db,
  );
  return rows;
}

const sumsIn = (row: Summed, name: string): Sums => {
  const of = (part: string): bigint => BigInt(row[`${name}_${part}` as Column]);
  return { excl: of('excl'), vat: of('vat'), incl: of('incl') };
};

/** The books of a row as the API shows them. */
export interface ShownBooks {
  readonly earned: Decimals;
  readonly accrued: Decimals;
  readonly held: Decimals;
  readonly waived: Decimals;
  readonly settled: Decimals;
  readonly invoiced: Decimals;
  readonly credited: Decimals;
}

/** Without a currency there is nothing but zeros: shown with two decimals, as most have. */
const shownIn = (currency: string, sums: Sums): Decimals => shownSums(currency === '' ? 'EUR' : currency, sums);

export function shownBooks(row: Summed): ShownBooks {
  const [accrued, held, waived] = [sumsIn(row, 'accrued'), sumsIn(row, 'held'), sumsIn(row, 'waived')];
  const [invoiced, credited] = [sumsIn(row, 'invoiced'), sumsIn(row, 'credited')];
  const settled = plus(invoiced, credited);
  const earned = [accrued, held, waived, settled].reduce(plus);
  const shown = (sums: Sums): Decimals => shownIn(row.currency, sums);
  return {
    ...{ earned: shown(earned), accrued: shown(accrued), held: shown(held), waived: shown(waived) },
    ...{ settled: shown(settled), invoiced: shown(invoiced), credited: shown(credited) },
  };
}

export const shownCounts = (row: Summed) => ({
  sessions: Number(row.sessions),
  /** Of which nobody can say what they cost. */
  unpriced: Number(row.unpriced),
  energyWh: Number(row.energy_wh),
  bills: Number(row.bills),
  billedWh: Number(row.billed_wh),
});

/** For `revenue.changed`. */
export const shownDay = (row: DaySummed) => {
  const { earned, accrued, held, waived, settled } = shownBooks(row);
  return {
    ...{ date: row.day, currency: row.currency, sessions: Number(row.sessions), energyWh: Number(row.energy_wh) },
    ...{ earned, accrued, held, waived, settled },
  };
};

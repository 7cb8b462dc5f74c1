import { anyOf, type Billable } from '@plugga/kit';
import type { BillingDb } from './db.ts';
import type { Buyer } from './parties.ts';
import type { BillingTables } from './tables.ts';

export type CustomerRow = BillingTables['customer'];
type Who = Pick<Billable, 'token' | 'payer'>;

/** The more particular comes first: who the authorization says pays, the token itself, its group. */
const namesOf = ({ token, payer }: Who) =>
  [
    { kind: 'payer' as const, value: payer },
    { kind: 'token' as const, value: token?.id },
    { kind: 'group' as const, value: token?.group },
  ].flatMap(({ kind, value }) => (value === undefined ? [] : [{ kind, value }]));

/** Whose sessions these are, in their order; undefined where nobody has an account. Two statements, however many they are. */
export async function customersOf(db: BillingDb, whose: readonly Who[]): Promise<readonly (CustomerRow | undefined)[]> {
  const values = [...new Set(whose.flatMap(namesOf).map(({ value }) => value))];
  if (values.length === 0) return whose.map(() => undefined);
  const members = await db
    .selectFrom('customer_member')
    .select(['kind', 'value', 'customer'])
    .where('value', '=', anyOf(values))
    .execute();
  if (members.length === 0) return whose.map(() => undefined);
  const rows = await db
    .selectFrom('customer')
    .selectAll()
    .where('id', 'in', [...new Set(members.map(({ customer }) => customer))])
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  const byName = new Map(members.map(({ kind, value, customer }) => [`${kind} ${value}`, byId.get(customer)]));
  return whose.map((who) => {
    for (const { kind, value } of namesOf(who)) {
      const found = byName.get(`${kind} ${value}`);
      if (found !== undefined) return found;
    }
    return undefined;
  });
}

export const buyerOf = (row: CustomerRow): Buyer => ({
  ...{ id: row.id, kind: row.kind, name: row.name },
  ...(row.address === null ? {} : { address: row.address }),
  ...(row.company_id === null ? {} : { companyId: row.company_id }),
  ...(row.vat_number === null ? {} : { vatNumber: row.vat_number }),
  ...(row.e_invoice === null ? {} : { eInvoice: row.e_invoice }),
  ...(row.reference === null ? {} : { reference: row.reference }),
  ...(row.email === null ? {} : { email: row.email }),
});

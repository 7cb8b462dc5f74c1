import type { TenantId } from '@plugga/kit';
import type { Transactions } from '../plugins/face.ts';
import type { Clock } from '../ports.ts';
import type { Db } from '../site/transact.ts';
import type { CustomerPart } from '../station/input.ts';

/** Of one report; what is beyond is not kept, and the report is then not whole. */
const MOST_PARTS = 2_000;
const MOST_CHARACTERS = 2_500;

/** Keeps a part until it is taken. The first of a number stands: a repetition says the same. */
export const keepCustomerPart =
  ({ transactions, clock }: { readonly transactions: Transactions; readonly clock: Clock }) =>
  (tenant: TenantId, command: string, { part, last, text }: CustomerPart): Promise<void> =>
    part < 0 || part >= MOST_PARTS || text.length > MOST_CHARACTERS
      ? Promise.resolve()
      : transactions.run(tenant, { plugin: 'core' }, async (tx) => {
          await transactions
            .kyselyOf(tx)
            .insertInto('core.customer_information')
            .values({ tenant, command, part, last, told: text, told_at: new Date(clock.now()) })
            .onConflict((it) => it.columns(['command', 'part']).doNothing())
            .execute();
        });

export interface CustomerInformation {
  /** Whether every part came. */
  readonly complete: boolean;
  readonly parts: number;
  readonly text: string;
}

/** What there is of a command's report; undefined where there is nothing, or nothing any more. */
export async function customerInformationOf(db: Db, command: string): Promise<CustomerInformation | undefined> {
  const rows = await db
    .selectFrom('core.customer_information')
    .select(['part', 'last', 'told'])
    .where('command', '=', command)
    .orderBy('part')
    .limit(MOST_PARTS)
    .forUpdate()
    .execute();
  if (rows.length === 0) return undefined;
  const complete = rows.at(-1)!.last && rows.every(({ part }, at) => part === at);
  return { complete, parts: rows.length, text: rows.map(({ told }) => told).join('') };
}

export const forgetCustomerInformation = async (db: Db, command: string): Promise<void> =>
  void (await db.deleteFrom('core.customer_information').where('command', '=', command).execute());

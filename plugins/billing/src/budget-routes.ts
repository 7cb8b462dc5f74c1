import {
  apiRoutes,
  currencyCode,
  decimalOf,
  decimalText,
  fail,
  jsonRoute,
  tagOf,
  toMoney,
  z,
  type RouteGroup,
  type Tx,
  paged,
  pageOf,
  pageQuery,
  timeKeysetOf,
  timeZoneName,
  unchanged,
} from '@plugga/kit';
import { catchUp } from './budgets.ts';
import type { BillingContext } from './context.ts';
import { alone } from './db.ts';
import { type BudgetRow, drawnOf } from './drawn.ts';
import { failBilling } from './errors.ts';
import { isoOf } from './time.ts';
import { priceOfCdr } from './totals.ts';

const amount = z.object({ currency: currencyCode, inclVat: decimalText });
const body = z
  .strictObject({
    amount: amount.nullable().default(null).openapi({ description: 'A month, with VAT' }),
    energyWh: z
      .number()
      .int()
      .positive()
      .max(1_000_000_000)
      .nullable()
      .default(null)
      .openapi({ description: 'A month' }),
    reserve: z
      .strictObject({ inclVat: decimalText.optional(), energyWh: z.number().int().positive().optional() })
      .default({})
      .openapi({ description: 'What a start holds until it has drawn as much; all that is left where it is not said' }),
    timeZone: timeZoneName.default('Europe/Stockholm').openapi({ description: 'Whose months' }),
  })
  .refine((it) => it.amount !== null || it.energyWh !== null, 'an amount or an energy is needed');
const shown = z
  .object({
    ...{ token: z.string(), amount: amount.nullable(), energyWh: z.number().int().nullable() },
    reserve: z.object({ inclVat: z.string().nullable(), energyWh: z.number().int().nullable() }),
    ...{ timeZone: z.string(), month: z.string(), changedAt: z.string() },
    spent: z
      .object({ inclVat: z.string().nullable(), energyWh: z.number().int() })
      .openapi({ description: 'Settled and accrued' }),
    held: z
      .object({ inclVat: z.string().nullable(), energyWh: z.number().int() })
      .openapi({ description: 'By starts under way' }),
    etag: z.string().openapi({ description: 'For If-Match of a change; what is drawn meanwhile is no change' }),
  })
  .openapi('Budget');
const one = z.object({ token: z.string() });
const etag = ({ etag: own }: { readonly etag: string }): string => own;

/** What tokens may draw in a month. */
export const budgetRoutes = (
  { db, transaction, clock }: Pick<BillingContext, 'db' | 'transaction' | 'clock'>,
  changed: (tenant: Tx['tenant']) => void,
): RouteGroup => {
  const show = async (tx: Tx, row: BudgetRow): Promise<z.output<typeof shown>> => {
    const { currency } = row;
    const drawn = await drawnOf(db(tx), row, clock.now());
    const money = (minor: bigint | string | null): string | null =>
      currency === null || minor === null ? null : decimalOf({ currency, minor: BigInt(minor) });
    const given = {
      token: row.token,
      amount: currency === null || row.minor === null ? null : { currency, inclVat: money(row.minor) ?? '' },
      energyWh: row.energy_wh === null ? null : Number(row.energy_wh),
      reserve: { inclVat: money(row.reserve_minor), energyWh: row.reserve_wh === null ? null : Number(row.reserve_wh) },
      ...{ timeZone: row.time_zone, changedAt: isoOf(row.changed_at) },
    };
    return {
      ...{ ...given, month: drawn.month, etag: tagOf(given) },
      spent: { inclVat: money(drawn.minor), energyWh: Number(drawn.energyWh) },
      held: { inclVat: money(drawn.heldMinor), energyWh: Number(drawn.heldWh) },
    };
  };
  const rowOf = (tx: Tx, token: string): Promise<BudgetRow | undefined> =>
    db(tx).selectFrom('budget').selectAll().where('token', '=', token).executeTakeFirst();
  const found = async (tx: Tx, token: string): Promise<BudgetRow> => {
    const row = await rowOf(tx, token);
    if (row === undefined) throw failBilling('budget-unknown', `token "${token}" has no budget`);
    return row;
  };
  return apiRoutes(
    jsonRoute(
      {
        ...{ method: 'get', path: '/', summary: 'Budgets with what is drawn of them, changed last first' },
        ...{ query: pageQuery, gives: pageOf(shown) },
      },
      ({ tenant, query: { limit, cursor } }) =>
        transaction(tenant, async (tx) => {
          let query = db(tx).selectFrom('budget').selectAll().orderBy('changed_at', 'desc').orderBy('token', 'desc');
          const after = timeKeysetOf(cursor);
          if (after !== undefined)
            query = query.where((it) => it(it.refTuple('changed_at', 'token'), '<', it.tuple(after.at, after.id)));
          const rows = await query.limit(limit + 1).execute();
          const { items, next } = paged(
            rows,
            limit,
            (row) => [row.changed_at.toISOString(), row.token],
            (row) => row,
          );
          const all: z.output<typeof shown>[] = [];
          for (const row of items) all.push(await show(tx, row));
          return { items: all, next };
        }),
    ),
    jsonRoute(
      { method: 'get', path: '/{token}', summary: 'The budget of a token', params: one, gives: shown, etag },
      ({ tenant, params: { token } }) => transaction(tenant, async (tx) => show(tx, await found(tx, token))),
    ),
    jsonRoute(
      {
        ...{ method: 'put', path: '/{token}', params: one, body, gives: shown, etag },
        summary: 'Gives a token a budget a month, or another one; with If-Match only where nobody else changed it',
      },
      async ({ tenant, ifMatch, params: { token }, body: { amount: of, energyWh, reserve, timeZone } }) => {
        const minorOf = (value: string): string => {
          const { minor } = toMoney({ currency: of?.currency ?? 'EUR', value });
          if (minor <= 0n) throw fail('invalid-input', `amount ${value} is not above 0`);
          return minor.toString();
        };
        if (of === null && reserve.inclVat !== undefined)
          throw fail('invalid-input', 'reserve.inclVat: the budget has no amount');
        const row = {
          ...{ currency: of?.currency ?? null, minor: of === null ? null : minorOf(of.inclVat), energy_wh: energyWh },
          reserve_minor: reserve.inclVat === undefined ? null : minorOf(reserve.inclVat),
          ...{ reserve_wh: reserve.energyWh ?? null, time_zone: timeZone, changed_at: new Date(clock.now()) },
        };
        const made = await transaction(tenant, async (tx) => {
          // What closes meanwhile is either among the CDRs that are read here or finds the budget.
          await alone(db(tx), tenant);
          const before = await rowOf(tx, token);
          unchanged(ifMatch, before && (await show(tx, before)).etag, `the budget of token "${token}"`);
          await db(tx)
            .insertInto('budget')
            .values({ tenant, token, ...row })
            .onConflict((it) => it.columns(['tenant', 'token']).doUpdateSet(row))
            .execute();
          const budget = await found(tx, token);
          const inclVatOf = (cdr: Parameters<typeof priceOfCdr>[0]): string => priceOfCdr(cdr).inclVat;
          await catchUp(db(tx), tenant, budget, { now: clock.now(), inclVatOf });
          return show(tx, budget);
        });
        changed(tenant);
        return made;
      },
    ),
    jsonRoute(
      {
        ...{ method: 'delete', path: '/{token}', summary: 'Takes the budget from a token: it may draw what it wants' },
        ...{ params: one, gives: one },
      },
      async ({ tenant, ifMatch, params: { token } }) => {
        await transaction(tenant, async (tx) => {
          await alone(db(tx), tenant);
          unchanged(ifMatch, (await show(tx, await found(tx, token))).etag, `the budget of token "${token}"`);
          await db(tx).deleteFrom('budget').where('token', '=', token).execute();
          await db(tx).deleteFrom('budget_hold').where('token', '=', token).execute();
        });
        changed(tenant);
        return { token };
      },
    ),
  );
};

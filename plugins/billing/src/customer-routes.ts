import {
  apiRoutes,
  jsonRoute,
  tagOf,
  z,
  type RouteGroup,
  type Tx,
  timeKeysetOf,
  paged,
  pageOf,
  pageQuery,
  unchanged,
} from '@plugga/kit';
import type { BillingContext } from './context.ts';
import type { CustomerRow } from './customers.ts';
import { alone, json } from './db.ts';
import { eraseIfBilled } from './erase.ts';
import { failBilling } from './errors.ts';
import { address, eInvoice, language, vatNumber } from './parties.ts';
import { isoOf } from './time.ts';
import { noneReversed } from './reversed.ts';
import { mustFit, vatTreatment } from './vat.ts';

const members = z.strictObject({
  tokens: z.array(z.string().min(1).max(200)).max(10_000).default([]).openapi({ description: 'Ids of tokens' }),
  groups: z.array(z.string().min(1).max(200)).max(1_000).default([]),
  payers: z
    .array(z.string().min(1).max(200))
    .max(1_000)
    .default([])
    .openapi({ description: 'As an authorization names who pays, such as partner:NL*ABC' }),
});
const fields = {
  kind: z.enum(['driver', 'company', 'partner']),
  name: z.string().trim().min(1).max(200),
  address: address.nullable(),
  companyId: z.string().trim().min(1).max(50).nullable(),
  vatNumber: vatNumber.nullable(),
  eInvoice: eInvoice.nullable(),
  reference: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .nullable()
    .openapi({ description: "The buyer's own reference, said on its invoices; e-invoices need one" }),
  email: z.email().max(200).nullable(),
  language: language.nullable().openapi({ description: "The tenant's when null" }),
  termsDays: z.number().int().min(0).max(180).nullable().openapi({ description: "The tenant's when null" }),
  invoicing: z.enum(['session', 'month']).openapi({ description: 'An invoice a session, or one a month' }),
  vatTreatment: vatTreatment.openapi({
    description:
      "Of sessions that close from now on: VAT as the price has it, or reverse charge, which needs a VAT number of another country than the seller's",
  }),
};
const optional = z.strictObject(fields).partial().extend({ members: members.optional() });
const made = optional.extend({ kind: fields.kind, name: fields.name });
const changed = optional;
const shown = z
  .object({
    ...{ id: z.string(), ...fields, members },
    ...{ createdAt: z.string(), changedAt: z.string(), waiting: z.number().int() },
    state: z.enum(['active', 'erasing', 'erased']),
    etag: z.string().openapi({ description: 'For If-Match of a change' }),
  })
  .openapi('Customer');
const one = z.object({ id: z.string() });
const etag = ({ etag: own }: { readonly etag: string }): string => own;

/** Who gets invoices, and of which tokens, groups and payers. */
export const customerRoutes = (
  { db, transaction, clock, settings }: Pick<BillingContext, 'db' | 'transaction' | 'clock' | 'settings'>,
  newId: () => string,
): RouteGroup => {
  const show = async (tx: Tx, rows: readonly CustomerRow[]): Promise<z.output<typeof shown>[]> => {
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const all = await db(tx)
      .selectFrom('customer_member')
      .selectAll()
      .where('customer', 'in', ids)
      .orderBy('kind')
      .orderBy('value')
      .limit(1_000_000)
      .execute();
    const waiting = await db(tx)
      .selectFrom('waiting')
      .select((it) => ['customer', it.fn.countAll<string>().as('count')])
      .where('customer', 'in', ids)
      .groupBy('customer')
      .execute();
    const count = new Map(waiting.map((row) => [row.customer, Number(row.count)]));
    return rows.map((row) => {
      const of = (kind: string) =>
        all.filter((it) => it.customer === row.id && it.kind === kind).map(({ value }) => value);
      const own = {
        ...{ id: row.id, kind: row.kind, name: row.name, address: row.address, companyId: row.company_id },
        ...{ vatNumber: row.vat_number, eInvoice: row.e_invoice, reference: row.reference, email: row.email },
        ...{ language: row.language, termsDays: row.terms_days, invoicing: row.invoicing },
        vatTreatment: row.vat_treatment,
        members: { tokens: of('token'), groups: of('group'), payers: of('payer') },
        ...{ createdAt: isoOf(row.created_at), changedAt: isoOf(row.changed_at) },
        state: row.erased_at !== null ? 'erased' : row.erase_at !== null ? 'erasing' : 'active',
      } as const;
      // What waits to be billed is no part of it: that moves by itself.
      return { ...own, etag: tagOf(own), waiting: count.get(row.id) ?? 0 };
    });
  };
  const known = async (tx: Tx, id: string): Promise<CustomerRow> => {
    const row = await db(tx).selectFrom('customer').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw failBilling('customer-unknown', `there is no customer "${id}"`);
    return row;
  };

  /** As it is while nobody else changes it. */
  const held = async (tx: Tx, id: string, ifMatch: string | undefined): Promise<CustomerRow> => {
    await db(tx).selectFrom('customer').select('id').where('id', '=', id).forUpdate().execute();
    const row = await known(tx, id);
    unchanged(ifMatch, (await show(tx, [row]))[0]?.etag, `the customer "${id}"`);
    return row;
  };

  const setMembers = async (tx: Tx, customer: string, wanted: z.output<typeof members>): Promise<void> => {
    await db(tx).deleteFrom('customer_member').where('customer', '=', customer).execute();
    const rows = [
      ...wanted.tokens.map((value) => ({ kind: 'token' as const, value })),
      ...wanted.groups.map((value) => ({ kind: 'group' as const, value })),
      ...wanted.payers.map((value) => ({ kind: 'payer' as const, value })),
    ];
    const unique = [...new Map(rows.map((row) => [`${row.kind} ${row.value}`, row])).values()];
    if (unique.length === 0) return;
    const added = await db(tx)
      .insertInto('customer_member')
      .values(unique.map((row) => ({ ...row, tenant: tx.tenant, customer })))
      .onConflict((it) => it.columns(['tenant', 'kind', 'value']).doNothing())
      .returning(['kind', 'value'])
      .execute();
    const there = new Set(added.map(({ kind, value }) => `${kind} ${value}`));
    const taken = unique.find(({ kind, value }) => !there.has(`${kind} ${value}`));
    if (taken !== undefined)
      throw failBilling('member-taken', `the ${taken.kind} "${taken.value}" belongs to another customer`);
  };

  const columnsOf = (body: z.output<typeof changed>) => {
    const maybe = <T>(key: string, value: T | undefined) => (value === undefined ? {} : { [key]: value });
    const document = (value: unknown) => (value == null ? value : json(value));
    return {
      ...{ ...maybe('kind', body.kind), ...maybe('name', body.name), ...maybe('address', document(body.address)) },
      ...{ ...maybe('company_id', body.companyId), ...maybe('vat_number', body.vatNumber) },
      ...{ ...maybe('e_invoice', document(body.eInvoice)), ...maybe('reference', body.reference) },
      ...{ ...maybe('email', body.email), ...maybe('language', body.language) },
      ...{ ...maybe('terms_days', body.termsDays), ...maybe('invoicing', body.invoicing) },
      ...maybe('vat_treatment', body.vatTreatment),
    };
  };

  return apiRoutes(
    jsonRoute(
      {
        ...{ method: 'get', path: '/', summary: 'Customers, newest first' },
        query: pageQuery.extend({
          kind: fields.kind.optional(),
          token: z.string().optional(),
          name: z.string().optional(),
        }),
        gives: pageOf(shown),
      },
      ({ tenant, query: { limit, cursor, kind, token, name } }) =>
        transaction(tenant, async (tx) => {
          let query = db(tx)
            .selectFrom('customer')
            .selectAll()
            .orderBy('created_at', 'desc')
            .orderBy('id', 'desc')
            .limit(limit + 1);
          if (kind !== undefined) query = query.where('kind', '=', kind);
          if (name !== undefined) query = query.where('name', 'ilike', `%${name.replaceAll(/[\\%_]/g, '\\$&')}%`);
          if (token !== undefined)
            query = query.where('id', 'in', (it) =>
              it
                .selectFrom('customer_member')
                .select('customer')
                .where('kind', '=', 'token')
                .where('value', '=', token),
            );
          const after = timeKeysetOf(cursor);
          if (after !== undefined)
            query = query.where((it) => it(it.refTuple('created_at', 'id'), '<', it.tuple(after.at, after.id)));
          const rows = await query.execute();
          const all = await show(tx, rows.slice(0, limit));
          const byId = new Map(all.map((it) => [it.id, it]));
          return paged(
            rows,
            limit,
            (row) => [row.created_at.toISOString(), row.id],
            (row) => byId.get(row.id)!,
          );
        }),
    ),
    jsonRoute(
      { method: 'post', path: '/', summary: 'A new customer', body: made, gives: shown, status: 201, etag },
      ({ tenant, body }) =>
        transaction(tenant, async (tx) => {
          const [id, at] = [newId(), new Date(clock.now())];
          const { kind, name } = body;
          await db(tx)
            .insertInto('customer')
            .values({
              ...{ id, tenant, kind, name, address: null, company_id: null, vat_number: null, e_invoice: null },
              ...{ reference: null, email: null, language: null, terms_days: null, erase_at: null, erased_at: null },
              ...{ invoicing: kind === 'driver' ? 'session' : 'month', created_at: at, changed_at: at },
              ...{ vat_treatment: 'charged', ...columnsOf(body) },
            })
            .execute();
          mustFit(await known(tx, id), await settings(tx));
          if (body.members !== undefined) await setMembers(tx, id, body.members);
          return (await show(tx, [await known(tx, id)]))[0]!;
        }),
    ),
    jsonRoute(
      { method: 'get', path: '/{id}', summary: 'One customer', params: one, gives: shown, etag },
      ({ tenant, params: { id } }) => transaction(tenant, async (tx) => (await show(tx, [await known(tx, id)]))[0]!),
    ),
    jsonRoute(
      {
        ...{ method: 'patch', path: '/{id}', params: one, body: changed, gives: shown, etag },
        summary: 'Changes a customer; `members` replaces all of them; with If-Match only where nobody else changed it',
      },
      ({ tenant, ifMatch, params: { id }, body }) =>
        transaction(tenant, async (tx) => {
          const row = await held(tx, id, ifMatch);
          if (row.erase_at !== null) throw failBilling('customer-unknown', `the customer "${id}" is erased`);
          const set = { ...columnsOf(body), changed_at: new Date(clock.now()) };
          await db(tx).updateTable('customer').set(set).where('id', '=', id).execute();
          const after = await known(tx, id);
          if (body.vatTreatment !== undefined || body.vatNumber !== undefined) mustFit(after, await settings(tx));
          if (row.vat_number !== null && after.vat_number === null) await noneReversed(db(tx), id);
          if (body.members !== undefined) await setMembers(tx, id, body.members);
          return (await show(tx, [await known(tx, id)]))[0]!;
        }),
    ),
    jsonRoute(
      {
        ...{ method: 'delete', path: '/{id}', params: one, gives: shown, etag },
        summary: 'Erases a customer, once nothing of it waits to be billed; issued invoices are kept as the law wants',
      },
      ({ tenant, ifMatch, params: { id } }) =>
        transaction(tenant, async (tx) => {
          await alone(db(tx), tenant);
          const row = await held(tx, id, ifMatch);
          const at = new Date(clock.now());
          if (row.erase_at === null)
            await db(tx).updateTable('customer').set({ erase_at: at }).where('id', '=', id).execute();
          await eraseIfBilled(db(tx), id, at);
          return (await show(tx, [await known(tx, id)]))[0]!;
        }),
    ),
  );
};

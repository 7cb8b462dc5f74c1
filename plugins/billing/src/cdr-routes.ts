import {
  apiRoutes,
  jsonRoute,
  z,
  type RouteGroup,
  type TenantId,
  type Tx,
  timeKeysetOf,
  paged,
  pageOf,
  pageQuery,
} from '@plugga/kit';
import { isUncredited } from './cdrs.ts';
import type { BillingContext } from './context.ts';
import { alone, type CdrRow } from './db.ts';
import { failBilling } from './errors.ts';
import { cdrExport } from './export/export-routes.ts';
import { listedInvoice } from './invoices.ts';
import { release } from './release.ts';
import { shownCdr, shownInvoice } from './shown.ts';
import { signedNow } from './unsigned.ts';

const shown = z.record(z.string(), z.unknown()).openapi('Cdr');
const one = z.object({ id: z.string() });
const filters = z.object({
  session: z.string().optional(),
  status: z.enum(['issued', 'held']).optional(),
  kind: z.enum(['cdr', 'credit']).optional(),
  customer: z.string().optional(),
  from: z.iso.datetime().optional().openapi({ description: 'Made at or after' }),
  until: z.iso.datetime().optional().openapi({ description: 'Made before' }),
});
export type CdrFilters = z.output<typeof filters>;

/** At most so many are released by one request. */
const MOST_RELEASED = 500;
const releasing = z.strictObject({
  ids: z.array(z.string()).min(1).max(MOST_RELEASED).optional(),
  reason: z.string().min(1).max(200).optional().openapi({ description: 'Held for this alone, such as longSession' }),
  session: z.string().optional(),
  from: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
});

/** CDRs by the filters of the list, newest first. */
export function filteredCdrs({ db }: Pick<BillingContext, 'db'>, tx: Tx, wanted: CdrFilters) {
  let query = db(tx).selectFrom('cdr').selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc');
  const { session, status, kind, customer, from, until } = wanted;
  if (session !== undefined) query = query.where('session', '=', session as never);
  if (status !== undefined) query = query.where('status', '=', status);
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (customer !== undefined) query = query.where('customer', '=', customer);
  if (from !== undefined) query = query.where('created_at', '>=', new Date(from));
  if (until !== undefined) query = query.where('created_at', '<', new Date(until));
  return query;
}

export const cdrRoutes = (context: BillingContext): RouteGroup => {
  const { db, transaction } = context;

  const releaseOne = (tenant: TenantId, id: string) =>
    transaction(tenant, async (tx) => {
      await alone(db(tx), tenant);
      const cdr = await db(tx).selectFrom('cdr').selectAll().where('id', '=', id).executeTakeFirst();
      if (cdr === undefined) throw failBilling('cdr-unknown', `there is no CDR "${id}"`);
      if (cdr.status !== 'held') throw failBilling('cdr-not-held', `CDR "${id}" is ${cdr.status}`);
      if (await isCredited(tx, cdr)) throw failBilling('cdr-not-held', `CDR "${id}" was taken back by a correction`);
      if (cdr.currency === null) throw failBilling('cdr-unpriced', `CDR "${id}" has no price`);
      const { signed, why } = await signedNow(context, tx, cdr);
      if (why !== undefined) throw failBilling('cdr-unsigned', `CDR "${id}" is under calibration law: ${why}`);
      const invoice = await release(context, tx, { cdr, signed, subject: subjectOf(cdr) });
      return invoice === undefined
        ? { cdr: id, waits: cdr.waived === null, waived: cdr.waived }
        : shownInvoice(await listedInvoice(db(tx), invoice.invoice));
    });

  const isCredited = async (tx: Tx, { id, session }: CdrRow): Promise<boolean> => {
    const of = db(tx).selectFrom('cdr').select('id').where('session', '=', session).where('credits', '=', id);
    return (await of.limit(1).executeTakeFirst()) !== undefined;
  };

  return apiRoutes(
    jsonRoute(
      {
        ...{ method: 'get', path: '/', summary: 'CDRs and credit CDRs, newest first' },
        ...{ query: pageQuery.extend(filters.shape), gives: pageOf(shown) },
      },
      async ({ tenant, query: { limit, cursor, ...wanted } }) => {
        const rows = await transaction(tenant, (tx) => {
          let query = filteredCdrs(context, tx, wanted).limit(limit + 1);
          const after = timeKeysetOf(cursor);
          if (after !== undefined)
            query = query.where((it) => it(it.refTuple('created_at', 'id'), '<', it.tuple(after.at, after.id)));
          return query.execute();
        });
        return paged(rows, limit, (row) => [row.created_at.toISOString(), row.id], shownCdr);
      },
    ),
    jsonRoute(
      {
        ...{ method: 'post', path: '/release', summary: 'Bills held CDRs as they stand: those named, or all that fit' },
        ...{ body: releasing, gives: z.record(z.string(), z.unknown()) },
      },
      ({ tenant, body: { ids, reason, ...wanted } }) =>
        transaction(tenant, async (tx) => {
          await alone(db(tx), tenant);
          let query = filteredCdrs(context, tx, { ...wanted, status: 'held', kind: 'cdr' })
            .where('currency', 'is not', null)
            .where(isUncredited)
            .limit(MOST_RELEASED + 1);
          if (ids !== undefined) query = query.where('id', 'in', ids);
          const held = (await query.execute()).filter(
            ({ held_reasons }) =>
              reason === undefined || (held_reasons.length === 1 && codeOf(held_reasons[0]) === reason),
          );
          const [released, refused]: [CdrRow[], { id: string; why: string }[]] = [[], []];
          const invoices: string[] = [];
          for (const cdr of held.slice(0, MOST_RELEASED)) {
            const { signed, why } = await signedNow(context, tx, cdr);
            if (why !== undefined) {
              refused.push({ id: cdr.id, why });
              continue;
            }
            released.push(cdr);
            const invoice = await release(context, tx, { cdr, signed, subject: subjectOf(cdr) });
            if (invoice !== undefined) invoices.push(invoice.invoice.number);
          }
          return { released: released.map(({ id }) => id), refused, invoices, more: held.length > MOST_RELEASED };
        }),
    ),
    cdrExport(context, { filters, rows: filteredCdrs }),
    jsonRoute(
      { method: 'get', path: '/{id}', summary: 'One CDR', params: one, gives: shown },
      async ({ tenant, params: { id } }) => {
        const row = await transaction(tenant, (tx) =>
          db(tx).selectFrom('cdr').selectAll().where('id', '=', id).executeTakeFirst(),
        );
        if (row === undefined) throw failBilling('cdr-unknown', `there is no CDR "${id}"`);
        return shownCdr(row);
      },
    ),
    jsonRoute(
      {
        ...{ method: 'post', path: '/{id}/release', summary: 'Bills a held CDR as it stands', params: one },
        ...{ gives: z.record(z.string(), z.unknown()), status: 201 },
      },
      ({ tenant, params: { id } }) => releaseOne(tenant, id),
    ),
  );
};

const subjectOf = ({ session }: CdrRow) => ({ stream: session, session });

/** Of `longSession: 80.0 h, above 72 h`. */
const codeOf = (reason: string | undefined): string => (reason ?? '').split(':')[0] ?? '';

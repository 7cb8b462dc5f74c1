import { apiRoutes, jsonRoute, tagOf, z, type RouteGroup, type Tx, unchanged } from '@plugga/kit';
import type { BillingContext } from './context.ts';
import { failBilling } from './errors.ts';

type RouteContext = Pick<BillingContext, 'db' | 'transaction' | 'clock'>;

const member = z.string().min(1).max(200);
const centreBody = z.strictObject({
  name: z.string().trim().min(1).max(200),
  tokens: z.array(member).max(10_000).default([]).openapi({ description: 'Ids of tokens' }),
  groups: z.array(member).max(1_000).default([]),
});
const etagText = z.string().openapi({ description: 'For If-Match of a change' });
const centre = centreBody.extend({ code: z.string(), etag: etagText }).openapi('CostCentre');
const etag = ({ etag: own }: { readonly etag: string }): string => own;
const coded = z.object({ code: z.string().regex(/^[A-Za-z0-9._-]{1,40}$/, 'letters, digits, dots and dashes') });

/** Whom the operator's own books charge: `PUT /cost-centres/{code}` says name and members, whole. */
export const costCentreRoutes = ({ db, transaction, clock }: RouteContext): RouteGroup => {
  const show = async (tx: Tx, code?: string): Promise<z.output<typeof centre>[]> => {
    let query = db(tx).selectFrom('cost_centre').select(['code', 'name']).orderBy('code').limit(1_000);
    if (code !== undefined) query = query.where('code', '=', code);
    const rows = await query.execute();
    if (rows.length === 0) return [];
    const members = await db(tx)
      .selectFrom('cost_centre_member')
      .selectAll()
      .where(
        'cost_centre',
        'in',
        rows.map((row) => row.code),
      )
      .orderBy('value')
      .execute();
    const of = (own: string, kind: string): string[] =>
      members.flatMap((it) => (it.cost_centre === own && it.kind === kind ? [it.value] : []));
    return rows.map((row) => {
      const one = { ...row, tokens: of(row.code, 'token'), groups: of(row.code, 'group') };
      return { ...one, etag: tagOf(one) };
    });
  };
  const unknown = (code: string) => failBilling('cost-centre-unknown', `there is no cost centre "${code}"`);
  /** As it is while nobody else changes it. */
  const held = async (tx: Tx, code: string): Promise<z.output<typeof centre> | undefined> => {
    await db(tx).selectFrom('cost_centre').select('code').where('code', '=', code).forUpdate().execute();
    return (await show(tx, code))[0];
  };
  return apiRoutes(
    jsonRoute(
      {
        ...{ method: 'get', path: '/', summary: 'Cost centres with their members' },
        gives: z.object({ items: z.array(centre), next: z.null() }),
      },
      async ({ tenant }) => ({ items: await transaction(tenant, (tx) => show(tx)), next: null }),
    ),
    jsonRoute(
      { method: 'get', path: '/{code}', summary: 'One cost centre', params: coded, gives: centre, etag },
      ({ tenant, params: { code } }) =>
        transaction(tenant, async (tx) => {
          const [found] = await show(tx, code);
          if (found === undefined) throw unknown(code);
          return found;
        }),
    ),
    jsonRoute(
      {
        ...{ method: 'put', path: '/{code}', params: coded, body: centreBody, gives: centre, etag },
        summary:
          'Makes a cost centre, or replaces its name and members; with If-Match only where nobody else changed it',
      },
      ({ tenant, ifMatch, params: { code }, body: { name, tokens, groups } }) =>
        transaction(tenant, async (tx) => {
          unchanged(ifMatch, (await held(tx, code))?.etag, `the cost centre "${code}"`);
          await db(tx)
            .insertInto('cost_centre')
            .values({ code, tenant, name, created_at: new Date(clock.now()) })
            .onConflict((it) => it.columns(['tenant', 'code']).doUpdateSet({ name }))
            .execute();
          await db(tx).deleteFrom('cost_centre_member').where('cost_centre', '=', code).execute();
          const members = [
            ...[...new Set(tokens)].map((value) => ({ kind: 'token' as const, value })),
            ...[...new Set(groups)].map((value) => ({ kind: 'group' as const, value })),
          ];
          // It belongs to one: named here it leaves the one before.
          if (members.length > 0)
            await db(tx)
              .insertInto('cost_centre_member')
              .values(members.map((it) => ({ ...it, tenant, cost_centre: code })))
              .onConflict((it) => it.columns(['tenant', 'kind', 'value']).doUpdateSet({ cost_centre: code }))
              .execute();
          return (await show(tx, code))[0]!;
        }),
    ),
    jsonRoute(
      {
        ...{ method: 'delete', path: '/{code}', summary: 'Deletes a cost centre; CDRs keep its code' },
        ...{ params: coded, gives: z.object({ code: z.string() }) },
      },
      ({ tenant, ifMatch, params: { code } }) =>
        transaction(tenant, async (tx) => {
          const before = await held(tx, code);
          if (before === undefined) throw unknown(code);
          unchanged(ifMatch, before.etag, `the cost centre "${code}"`);
          await db(tx).deleteFrom('cost_centre_member').where('cost_centre', '=', code).execute();
          await db(tx).deleteFrom('cost_centre').where('code', '=', code).execute();
          return { code };
        }),
    ),
  );
};

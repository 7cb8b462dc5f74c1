import { apiRoutes, jsonRoute, tagOf, z, type RouteGroup, type Tx, unchanged } from '@plugga/kit';
import { type FreeVendRow, mostFreeVend } from './accounts.ts';
import type { BillingContext } from './context.ts';
import { failBilling } from './errors.ts';
import { isoOf } from './time.ts';

const member = z.string().min(1).max(200);
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 08:30');
const ruleFields = {
  reason: z.string().trim().min(1).max(200).openapi({ description: 'Shown with each session that it gives away' }),
  token: member.nullable().default(null).openapi({ description: 'Id of a token' }),
  group: member.nullable().default(null),
  location: member.nullable().default(null),
  from: z.iso.datetime({ offset: true }).nullable().default(null),
  until: z.iso.datetime({ offset: true }).nullable().default(null),
  weekdays: z
    .array(z.number().int().min(1).max(7))
    .min(1)
    .nullable()
    .default(null)
    .openapi({ description: '1 is Monday' }),
  startTime: clockTime.nullable().default(null).openapi({ description: 'By the clock of the site' }),
  endTime: clockTime.nullable().default(null),
};
const ruleBody = z
  .strictObject(ruleFields)
  .refine(
    (it) => it.token !== null || it.group !== null || it.location !== null || (it.from !== null && it.until !== null),
    'names no token, group or location and no time with both ends: it would give everything away',
  )
  .refine(
    (it) => it.from === null || it.until === null || Date.parse(it.from) < Date.parse(it.until),
    'until is not after from',
  );
const rule = z
  .object({ id: z.string(), ...ruleFields, createdAt: z.string() })
  .extend({ etag: z.string().openapi({ description: 'For If-Match of a change' }) })
  .openapi('FreeVend');
const named = z.object({ id: z.string() });
const etag = ({ etag: own }: { readonly etag: string }): string => own;

const shownRule = (row: FreeVendRow): z.output<typeof rule> => {
  const one = {
    ...{ id: row.id, reason: row.reason, token: row.token, group: row.token_group, location: row.location },
    from: row.from_at === null ? null : isoOf(row.from_at),
    until: row.until_at === null ? null : isoOf(row.until_at),
    ...{ weekdays: row.weekdays, startTime: row.start_time, endTime: row.end_time, createdAt: isoOf(row.created_at) },
  };
  return { ...one, etag: tagOf(one) };
};

const columnsOf = (body: z.output<typeof ruleBody>) => ({
  ...{ reason: body.reason, token: body.token, token_group: body.group, location: body.location },
  weekdays: body.weekdays === null ? null : [...body.weekdays],
  from_at: body.from === null ? null : new Date(body.from),
  until_at: body.until === null ? null : new Date(body.until),
  ...{ start_time: body.startTime, end_time: body.endTime },
});

/** What charges without being billed: the CDR is made and priced, with the reason. */
export const freeVendRoutes = (
  { db, transaction, clock }: Pick<BillingContext, 'db' | 'transaction' | 'clock'>,
  newId: () => string,
): RouteGroup => {
  /** As it is while nobody else changes it. */
  const held = async (tx: Tx, id: string): Promise<z.output<typeof rule>> => {
    const row = await db(tx).selectFrom('free_vend').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    if (row === undefined) throw failBilling('free-vend-unknown', `there is no rule "${id}"`);
    return shownRule(row);
  };
  return apiRoutes(
    jsonRoute(
      {
        ...{
          method: 'get',
          path: '/',
          summary: 'Rules of what charges without being billed, the first that fits first',
        },
        gives: z.object({ items: z.array(rule), next: z.null() }),
      },
      async ({ tenant }) => {
        const rows = await transaction(tenant, (tx) =>
          db(tx).selectFrom('free_vend').selectAll().orderBy('created_at').orderBy('id').limit(mostFreeVend).execute(),
        );
        return { items: rows.map(shownRule), next: null };
      },
    ),
    jsonRoute(
      {
        ...{ method: 'post', path: '/', summary: 'Gives away what fits, from now on: sessions that close after this' },
        ...{ body: ruleBody, gives: rule, status: 201, etag },
      },
      ({ tenant, body }) =>
        transaction(tenant, async (tx) => {
          const { count } = await db(tx)
            .selectFrom('free_vend')
            .select((it) => it.fn.countAll<string>().as('count'))
            .executeTakeFirstOrThrow();
          if (Number(count) >= mostFreeVend)
            throw failBilling('free-vend-full', `there are ${mostFreeVend} rules already`);
          const [made] = await db(tx)
            .insertInto('free_vend')
            .values({ id: newId(), tenant, ...columnsOf(body), created_at: new Date(clock.now()) })
            .returningAll()
            .execute();
          return shownRule(made!);
        }),
    ),
    jsonRoute(
      { method: 'get', path: '/{id}', summary: 'One rule', params: named, gives: rule, etag },
      ({ tenant, params: { id } }) => transaction(tenant, (tx) => held(tx, id)),
    ),
    jsonRoute(
      {
        ...{ method: 'put', path: '/{id}', params: named, body: ruleBody, gives: rule, etag },
        summary:
          'Another rule in its place, for sessions that close after this; with If-Match only where nobody else changed it',
      },
      ({ tenant, ifMatch, params: { id }, body }) =>
        transaction(tenant, async (tx) => {
          unchanged(ifMatch, (await held(tx, id)).etag, `the rule "${id}"`);
          await db(tx).updateTable('free_vend').set(columnsOf(body)).where('id', '=', id).execute();
          return held(tx, id);
        }),
    ),
    jsonRoute(
      {
        ...{ method: 'delete', path: '/{id}', summary: 'Ends a rule; what it gave away stays so' },
        ...{ params: named, gives: named },
      },
      ({ tenant, ifMatch, params: { id } }) =>
        transaction(tenant, async (tx) => {
          unchanged(ifMatch, (await held(tx, id)).etag, `the rule "${id}"`);
          await db(tx).deleteFrom('free_vend').where('id', '=', id).execute();
          return { id };
        }),
    ),
  );
};

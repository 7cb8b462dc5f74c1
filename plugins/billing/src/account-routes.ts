import { apiRoutes, jsonRoute, z, type RouteGroup, type Tx } from '@plugga/kit';
import { type FreeVendRow, mostFreeVend } from './accounts.ts';
import type { BillingContext } from './context.ts';
import { failBilling } from './errors.ts';
import { isoOf } from './time.ts';

type RouteContext = Pick<BillingContext, 'db' | 'transaction' | 'clock'>;

const member = z.string().min(1).max(200);
const centreBody = z.strictObject({
  name: z.string().trim().min(1).max(200),
  tokens: z.array(member).max(10_000).default([]).openapi({ description: 'Ids of tokens' }),
  groups: z.array(member).max(1_000).default([]),
});
const centre = centreBody.extend({ code: z.string() }).openapi('CostCentre');
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
    return rows.map((row) => ({ ...row, tokens: of(row.code, 'token'), groups: of(row.code, 'group') }));
  };
  const unknown = (code: string) => failBilling('cost-centre-unknown', `there is no cost centre "${code}"`);
  return apiRoutes(
    jsonRoute(
      {
        ...{ method: 'get', path: '/', summary: 'Cost centres with their members' },
        gives: z.object({ items: z.array(centre), next: z.null() }),
      },
      async ({ tenant }) => ({ items: await transaction(tenant, (tx) => show(tx)), next: null }),
    ),
    jsonRoute(
      {
        ...{ method: 'put', path: '/{code}', summary: 'Makes a cost centre, or replaces its name and members' },
        ...{ params: coded, body: centreBody, gives: centre },
      },
      ({ tenant, params: { code }, body: { name, tokens, groups } }) =>
        transaction(tenant, async (tx) => {
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
      ({ tenant, params: { code } }) =>
        transaction(tenant, async (tx) => {
          await db(tx).deleteFrom('cost_centre_member').where('cost_centre', '=', code).execute();
          const gone = await db(tx).deleteFrom('cost_centre').where('code', '=', code).executeTakeFirst();
          if (gone.numDeletedRows === 0n) throw unknown(code);
          return { code };
        }),
    ),
  );
};

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
const rule = z.object({ id: z.string(), ...ruleFields, createdAt: z.string() }).openapi('FreeVend');

const shownRule = (row: FreeVendRow): z.output<typeof rule> => ({
  ...{ id: row.id, reason: row.reason, token: row.token, group: row.token_group, location: row.location },
  from: row.from_at === null ? null : isoOf(row.from_at),
  until: row.until_at === null ? null : isoOf(row.until_at),
  ...{ weekdays: row.weekdays, startTime: row.start_time, endTime: row.end_time, createdAt: isoOf(row.created_at) },
});

/** What charges without being billed: the CDR is made and priced, with the reason. */
export const freeVendRoutes = ({ db, transaction, clock }: RouteContext, newId: () => string): RouteGroup =>
  apiRoutes(
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
        ...{ body: ruleBody, gives: rule, status: 201 },
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
            .values({
              ...{ id: newId(), tenant, reason: body.reason, token: body.token, token_group: body.group },
              ...{ location: body.location, weekdays: body.weekdays === null ? null : [...body.weekdays] },
              from_at: body.from === null ? null : new Date(body.from),
              until_at: body.until === null ? null : new Date(body.until),
              ...{ start_time: body.startTime, end_time: body.endTime, created_at: new Date(clock.now()) },
            })
            .returningAll()
            .execute();
          return shownRule(made!);
        }),
    ),
    jsonRoute(
      {
        ...{ method: 'delete', path: '/{id}', summary: 'Ends a rule; what it gave away stays so' },
        ...{ params: z.object({ id: z.string() }), gives: z.object({ id: z.string() }) },
      },
      ({ tenant, params: { id } }) =>
        transaction(tenant, async (tx) => {
          const gone = await db(tx).deleteFrom('free_vend').where('id', '=', id).executeTakeFirst();
          if (gone.numDeletedRows === 0n) throw failBilling('free-vend-unknown', `there is no rule "${id}"`);
          return { id };
        }),
    ),
  );

import {
  apiRoutes,
  fail,
  instant,
  isUnchanged,
  jsonRoute,
  paged,
  pageOf,
  pageQuery,
  type RouteGroup,
  type SessionId,
  tagOf,
  timeKeysetOf,
  type Tx,
  z,
} from '@plugga/kit';
import type { PlanContext, PlanRow } from './context.ts';
import { json } from './context.ts';
import { failPlan } from './errors.ts';
import type { Planner } from './planner.ts';
import { DAY_MS, MOST } from './wanted.ts';
import { way } from './way.ts';

const time = z.iso.datetime({ offset: true });
const wh = z.number().int().min(0).max(MOST.wh);
const watts = z.number().min(0).max(MOST.watts);
const anything = z.record(z.string(), z.unknown());

const wished = z
  .strictObject({
    way: way.nullable().default(null),
    departureAt: time.nullable().default(null),
    energyWh: wh.nullable().default(null).openapi({ description: 'Counted from when the vehicle asked' }),
    limitWatts: watts.nullable().default(null).openapi({ description: 'Stays when the vehicle asks anew' }),
  })
  .openapi('ChargingPlanWishes', { description: 'What is not said is as the vehicle asked, and the settings say' });
const shown = z
  .object({
    ...{ session: z.string(), station: z.string().openapi({ description: 'Its identity' }), evse: z.number().int() },
    transactionId: z.string(),
    open: z.boolean().openapi({ description: 'Whether the session still charges, so that it can be planned anew' }),
    asked: z.object({ at: time, needs: anything }).openapi({ description: 'By the vehicle, as it was told' }),
    wishes: wished,
    sent: z
      .object({
        ...{ profile: z.number().int(), at: time, way, dynamic: z.boolean(), unit: z.enum(['A', 'W']), start: time },
        periods: z.array(anything).openapi({ description: 'Each from `start` seconds on, the last without end' }),
        energyWh: z.number().nullable().openapi({ description: 'What it lets through until the departure' }),
        shortWh: z.number().openapi({ description: 'What of the energy wanted it does not let through in time' }),
        ...{ command: z.string(), status: z.string().nullable().openapi({ description: 'Of the command' }) },
      })
      .nullable(),
    vehicle: z
      .object({ at: time, schedule: anything, decision: z.enum(['accept', 'refuse']), reason: z.string().nullable() })
      .nullable()
      .openapi({ description: 'What it means to take, and what it was told of that' }),
    etag: z.string().openapi({ description: 'For If-Match of a change' }),
  })
  .openapi('ChargingPlan');
const named = z.object({ session: z.string().max(100) });
const etag = ({ etag: own }: { readonly etag: string }): string => own;

type Found = PlanRow & {
  readonly identity: string;
  readonly status: string;
  readonly command_status: string | null;
};
const wishesOf = ({ wishes }: PlanRow): z.output<typeof wished> => ({
  ...{ way: wishes.way ?? null, departureAt: wishes.departureAt ?? null },
  ...{ energyWh: wishes.energyWh ?? null, limitWatts: wishes.limitWatts ?? null },
});
const show = (row: Found): z.output<typeof shown> => {
  const { sent, chosen, command } = row;
  const wishes = wishesOf(row);
  return {
    ...{ session: row.session, station: row.identity, evse: row.evse, transactionId: row.transaction_id },
    open: row.status === 'active',
    asked: { at: row.asked_at.toISOString(), needs: { ...row.needs } },
    wishes,
    sent:
      sent === null || command === null
        ? null
        : {
            ...{ profile: sent.profile, at: sent.at, way: sent.way, dynamic: sent.dynamic, unit: sent.unit },
            ...{ start: sent.start, periods: sent.periods.map((it) => ({ ...it })) },
            ...{ energyWh: sent.energyWh ?? null, shortWh: sent.shortWh, command, status: row.command_status },
          },
    vehicle: chosen && { ...chosen, schedule: { ...chosen.schedule }, reason: chosen.reason ?? null },
    etag: tagOf([row.session, row.asked_at.toISOString(), wishes]),
  };
};

/** What was planned for whom, and an operator's word in it. */
export const planRoutes = ({ db, transaction, clock }: PlanContext, planner: Planner): RouteGroup => {
  const rows = (tx: Tx) =>
    db(tx)
      .selectFrom('plan')
      .innerJoin('core.session', 'core.session.id', 'plan.session')
      .leftJoin('core.command', (on) => on.onRef('core.command.id', '=', 'plan.command'))
      .selectAll('plan')
      .select(['core.session.identity', 'core.session.status', 'core.command.status as command_status']);
  const one = async (tx: Tx, session: string): Promise<z.output<typeof shown>> => {
    const found = await rows(tx)
      .where('plan.session', '=', session as SessionId)
      .executeTakeFirst();
    if (found === undefined) throw failPlan('plan-unknown', `there is no plan for the session "${session}"`);
    return show(found);
  };
  return apiRoutes(
    jsonRoute(
      {
        ...{ method: 'get', path: '/', gives: pageOf(shown) },
        summary: 'How vehicles that said what they need are charged, newest first',
        query: pageQuery.extend({ station: z.string().optional() }),
      },
      ({ tenant, query: { limit, cursor, station } }) =>
        transaction(tenant, async (tx) => {
          const after = timeKeysetOf(cursor);
          let query = rows(tx);
          if (station !== undefined) query = query.where('core.session.identity', '=', station);
          if (after !== undefined)
            query = query.where((it) =>
              it(it.refTuple('plan.asked_at', 'plan.session'), '<', it.tuple(after.at, after.id as SessionId)),
            );
          const found = await query
            .orderBy('plan.asked_at', 'desc')
            .orderBy('plan.session', 'desc')
            .limit(limit + 1)
            .execute();
          return paged(found, limit, (it) => [it.asked_at.toISOString(), it.session], show);
        }),
    ),
    jsonRoute(
      {
        ...{ method: 'get', path: '/{session}', params: named, gives: shown, etag },
        summary: 'What the vehicle asked for, what it was sent, and what it chose',
      },
      ({ tenant, params: { session } }) => transaction(tenant, (tx) => one(tx, session)),
    ),
    jsonRoute(
      {
        ...{ method: 'put', path: '/{session}', params: named, body: wished, gives: shown, etag },
        summary:
          'Plans anew by what the operator says, and sends the profile; with If-Match only where nobody else did',
      },
      ({ tenant, ifMatch, params, body, changed }) =>
        transaction(tenant, async (tx) => {
          const session = params.session as SessionId;
          const row = await planner.rowOf(tx, session);
          const before = await one(tx, session);
          if (!isUnchanged(ifMatch, before.etag))
            throw failPlan('changed-meanwhile', `the plan has the tag "${before.etag}", not "${ifMatch}"`);
          if (row === undefined || !before.open)
            throw failPlan('plan-over', `the session "${session}" no longer charges`);
          if (body.departureAt !== null && Date.parse(body.departureAt) > clock.now() + MOST.days * DAY_MS)
            throw fail('invalid-input', `\`departureAt\` is more than ${MOST.days} days ahead`);
          const wishes = {
            ...(body.way !== null && { way: body.way }),
            ...(body.departureAt !== null && { departureAt: new Date(body.departureAt).toISOString() }),
            ...(body.energyWh !== null && { energyWh: body.energyWh }),
            ...(body.limitWatts !== null && { limitWatts: body.limitWatts }),
          };
          const set = { wishes: json(wishes), refusals: 0, updated_at: new Date(instant(clock.now())) };
          await db(tx).updateTable('plan').set(set).where('session', '=', session).execute();
          const reason = await planner.send(tx, { ...row, wishes });
          if (reason !== undefined) throw failPlan('plan-impossible', reason);
          const after = await one(tx, session);
          changed({ subject: `charging-plan/${session}`, before: before.wishes, after: after.wishes });
          return after;
        }),
    ),
  );
};

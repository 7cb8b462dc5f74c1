import {
  chargingNeedsTold,
  commandChanged,
  type ChargingNeeds,
  definePlugin,
  externalLimitChanged,
  type Instant,
  instantOf,
  on,
  type SessionId,
  stationConnected,
  tables,
  vehicleScheduleTold,
  z,
} from '@plugga/kit';
import { json } from './context.ts';
import { judge } from './judge.ts';
import { migrations, type PlanTables } from './migrations.ts';
import { createPlanner } from './planner.ts';
import { planRoutes } from './routes.ts';
import { keepLimit } from './surroundings.ts';
import { plannedBy } from './wanted.ts';
import { way } from './way.ts';

const settings = z.strictObject({
  way: way.default('asap'),
  /** The most that one EVSE gives, where its station does not say or is to give less. */
  evseWatts: z.number().int().min(1).max(10_000_000).optional(),
});
const work = {
  /** A limit around the vehicle has changed. */
  replan: z.object({ session: z.string() }),
  /** The station is there again: what it has missed. */
  resend: z.object({ session: z.string() }),
};
export type Settings = z.output<typeof settings>;
export type Work = typeof work;

const NAME = 'smart-charging';
/** A vehicle that goes on to ask for more than it is given is not answered with a profile for ever. */
const MOST_REFUSALS = 3;
/** Periods of what a vehicle means to take that are shown with its plan; the log has all of them. */
const MOST_SHOWN = 100;
/** Nothing that nobody asked for is said to a station sooner after it has come. */
const SETTLED_MS = 31_000;
/** A limit that changes all the time makes a profile at most so often; the station itself keeps to it at once. */
const REPLAN_MS = 30_000;
/** Commands that carry a plan, and how those end that no station has heard. */
const SENDS: readonly string[] = ['setProfile', 'updateDynamicSchedule'];
const LOST: readonly string[] = ['failed', 'timeout'];

/** Plans how vehicles charge that say what they need (ISO 15118), and sends the plans as charging profiles. */
export const smartCharging = definePlugin({
  name: NAME,
  settings,
  work,
  tables: tables<PlanTables>(),
  migrations,
  setup: (context) => {
    const { clock, db, enqueue, transaction } = context;
    const planner = createPlanner(context);

    return {
      answers: {
        chargingNeeds: (ask, { tenant }) =>
          transaction(tenant, async (tx) => {
            const reason = await planner.judge(tx, ask, ask.needs);
            if (reason !== undefined) return { decision: 'refuse', reason };
            return { decision: ask.transaction === undefined ? 'later' : 'accept' };
          }),
        vehicleSchedule: ({ station, evse, schedule, time }, { tenant }) =>
          transaction(tenant, async (tx) => {
            const [row] = await planner.open(tx, station, evse);
            if (!row?.sent) return undefined;
            const { unit, start, periods, phases } = row.sent;
            const said = Date.parse(time ?? '');
            return judge(schedule, {
              begins: (Number.isNaN(said) ? clock.now() : said) as Instant,
              given: { unit, start, periods },
              ...{ givenAt: instantOf(start), phases },
            });
          }),
        dynamicSchedule: ({ station, profile }, { tenant }) =>
          transaction(tenant, async (tx) => {
            const row = planner.byProfile(await planner.open(tx, station), profile);
            return row && planner.setpoint(tx, row);
          }),
      },
      on: [
        // Said again, with its transaction, where it was told `later`: the profile follows the answer.
        on(chargingNeedsTold, async ({ station, session, at, data }, tx) => {
          const { evse, transaction: running, by, decision } = data;
          if (by !== NAME || station === undefined || running === undefined || decision === 'refuse') return;
          const needs = plannedBy(data.needs as ChargingNeeds);
          const who = { station, evse, transaction: running, needs, at: new Date(at) };
          await planner.asked(tx, session === undefined ? who : { ...who, session });
        }),
        on(vehicleScheduleTold, async ({ station, at, data }, tx) => {
          const { by, decision, evse, reason, schedule } = data;
          if (by !== NAME || station === undefined || decision === undefined) return;
          const [row] = await planner.open(tx, station, evse);
          if (row === undefined) return;
          const refusals = decision === 'refuse' ? row.refusals + 1 : 0;
          const { periods } = schedule;
          const kept = { ...schedule, periods: Array.isArray(periods) ? periods.slice(0, MOST_SHOWN) : [] };
          const chosen = { at: new Date(at).toISOString(), schedule: kept, decision, reason };
          await db(tx)
            .updateTable('plan')
            .set({ chosen: json(chosen), refusals, updated_at: new Date(at) })
            .where('session', '=', row.session)
            .execute();
          // 2.0.1 part 2, K15.FR.13: it is negotiated anew, as K16 says.
          if (decision === 'refuse' && refusals <= MOST_REFUSALS) await planner.send(tx, row);
        }),
        on(externalLimitChanged, async ({ station, at, data }, tx) => {
          if (station === undefined) return;
          const { evse, source, schedules = [] } = data;
          await keepLimit(context, tx, { station, evse, source }, { schedules, since: new Date(at) });
          for (const { session, sent } of await planner.open(tx, station, evse === 0 ? undefined : evse)) {
            const after = Math.max(clock.now(), sent === null ? 0 : instantOf(sent.at) + REPLAN_MS) as Instant;
            await enqueue(tx, 'replan', { session }, { key: session, after });
          }
        }),
        on(commandChanged, async ({ station, data: { command, name, status } }, tx) => {
          if (station === undefined || !SENDS.includes(name) || !LOST.includes(status)) return;
          await planner.missed(tx, station, command);
        }),
        on(stationConnected, async ({ station }, tx) => {
          if (station === undefined) return;
          const after = (clock.now() + SETTLED_MS) as Instant;
          // What was lost by the end of the connection before may be told only after this.
          for (const { session, command } of await planner.open(tx, station))
            if (command !== null) await enqueue(tx, 'resend', { session }, { key: `resend ${session}`, after });
        }),
      ],
      work: {
        replan: ({ session }, { tenant }) =>
          transaction(tenant, async (tx) => {
            const row = await planner.rowOf(tx, session as SessionId);
            if (row !== undefined) await planner.send(tx, row, { update: !row.missed });
          }),
        resend: ({ session }, { tenant }) =>
          transaction(tenant, async (tx) => {
            const row = await planner.rowOf(tx, session as SessionId);
            if (row?.missed === true) await planner.send(tx, row);
          }),
      },
      routes: { '/charging-plans': planRoutes(context, planner) },
    };
  },
});

import {
  type ChargingNeeds,
  type CommandId,
  type Instant,
  instantOf,
  iso,
  type SessionId,
  type StationId,
  type Tx,
} from '@plugga/kit';
import { json, type PlanContext, type PlanRow } from './context.ts';
import type { Wishes } from './migrations.ts';
import { always, type Plan, plan } from './plan.ts';
import { MOST_EVSE, profileId, profileOf, setpointOf, stepWatts, type Words } from './profile.ts';
import { type Surroundings, surroundingsOf } from './surroundings.ts';
import { type Wanted, wantedOf } from './wanted.ts';
import type { Way } from './way.ts';

/** What was asked, by whom it is wanted otherwise, and what of it the vehicle has had. */
interface Asked {
  readonly needs: ChargingNeeds;
  readonly wishes: Wishes;
  readonly hadWh: number;
}
interface Planned {
  readonly plan: Plan;
  readonly words: Words;
  readonly way: Way;
}

const KEPT_MS = 90 * 86_400_000;
const NOTHING = 'neither the vehicle nor the station says how much it takes';

/** Why there is no plan, or the plan. */
function planned(
  asked: Asked,
  o: { readonly now: Instant; readonly around: Surroundings; readonly way: Way },
): Planned | string {
  const { now, around } = o;
  if (around.off) return 'the station follows no charging profiles';
  const wanted: Wanted | string = wantedOf(asked.needs, now);
  if (typeof wanted === 'string') return wanted;
  const { wishes, hadWh } = asked;
  const way = wishes.way ?? o.way;
  const words = { unit: around.unit, phases: wanted.phases, dynamic: wanted.dynamic };
  const energyWh = wishes.energyWh ?? wanted.energyWh;
  const departsAt = wishes.departureAt === undefined ? wanted.departsAt : instantOf(wishes.departureAt);
  const found = plan(
    {
      ...{ now, way, leastWatts: wanted.leastWatts, floorWatts: wanted.floorWatts, stepWatts: stepWatts(words) },
      ...(energyWh !== undefined && { energyWh: Math.max(0, energyWh - hadWh) }),
      ...(departsAt !== undefined && { departsAt }),
      mostPeriods: Math.min(around.mostPeriods, wanted.mostPeriods ?? Infinity),
    },
    [...around.limits(wanted.phases), ...always(wanted.mostWatts), ...always(wishes.limitWatts)],
  );
  return found === undefined ? NOTHING : { plan: found, words, way };
}

export type Planner = ReturnType<typeof createPlanner>;

/** Plans for vehicles and sends the plans. A plan is a row from the vehicle's first word on; it lives as long as its session charges. */
export const createPlanner = (context: PlanContext) => {
  const { clock, commands, db, log, settings } = context;

  const look = async (tx: Tx, place: { readonly station: StationId; readonly evse: number }, asked: Asked) => {
    const { evseWatts, way } = await settings(tx);
    const around = await surroundingsOf(context, tx, { ...place, evseWatts });
    return planned(asked, { now: clock.now(), around, way });
  };
  const ofSession = (tx: Tx, session: SessionId) =>
    db(tx)
      .selectFrom('core.session')
      .select(['status', 'energy_wh', 'started_at'])
      .where('id', '=', session)
      .executeTakeFirst();
  const lookOf = async (tx: Tx, row: PlanRow, energyWh: number) =>
    look(tx, row, { needs: row.needs, wishes: row.wishes, hadWh: Math.max(0, energyWh - row.asked_wh) });

  /** Plans anew and sends it; gives why not. Nothing is sent to a session that has ended. */
  const send = async (tx: Tx, row: PlanRow, o: { readonly update?: boolean } = {}): Promise<string | undefined> => {
    const session = await ofSession(tx, row.session);
    if (session?.status !== 'active') return 'the session no longer charges';
    const found = await lookOf(tx, row, session.energy_wh ?? 0);
    if (typeof found === 'string') {
      log.warn('no plan', { session: row.session, reason: found });
      return found;
    }
    const { station, evse, transaction_id: transaction } = row;
    const startedAt = session.started_at?.getTime() as Instant | undefined;
    const profile = profileOf(found.plan, { evse, transaction, words: found.words, startedAt });
    // One limit from now on, and it holds already.
    const [before, after] = [row.sent?.periods ?? [], profile.schedule.periods];
    if (o.update === true && after.length === 1 && before.length === 1 && after[0]!.limit === before[0]!.limit)
      return undefined;
    const isUpdate = o.update === true && row.sent?.dynamic === true && found.words.dynamic;
    const command = isUpdate
      ? await commands.send(tx, station, 'updateDynamicSchedule', {
          profile: profile.id,
          setpoints: setpointOf(found.plan, found.words),
        })
      : await commands.send(tx, station, 'setProfile', { evse, profile });
    const { plan: made, words, way } = found;
    const at = new Date(clock.now());
    const sent = {
      ...{ profile: profile.id, at: at.toISOString(), way, ...words, start: profile.schedule.start ?? iso(made.start) },
      ...{ periods: profile.schedule.periods, shortWh: made.shortWh },
      ...(made.energyWh !== undefined && { energyWh: made.energyWh }),
    };
    await db(tx)
      .updateTable('plan')
      .set({ sent: json(sent), command, missed: false, updated_at: at })
      .where('session', '=', row.session)
      .execute();
    return undefined;
  };

  const rowOf = (tx: Tx, session: SessionId): Promise<PlanRow | undefined> =>
    db(tx).selectFrom('plan').selectAll().where('session', '=', session).forUpdate().executeTakeFirst();

  return {
    send,
    rowOf,

    /** Whether there is something to plan by; as text what there is not. */
    judge: async (tx: Tx, place: { readonly station: StationId; readonly evse: number }, needs: ChargingNeeds) => {
      if (place.evse < 1 || place.evse > MOST_EVSE) return `there is no EVSE ${place.evse}`;
      const found = await look(tx, place, { needs, wishes: {}, hadWh: 0 });
      return typeof found === 'string' ? found : undefined;
    },

    /** Plans that a station at work has now, at one EVSE or at all of them. */
    open: (tx: Tx, station: StationId, evse?: number): Promise<readonly PlanRow[]> => {
      const query = db(tx)
        .selectFrom('plan')
        .innerJoin('core.session', 'core.session.id', 'plan.session')
        .selectAll('plan')
        .where('plan.station', '=', station)
        .where('core.session.status', '=', 'active');
      const those = evse === undefined ? query : query.where('plan.evse', '=', evse);
      return those.orderBy('plan.asked_at', 'desc').limit(64).execute();
    },

    /** A command to a station has come to nothing: if it carried a plan, that is sent again when the station is there. */
    missed: async (tx: Tx, station: StationId, command: string): Promise<void> => {
      await db(tx)
        .updateTable('plan')
        .set({ missed: true })
        .where('station', '=', station)
        .where('command', '=', command as CommandId)
        .execute();
    },

    /** What a dynamic profile of a plan holds now. */
    setpoint: async (tx: Tx, row: PlanRow) => {
      const session = await ofSession(tx, row.session);
      const found = await lookOf(tx, row, session?.energy_wh ?? 0);
      return typeof found === 'string' || !found.words.dynamic ? undefined : setpointOf(found.plan, found.words);
    },

    /** A vehicle has asked, the first time or otherwise than before: what it says now holds, and an operator's limit stays. */
    asked: async (
      tx: Tx,
      told: {
        readonly session?: SessionId;
        readonly station: StationId;
        readonly evse: number;
        readonly transaction: string;
        readonly needs: ChargingNeeds;
        readonly at: Date;
      },
    ): Promise<void> => {
      const { station, evse, transaction, needs, at } = told;
      const found =
        told.session ??
        (
          await db(tx)
            .selectFrom('core.session')
            .select('id')
            .where('station', '=', station)
            .where('transaction_id', '=', transaction)
            .orderBy('started_at', 'desc')
            .limit(1)
            .executeTakeFirst()
        )?.id;
      if (found === undefined) return;
      const session = await ofSession(tx, found);
      const before = await rowOf(tx, found);
      const limitWatts = before?.wishes.limitWatts;
      const row: PlanRow = {
        ...{ session: found, tenant: tx.tenant, station, evse, transaction_id: transaction, needs, asked_at: at },
        asked_wh: session?.energy_wh ?? 0,
        wishes: { ...(limitWatts !== undefined && { limitWatts }) },
        ...{ sent: null, command: null, missed: false, chosen: null, refusals: 0, updated_at: at },
      };
      const stored = { ...row, needs: json(needs), wishes: json(row.wishes) };
      const { session: _, tenant: __, ...changed } = stored;
      await db(tx)
        .insertInto('plan')
        .values(stored)
        .onConflict((it) => it.column('session').doUpdateSet(changed))
        .execute();
      const old = db(tx)
        .selectFrom('plan')
        .select('session')
        .where('asked_at', '<', new Date(clock.now() - KEPT_MS))
        .orderBy('asked_at')
        .limit(20);
      await db(tx).deleteFrom('plan').where('session', 'in', old).execute();
      await send(tx, row);
    },

    /** By the id of the profile that it was sent as. */
    byProfile: (rows: readonly PlanRow[], profile: number): PlanRow | undefined =>
      rows.find((it) => profileId(it.evse) === profile && it.sent?.dynamic === true),
  };
};

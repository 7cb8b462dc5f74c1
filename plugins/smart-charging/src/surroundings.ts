import type { Instant, RateUnit, StationId, Tx } from '@plugga/kit';
import { json, type PlanContext } from './context.ts';
import { limitsOf } from './limits.ts';
import { always, type Limit } from './plan.ts';

/** What a station takes, and what holds it, at one EVSE. */
export interface Surroundings {
  readonly unit: RateUnit;
  readonly mostPeriods: number;
  /** Its own words are that it follows no profiles. */
  readonly off: boolean;
  limits(phases: number): readonly Limit[];
}

const CTRLR = 'SmartChargingCtrlr';
/** Of sources that hold one place; of more the newest. */
const MOST_SOURCES = 32;
/** As many as any version of OCPP lets a schedule have. */
const MOST_PERIODS = 1_024;
/** A rating below is none, or was told in another unit. */
const LEAST_RATING_W = 500;

const countOf = (value: string | null | undefined): number | undefined => {
  const count = Number(value ?? '');
  return Number.isInteger(count) && count > 0 ? count : undefined;
};

/** Reads them: what the station has told of itself, what the grid holds it to, and what the operator has set. */
export async function surroundingsOf(
  { db }: Pick<PlanContext, 'db'>,
  tx: Tx,
  {
    station,
    evse,
    evseWatts,
  }: { readonly station: StationId; readonly evse: number; readonly evseWatts: number | undefined },
): Promise<Surroundings> {
  const names = {
    ...{ units: `${CTRLR}/RateUnit`, periods: `${CTRLR}/PeriodsPerSchedule` },
    ...{ enabled: `${CTRLR}/Enabled`, available: `${CTRLR}/Available`, power: `EVSE/Power@${evse}` },
  };
  const told = await db(tx)
    .selectFrom('core.setting')
    .select(['name', 'value', 'highest', 'unit'])
    .where('station', '=', station)
    .where('name', 'in', Object.values(names))
    .orderBy('name')
    .limit(Object.keys(names).length)
    .execute();
  const held = await db(tx)
    .selectFrom('external_limit')
    .select(['schedules', 'since'])
    .where('station', '=', station)
    .where('evse', 'in', [0, evse])
    .orderBy('since', 'desc')
    .limit(MOST_SOURCES)
    .execute();
  const of = (name: keyof typeof names) => told.find((it) => it.name === names[name]);
  const power = of('power');
  const rating = (power?.highest ?? 0) * (power?.unit?.toLowerCase() === 'kw' ? 1_000 : 1);
  const units = (of('units')?.value ?? '').toUpperCase().split(/[^A-Z]+/);
  return {
    // A car of ISO 15118 reckons in watts: amperes only for a station that knows no watts.
    unit: units.includes('A') && !units.includes('W') ? 'A' : 'W',
    mostPeriods: Math.min(MOST_PERIODS, countOf(of('periods')?.value) ?? MOST_PERIODS),
    off: [of('enabled'), of('available')].some((it) => it?.value?.toLowerCase() === 'false'),
    limits: (phases) => [
      ...always(rating >= LEAST_RATING_W ? rating : undefined),
      ...always(evseWatts),
      ...held.flatMap(({ schedules, since }) =>
        schedules.flatMap((it) => limitsOf(it, since.getTime() as Instant, phases)),
      ),
    ],
  };
}

/** Keeps what a station says it is held to by somebody else; no schedules: it is let go, or says no number. */
export async function keepLimit(
  { db }: Pick<PlanContext, 'db'>,
  tx: Tx,
  of: { readonly station: StationId; readonly evse: number; readonly source: string },
  held: { readonly schedules: readonly unknown[]; readonly since: Date },
): Promise<void> {
  if (held.schedules.length === 0) {
    const all = db(tx).deleteFrom('external_limit').where('station', '=', of.station);
    await all.where('evse', '=', of.evse).where('source', '=', of.source).execute();
    return;
  }
  const row = { schedules: json(held.schedules), since: held.since };
  await db(tx)
    .insertInto('external_limit')
    .values({ tenant: tx.tenant, ...of, ...row })
    .onConflict((it) => it.columns(['station', 'evse', 'source']).doUpdateSet(row))
    .execute();
}

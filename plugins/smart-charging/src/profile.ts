import { type ChargingProfile, type Instant, iso, type RateUnit, type Setpoints } from '@plugga/kit';
import type { Plan } from './plan.ts';
import { VOLTS } from './volts.ts';

/** Ids of the profiles that plans are: an EVSE has one, so that the next plan takes the place of the one before. */
const FIRST_ID = 815_000_000;
export const MOST_EVSE = 999_999;
export const profileId = (evse: number): number => FIRST_ID + evse;
/** How often a station asks what a dynamic profile holds now. */
const UPDATE_SECONDS = 60;

/** How limits are said to a station for one vehicle. */
export interface Words {
  readonly unit: RateUnit;
  /** Of alternating current. */
  readonly phases: number;
  readonly dynamic: boolean;
}

/** What the smallest step of a limit is worth. */
export const stepWatts = ({ unit, phases }: Words): number => (unit === 'W' ? 1 : (VOLTS * phases) / 10);
const limitOf = (steps: number, { unit }: Words): number => (unit === 'W' ? steps : steps / 10);

/**
 * The plan as a profile of the transaction. The lowest level: what an operator sets beside it goes before it. It begins with the
 * transaction by the station's own clock, so that its first period holds at once also where that is behind ours.
 */
export const profileOf = (
  { start: planned, periods }: Plan,
  o: {
    readonly evse: number;
    readonly transaction: string;
    readonly words: Words;
    readonly startedAt: Instant | undefined;
  },
): ChargingProfile => {
  const { unit, phases, dynamic } = o.words;
  const start = Math.min(planned, Math.floor((o.startedAt ?? planned) / 1_000) * 1_000) as Instant;
  const before = (planned - start) / 1_000;
  const said = dynamic ? periods.slice(0, 1) : periods;
  return {
    ...{ id: profileId(o.evse), purpose: 'tx', stackLevel: 0, transaction: o.transaction },
    ...(dynamic ? { kind: 'dynamic', updateSeconds: UPDATE_SECONDS } : { kind: 'absolute' }),
    schedule: {
      unit,
      ...(!dynamic && { start: iso(start) }),
      periods: said.map(({ start: from, steps }) => ({
        ...{ start: from === 0 ? 0 : from + before, limit: limitOf(steps, o.words) },
        ...(unit === 'A' && { phases }),
      })),
    },
  };
};

/** What a dynamic profile holds at the plan's start. */
export const setpointOf = ({ periods: [first] }: Plan, words: Words): Setpoints => ({
  limit: limitOf(first.steps, words),
});

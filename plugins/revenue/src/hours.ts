import { type Billable, instantOf } from '@plugga/kit';

const HOUR_MS = 3_600_000;

/** Hours since 1970 and the Wh that were drawn in each. */
export type Hours = readonly (readonly [hour: number, wh: number])[];

/**
 * How a session's energy lies over the hours: straight lines between the points of its curve, the rest at its end. Whole Wh
 * that add up to the energy: each hour gets what was drawn up to its end, rounded down, less what those before it got.
 */
export function hoursOf({ curve, energyWh, startedAt, endedAt }: Billable): Hours {
  if (energyWh <= 0) return [];
  const start = instantOf(startedAt);
  const end = Math.max(instantOf(endedAt), start);
  const points = [
    { at: start as number, wh: 0 },
    ...curve.map(({ at, wh }) => ({ at: instantOf(at) as number, wh })),
    { at: end, wh: energyWh },
  ].filter(({ at }) => at >= start && at <= end);
  const until = (moment: number): number => {
    let [before] = points;
    for (const point of points) {
      if (point.at > moment) {
        const share = (moment - before!.at) / (point.at - before!.at);
        return Math.floor(before!.wh + (point.wh - before!.wh) * share);
      }
      if (point.wh >= before!.wh) before = point;
    }
    return energyWh;
  };
  const hours: [number, number][] = [];
  let given = 0;
  const last = Math.floor(Math.max(start, end - 1) / HOUR_MS);
  for (let hour = Math.floor(start / HOUR_MS); hour <= last; hour += 1) {
    const sum = hour === last ? energyWh : Math.min(Math.max(until((hour + 1) * HOUR_MS), given), energyWh);
    if (sum > given) hours.push([hour, sum - given]);
    given = sum;
  }
  return hours;
}

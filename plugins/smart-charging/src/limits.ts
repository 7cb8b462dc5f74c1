import type { Instant } from '@plugga/kit';
import type { Limit } from './plan.ts';
import { VOLTS } from './volts.ts';

type Given = Readonly<Record<string, unknown>>;

/** Of a longer schedule the rest holds at its lowest. */
const MOST_PERIODS = 100;

const isGiven = (value: unknown): value is Given => typeof value === 'object' && value !== null;
const numberIn = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** What a limit of a schedule is in watts, for a vehicle on so many phases. */
export const wattsOf = (limit: number, o: { readonly unit: unknown; readonly phases: number }): number =>
  Math.max(0, o.unit === 'A' ? limit * VOLTS * o.phases : limit);

/** A charging schedule in neutral words, such as the grid holds an EVSE to, for a vehicle on so many phases. What cannot be read limits nothing. */
export function limitsOf(schedule: unknown, since: Instant, vehiclePhases: number): readonly Limit[] {
  if (!isGiven(schedule)) return [];
  const { unit, start, seconds, periods } = schedule;
  const said = typeof start === 'string' ? Date.parse(start) : Number.NaN;
  const begins = Number.isFinite(said) ? said : since;
  const lasts = numberIn(seconds);
  const ends = lasts === undefined ? Infinity : begins + Math.max(0, lasts) * 1_000;
  const read = (Array.isArray(periods) ? periods : [])
    .filter(isGiven)
    .flatMap((it) => {
      const [from, limit] = [numberIn(it['start']), numberIn(it['limit'])];
      if (from === undefined || limit === undefined) return [];
      // Amperes are those of a phase: a vehicle on fewer phases gets no more than they have.
      const phases = Math.min(vehiclePhases, numberIn(it['phases']) ?? vehiclePhases);
      return [{ from: begins + Math.max(0, from) * 1_000, watts: wattsOf(limit, { unit, phases }) }];
    })
    .toSorted((a, b) => a.from - b.from);
  const rest = read.slice(MOST_PERIODS - 1);
  const kept =
    rest.length < 2
      ? read
      : [
          ...read.slice(0, MOST_PERIODS - 1),
          { from: rest[0]!.from, watts: rest.reduce((low, { watts }) => Math.min(low, watts), Infinity) },
        ];
  return kept.map((it, i) => ({
    ...{ from: it.from as Instant, watts: it.watts },
    until: Math.min(kept[i + 1]?.from ?? ends, ends),
  }));
}

/** As the API shows it. */
export interface Amounts {
  readonly exclVat: string;
  readonly vat: string;
  readonly inclVat: string;
  readonly energyWh: number;
}
export interface Compared {
  readonly whole: Amounts;
  readonly soFar: Amounts;
  readonly hours: readonly Amounts[];
}
export interface Today {
  readonly date: string;
  readonly timeZone: string;
  readonly soFarUntil: number;
  readonly currencies: readonly {
    readonly currency: string;
    readonly today: Compared & { readonly date: string };
    readonly lastWeek: Compared & { readonly date: string };
    readonly meanOfFour: Compared | null;
  }[];
}

const HOUR_SECONDS = 3600;

/** What had been earned when each hour ended, for drawing; from `upTo` on nothing is known yet. */
export function addedUp(hours: readonly Amounts[], upTo = hours.length): readonly (number | null)[] {
  let sum = 0;
  return [
    0,
    ...hours.map(({ inclVat }, hour) => {
      sum += Number(inclVat);
      return hour < upTo ? sum : null;
    }),
  ];
}

/** The edges of 25 hours as seconds, of a day that begins at 0: only their hours are shown. */
export const hourEdges: readonly number[] = Array.from({ length: 25 }, (_, hour) => hour * HOUR_SECONDS);

/** "08", and "24" at the end. */
export const hourText = (seconds: number): string => String(Math.round(seconds / HOUR_SECONDS)).padStart(2, '0');

/** Change in percent with its sign, undefined where there is nothing to compare with. */
export function changeOf(now: string, before: string): number | undefined {
  const base = Number(before);
  return base > 0 ? Math.round(((Number(now) - base) / base) * 100) : undefined;
}

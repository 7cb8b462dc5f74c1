type Members = Readonly<Record<string, unknown>>;
const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a station said in words of its protocol, a line each: `curve.priority` and `1`; what stands in lists, with its number. */
export function linesOf(said: unknown, under = ''): readonly (readonly [name: string, value: string])[] {
  if (Array.isArray(said)) {
    if (!said.some((it) => typeof it === 'object' && it !== null)) return [[under, said.map(String).join(', ')]];
    return said.flatMap((it, index) => linesOf(it, `${under} ${index + 1}`.trim()));
  }
  if (!isMembers(said)) return said === undefined || said === null ? [] : [[under, String(said)]];
  return Object.entries(said).flatMap(([name, value]) => linesOf(value, under === '' ? name : `${under}.${name}`));
}

export interface Period {
  /** From the start of the schedule on. */
  readonly ms: number;
  /** Undefined where the schedule limits by something else, which stands in `rest`. */
  readonly limit: number | undefined;
  readonly rest: readonly (readonly [name: string, value: string])[];
}
export interface Schedule {
  readonly unit: string;
  readonly start: string | undefined;
  readonly periods: readonly Period[];
}

/** A charging schedule in neutral words; undefined where it is none. */
export function scheduleOf(said: unknown): Schedule | undefined {
  if (!isMembers(said) || !Array.isArray(said.periods)) return undefined;
  const periods = said.periods.filter(isMembers).map(({ start, limit, ...rest }): Period => ({
    ms: typeof start === 'number' ? start * 1_000 : 0,
    limit: typeof limit === 'number' ? limit : undefined,
    rest: linesOf(rest),
  }));
  return {
    unit: String(said.unit ?? ''),
    start: typeof said.start === 'string' && !Number.isNaN(Date.parse(said.start)) ? said.start : undefined,
    periods,
  };
}

export interface Swap {
  /** The driver has put batteries in, or has taken some out, or asked for and did not take them. */
  readonly event: string;
  readonly request: string;
  readonly batteries: readonly {
    readonly evse: string;
    readonly serial: string;
    readonly soc: number | undefined;
    readonly soh: number | undefined;
  }[];
}

/** One step of a battery swap. */
export function swapOf(said: unknown): Swap {
  const { event, request, batteries } = isMembers(said) ? said : {};
  const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
  return {
    ...{ event: String(event ?? ''), request: String(request ?? '–') },
    batteries: (Array.isArray(batteries) ? batteries : []).filter(isMembers).map((it) => ({
      ...{ evse: String(it.evseId ?? '–'), serial: String(it.serialNumber ?? '–') },
      ...{ soc: number(it.soC), soh: number(it.soH) },
    })),
  };
}

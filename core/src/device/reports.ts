import { type Instant, iso, type Iso, type ReportPart } from '@plugga/kit';

/** A report that comes in parts, as far as it has come. Parts may come in any order and twice. */
export interface Report<T = never> {
  readonly request: number;
  readonly parts: readonly number[];
  /** The number of the last part, once that has come. */
  readonly last?: number;
  /** When the first of them came. */
  readonly since?: Iso;
  /** What is to be known of it when it is whole. */
  readonly items?: readonly T[];
}

/** Reports that a station may be telling at once, and the parts of each; what is beyond that is missing. */
const REPORTS = 8;
const PARTS = 2_000;
const ITEMS = 2_000;

/** The newest reports with one more part; one without a number is the next. */
export function withPart<T = never>(
  reports: readonly Report<T>[] = [],
  { request, part: said, last }: Omit<ReportPart, 'part'> & { readonly part?: number },
  o: { readonly now?: Instant; readonly items?: readonly T[] } = {},
): readonly Report<T>[] {
  const before = reports.find((it) => it.request === request);
  const { parts = [], items = [] } = before ?? {};
  const part = said ?? parts.length;
  const known = parts.includes(part) || parts.length >= PARTS || part < 0;
  const now: Report<T> = {
    ...(o.now === undefined ? {} : { since: iso(o.now) }),
    ...before,
    ...{ request, parts: known ? parts : [...parts, part].toSorted((a, b) => a - b) },
    ...(last ? { last: part } : {}),
    ...(o.items === undefined || known ? {} : { items: [...items, ...o.items].slice(0, ITEMS) }),
  };
  return [...reports.filter((it) => it !== before), now].slice(-REPORTS);
}

export const isWhole = ({ parts, last }: Pick<Report, 'parts' | 'last'>): boolean =>
  last !== undefined && parts.filter((it) => it <= last).length === last + 1;

/** The report that was asked for with that number, once all of it has come. */
export const wholeOf = <T>(reports: readonly Report<T>[] = [], request: number | undefined): Report<T> | undefined =>
  reports.find((it) => it.request === request && isWhole(it));

/** What has not come of a report, in words. */
export function missingOf(report: Pick<Report, 'parts' | 'last'> | undefined): string {
  if (report === undefined || report.parts.length === 0) return 'no part of the report came';
  const { parts, last } = report;
  const end = last ?? parts.at(-1)!;
  const came = new Set(parts);
  const missing: number[] = [];
  for (let part = 0; part <= end && missing.length <= 10; part += 1) if (!came.has(part)) missing.push(part);
  const named = missing.length > 10 ? `${missing.slice(0, 10).join(', ')} and more` : missing.join(', ');
  const gaps = missing.length === 0 ? [] : [`part ${named} did not come`];
  const open = last === undefined ? [`the last part did not come; ${end} was the highest`] : [];
  return [...gaps, ...open].join('; ');
}

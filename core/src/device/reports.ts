import type { ReportPart } from '@plugga/kit';

/** A report that comes in parts, as far as it has come. Parts may come in any order and twice. */
export interface Report {
  readonly request: number;
  readonly parts: readonly number[];
  /** The number of the last part, once that has come. */
  readonly last?: number;
}

/** Reports that a station may be telling at once, and the parts of each; what is beyond that is missing. */
const REPORTS = 8;
const PARTS = 2_000;

/** The newest reports with one more part. */
export function withPart(reports: readonly Report[] = [], { request, part, last }: ReportPart): readonly Report[] {
  const before = reports.find((it) => it.request === request);
  const parts = before?.parts ?? [];
  const known = parts.includes(part) || parts.length >= PARTS || part < 0;
  const now: Report = {
    ...{ ...before, request, parts: known ? parts : [...parts, part].toSorted((a, b) => a - b) },
    ...(last ? { last: part } : {}),
  };
  return [...reports.filter((it) => it !== before), now].slice(-REPORTS);
}

export const isWhole = ({ parts, last }: Report): boolean =>
  last !== undefined && parts.filter((it) => it <= last).length === last + 1;

/** What has not come of a report, in words. */
export function missingOf(report: Report | undefined): string {
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

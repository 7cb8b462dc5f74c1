import type { TimedValue } from '@plugga/console';

const TIME = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)`;
const LINE = new RegExp(String.raw`^(${TIME})[\s;,]+(?:(${TIME})[\s;,]+)?(-?\d+(?:[.,]\d+)?)$`);
/** As the API writes it; undefined for a 13th month. */
const instantOf = (text: string): string | undefined => {
  const at = Date.parse(text.replace(' ', 'T'));
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
};

export interface BadLine {
  readonly line: number;
  readonly text: string;
}

/**
 * Values as they are pasted or come in a file: a line a value, when it begins, perhaps when it ends, and the value, with comma,
 * semicolon, tab or blank between. Times are ISO 8601 with their zone, no two begin at once. A first line of words is the heading.
 * The first line that is none of that, or that does not fit, is named.
 */
export function valueLines(
  text: string,
  fits: (value: TimedValue, before: number) => boolean = () => true,
): { readonly values: readonly TimedValue[]; readonly bad: BadLine | undefined } {
  const values: TimedValue[] = [];
  const begun = new Set<string>();
  for (const [n, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const line = raw.trim();
    if (line === '' || (n === 0 && !/\d/.test(line))) continue;
    const [, begin = '', end, value = ''] = LINE.exec(line) ?? [];
    const from = instantOf(begin);
    const until = end === undefined ? undefined : instantOf(end);
    const isRead = from !== undefined && (end === undefined || (until !== undefined && from < until));
    const read = isRead
      ? { from, ...(until === undefined ? {} : { until }), value: value.replace(',', '.') }
      : undefined;
    if (read === undefined || begun.has(read.from) || !fits(read, values.length))
      return { values: [], bad: { line: n + 1, text: line } };
    begun.add(read.from);
    values.push(read);
  }
  return { values, bad: undefined };
}

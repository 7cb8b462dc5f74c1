/** What the station writes down: everything for diagnostics, and what concerns its security. */
export interface Logbook {
  write(line: string, security?: 'security'): void;
  /** The lines of that time, oldest first. */
  text(o: { readonly security: boolean; readonly from?: number | undefined; readonly to?: number | undefined }): string;
}

/** Lines kept of each kind: thousands of stations live in one process. */
const MOST_LINES = 60;
const LONGEST_LINE = 500;

export const logbook = (now: () => number): Logbook => {
  const lines: { readonly at: number; readonly line: string; readonly security: boolean }[] = [];
  return {
    write(line, security) {
      lines.push({ at: now(), line: line.slice(0, LONGEST_LINE), security: security !== undefined });
      if (lines.length <= MOST_LINES * 2) return;
      const kept = [false, true].flatMap((kind) => lines.filter((one) => one.security === kind).slice(-MOST_LINES));
      lines.splice(0, lines.length, ...kept.sort((a, b) => a.at - b.at));
    },
    text: ({ security, from = -Infinity, to = Infinity }) =>
      lines
        .filter((one) => (!security || one.security) && one.at >= from && one.at <= to)
        .map(({ at, line }) => `${new Date(at).toISOString()} ${line}\n`)
        .join(''),
  };
};

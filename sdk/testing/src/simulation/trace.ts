import { iso, instant } from '@plugga/kit';

/** What happened, in order. Kept as lines only where somebody will read them. */
export interface Trace {
  readonly keep: boolean;
  readonly lines: readonly string[];
  say(who: string, what: string): void;
}

export const trace = (o: { readonly keep: boolean; now(): number; heard?: (line: string) => void }): Trace => {
  const lines: string[] = [];
  return {
    keep: o.keep,
    lines,
    say: (who, what) => {
      if (!o.keep) return;
      const line = `${iso(instant(Math.round(o.now()))).slice(5, 23)} ${who}: ${what}`;
      lines.push(line);
      o.heard?.(line);
    },
  };
};

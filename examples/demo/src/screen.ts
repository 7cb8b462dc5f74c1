/** What the demo writes. Columns first, colour second: it reads the same without any. */
export interface Screen {
  title(text: string): void;
  /** `who` did or saw `what`; `more` says how much. */
  step(who: string, what: string, more?: string): void;
  block(lines: readonly string[]): void;
  trouble(text: string): void;
  last(text: string): void;
}

const codes = { bold: 1, dim: 2, red: 31, green: 32, cyan: 36 } as const;

export const screen = (o: { readonly write: (text: string) => void; readonly colour: boolean }): Screen => {
  const began = Date.now();
  const paint = (name: keyof typeof codes, text: string): string =>
    o.colour ? `\u001b[${codes[name]}m${text}\u001b[0m` : text;
  const line = (text: string): void => o.write(`${text.trimEnd()}\n`);
  const clock = (): string => paint('dim', `${((Date.now() - began) / 1_000).toFixed(1).padStart(5)} s`);
  return {
    title: (text) => line(`\n  ${paint('bold', text)}\n`),
    step: (who, what, more = '') => line(`${clock()}  ${paint('cyan', who.padEnd(11))} ${what.padEnd(13)} ${more}`),
    block: (lines) => line(`\n${lines.map((one) => `         ${one}`).join('\n')}\n`),
    trouble: (text) => line(`\n${paint('red', text)}`),
    last: line,
  };
};

/** A bar of how far something is, 0 to 1. */
export const bar = (part: number, width = 20): string => {
  const full = Math.round(Math.max(0, Math.min(1, part)) * width);
  return `[${'#'.repeat(full)}${'.'.repeat(width - full)}]`;
};

export const kWh = (wh: number): string => `${(wh / 1_000).toFixed(3)} kWh`;
export const kW = (watts: number): string => `${(watts / 1_000).toFixed(1).padStart(5)} kW`;

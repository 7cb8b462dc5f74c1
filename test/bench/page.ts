import { readFileSync, writeFileSync } from 'node:fs';

/** docs/performance.md: each bench writes its own part and leaves the others as they are. */
const page = new URL('../../docs/performance.md', import.meta.url);

const parts = (): string[] => readFileSync(page, 'utf8').split(/^(?=## )/m);
const write = (all: readonly string[]): void => writeFileSync(page, `${all.map((part) => part.trim()).join('\n\n')}\n`);
const headingOf = (part: string): string => part.slice(0, part.indexOf('\n'));

/** What stands before the first section. */
export const writeHead = (text: string): void => write([text, ...parts().slice(1)]);

/** The section with that heading; a new one comes last. */
export const writeSection = (text: string): void => {
  const before = parts();
  const at = before.findIndex((part) => headingOf(part) === headingOf(text));
  write(at < 0 ? [...before, text] : before.with(at, text));
};

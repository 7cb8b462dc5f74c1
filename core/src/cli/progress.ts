import type { Clock } from '../ports.ts';

const everyMs = 1_000;

/** Says how far a long command is, at most once a second. */
export const progressTo = (err: (text: string) => void, clock: Pick<Clock, 'now'>) => {
  let next = clock.now() + everyMs;
  return (line: () => string): void => {
    if (clock.now() < next) return;
    next = clock.now() + everyMs;
    err(line());
  };
};

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** For people: `1.4 GiB`. */
export const sizeText = (bytes: number): string => {
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
};

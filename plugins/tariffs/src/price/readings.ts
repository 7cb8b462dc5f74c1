import type { Point } from './curve.ts';
import type { Note } from './period.ts';
import { compare, minus, most, plus, times, zero, type Ratio } from './ratio.ts';

export interface Reading {
  /** What the station's clock said. */
  readonly at: number;
  readonly receivedAt: number;
  readonly register: Ratio;
}

/** How far a station's clock may be from ours before it counts as wrong. */
const SLACK_MS = 60_000;
const nearFull: Ratio = { n: 9n, d: 10n };
const nearEmpty: Ratio = { n: 1n, d: 10n };
const half: Ratio = { n: 1n, d: 2n };

/**
 * Cumulative energy of the register's readings. A fall from near the modulus to near 0 is a rollover; any other fall to less
 * than half is a reset: the stretches before and after are summed, and somebody should look; a smaller fall is jitter. Where
 * the station's clock jumped, the moments of receipt are used.
 */
export function pointsOf(
  readings: readonly Reading[],
  { start, end, modulus }: { readonly start: number; readonly end: number; readonly modulus: Ratio | undefined },
): { readonly points: readonly Point[]; readonly notes: readonly Note[] } {
  const notes = new Map<string, Note>();
  const say = (code: string, text: string) => notes.set(code, { code, text });
  const { ordered, adjusted } = inOrder(readings, start, end);
  if (adjusted)
    say('clock_adjusted', 'The clock of the station jumped: the moments at which its readings were received are used.');

  let sum = zero;
  let before: Ratio | undefined;
  const points = ordered.map(({ at, register }): Point => {
    if (before !== undefined) {
      if (compare(register, before) >= 0) sum = plus(sum, minus(register, before));
      else if (
        modulus !== undefined &&
        compare(before, times(modulus, nearFull)) >= 0 &&
        compare(register, times(modulus, nearEmpty)) <= 0
      ) {
        sum = plus(sum, minus(plus(register, modulus), before));
        say('meter_rollover', 'The register of the meter rolled over.');
      } else if (compare(register, times(before, half)) < 0) {
        say('meter_reset', 'The register of the meter was reset: the energy before and after it is summed.');
        say('needs_review', 'Somebody should look at this session before it is billed.');
      } else sum = plus(sum, minus(register, before));
    }
    before = register;
    return { at: Math.min(Math.max(at, start), end), kwh: most(sum, zero) };
  });
  return { points, notes: [...notes.values()] };
}

/**
 * In the order of the station's clock, unless it jumped: backwards although the register rose, ahead of the receipt, or out of
 * the session that the receipt lies in. A message that was only sent late is no jump.
 */
function inOrder(
  readings: readonly Reading[],
  start: number,
  end: number,
): { readonly ordered: readonly Reading[]; readonly adjusted: boolean } {
  const received = readings.toSorted((a, b) => a.receivedAt - b.receivedAt);
  const stamped = readings.toSorted((a, b) => a.at - b.at);
  const backwards = received.some(({ at }, n) => at < (received[n - 1]?.at ?? -Infinity));
  const within = (ms: number) => ms >= start - SLACK_MS && ms <= end + SLACK_MS;
  const jumped =
    (backwards && (rises(received) || !rises(stamped))) ||
    readings.some(({ at, receivedAt }) => at > receivedAt + SLACK_MS || (!within(at) && within(receivedAt))) ||
    lagging(received, end);
  return jumped
    ? { ordered: received.map((it) => ({ ...it, at: it.receivedAt })), adjusted: true }
    : { ordered: stamped, adjusted: false };
}

const rises = (readings: readonly Reading[]): boolean =>
  readings.every(({ register }, n) => n === 0 || compare(register, readings[n - 1]?.register ?? zero) >= 0);

/** The last reading is the end of the session by its receipt, but not by the station's clock. */
const lagging = (received: readonly Reading[], end: number): boolean => {
  const last = received.at(-1);
  return last !== undefined && Math.abs(last.at - end) > SLACK_MS && Math.abs(last.receivedAt - end) <= SLACK_MS;
};

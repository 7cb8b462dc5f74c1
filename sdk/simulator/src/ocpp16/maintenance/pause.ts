import type { StationClock } from '../../clock.ts';

/** Waits that long in the station's time; false when it was taken back before. */
export const pause = (clock: StationClock, ms: number, signal: AbortSignal): Promise<boolean> =>
  new Promise((done) => {
    if (signal.aborted) return done(false);
    const end = (whole: boolean) => (): void => {
      cancel();
      signal.removeEventListener('abort', taken);
      done(whole);
    };
    const taken = end(false);
    const cancel = clock.after(Math.max(0, ms), end(true));
    signal.addEventListener('abort', taken);
  });

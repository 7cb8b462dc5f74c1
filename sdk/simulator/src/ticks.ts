import type { StationClock } from './clock.ts';

/** What a station does at intervals of its own clock while it has power; without power nothing of it happens. */
export interface Ticks {
  /** Again and again; aligned: at the multiples of the period since midnight. Returns how to take it back. */
  every(periodMs: number, run: () => void, aligned?: 'aligned'): () => void;
  switched(on: boolean): void;
}

interface Tick {
  arm(): void;
  cancel(): void;
}

export const ticks = (clock: StationClock): Ticks => {
  const all = new Set<Tick>();
  let powered = false;
  return {
    every(periodMs, run, aligned) {
      let cancel: () => void = () => undefined;
      const tick: Tick = {
        arm() {
          const wait = aligned === undefined ? periodMs : periodMs - (clock.now() % periodMs);
          cancel = clock.after(wait, () => {
            tick.arm();
            run();
          });
        },
        cancel: () => cancel(),
      };
      all.add(tick);
      if (powered) tick.arm();
      return () => {
        all.delete(tick);
        tick.cancel();
      };
    },
    switched(on) {
      if (on === powered) return;
      powered = on;
      for (const tick of all) {
        if (on) tick.arm();
        else tick.cancel();
      }
    },
  };
};

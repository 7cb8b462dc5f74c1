import type { Owner } from './timeline.ts';

/** One process: it can die, and what it was waiting for then never comes. */
export interface Process extends Owner {
  readonly name: string;
  /** With `machine` everything that runs on its machine dies, the kernel too. */
  crash(why: string, what?: 'machine'): void;
  /** Called when it dies; returns how to take it back. */
  onEnd(run: () => void): () => void;
}

/** `crashed` is told once. */
export function startProcess(name: string, crashed: (why: string, what?: 'machine') => void): Process {
  const ends = new Set<() => void>();
  let alive = true;
  return {
    name,
    get alive() {
      return alive;
    },
    stalledUntil: 0,
    crash: (why, what) => {
      if (!alive) return;
      alive = false;
      for (const end of [...ends]) end();
      crashed(why, what);
    },
    onEnd: (run) => {
      ends.add(run);
      return () => ends.delete(run);
    },
  };
}

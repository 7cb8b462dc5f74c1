/** The five things that the core awaits, and the disk below the journal. */
export type Port = 'clock' | 'random' | 'link' | 'store' | 'bus' | 'disk';

/** How one of them fails: with an error, before or after what was asked has happened, or with the end of the process. */
export type Failure = 'error' | 'late error' | 'crash' | 'late crash';

/** Asked at every point where the core awaits a port; says how it fails there, if it does. */
export type Probe = (port: Port) => Failure | undefined;

export interface Points {
  readonly probe: Probe;
  /** How many points have been met. */
  readonly met: number;
  /** Which port each of them was of. */
  readonly ports: readonly Port[];
}

/** Counts the points, and fails the one of that number. */
export function points(failing?: { readonly at: number; readonly how: Failure }): Points {
  const ports: Port[] = [];
  return {
    ports,
    get met() {
      return ports.length;
    },
    probe: (port) => (ports.push(port) - 1 === failing?.at ? failing.how : undefined),
  };
}

/** What can become of each port: a clock is late or nobody lives to hear it, a random number is not given. */
export const FAILURES: Readonly<Record<Port, readonly Failure[]>> = {
  clock: ['error', 'crash'],
  random: ['error', 'crash'],
  link: ['error', 'late error', 'crash', 'late crash'],
  store: ['error', 'late error', 'crash', 'late crash'],
  bus: ['error', 'crash'],
  disk: ['error', 'crash', 'late crash'],
};

import type { Chance } from './chance.ts';

/** How a station speaks, for its whole life. */
export interface Manners {
  /** Readings name the transaction. */
  readonly namesTransaction: boolean;
  readonly stopNamesToken: boolean;
  /** What waited of states goes before what waited of transactions. */
  readonly statusFirst: boolean;
  readonly statusShuffled: boolean;
  readonly statusTimed: boolean;
  readonly twiceStopped: boolean;
  readonly keepsClock: boolean;
  /** What it says for an id that it does not have. */
  readonly noId: number | null;
  readonly registerRestarts: boolean;
  /** How often it says a message before it gives up. */
  readonly tries: number;
  readonly callTimeoutMs: number;
  /** After a time-out it says it again on the same socket, instead of opening a new one. */
  readonly retriesInPlace: boolean;
  /** Message ids count from 1 after each boot. */
  readonly reusesIds: boolean;
  readonly pongs: boolean;
  /** How commands are answered. */
  readonly obeys: 'well' | 'late' | 'never';
}

export type Unit = 'Wh' | 'kWh' | 'none';

export const manners = (chance: Chance): Manners => {
  const statusTimed = chance.of(0.8);
  return {
    namesTransaction: chance.of(0.8),
    stopNamesToken: chance.of(0.6),
    statusFirst: chance.of(0.5),
    // Out of order and without a time nobody could know which one is true.
    statusShuffled: statusTimed && chance.of(0.2),
    statusTimed,
    twiceStopped: chance.of(0.2),
    keepsClock: chance.of(0.7),
    noId: chance.pick([-1, -1, 0, null]),
    registerRestarts: chance.of(0.2),
    tries: chance.pick([1, 2, 4, 4, 20]),
    callTimeoutMs: chance.pick([10_000, 30_000, 30_000, 60_000]),
    retriesInPlace: chance.of(0.4),
    reusesIds: chance.of(0.2),
    pongs: chance.of(0.8),
    obeys: chance.pick(['well', 'well', 'well', 'late', 'never']),
  };
};

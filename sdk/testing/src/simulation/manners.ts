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
  /** What it tells a second time says another register. */
  readonly stopsOtherwise?: boolean;
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
  /** 'asked': it boots only when it is triggered. */
  readonly boots?: 'always' | 'asked';
  /** Its clock from when the power comes until a boot is answered. */
  readonly clockAtPowerUp?: '1970' | number;
  readonly dropsOnPing?: boolean;
  /** Opens another socket once it has had one for so long, and leaves the old one open. */
  readonly reopensAfterSeconds?: number;
  /** The connector is free before the stop is told, always. */
  readonly freesFirst?: boolean;
  /** Tells the start of what charges again after each lost line. */
  readonly repeatsStarts?: boolean;
  /** From when its registers count. */
  readonly registerFrom?: 'lifetime' | 'boot' | 'session';
  /** Another start with no energy stands for the stop. */
  readonly startsToStop?: boolean;
  /** false: says that it charges, and tells of no start and no stop. */
  readonly tellsTransactions?: boolean;
  /** Readings have currents, power and frequency beside the register. */
  readonly readsAll?: boolean;
  readonly unit?: Unit;
  /** A message that is said again keeps its id. */
  readonly repeatsIds?: boolean;
  /** What happens now is told before what waits since the line was away. */
  readonly liveFirst?: boolean;
  /** What happened without a line is told backwards. */
  readonly latestFirst?: boolean;
  readonly bootsEachTime?: boolean;
  /** A swipe without a line is asked about when there is one again. */
  readonly replaysTokens?: boolean;
  // 2.x
  /** The token is shown before, with or after the first event of a transaction; each in turn where nothing is said. */
  readonly showsToken?: 'before' | 'at' | 'after';
  /** Events name the EVSE, or only the first one that knows it. */
  readonly namesEvse?: 'always' | 'once';
  /** How often a transaction begins before its EVSE is chosen. */
  readonly lateEvse?: number;
  /** Events are numbered on from one transaction to the next. */
  readonly numbersOn?: boolean;
  /** Every event is number 0. */
  readonly numbersNone?: boolean;
  /** How often it has no room to keep a reading without a line. */
  readonly dropsReadings?: number;
  /** Ids of transactions are 1, 2, 3: other stations have the same. */
  readonly countsTransactions?: boolean;
  /** 1.234 is said in Wh times 10^3, not in kWh. */
  readonly multiplies?: boolean;
  /** What charged when the power went charges on when it is back. */
  readonly resumes?: boolean;
  /** A transaction that ends without a line is never told to have ended. */
  readonly forgetsStops?: boolean;
  /** Each reading goes out a second time, as MeterValues. */
  readonly metersBeside?: boolean;
  /** Tells states of the station as a whole. */
  readonly tellsStation?: boolean;
  /** false: tells no register between start and end. */
  readonly tellsReadings?: boolean;
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
    twiceStopped: chance.of(0.3),
    keepsClock: chance.of(0.7),
    noId: chance.pick([-1, -1, 0, null]),
    registerRestarts: chance.of(0.2),
    tries: chance.pick([1, 2, 4, 4, 20]),
    callTimeoutMs: chance.pick([10_000, 30_000, 30_000, 60_000]),
    retriesInPlace: chance.of(0.4),
    reusesIds: chance.of(0.2),
    pongs: chance.of(0.8),
    obeys: chance.pick(['well', 'well', 'well', 'late', 'never']),
    stopsOtherwise: chance.fork('stops').of(0.7),
  };
};

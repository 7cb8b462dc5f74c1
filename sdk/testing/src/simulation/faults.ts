import type { Chance } from './chance.ts';

/** Every kind of fault, by its number in the catalogue, and what happens. */
export const FAULTS = {
  'FI-01 request lost': 'the line breaks under a message before it arrives',
  'FI-02 answer lost': 'the line breaks under an answer',
  'FI-03 duplicate': 'the same frame arrives twice',
  'FI-04 reorder': 'what an old socket still carried arrives after the new one is open',
  'FI-05 crash before commit': 'the node dies with the unit in its hands',
  'FI-06 crash between commit and answer': 'stored, and nobody hears of it',
  'FI-07 crash after answer': 'the node dies when it has just answered',
  'FI-08 database away': 'connections are refused or break, before or after the statement',
  'FI-09 database slow': 'a statement takes 2 to 30 s, or longer than anybody waits',
  'FI-10 serialization failure': 'the database rolls the statement back',
  'FI-11 disk full': "the journal's disk takes nothing more",
  'FI-12 sync failed': "the journal's disk cannot say what it has",
  'FI-13 torn tail': 'the machine dies, and what was not synced is there in part',
  'FI-14 clock step': "the server's clock is set by minutes or hours",
  'FI-15 stall': 'the process does nothing for some seconds',
  'FI-16 half-open': 'one end believes in a socket that the other has lost',
  'FI-17 slow reader': 'the station does not read what it is sent',
  'FI-18 take-over': 'the identity connects again while its socket is open',
  'FI-19 reboot, queue kept': 'power returns with the queue',
  'FI-19 reboot, queue lost': 'power returns without it',
  'FI-20 start lost': 'the station forgets to tell a start',
  'FI-21 register': 'a meter is reset, rolls back or jumps',
  'FI-22 no id': 'the station gives up on an answer and goes by -1, 0 or nothing',
  'FI-23 units': 'after an update the same register is told in another unit',
  'FI-24 event lost':
    'a station of 2.x gives up on an event, or cannot keep it: the numbers of its transaction have a gap',
  'FI-25 poison': 'the database refuses the content of a message',
  'FI-26 ids again': 'a station of 2.x has lost its memory and numbers its transactions from 1 again',
} as const;

export type FaultName = keyof typeof FAULTS;

/** How often what happens in this seed, per message or per step. Most seeds have some, some have all, some have none. */
export interface Rates {
  /** Of a line, for each message. */
  readonly line: number;
  /** Of the database, for each statement. */
  readonly database: number;
  /** Of the journal's disk, for each write and sync. */
  readonly disk: number;
  /** Of the process, for each commit. */
  readonly crash: number;
  /** Of everything else, for each step of the world. */
  readonly world: number;
  readonly clock: boolean;
  readonly poison: number;
}

export const ratesOf = (chance: Chance): Rates => ({
  line: chance.pick([0, 0.01, 0.03, 0.03, 0.08]),
  database: chance.pick([0, 0, 0.003, 0.01, 0.03]),
  disk: chance.pick([0, 0, 0.05, 0.2]),
  crash: chance.pick([0, 0.002, 0.005, 0.015]),
  world: chance.pick([0, 0.01, 0.02, 0.05]),
  clock: chance.of(0.15),
  poison: chance.of(0.15) ? 0.02 : 0,
});

/** Counts what happened, and says whether faults are still allowed. */
export interface Faults {
  readonly rates: Rates;
  readonly counted: ReadonlyMap<FaultName, number>;
  active: boolean;
  happened(fault: FaultName): void;
}

export const faults = (rates: Rates): Faults => {
  const counted = new Map<FaultName, number>();
  return {
    rates,
    counted,
    active: true,
    happened: (fault) => void counted.set(fault, (counted.get(fault) ?? 0) + 1),
  };
};

import type { Body, Connector } from './body.ts';
import type { Chance } from './chance.ts';
import type { Faults } from './faults.ts';
import type { Make } from './make.ts';
import type { Manners } from './manners.ts';
import type { Entry, Outbox, Reply } from './outbox.ts';

export type Protocol = 'ocpp1.6' | 'ocpp2.0.1' | 'ocpp2.1';

/** What a station says of what happens to it, and how it writes that into its ledger. */
export interface Telling {
  boot(done: () => void): Entry;
  heartbeat(): void;
  authorize(token: string): void;
  /** In the words of 1.6, of which 2.x has fewer. */
  status(connector: number, word: string): void;
  plug(connector: Connector): void;
  start(connector: Connector, token: string, o?: Beginning): void;
  /** `untold`: it has no room to keep it, and nobody hears of it. */
  meter(connector: Connector, how?: 'untold'): void;
  stop(connector: Connector, reason: string): void;
  unplug(connector: Connector): void;
  /** The power went while it charged, and the queue was kept. */
  powerLost(connector: Connector): void;
  /** The power went, and what was not told is lost. */
  memoryLost(): void;
  /** The power is back, and it charges on. */
  resumed(connector: Connector): void;
  /** Something of before, once more: undefined when there is nothing. */
  again(): string | undefined;
  /** The start of all that charges, once more. */
  startsAgain(): void;
}

export interface Beginning {
  /** It never tells. */
  readonly forgotten?: boolean;
  /** The request that it answers; 2.x: by its number. */
  readonly asked?: { readonly remoteStartId?: number };
}

export interface TellingWorld {
  readonly body: Body;
  readonly out: Outbox;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly how: Manners;
  readonly now: () => number;
  /** What it says of itself at a boot. */
  readonly about?: Readonly<Record<string, string>>;
  readonly isOnline: () => boolean;
  readonly isCalm: () => boolean;
}

/** What a command can do to a station. */
export interface Obedience {
  readonly body: Body;
  readonly chance: Chance;
  readonly tell: Telling;
  readonly out: Outbox;
  readonly make: Make | undefined;
  readonly configuration: Record<string, string>;
  /** Nothing new is begun. */
  readonly isIdle: () => boolean;
  readonly boot: () => Entry;
  readonly after: (ms: number, run: () => void) => void;
  readonly restart: () => void;
}

/** Answers what it is asked, and does it; false: it does not know the action. */
export type Obey = (action: string, payload: Reply, answer: (reply: object) => void) => boolean;

/** How a virtual station speaks one version of OCPP. It shares nothing with the adapters. */
export interface Dialect {
  /** What every station has set. */
  readonly configuration: Readonly<Record<string, string>>;
  /** What only stations of this version may do in several ways. */
  readonly manners: (chance: Chance) => Partial<Manners>;
  readonly telling: (world: TellingWorld) => Telling;
  readonly obeying: (hands: Obedience) => Obey;
}

import type { MixedMake } from './make.ts';

/** How far the telling of something has come: nobody knows whether what was only sent was stored. */
export type Told = 'no' | 'sent' | 'stored';

/** One charge as the station knows it: what was given, and how much of the telling has left us an answer. */
export interface Charge {
  readonly connector: number;
  readonly token: string;
  readonly from: number;
  to: number;
  /** What it was really given, whatever the register says. */
  delivered: number;
  /** The id that the station goes by: 0 until it has one, negative when it gave up on having one. */
  id: number;
  /** Every id that an answer has carried, whether or not it arrived. */
  readonly ids: Set<number>;
  start: Told;
  /** A stop that names the id. */
  stopById: Told;
  /** A stop that names nobody. */
  stopWithoutId: Told;
  over: boolean;
  /** The highest register that was told by id. */
  highest: number;
  /** The register was set back or jumped while it charged. */
  reset: boolean;
  /** The database refused its stop: kept raw. */
  poisoned: boolean;
  /** Ids of the messages that told its start and its stop. */
  readonly told: string[];
}

/** One message of a transaction that was sent, and whether an answer to it left the node. */
export interface Message {
  readonly id: string;
  readonly action: string;
  /** As it was said, without what may differ when it is said again. */
  readonly content: string;
  acknowledged: boolean;
}

/** What one station will swear to at the end. It shares nothing with the engine but the wire. */
export interface Ledger {
  /** The make that it is, where it is one that deviates. */
  readonly mixed?: MixedMake | undefined;
  readonly identity: string;
  readonly charges: readonly Charge[];
  readonly messages: readonly Message[];
}

import type { LedgerEntry } from '../ledger.ts';
import type { KeptList, TokenInfo } from './authorization/local-list.ts';
import type { Item } from './outbox.ts';
import type { Reservation } from './reservations.ts';
import type { Stored } from './security/certificates.ts';
import type { OwnCertificate } from './security/security.ts';
import type { Profile } from './smart-charging/profile.ts';

/** What is written to the station's memory. */
export interface Remembered {
  readonly registersWh: readonly number[];
  readonly ledger: readonly LedgerEntry[];
  readonly undelivered: readonly Item[];
  readonly configuration: Readonly<Record<string, string>>;
  readonly localList?: KeptList;
  readonly tokens?: readonly (readonly [string, TokenInfo])[];
  readonly reservations?: readonly Reservation[];
  readonly profiles?: readonly Profile[];
  readonly certificates?: readonly Stored[];
  readonly own?: OwnCertificate | undefined;
  readonly firmware?: string;
  /** Connectors out of service. */
  readonly inoperative?: readonly number[];
  /** The password that it was made with, and the one that it has by now. */
  readonly key?: { readonly given: string; readonly now: string };
}

interface Written extends Omit<Remembered, 'undelivered'> {
  /** Entries and messages by their places, so that they are the same objects again after reading. */
  readonly undelivered: readonly (Omit<Item, 'entry' | 'message'> & {
    readonly entry: number;
    readonly message: number;
  })[];
}

export const memoryText = (memory: Remembered): string => {
  const undelivered = memory.undelivered.map(({ entry, message, ...rest }) => ({
    ...rest,
    entry: memory.ledger.indexOf(entry),
    message: entry.messages.indexOf(message),
  }));
  return JSON.stringify({ ...memory, undelivered } satisfies Written);
};

/** Reads only what `memoryText` wrote. */
export const remembered = (text: string): Remembered => {
  const written = JSON.parse(text) as Written;
  const undelivered = written.undelivered.map(({ entry, message, ...rest }) => {
    const owner = written.ledger[entry]!;
    return { ...rest, entry: owner, message: owner.messages[message]! };
  });
  return { ...written, undelivered };
};

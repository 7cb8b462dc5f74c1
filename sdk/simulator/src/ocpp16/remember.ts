import type { LedgerEntry } from '../ledger.ts';
import type { Item } from './outbox.ts';

/** What is written to the station's memory. */
export interface Remembered {
  readonly registersWh: readonly number[];
  readonly ledger: readonly LedgerEntry[];
  readonly undelivered: readonly Item[];
  readonly configuration: Readonly<Record<string, string>>;
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

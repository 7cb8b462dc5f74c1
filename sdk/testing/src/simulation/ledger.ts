import type { MixedMake } from './make.ts';
import type { Entry } from './outbox.ts';

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
  /** The id that the station goes by, once it has one. */
  id: string | undefined;
  /** 1.6: every id that an answer has carried, whether or not it arrived. 2.x: its own. */
  readonly ids: Set<string>;
  /** Something that names the id was stored: it must be a session. */
  heard: boolean;
  /** What was stored names the connector. */
  placed: boolean;
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
  /** Ids of the messages that told its start and its stop; 2.x: all of its events. */
  readonly told: string[];
  /** 2.x: how far the telling of each event has come, in the order in which they happened. */
  readonly events: Map<number, Told>;
  /** 2.x: the seqNo of each event as it was written. */
  readonly seqNos: Map<number, number>;
  /** 2.x: since when an event is known to be missing between others that were stored. */
  holeAt?: number;
  /** 2.x: when it began, by the station's clock; absent where nobody need believe that. */
  startedAt?: number;
  /** It answers a command: 2.x by the number of that. */
  asked?: { readonly remoteStartId?: number; readonly isTimed: boolean };
  /** What shows its token. */
  shown: Told;
  /** The first of two stops. */
  firstStop: Told;
  /** The register that a second stop says. */
  secondTo?: number;
}

/** Nothing of it was told yet. */
export const newCharge = (o: Pick<Charge, 'connector' | 'token' | 'from'>): Charge => ({
  ...o,
  ...{ to: o.from, delivered: 0, highest: o.from, id: undefined, ids: new Set(), told: [] },
  ...{ events: new Map(), seqNos: new Map() },
  ...{ start: 'no', stopById: 'no', stopWithoutId: 'no', shown: 'no', firstStop: 'no' },
  ...{ heard: false, placed: false, over: false, reset: false, poisoned: false },
});

/** An event of it is missing for ever. */
export const hasGap = ({ events }: Charge): boolean => [...events.values()].some((told) => told !== 'stored');

/**
 * Whether the platform must know that an event of it is missing between others: by their numbers as they were written. What was
 * sent and not answered may be there or not.
 */
export function holeIn({ events, seqNos }: Charge): 'sure' | 'none' | 'unknown' {
  const told = [...events.values()];
  if (told.includes('sent')) return 'unknown';
  const numbers = new Set([...events].flatMap(([n, it]) => (it === 'stored' ? [seqNos.get(n)!] : [])));
  if (numbers.size === 0) return 'none';
  return Math.max(...numbers) - Math.min(...numbers) + 1 > numbers.size ? 'sure' : 'none';
}

/** Whether the session is of its transaction, as far as the id tells. */
export const isOf = (row: { readonly transactionId: string | null }, { ids }: Charge): boolean =>
  ids.has(String(row.transactionId));

/** Charges of one station that have the same id: it has lost its memory between them. */
export const namesakes = (charges: readonly Charge[], { ids }: Charge): readonly Charge[] =>
  charges.filter((it) => [...it.ids].some((id) => ids.has(id)));

/** One message of a transaction that was sent, and whether an answer to it left the node. */
export interface Message {
  readonly id: string;
  readonly action: string;
  /** As it was said, without what may differ when it is said again. */
  readonly content: string;
  acknowledged: boolean;
}

/** An entry that is written down: what was sent, and what was acknowledged. */
export const noting =
  (messages: Message[]) =>
  (entry: Entry): Entry => ({
    ...entry,
    sent: (payload, id) => {
      const content = JSON.stringify({ ...payload, transactionId: undefined });
      messages.push({ id, action: entry.action, content, acknowledged: false });
      entry.sent?.(payload, id);
    },
    stored: (reply, payload, id) => {
      const message = messages.findLast((it) => it.id === id);
      if (message !== undefined) message.acknowledged = true;
      entry.stored?.(reply, payload, id);
    },
  });

/** What one station will swear to at the end. It shares nothing with the engine but the wire. */
export interface Ledger {
  /** The make that it is, where it is one that deviates. */
  readonly mixed?: MixedMake | undefined;
  readonly identity: string;
  readonly charges: readonly Charge[];
  readonly messages: readonly Message[];
  /** 2.x: what it was asked about transactions, and when. */
  readonly asks: readonly Ask[];
}

/** GetTransactionStatus. */
export interface Ask {
  readonly transaction: string;
  readonly at: number;
  /** Nothing of it was missing, nor can have been. */
  readonly inVain: boolean;
}

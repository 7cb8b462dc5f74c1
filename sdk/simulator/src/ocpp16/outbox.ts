import type { LedgerEntry, LedgerMessage } from '../ledger.ts';
import type { Answered } from '../wire/calls.ts';

/** One transaction message that the CSMS has not acknowledged. The transaction id is filled in when it is sent: it may not be known before. */
export interface Item {
  readonly message: LedgerMessage;
  readonly entry: LedgerEntry;
  readonly payload: Record<string, unknown>;
  attempts: number;
  /** It has been on the wire before. */
  sent?: true;
  /** Replaces the real transaction id on the wire, as some stations do (-1, 0). */
  readonly claimedId?: number | null;
}

export interface Outbox {
  push(item: Item): void;
  /** The line is up and the registration accepted: begin, or go on, to deliver. */
  resume(): void;
  readonly length: number;
  items(): readonly Item[];
  /** Resolves when nothing waits; rejects after its time with what does. */
  settled(identity: string, withinMs: number): Promise<void>;
  stop(): void;
}

export interface OutboxOptions {
  readonly call: (call: {
    id: string;
    action: string;
    as?: string;
    payload: unknown;
    pipelined?: true;
  }) => Promise<Answered>;
  readonly ready: () => boolean;
  readonly attempts: () => number;
  readonly retrySeconds: () => number;
  readonly newId: () => string;
  /** Whether a message that is sent again keeps its message id. */
  readonly resendWith: 'same-id' | 'new-id';
  /** Sends what waits without waiting for the answers between, as some stations do. */
  readonly pipelined: boolean;
  /** After a time without a line what happened last goes out first. */
  readonly latestFirst: boolean;
  /** The payload at the moment of sending. */
  readonly payloadOf: (item: Item) => Record<string, unknown>;
  /** Whether all is known that it needs, or an answer must come first. */
  readonly known: (item: Item) => boolean;
  readonly acknowledged: (item: Item, payload: Record<string, unknown>) => void;
  readonly discarded: (item: Item) => void;
  readonly changed: () => void;
}

/**
 * Transaction messages go out in the order in which things happened, one at a time, and a later one waits for an earlier
 * one (OCPP 1.6 section 3.7). A lost line costs no attempt; an error or silence does, and each next attempt waits
 * TransactionMessageRetryInterval times the attempts before it (section 3.7.1).
 */
export const outbox = (o: OutboxOptions): Outbox => {
  const items: Item[] = [];
  let running = false;
  let wait: NodeJS.Timeout | undefined;
  let idle: (() => void)[] = [];

  /** What can go out together: up to the first message whose transaction id is not known yet. */
  const sendable = (): Item[] => {
    const first = items.findIndex((item) => !o.known(item));
    return first <= 0 ? items.slice(0, first === 0 ? 1 : undefined) : items.slice(0, first);
  };
  const send = (item: Item): Promise<Answered> => {
    if (item.sent && o.resendWith === 'new-id') item.message.id = o.newId();
    item.sent = true;
    item.attempts += 1;
    const { id, action, as } = item.message;
    const call = { id, action, ...(as === undefined ? {} : { as }), payload: o.payloadOf(item) };
    return o.call(o.pipelined ? { ...call, pipelined: true } : call);
  };
  const remove = (item: Item): void => {
    const index = items.indexOf(item);
    if (index >= 0) items.splice(index, 1);
    o.changed();
    if (items.length > 0) return;
    for (const done of idle) done();
    idle = [];
  };
  const settle = (item: Item, answer: Answered): 'done' | 'again' | 'gone' => {
    if (answer.kind === 'gone') {
      item.attempts -= 1;
      return 'gone';
    }
    if (answer.kind === 'result') {
      item.message.acknowledged = true;
      o.acknowledged(item, answer.payload);
    } else if (item.attempts < o.attempts()) {
      return 'again';
    } else {
      item.message.discarded = true;
      o.discarded(item);
    }
    remove(item);
    return 'done';
  };
  const run = async (): Promise<void> => {
    if (running || wait !== undefined) return;
    running = true;
    while (o.ready() && items[0] !== undefined) {
      const batch = o.pipelined ? sendable() : [items[0]];
      const answers = await Promise.all(batch.map(send));
      const ends = batch.map((item, at) => settle(item, answers[at]!));
      if (ends.includes('gone')) break;
      const failed = batch.find((_, at) => ends[at] === 'again');
      if (failed === undefined) continue;
      wait = setTimeout(
        () => {
          wait = undefined;
          void run();
        },
        o.retrySeconds() * 1_000 * failed.attempts,
      );
      break;
    }
    running = false;
  };

  return {
    push(item) {
      items.push(item);
      o.changed();
      void run();
    },
    resume() {
      if (o.latestFirst && !running) items.reverse();
      void run();
    },
    get length() {
      return items.length;
    },
    items: () => items,
    settled(identity, withinMs) {
      if (items.length === 0) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const late = setTimeout(
          () => reject(new Error(`stalled: ${identity} has ${items.length} undelivered messages after ${withinMs} ms`)),
          withinMs,
        );
        idle.push(() => {
          clearTimeout(late);
          resolve();
        });
      });
    },
    stop: () => clearTimeout(wait),
  };
};

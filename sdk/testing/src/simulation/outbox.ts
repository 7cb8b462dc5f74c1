import type { Chance } from './chance.ts';
import type { Manners } from './manners.ts';

export type Reply = Readonly<Record<string, unknown>>;

/** One thing that a station has to say. */
export interface Entry {
  readonly of: 'transaction' | 'state';
  readonly action: string;
  /** 2.x: the transaction that it tells of. */
  readonly transaction?: string;
  /** Made when it is said: an id may be known by then. */
  payload(): object;
  /** It is on its way, or would be: nobody knows what has become of it. */
  sent?(payload: object, messageId: string): void;
  /** An answer to it has left the node, whether or not it arrives. */
  stored?(reply: Reply, payload: object, messageId: string): void;
  answered?(reply: Reply): void;
  /** Said often enough. */
  gaveUp?(): void;
  /** Waits for a line, and is said again; what is not kept is said now or never. */
  readonly kept: boolean;
  tries: number;
}

/** What is said one after the other on whatever socket there is; the next when the one before was answered. */
export interface Outbox {
  /** Messages of transactions, in order. */
  readonly queue: readonly Entry[];
  readonly idle: boolean;
  say(entry: Entry): void;
  /** A socket is there, or none any more. */
  line(to: { readonly id: number; send(text: string): void } | undefined): void;
  heard(id: string, kind: 'result' | 'error', payload: Reply): void;
  /** An answer left the node. */
  answerLeft(socket: number, id: string, payload: Reply): void;
  /** Said before anything else on this line. */
  first: Entry | undefined;
  forget(which: (entry: Entry) => boolean): void;
  rebooted(): void;
}

export function outbox(o: {
  readonly chance: Chance;
  readonly manners: Manners;
  after(ms: number, run: () => void): () => void;
  /** The frame as this station writes it, and the payload as it can be read from that. */
  write(id: string, action: string, payload: object): { readonly text: string; readonly payload: object };
  /** It was not answered in time, and the line is given up for it. */
  gaveUpLine(): void;
}): Outbox {
  const { chance, manners } = o;
  let transactions: Entry[] = [];
  let states: Entry[] = [];
  let line: { readonly id: number; send(text: string): void } | undefined;
  let outstanding: { readonly id: string; readonly entry: Entry; readonly cancel: () => void } | undefined;
  let count = 0;
  let life = 0;
  /** Everything that was ever said, by its id: answers are seen on the wire even where they do not arrive. */
  const said = new Map<string, { readonly entry: Entry; readonly payload: object }>();
  const ids = new WeakMap<Entry, string>();
  /** What happened without a line. */
  const late = new WeakSet<Entry>();
  let resting = false;

  const newId = (): string => {
    count += 1;
    return manners.reusesIds ? String(count) : `${life}-${count}-${chance.below(1e9)}`;
  };

  const idOf = (entry: Entry): string => {
    const known = manners.repeatsIds === true ? ids.get(entry) : undefined;
    if (known !== undefined) return known;
    const id = newId();
    ids.set(entry, id);
    return id;
  };

  const next = (): Entry | undefined => {
    if (self.first !== undefined) return self.first;
    const live = manners.liveFirst === true ? transactions.find((it) => !late.has(it)) : undefined;
    const [first] = transactions;
    const last = manners.latestFirst === true && first !== undefined && late.has(first);
    const transaction = live ?? (last ? transactions.findLast((it) => late.has(it)) : first);
    return manners.statusFirst ? (states[0] ?? transaction) : (transaction ?? states[0]);
  };

  const drop = (entry: Entry): void => {
    if (self.first === entry) self.first = undefined;
    transactions = transactions.filter((it) => it !== entry);
    states = states.filter((it) => it !== entry);
  };

  const pump = (): void => {
    if (line === undefined || outstanding !== undefined || resting) return;
    const entry = next();
    if (entry === undefined) return;
    const id = idOf(entry);
    const { text, payload } = o.write(id, entry.action, entry.payload());
    said.set(`${line.id}:${id}`, { entry, payload });
    entry.sent?.(payload, id);
    const cancel = o.after(manners.callTimeoutMs, () => {
      if (outstanding?.id !== id) return;
      failed();
      if (!manners.retriesInPlace) return o.gaveUpLine();
      rest();
    });
    outstanding = { id, entry, cancel };
    line.send(text);
  };

  /** TransactionMessageRetryInterval. */
  const rest = (): void => {
    resting = true;
    o.after(10_000, () => {
      resting = false;
      pump();
    });
  };

  const failed = (): void => {
    const it = outstanding;
    if (it === undefined) return;
    it.cancel();
    outstanding = undefined;
    const { entry } = it;
    entry.tries += 1;
    if (entry.kept && entry.tries < manners.tries) return;
    if (!entry.kept || entry.of === 'transaction') {
      drop(entry);
      entry.gaveUp?.();
    }
  };

  const self: Outbox = {
    get queue() {
      return transactions;
    },
    get idle() {
      return transactions.length === 0 && states.length === 0 && outstanding === undefined && self.first === undefined;
    },
    first: undefined,
    say: (entry) => {
      if (line === undefined) late.add(entry);
      if (entry.of === 'transaction') transactions.push(entry);
      else {
        states.push(entry);
        if (manners.statusShuffled && states.length > 1 && chance.of(0.5)) states.reverse();
      }
      pump();
    },
    line: (to) => {
      line = to;
      if (to === undefined) {
        failed();
        states = states.filter((it) => it.kept);
      } else pump();
    },
    heard: (id, kind, payload) => {
      if (outstanding?.id !== id) return;
      const { entry, cancel } = outstanding;
      if (kind === 'error') {
        failed();
        return rest();
      }
      cancel();
      outstanding = undefined;
      drop(entry);
      entry.answered?.(payload);
      pump();
    },
    answerLeft: (socket, id, payload) => {
      const it = said.get(`${socket}:${id}`);
      it?.entry.stored?.(payload, it.payload, id);
    },
    forget: (which) => {
      transactions = transactions.filter((it) => !which(it));
      states = states.filter((it) => !which(it));
    },
    rebooted: () => {
      life += 1;
      if (manners.reusesIds) count = 0;
      outstanding?.cancel();
      outstanding = undefined;
      resting = false;
      self.first = undefined;
    },
  };
  return self;
}

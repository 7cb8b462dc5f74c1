import type { Answer, CommandResult, CommandTable, LocalListEntry, Outbound, StationView, Step } from '@plugga/kit';
import type { Members } from './members.ts';
import { byStatus, resultOf } from './plan.ts';
import { refuse } from './refuse.ts';
import { integerOf } from './values.ts';
import type { Wire } from './wire.ts';

type Wanted = CommandTable['writeLocalList'];

/** What the list, and one message of it, may hold; what the station has not told is undefined. */
export interface ListLimits {
  readonly list?: number | undefined;
  readonly items?: number | undefined;
  readonly bytes?: number | undefined;
}

/** How one version writes its local list. */
export interface ListWords {
  /** The member of an answer that says which version of the list the station has. */
  readonly version: string;
  /** Why the station could not take that token; undefined when it can. */
  fault(entry: LocalListEntry, protocol: string): string | undefined;
  entryOf(entry: LocalListEntry, protocol: string): Members;
  payload(list: {
    readonly version: number;
    readonly updateType: Sending['updateType'];
    readonly entries: readonly Members[];
  }): Members;
  limitsOf(station: StationView): ListLimits;
  /** Asks for the limits that the station has not told. */
  readonly ask?: {
    readonly action: string;
    readonly payload: Members;
    isNeeded(known: ListLimits): boolean;
    limitsOf(answer: Answer): ListLimits;
  };
}

interface Sending {
  readonly updateType: 'Full' | 'Differential';
  readonly version: number;
  readonly left: readonly (readonly Members[])[];
}
type State = { readonly wanted: Wanted; readonly protocol: string; readonly limits: ListLimits } & (
  | { readonly asked: 'limits' | 'version' }
  | {
      readonly asked: 'list';
      readonly sending: Sending;
      /** The whole list goes out: there is nothing left to repair it with. */
      readonly whole: boolean;
    }
);

/** The members around the entries, and the frame around those. */
const AROUND_BYTES = 200;

/** Never none: an empty full list is how a list is emptied. */
const partsOf = (entries: readonly Members[], { items = Infinity, bytes: most }: ListLimits): Sending['left'] => {
  const made: Members[][] = [[]];
  let bytes = AROUND_BYTES;
  for (const entry of entries) {
    const own = most === undefined ? 0 : Buffer.byteLength(JSON.stringify(entry)) + 1;
    const part = made.at(-1)!;
    const isFull = part.length >= items || (most !== undefined && bytes + own > most);
    if (part.length > 0 && isFull) {
      made.push([entry]);
      bytes = AROUND_BYTES + own;
    } else {
      part.push(entry);
      bytes += own;
    }
  }
  return made;
};

const read = byStatus({
  Accepted: 'accepted',
  Failed: 'rejected',
  VersionMismatch: 'rejected',
  NotSupported: 'unsupported',
});

/** What GetLocalListVersion says: 0 is an empty list or none, less is a station that keeps none (1.6 section 5.10). */
const versionBy =
  (member: string) =>
  (payload: Members): CommandResult => {
    const version = integerOf(payload[member]);
    if (version === undefined) return { status: 'failed', detail: `invalidResponse: ${member} is not a number` };
    return version < 0
      ? { status: 'unsupported', detail: 'the station keeps no local list' }
      : { status: 'accepted', localListVersion: version };
  };

/** GetLocalListVersion. */
export const readLocalListBy = (
  { send }: Pick<Wire, 'send'>,
  { version }: Pick<ListWords, 'version'>,
): Outbound<CommandTable['readLocalList']> => ({
  start: () => send('GetLocalListVersion', {}, undefined),
  next: (_, answer) => ({ done: resultOf(answer, versionBy(version)) }),
});

/**
 * SendLocalList, as differential or full, in as many messages as the station can take. The version is asked for first: a gap
 * between it and ours, or a differential that is refused, is repaired by the whole list.
 */
export const writeLocalListBy = ({ send }: Pick<Wire, 'send'>, words: ListWords): Outbound<Wanted> => {
  const versionOf = versionBy(words.version);
  const sendPart = (state: State & { asked: 'list' }): Step => {
    const { updateType, version, left } = state.sending;
    return send('SendLocalList', words.payload({ version, updateType, entries: left[0] ?? [] }), state);
  };
  const begun = (
    { wanted, protocol, limits }: State,
    o: Omit<Sending, 'left'> & { readonly entries: readonly LocalListEntry[] },
  ): Step => {
    const { updateType, version, entries } = o;
    const left = partsOf(
      entries.map((entry) => words.entryOf(entry, protocol)),
      limits,
    );
    const sending: Sending = { updateType, version, left };
    return sendPart({ wanted, protocol, limits, asked: 'list', sending, whole: updateType === 'Full' });
  };
  const full = (state: State, after: number): Step =>
    begun(state, { updateType: 'Full', version: after + 1, entries: state.wanted.entries });
  /** Where the station has the version that the changes are on top of, the changes; else all of it. */
  const begin = (state: State, version: number): Step => {
    const { base, changes } = state.wanted;
    if (base === undefined || changes === undefined || version !== base || version === 0)
      return full(state, Math.max(version, base ?? 0));
    return changes.length === 0
      ? { done: { status: 'accepted', localListVersion: version } }
      : begun(state, { updateType: 'Differential', version: version + 1, entries: changes });
  };
  const sent = (state: State & { asked: 'list' }, answer: Answer): Step => {
    const result = resultOf(answer, read);
    const { sending, whole } = state;
    const { version, left } = sending;
    if (result.status === 'accepted')
      return left.length > 1
        ? sendPart({ ...state, sending: { updateType: 'Differential', version: version + 1, left: left.slice(1) } })
        : { done: { status: 'accepted', localListVersion: version } };
    // After a differential that was not taken the whole list is sent (1.6 section 5.15).
    return result.status === 'rejected' && !whole ? full(state, version) : { done: result };
  };
  const askVersion = ({ wanted, protocol, limits }: State): Step =>
    limits.list !== undefined && wanted.entries.length > limits.list
      ? refuse(`the list has ${wanted.entries.length} tokens and the station takes ${limits.list}`)
      : send('GetLocalListVersion', {}, { wanted, protocol, limits, asked: 'version' } satisfies State);

  return {
    start: (wanted, station) => {
      const { protocol } = station;
      const fault = wanted.entries.map((entry) => words.fault(entry, protocol)).find((it) => it !== undefined);
      if (fault !== undefined) return refuse(fault);
      const state: State = { wanted, protocol, limits: words.limitsOf(station), asked: 'limits' };
      return words.ask?.isNeeded(state.limits) === true
        ? send(words.ask.action, words.ask.payload, state)
        : askVersion(state);
    },
    next: (raw, answer) => {
      const state = raw as State;
      if (state.asked === 'list') return sent(state, answer);
      // Without an answer there is no connection to send a list over either.
      if (answer.kind === 'timeout' || answer.kind === 'closed') return { done: resultOf(answer, read) };
      if (state.asked === 'limits') {
        const { list, items, bytes } = words.ask?.limitsOf(answer) ?? {};
        const { limits: known } = state;
        const limits = { list: known.list ?? list, items: known.items ?? items, bytes: known.bytes ?? bytes };
        return askVersion({ ...state, limits });
      }
      const result = resultOf(answer, versionOf);
      return result.status === 'accepted' ? begin(state, result.localListVersion ?? 0) : { done: result };
    },
  };
};

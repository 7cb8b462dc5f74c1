import type { Answer, CommandTable, LocalListEntry, Outbound, StationView, Step } from '@plugga/kit';
import { byStatus, integerOf, refuse, resultOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';
import { idTokenOf, longestToken } from '../token.ts';
import { versionOf } from './read-local-list.ts';

type Wanted = CommandTable['writeLocalList'];

interface Sending {
  readonly updateType: 'Full' | 'Differential';
  readonly version: number;
  readonly left: readonly (readonly LocalListEntry[])[];
}
type State = {
  readonly wanted: Wanted;
  readonly protocol: string;
  /** Of LocalAuthListCtrlr/ItemsPerMessage and BytesPerMessage: what one message may hold. */
  readonly most: { readonly items: number; readonly bytes: number };
} & (
  | { readonly asked: 'version' }
  | {
      readonly asked: 'list';
      readonly sending: Sending;
      /** The whole list goes out: there is nothing left to repair it with. */
      readonly whole: boolean;
    }
);

const STATUS = { accepted: 'Accepted', blocked: 'Blocked', expired: 'Expired', invalid: 'Invalid' } as const;
/** The members around the entries, and the frame around those. */
const AROUND_BYTES = 200;

/** AuthorizationData: without idTokenInfo the token is taken off the list in a differential list. */
const entryOf = ({ token, status, expiresAt, group }: LocalListEntry, station: Pick<StationView, 'protocol'>) => ({
  idToken: idTokenOf(token, station),
  ...(status !== undefined && {
    idTokenInfo: {
      status: STATUS[status],
      ...(expiresAt !== undefined && { cacheExpiryDateTime: expiresAt }),
      ...(group !== undefined &&
        group.value.length <= longestToken(station) && { groupIdToken: idTokenOf(group, station) }),
    },
  }),
});

/** Never none: an empty full list is how a list is emptied. */
const parts = (entries: readonly LocalListEntry[], state: State): Sending['left'] => {
  const made: LocalListEntry[][] = [[]];
  let bytes = AROUND_BYTES;
  for (const entry of entries) {
    const own = Buffer.byteLength(JSON.stringify(entryOf(entry, state))) + 1;
    const part = made.at(-1)!;
    const isFull = part.length >= state.most.items || bytes + own > state.most.bytes;
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

const read = byStatus({ Accepted: 'accepted', Failed: 'rejected', VersionMismatch: 'rejected' });

const limitOf = (station: StationView, name: string): number => {
  const value = integerOf(station.variable(name));
  return value !== undefined && value > 0 ? value : Infinity;
};

/**
 * SendLocalList, as differential or full, in as many messages as the station can take. The version is asked for first: a gap
 * between it and ours, or a differential that is refused, is repaired by the whole list.
 */
export const writeLocalList = (wire: Wire2): Outbound<Wanted> => {
  const sendPart = (state: State & { asked: 'list' }): Step => {
    const { updateType, version, left } = state.sending;
    const list = (left[0] ?? []).map((entry) => entryOf(entry, state));
    const payload = {
      versionNumber: version,
      updateType,
      ...(list.length > 0 && { localAuthorizationList: list }),
    };
    return wire.send('SendLocalList', payload, state);
  };
  const full = (state: State, after: number): Step => {
    const sending: Sending = { updateType: 'Full', version: after + 1, left: parts(state.wanted.entries, state) };
    return sendPart({ ...state, asked: 'list', sending, whole: true });
  };
  /** Where the station has the version that the changes are on top of, the changes; else all of it. */
  const begin = (state: State, version: number): Step => {
    const { base, changes } = state.wanted;
    if (base === undefined || changes === undefined || version !== base || version === 0)
      return full(state, Math.max(version, base ?? 0));
    if (changes.length === 0) return { done: { status: 'accepted', localListVersion: version } };
    const sending: Sending = { updateType: 'Differential', version: version + 1, left: parts(changes, state) };
    return sendPart({ ...state, asked: 'list', sending, whole: false });
  };
  const sent = (state: State & { asked: 'list' }, answer: Answer): Step => {
    const result = resultOf(answer, read);
    const { sending, whole } = state;
    const { version, left } = sending;
    if (result.status === 'accepted')
      return left.length > 1
        ? sendPart({ ...state, sending: { updateType: 'Differential', version: version + 1, left: left.slice(1) } })
        : { done: { status: 'accepted', localListVersion: version } };
    // After a differential that was not taken the whole list is sent.
    return result.status === 'rejected' && !whole ? full(state, version) : { done: result };
  };

  return {
    start: (wanted, station) => {
      const longest = longestToken(station);
      if (wanted.entries.some(({ token }) => token.value.length > longest))
        return refuse(`an idToken has at most ${longest} characters in ${station.protocol}`);
      const most = {
        items: limitOf(station, 'LocalAuthListCtrlr/ItemsPerMessage'),
        bytes: limitOf(station, 'LocalAuthListCtrlr/BytesPerMessage'),
      };
      const state: State = { wanted, protocol: station.protocol, most, asked: 'version' };
      return wire.send('GetLocalListVersion', {}, state);
    },
    next: (raw, answer) => {
      const state = raw as State;
      if (state.asked === 'list') return sent(state, answer);
      const result = resultOf(answer, versionOf);
      return result.status === 'accepted' ? begin(state, result.localListVersion ?? 0) : { done: result };
    },
  };
};

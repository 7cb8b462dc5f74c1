import type { Answer, CommandResult, CommandTable, LocalListEntry, Outbound, StationView, Step } from '@plugga/kit';
import { byStatus, refuse, resultOf } from '@plugga/wire';
import { send } from '../schema.ts';
import { versionOf } from './read-local-list.ts';

type Wanted = CommandTable['writeLocalList'];

interface Sending {
  readonly updateType: 'Full' | 'Differential';
  readonly version: number;
  readonly left: readonly (readonly LocalListEntry[])[];
}
type State = {
  readonly wanted: Wanted;
  /** Of SendLocalListMaxLength: entries in one message. */
  readonly most: number | undefined;
} & (
  | { readonly asked: 'limits' }
  | { readonly asked: 'version' }
  | {
      readonly asked: 'list';
      readonly sending: Sending;
      /** The whole list goes out: there is nothing left to repair it with. */
      readonly whole: boolean;
    }
);

const LIMITS = ['LocalAuthListMaxLength', 'SendLocalListMaxLength'] as const;
const STATUS = { accepted: 'Accepted', blocked: 'Blocked', expired: 'Expired', invalid: 'Invalid' } as const;

const positive = (text: unknown): number | undefined => {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : undefined;
};

const entryOf = ({ token, status, expiresAt, group }: LocalListEntry) => ({
  idTag: token.value,
  ...(status !== undefined && {
    idTagInfo: {
      status: STATUS[status],
      ...(expiresAt !== undefined && { expiryDate: expiresAt }),
      ...(group !== undefined && { parentIdTag: group.value }),
    },
  }),
});

/** Never none: an empty full list is how a list is emptied. */
const parts = (entries: readonly LocalListEntry[], most: number | undefined): Sending['left'] => {
  const size = most ?? Math.max(entries.length, 1);
  return Array.from({ length: Math.max(1, Math.ceil(entries.length / size)) }, (_, i) =>
    entries.slice(i * size, (i + 1) * size),
  );
};

const sendPart = (state: State & { asked: 'list' }): Step => {
  const { updateType, version, left } = state.sending;
  const entries = left[0] ?? [];
  const payload = { listVersion: version, updateType, localAuthorizationList: entries.map(entryOf) };
  return send('SendLocalList', payload, state);
};

const full = ({ wanted, most }: State, after: number): Step => {
  const left = parts(wanted.entries, most);
  const sending: Sending = { updateType: 'Full', version: after + 1, left };
  return sendPart({ wanted, most, asked: 'list', sending, whole: true });
};

/** Where the station has the version that the changes are on top of, the changes; else all of it. */
const begin = (state: State, version: number): Step => {
  const { wanted, most } = state;
  const { base, changes } = wanted;
  if (base === undefined || changes === undefined || version !== base || version === 0)
    return full(state, Math.max(version, base ?? 0));
  if (changes.length === 0) return { done: { status: 'accepted', localListVersion: version } };
  const sending: Sending = { updateType: 'Differential', version: version + 1, left: parts(changes, most) };
  return sendPart({ wanted, most, asked: 'list', sending, whole: false });
};

const askVersion = (wanted: Wanted, limits: { readonly list?: number; readonly message?: number }): Step => {
  const { list, message } = limits;
  return list !== undefined && wanted.entries.length > list
    ? refuse(`the list has ${wanted.entries.length} tokens and the station takes ${list} (LocalAuthListMaxLength)`)
    : send('GetLocalListVersion', {}, { wanted, most: message, asked: 'version' } satisfies State);
};

const read = byStatus({
  Accepted: 'accepted',
  Failed: 'rejected',
  VersionMismatch: 'rejected',
  NotSupported: 'unsupported',
});

const sent = (state: State & { asked: 'list' }, answer: Answer): Step => {
  const result = resultOf(answer, read);
  const { sending, whole } = state;
  const { version, left } = sending;
  if (result.status === 'accepted')
    return left.length > 1
      ? sendPart({ ...state, sending: { updateType: 'Differential', version: version + 1, left: left.slice(1) } })
      : { done: { status: 'accepted', localListVersion: version } };
  // 1.6 section 5.15: after VersionMismatch or Failed of a differential the whole list is sent.
  return result.status === 'rejected' && !whole ? full(state, version) : { done: result };
};

const limitsOf = (answer: Answer, station: Limits): Limits => {
  const payload = answer.kind === 'result' ? (answer.payload as { configurationKey?: unknown } | null) : undefined;
  const list = Array.isArray(payload?.configurationKey) ? payload.configurationKey : [];
  const of = (name: string) =>
    positive((list as { key?: unknown; value?: unknown }[]).find((it) => it?.key === name)?.value);
  return { list: station.list ?? of(LIMITS[0]), message: station.message ?? of(LIMITS[1]) };
};
interface Limits {
  readonly list?: number | undefined;
  readonly message?: number | undefined;
}
const known = (station: StationView): Limits => ({
  list: positive(station.variable(LIMITS[0])),
  message: positive(station.variable(LIMITS[1])),
});
const asLimits = ({ list, message }: Limits): { readonly list?: number; readonly message?: number } => ({
  ...(list !== undefined && { list }),
  ...(message !== undefined && { message }),
});

/**
 * SendLocalList, as differential or full, in parts where the station limits their length. The version is asked for first: a
 * gap between it and ours, or a differential that is refused, is repaired by the whole list.
 */
export const writeLocalList: Outbound<Wanted> = {
  start: (wanted, station) => {
    if (wanted.entries.some(({ token }) => token.value.length > 20))
      return refuse('an idTag has at most 20 characters in OCPP 1.6');
    const limits = known(station);
    return limits.list === undefined || limits.message === undefined
      ? send('GetConfiguration', { key: [...LIMITS] }, {
          wanted,
          most: limits.message,
          asked: 'limits',
        } satisfies State)
      : askVersion(wanted, asLimits(limits));
  },
  next: (raw, answer) => {
    const state = raw as State;
    if (state.asked === 'list') return sent(state, answer);
    // Without an answer there is no connection to send a list over either.
    if (answer.kind === 'timeout' || answer.kind === 'closed')
      return { done: resultOf(answer, (): CommandResult => ({ status: 'failed', detail: 'no answer' })) };
    if (state.asked === 'limits') return askVersion(state.wanted, asLimits(limitsOf(answer, { message: state.most })));
    const result = resultOf(answer, versionOf);
    return result.status === 'accepted' ? begin(state, result.localListVersion ?? 0) : { done: result };
  },
};

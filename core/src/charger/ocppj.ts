import type { Deviation } from '@plugga/kit';
import { storableOf, type Bounds } from './storable.ts';

/** The frame layer of OCPP-J. Pure: text in, frames out, and back. */

export type Version = '1.6' | '2.0.1' | '2.1';

/** Text in every version; a number, which some stations send, is answered as a number. */
export type MessageId = string | number;

export type Frame =
  // [2, "id", "Heartbeat", {}]
  | {
      readonly kind: 'call';
      readonly id: MessageId;
      readonly action: string;
      readonly payload: unknown;
      readonly deviations: readonly Deviation[];
    }
  // [6, "id", "NotifyPeriodicEventStream", {}]: 2.1, never answered
  | {
      readonly kind: 'send';
      readonly id: MessageId;
      readonly action: string;
      readonly payload: unknown;
      readonly deviations: readonly Deviation[];
    }
  // [3, "id", {}]
  | { readonly kind: 'result'; readonly id: string; readonly payload: unknown }
  // [4, "id", "NotSupported", "", {}]; [5, …] says the same of a CALLRESULT: 2.1
  | ({ readonly kind: 'error' } & Failure)
  | ({ readonly kind: 'resultError' } & Failure)
  /** It names itself and cannot be read: a CALLERROR with this id is the answer. */
  | { readonly kind: 'refused'; readonly id: MessageId; readonly code: string; readonly description: string }
  /** It does not even name itself. 2.x has an answer for that, 1.6 has none. */
  | { readonly kind: 'unreadable'; readonly why: Unreadable }
  /** A message type that this version does not have. */
  | { readonly kind: 'ignored'; readonly why: string };

interface Failure {
  readonly id: string;
  readonly code: string;
  readonly description: string;
  readonly details: unknown;
}

export type Unreadable = 'not JSON' | 'no frame' | 'no message id' | 'too deep' | 'too many values';

/** 2.0.1 Part 4 section 4.2.1: at most 36 characters. */
const ID_LENGTH = 36;
/** Longer ones are not echoed. */
const ID_LENGTH_ANSWERED = 255;
const DESCRIPTION_LENGTH = 255;

/** What a station's text says. Never throws. */
export function parse(text: string, version: Version, bounds: Bounds): Frame {
  const read = storableOf(text, bounds);
  if (!read.ok) return tooMuch(text, read.why);
  const frame = read.value;
  if (!Array.isArray(frame)) return { kind: 'unreadable', why: 'no frame' };
  const [type] = frame as readonly unknown[];
  if (type === 2) return callOf('call', frame, text, read.deviations);
  if (type === 3) return resultOf(frame);
  if (type === 4) return errorOf('error', frame);
  if (type === 5 && version === '2.1') return errorOf('resultError', frame);
  if (type === 6 && version === '2.1') return callOf('send', frame, text, read.deviations);
  return frame.length === 0
    ? { kind: 'unreadable', why: 'no frame' }
    : { kind: 'ignored', why: `message type ${JSON.stringify(type).slice(0, 20)}` };
}

function callOf(
  kind: 'call' | 'send',
  frame: readonly unknown[],
  text: string,
  deviations: readonly Deviation[],
): Frame {
  const [, given, action, payload] = frame;
  // The id is echoed as it came, also where storing it needed a change.
  const id = deviations.length > 0 ? (idIn(text) ?? given) : given;
  if (typeof id !== 'string' && !Number.isFinite(id)) return { kind: 'unreadable', why: 'no message id' };
  if (typeof id === 'string' && id.length > ID_LENGTH_ANSWERED) return { kind: 'unreadable', why: 'no message id' };
  const named = id as MessageId;
  const refused = (description: string): Frame =>
    kind === 'send'
      ? { kind: 'ignored', why: description }
      : { kind: 'refused', id: named, code: 'ProtocolError', description };
  if (typeof action !== 'string') return refused('the third element must be the action');
  if (frame.length !== 4) return refused(`a CALL has 4 elements, this one has ${frame.length}`);
  return { kind, id: named, action, payload, deviations: idDeviation(named, deviations) };
}

function idDeviation(id: MessageId, deviations: readonly Deviation[]): readonly Deviation[] {
  if (typeof id === 'number') return [...deviations, { code: 'message-id-number' }];
  if (id.length === 0 || id.length > ID_LENGTH)
    return [...deviations, { code: 'message-id-length', detail: `${id.length} characters` }];
  return deviations;
}

function resultOf(frame: readonly unknown[]): Frame {
  const [, id, payload] = frame;
  if (typeof id !== 'string' && typeof id !== 'number') return { kind: 'ignored', why: 'CALLRESULT without id' };
  if (frame.length < 3)
    return {
      kind: 'error',
      id: String(id),
      code: 'ProtocolError',
      description: 'a CALLRESULT without payload',
      details: {},
    };
  return { kind: 'result', id: String(id), payload };
}

function errorOf(kind: 'error' | 'resultError', frame: readonly unknown[]): Frame {
  const [, id, code, description, details] = frame;
  if (typeof id !== 'string' && typeof id !== 'number') return { kind: 'ignored', why: 'CALLERROR without id' };
  return {
    kind,
    id: String(id),
    code: typeof code === 'string' ? code : 'GenericError',
    description: typeof description === 'string' ? description : '',
    details: details ?? {},
  };
}

/** Refused before anything was built from it; a CALL that names itself in its first characters still gets its answer. */
function tooMuch(text: string, why: 'json' | 'depth' | 'nodes'): Frame {
  if (why === 'json') return { kind: 'unreadable', why: 'not JSON' };
  const named = why === 'depth' ? 'too deep' : 'too many values';
  const id = idIn(text);
  return id === undefined
    ? { kind: 'unreadable', why: named }
    : { kind: 'refused', id, code: 'FormatViolation', description: `the payload is ${named}` };
}

const opening = /^\s*\[\s*2\s*,\s*("(?:[^"\\]|\\.){0,1530}")\s*,/;

/** The message id of a CALL as it was written, before anything in it was made storable. */
function idIn(text: string): string | undefined {
  const quoted = opening.exec(text.slice(0, 1600))?.[1];
  if (quoted === undefined) return undefined;
  try {
    const id: unknown = JSON.parse(quoted);
    return typeof id === 'string' && id.length <= ID_LENGTH_ANSWERED ? id : undefined;
  } catch {
    return undefined;
  }
}

/** 2.x answers a frame without a readable id with this (2.0.1 Part 4 section 4.2.3). */
export const NO_ID = '-1';

export const encodeCall = (id: string, action: string, payload: unknown): string =>
  JSON.stringify([2, id, action, payload]);

export const encodeResult = (id: MessageId, payload: unknown): string => JSON.stringify([3, id, payload]);

export const encodeError = (
  version: Version,
  o: {
    readonly id: MessageId;
    readonly code: string;
    readonly description: string;
    readonly details?: Readonly<Record<string, unknown>>;
  },
): string =>
  JSON.stringify([4, o.id, spelled(o.code, version), o.description.slice(0, DESCRIPTION_LENGTH), o.details ?? {}]);

/** The four names that differ. 1.6 has one r in Occurence and calls a bad format a formation. */
const in16: Readonly<Record<string, string>> = {
  FormatViolation: 'FormationViolation',
  OccurrenceConstraintViolation: 'OccurenceConstraintViolation',
  RpcFrameworkError: 'ProtocolError',
  MessageTypeNotSupported: 'NotSupported',
};
const in2x: Readonly<Record<string, string>> = {
  FormationViolation: 'FormatViolation',
  OccurenceConstraintViolation: 'OccurrenceConstraintViolation',
};

/** An error code as that version writes it. */
const spelled = (code: string, version: Version): string => (version === '1.6' ? in16 : in2x)[code] ?? code;

/** `ocpp1.6` as the version that it names; undefined for any other text. */
export const versionOf = (protocol: string): Version | undefined =>
  protocol === 'ocpp1.6' ? '1.6' : protocol === 'ocpp2.0.1' ? '2.0.1' : protocol === 'ocpp2.1' ? '2.1' : undefined;

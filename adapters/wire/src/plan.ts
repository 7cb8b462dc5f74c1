import type { Answer, Call, CommandResult, Outbound, Schema, StationView, Step } from '@plugga/kit';
import { clip } from './clip.ts';
import { isMembers, membersOf, type Members } from './members.ts';
import { meaningOf } from './values.ts';

export type Verdict = Exclude<CommandResult['status'], 'timeout' | 'failed'>;

type Answered = Exclude<CommandResult, { readonly status: 'timeout' | 'failed' }>;
/** Whether the station has said something that could be read. */
export const isAnswered = (result: CommandResult): result is Answered =>
  result.status !== 'timeout' && result.status !== 'failed';

/** A CALL that keeps to the schema, or the end of the command: what we send is never a surprise to a station. */
export const sendBy =
  (strict: (name: string) => Schema<unknown>) =>
  (action: string, payload: unknown, state: unknown): Step => {
    const checked = strict(`${action}Request`)(payload);
    const call: Call = { action, payload };
    return checked.ok
      ? { call, state }
      : { done: { status: 'failed', detail: `${action} cannot be sent: ${checked.detail}` } };
  };

/** How a CALL ended, with `read` for what the station answered when it did. */
export const resultOf = (answer: Answer, read: (payload: Members) => CommandResult): CommandResult => {
  switch (answer.kind) {
    case 'result':
      return isMembers(answer.payload)
        ? read(answer.payload)
        : { status: 'failed', detail: 'invalidResponse: the payload is not an object' };
    case 'error': {
      const unsupported = answer.code === 'NotImplemented' || answer.code === 'NotSupported';
      const detail = answer.description === '' ? answer.code : `${answer.code}: ${answer.description}`;
      return { status: unsupported ? 'unsupported' : 'rejected', detail };
    }
    case 'timeout':
      return { status: 'timeout', detail: 'the station did not answer in time' };
    case 'closed':
      return { status: 'failed', detail: 'the connection closed before the answer' };
    default:
      return answer satisfies never;
  }
};

/** Longer than any word of OCPP's with the 1,024 characters that may stand beside it. */
const MOST_WORDS = 1_100;

/** A word of the station's with what it says beside it of why (2.x, StatusInfoType): `Rejected (NotEnabled: off by the site)`. */
export const wordWith = (word: string, info: unknown): string => {
  const { reasonCode, additionalInfo } = membersOf(info);
  const said = [reasonCode, additionalInfo].filter((it) => typeof it === 'string' && it.trim() !== '');
  return clip(said.length === 0 ? word : `${word} (${said.join(': ')})`, MOST_WORDS);
};

/** Reads `status` by a table; a word that is not in it ends the command by name, never by a crash. */
export const byStatus =
  (table: Readonly<Record<string, Verdict>>) =>
  (payload: Members): CommandResult => {
    const { status: raw, statusInfo } = payload;
    const status = meaningOf(table, raw);
    if (status === undefined)
      return { status: 'failed', detail: wordWith(`unknownStatus(${clip(String(raw), 50)})`, statusInfo) };
    return status === 'accepted' ? { status } : { status, detail: wordWith(String(raw), statusInfo) };
  };

/** As `byStatus`; AcceptedCanceled is the word of a log or an update that took the place of one that was under way. */
export const superseding = (table: Readonly<Record<string, Verdict>>) => {
  const read = byStatus({ ...table, AcceptedCanceled: 'accepted' });
  return (payload: Members): CommandResult => {
    const result = read(payload);
    return payload['status'] === 'AcceptedCanceled' && result.status === 'accepted'
      ? { ...result, supersedes: true }
      : result;
  };
};

/** A command that is one CALL. `payload` gives its payload, or as text why the station cannot do it. */
export const oneCall = <C>(
  send: (action: string, payload: unknown, state: unknown) => Step,
  o: {
    readonly action: string;
    payload(command: C, station: StationView): Members | string;
    readonly statuses: Readonly<Record<string, Verdict>>;
  },
): Outbound<C> => ({
  start: (command, station) => {
    const payload = o.payload(command, station);
    return typeof payload === 'string'
      ? { done: { status: 'unsupported', detail: payload } }
      : send(o.action, payload, undefined);
  },
  next: (_, answer) => ({ done: resultOf(answer, byStatus(o.statuses)) }),
});

import type { Answer, Call, Instant } from '@plugga/kit';

/** What a station's own conduct, or the operator, has told about one action that we send. */
export interface Learnt {
  /** `suspected`: it dropped the socket once. `allowed`: the operator wants it sent whatever is learnt. */
  readonly state: 'suspected' | 'unsupported' | 'allowed';
  readonly by: 'answer' | 'drop' | 'operator';
  readonly detail?: string;
  readonly at: Instant;
}
export type LearntActions = Readonly<Record<string, Learnt>>;

/** `supported`: what was learnt of it is forgotten. */
export interface Lesson {
  readonly action: string;
  readonly state: Learnt['state'] | 'supported';
  readonly by: Learnt['by'];
  readonly detail?: string;
}

const DROPPED_MS = 2_000;
const REFUSALS = new Set(['NotImplemented', 'NotSupported']);

/**
 * Answers that mean the whole action. NotSupported of SetChargingProfile may mean one purpose, of ChangeConfiguration one
 * key, NotImplemented of TriggerMessage one message: those say nothing about the action.
 */
const STATUSES: Readonly<Record<string, string>> = { SendLocalList: 'NotSupported', UnlockConnector: 'NotSupported' };

/** A socket that ends after one of these has done what it was told. */
const ENDS_THE_SOCKET = new Set([
  'CertificateSigned',
  'Reset',
  'SetNetworkProfile',
  'SignedUpdateFirmware',
  'UpdateFirmware',
]);
const SETTINGS = new Set(['ChangeConfiguration', 'SetVariables']);
const NETWORK_OR_KEY =
  /authorizationkey|password|securityprofile|url|apn|network|wifi|wlan|ethernet|identity|websocket|cpid/i;

const endsTheSocket = ({ action, payload }: Call): boolean =>
  ENDS_THE_SOCKET.has(action) || (SETTINGS.has(action) && NETWORK_OR_KEY.test(JSON.stringify(payload) ?? ''));

const statusIn = (payload: unknown): unknown =>
  typeof payload === 'object' && payload !== null ? (payload as { readonly status?: unknown }).status : undefined;

/** What the end of a CALL teaches about its action; undefined when nothing new. */
export function lessonOf(known: LearntActions | undefined, call: Call, answer: Answer): Lesson | undefined {
  const { action } = call;
  const before = known !== undefined && Object.hasOwn(known, action) ? known[action] : undefined;
  if (before?.state === 'allowed') return undefined;
  const unsupported = (by: 'answer' | 'drop', detail: string): Lesson | undefined =>
    before?.state === 'unsupported' ? undefined : { action, state: 'unsupported', by, detail };
  switch (answer.kind) {
    case 'error':
      if (REFUSALS.has(answer.code)) return unsupported('answer', answer.code);
      return before?.by === 'drop' ? { action, state: 'supported', by: 'answer' } : undefined;
    case 'result': {
      const status = statusIn(answer.payload);
      if (Object.hasOwn(STATUSES, action) && status === STATUSES[action]) return unsupported('answer', String(status));
      return before === undefined ? undefined : { action, state: 'supported', by: 'answer' };
    }
    case 'closed':
      if (answer.droppedAfterMs === undefined || answer.droppedAfterMs > DROPPED_MS || endsTheSocket(call))
        return undefined;
      return before?.state === 'suspected'
        ? unsupported('drop', 'it dropped the connection instead of an answer, twice')
        : before === undefined
          ? { action, state: 'suspected', by: 'drop', detail: 'it dropped the connection instead of an answer' }
          : undefined;
    case 'timeout':
      return undefined;
    default:
      return answer satisfies never;
  }
}

/** A ping of the WebSocket is learnt about as an action is. */
export const PING = 'Ping';

/** What becomes of a connection after a ping teaches whether to ping; undefined when nothing new. */
export function pingLesson(known: LearntActions | undefined, what: 'dropped' | 'stood'): Lesson | undefined {
  const before = known !== undefined && Object.hasOwn(known, PING) ? known[PING] : undefined;
  if (before?.state === 'allowed') return undefined;
  if (what === 'stood') return before === undefined ? undefined : { action: PING, state: 'supported', by: 'answer' };
  if (before?.state === 'unsupported') return undefined;
  return before === undefined
    ? { action: PING, state: 'suspected', by: 'drop', detail: 'it dropped the connection when it was pinged' }
    : { action: PING, state: 'unsupported', by: 'drop', detail: 'it dropped the connection when it was pinged, twice' };
}

/** More is rubbish: no protocol has as many actions. */
const MOST = 128;

/** What is known after one more lesson. */
export function learn(known: LearntActions | undefined, lesson: Lesson, at: Instant): LearntActions {
  const { action, state, by, detail } = lesson;
  const { [action]: before, ...others } = known ?? {};
  if (state === 'supported') return before?.state === 'allowed' && by !== 'operator' ? (known ?? {}) : others;
  if (before === undefined && Object.keys(others).length >= MOST) return others;
  return { ...others, [action]: { state, by, at, ...(detail === undefined ? {} : { detail }) } };
}

/** Why an action is not sent to this station of our own accord; undefined when it is. */
export function unsupportedBy(known: LearntActions | undefined, action: string): string | undefined {
  const learnt = known !== undefined && Object.hasOwn(known, action) ? known[action] : undefined;
  if (learnt?.state !== 'unsupported') return undefined;
  return `${action} is not supported by this station: ${learnt.detail ?? 'learnt'} (${new Date(learnt.at).toISOString()})`;
}

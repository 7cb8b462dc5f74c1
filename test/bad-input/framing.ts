import type { Answered, Case, Gives, Step } from './case.ts';

/** What the versions call the same fault, and what only one of them can say. */
export interface Wording {
  /** As the titles name it, and whose spelling it does not have. */
  readonly of: string;
  readonly foreign: { readonly of: string; readonly code: string };
  /** A text that is no frame. */
  readonly noFrame: Gives;
  /** An id of 256 characters. */
  readonly longId: Gives;
  /** A member that must be there, and CALLs that lack one. */
  readonly missing: string;
  readonly lacking: readonly (readonly [action: string, payload: object])[];
  /** Actions that it has not. */
  readonly unknown: readonly string[];
  readonly reset: string;
  /** Frames that answer what was never asked. */
  readonly answers: readonly (readonly unknown[])[];
  /** Frames of a kind that is none of its own. */
  readonly kinds: readonly string[];
}

const call = (id: string, action: string, payload: unknown = {}): unknown => [2, id, action, payload];

/** Frames that are none, of nothing, or of what nobody knows: the same in all versions, each in its own words. */
export const framing = (by: Wording): readonly Omit<Case, 'version'>[] =>
  (
    [
      ...[
        'hello',
        '',
        '{',
        '{"a":1}',
        '[]',
        '[2]',
        '[2,null,"Heartbeat",{}]',
        '[2,{"a":1},"Heartbeat",{}]',
        'null',
      ].map((text) => ({
        id: 'BI-029',
        title: `the text ${text}`,
        steps: [{ send: text, gives: by.noFrame }] satisfies Step[],
      })),
      {
        id: 'BI-029',
        title: 'ten frames that are none',
        steps: [
          ...Array.from({ length: 9 }, (): Step => ({ send: '{', gives: by.noFrame })),
          { send: '{', gives: { close: 1002 } },
        ],
      },
      {
        id: 'BI-042',
        title: `a member that must be there, in the spelling of ${by.of}`,
        steps: by.lacking.map(([action, payload], n) => ({
          send: call(`${n + 1}`, action, payload),
          gives: { error: by.missing },
        })),
      },
      {
        id: 'BI-042',
        title: `a CALLERROR in the spelling of ${by.foreign.of}`,
        steps: [
          {
            call: { action: 'ClearCache', payload: {} },
            reply: [[4, '«call»', by.foreign.code, 'no', {}]],
            gives: { status: 200, body: { error: { code: by.foreign.code } } } satisfies Answered,
          },
        ],
      },
      ...by.unknown.map((action) => ({
        id: 'BI-043',
        title: `the action ${JSON.stringify(action.slice(0, 20))}`,
        steps: [{ send: call('1', action), gives: { error: 'NotImplemented' } }] satisfies Step[],
      })),
      {
        id: 'BI-043',
        title: 'an action that only the CSMS sends',
        steps: [{ send: call('1', 'Reset', { type: by.reset }), gives: { error: 'NotSupported' } }],
      },
      {
        id: 'BI-044',
        title: 'an answer to nothing',
        steps: by.answers.map((send) => ({ send, gives: 'nothing' })),
      },
      ...['', 'x'.repeat(37), 'x'.repeat(255)].map((id) => ({
        id: 'BI-050',
        title: `an id of ${id.length} characters`,
        steps: [{ send: call(id, 'Heartbeat'), gives: 'result' }] satisfies Step[],
      })),
      {
        id: 'BI-050',
        title: 'an id of 256 characters',
        steps: [{ send: call('x'.repeat(256), 'Heartbeat'), gives: by.longId }],
      },
      ...by.kinds.map((text) => ({
        id: 'BI-051',
        title: `the frame ${text}`,
        steps: [{ send: text, gives: 'nothing' }] satisfies Step[],
      })),
      ...['[2,"x"]', '[2,"x","Heartbeat"]', '[2,"x","Heartbeat",{},{}]', '[2,"x",7,{}]'].map((text) => ({
        id: 'BI-053',
        title: `the frame ${text}`,
        steps: [{ send: text, gives: { frame: [4, 'x', 'ProtocolError'] } }] satisfies Step[],
      })),
      ...[null, []].map((payload) => ({
        id: 'BI-054',
        title: `the payload ${JSON.stringify(payload)} where {} is meant`,
        steps: [{ send: call('1', 'Heartbeat', payload), gives: 'result' }] satisfies Step[],
      })),
    ] satisfies Omit<Case, 'layer' | 'version'>[]
  ).map((it) => ({ ...it, layer: 'framing' }));

const ANSWERS = [
  [3, 'never asked', {}],
  [4, 'never asked', 'GenericError', '', {}],
] as const;

export const OF_16: Wording = {
  of: '1.6',
  foreign: { of: '2.x', code: 'FormatViolation' },
  noFrame: 'nothing',
  longId: 'nothing',
  missing: 'OccurenceConstraintViolation',
  lacking: [['Authorize', {}]],
  unknown: ['Hartbeat', 'heartbeat', '__proto__', 'constructor', 'hasOwnProperty', '', 'x'.repeat(5000)],
  reset: 'Soft',
  answers: ANSWERS,
  kinds: [
    '[5,"x","FormationViolation","",{}]',
    '[6,"x","Heartbeat",{}]',
    '[7,"x",{}]',
    '["2","x","Heartbeat",{}]',
    '[1e999]',
    '[null]',
  ],
};

export const OF_2X: Wording = {
  of: '2.x',
  foreign: { of: '1.6', code: 'FormationViolation' },
  noFrame: { frame: [4, '-1', 'RpcFrameworkError'] },
  longId: { frame: [4, '-1', 'RpcFrameworkError'] },
  missing: 'OccurrenceConstraintViolation',
  lacking: [
    ['Authorize', {}],
    ['StatusNotification', { connectorStatus: 'Available' }],
    ['NotifyReport', { seqNo: 0 }],
  ],
  unknown: ['Hartbeat', 'heartbeat', 'StartTransaction', '__proto__', 'constructor', '', 'x'.repeat(5000)],
  reset: 'Immediate',
  answers: [...ANSWERS, [5, 'never asked', 'FormatViolation', '', {}]],
  kinds: ['[7,"x",{}]', '["2","x","Heartbeat",{}]', '[1e999]', '[null]'],
};

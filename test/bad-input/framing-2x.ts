import { type Step } from './case.ts';
import { type Bad, call, heartbeat, status } from './frames-2x.ts';

/** Frames of 2.x that are none, or of nothing. */
export const framing: readonly Bad[] = (
  [
    ...['hello', '', '{', '{"a":1}', '[]', '[2]', '[2,null,"Heartbeat",{}]', '[2,{"a":1},"Heartbeat",{}]', 'null'].map(
      (text) => ({
        id: 'BI-029',
        title: `the text ${text}`,
        steps: [{ send: text, gives: { frame: [4, '-1', 'RpcFrameworkError'] } }] satisfies Step[],
      }),
    ),
    {
      id: 'BI-029',
      title: 'ten frames that are none',
      steps: [
        ...Array.from({ length: 9 }, (): Step => ({ send: '{', gives: { error: 'RpcFrameworkError' } })),
        { send: '{', gives: { close: 1002 } },
      ],
    },
    {
      id: 'BI-033',
      title: 'a depth of 5,000',
      steps: [{ send: `[2,"deep","DataTransfer",{"data":${'['.repeat(5000)}]`, gives: { error: 'FormatViolation' } }],
    },
    {
      id: 'BI-034',
      title: 'a number that is not finite, where it matters',
      steps: [
        {
          send: '[2,"1","StatusNotification",{"timestamp":"«-60»","connectorStatus":"Available","evseId":1e400}]',
          gives: { error: 'TypeConstraintViolation' },
        },
      ],
    },
    {
      id: 'BI-041',
      title: 'text as a number',
      steps: [{ send: status({ evseId: 'one' }), gives: { error: 'TypeConstraintViolation' } }],
    },
    {
      id: 'BI-041',
      title: 'a token that is a text, as 1.6 has it',
      steps: [{ send: call('1', 'Authorize', { idToken: '«tag»' }), gives: { error: 'TypeConstraintViolation' } }],
    },
    {
      id: 'BI-042',
      title: 'a member that must be there, in the spelling of 2.x',
      steps: [
        { send: call('1', 'Authorize'), gives: { error: 'OccurrenceConstraintViolation' } },
        {
          send: call('2', 'StatusNotification', { connectorStatus: 'Available' }),
          gives: { error: 'OccurrenceConstraintViolation' },
        },
        { send: call('3', 'NotifyReport', { seqNo: 0 }), gives: { error: 'OccurrenceConstraintViolation' } },
      ],
    },
    ...['BootNotification', 'TransactionEvent', 'StatusNotification'].flatMap((action) =>
      ['boot', null, 7, [1]].map((payload) => ({
        id: 'BI-042',
        title: `${action} with the payload ${JSON.stringify(payload)}, in the spelling of 2.x`,
        steps: [{ send: call('1', action, payload), gives: { error: 'FormatViolation' } }] satisfies Step[],
      })),
    ),
    ...['Hartbeat', 'heartbeat', 'StartTransaction', '__proto__', 'constructor', '', 'x'.repeat(5000)].map(
      (action) => ({
        id: 'BI-043',
        title: `the action ${JSON.stringify(action.slice(0, 20))}`,
        steps: [{ send: call('1', action), gives: { error: 'NotImplemented' } }] satisfies Step[],
      }),
    ),
    {
      id: 'BI-043',
      title: 'an action that only the CSMS sends',
      steps: [{ send: call('1', 'Reset', { type: 'Immediate' }), gives: { error: 'NotSupported' } }],
    },
    {
      id: 'BI-044',
      title: 'an answer to nothing',
      steps: [
        { send: [3, 'never asked', {}], gives: 'nothing' },
        { send: [4, 'never asked', 'GenericError', '', {}], gives: 'nothing' },
        { send: [5, 'never asked', 'FormatViolation', '', {}], gives: 'nothing' },
      ],
    },
    {
      id: 'BI-042',
      title: 'a CALLERROR in the spelling of 1.6',
      steps: [
        {
          call: { action: 'ClearCache', payload: {} },
          reply: [[4, '«call»', 'FormationViolation', 'no', {}]],
          gives: { status: 200, body: { error: { code: 'FormationViolation' } } },
        },
      ],
    },
    ...['', 'x'.repeat(37), 'x'.repeat(255)].map((id) => ({
      id: 'BI-050',
      title: `an id of ${id.length} characters`,
      steps: [{ send: heartbeat(id), gives: 'result' }] satisfies Step[],
    })),
    {
      id: 'BI-050',
      title: 'an id of 256 characters',
      steps: [{ send: heartbeat('x'.repeat(256)), gives: { frame: [4, '-1', 'RpcFrameworkError'] } }],
    },
    ...['[7,"x",{}]', '["2","x","Heartbeat",{}]', '[1e999]', '[null]'].map((text) => ({
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
  ] satisfies Omit<Bad, 'layer'>[]
).map((it) => ({ ...it, layer: 'framing' }));

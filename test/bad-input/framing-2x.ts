import { framing as common, OF_2X } from './framing.ts';
import { type Step } from './case.ts';
import { type Bad, call, status } from './frames-2x.ts';

const own: readonly Bad[] = (
  [
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
    ...['BootNotification', 'TransactionEvent', 'StatusNotification'].flatMap((action) =>
      ['boot', null, 7, [1]].map((payload) => ({
        id: 'BI-042',
        title: `${action} with the payload ${JSON.stringify(payload)}, in the spelling of 2.x`,
        steps: [{ send: call('1', action, payload), gives: { error: 'FormatViolation' } }] satisfies Step[],
      })),
    ),
  ] satisfies Omit<Bad, 'layer'>[]
).map((it) => ({ ...it, layer: 'framing' }));

/** Frames of 2.x that are none, of nothing, or whose members are not what they must be. */
export const framing: readonly Bad[] = [...common(OF_2X), ...own];

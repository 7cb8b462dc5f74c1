import { BAD_ANSWERS } from './bad-answers.ts';
import { type Bad } from './frames-16.ts';

/** Answers to our CALLs that are none, too many, or too late. */
export const answers: readonly Bad[] = (
  [
    {
      id: 'BI-045',
      title: 'two answers to one CALL',
      steps: [
        {
          call: { action: 'ClearCache', payload: {} },
          reply: [
            [3, '«call»', { status: 'Accepted' }],
            [3, '«call»', { status: 'Rejected' }],
          ],
          gives: { status: 200, body: { result: { status: 'Accepted' } } },
        },
      ],
    },
    {
      id: 'BI-046',
      title: 'a CALLRESULT without payload',
      steps: [
        {
          call: { action: 'ClearCache', payload: {} },
          reply: ['[3,"«call»"]'],
          gives: { status: 200, body: { error: { code: 'ProtocolError' } } },
        },
      ],
    },
    {
      id: 'BI-047',
      title: 'an answer after the time-out',
      slow: true,
      steps: [
        { call: { action: 'ClearCache', payload: {} }, reply: [], gives: { status: 504 } },
        { send: [3, '«call»', { status: 'Rejected' }], gives: 'nothing' },
        {
          call: { action: 'ClearCache', payload: {} },
          reply: [[3, '«call»', { status: 'Accepted' }]],
          gives: { status: 200, body: { result: { status: 'Accepted' } } },
        },
      ],
    },
    ...BAD_ANSWERS.map(({ id, title, reply, gives }): Omit<Bad, 'layer'> => ({
      id,
      title: `an answer to our ClearCache: ${title}`,
      steps: [{ command: { type: 'clearCache' }, action: 'ClearCache', reply, gives }],
    })),
  ] satisfies Omit<Bad, 'layer'>[]
).map((it) => ({ ...it, layer: 'station' }));

/** What stations say to a CALL of ours that is no answer, and how the command then ends: by name, and never by a crash. */
export const BAD_ANSWERS: readonly {
  readonly id: string;
  readonly title: string;
  readonly reply: readonly unknown[];
  readonly gives: { readonly status: string; readonly detail?: RegExp; readonly result?: object };
}[] = [
  {
    id: 'BI-046',
    title: 'a CALLRESULT without payload',
    reply: ['[3,"«call»"]'],
    gives: { status: 'rejected', detail: /ProtocolError/ },
  },
  ...['"Accepted"', 'null', '17'].map((payload) => ({
    id: 'BI-046',
    title: `the payload ${payload}`,
    reply: [`[3,"«call»",${payload}]`],
    gives: { status: 'failed', detail: /^invalidResponse/ },
  })),
  {
    id: 'BI-046',
    title: 'no status',
    reply: [[3, '«call»', { colour: 'red' }]],
    gives: { status: 'failed', detail: /^unknownStatus\(undefined\)$/ },
  },
  {
    id: 'BI-046',
    title: 'a status that is a number',
    reply: [[3, '«call»', { status: 7 }]],
    gives: { status: 'failed', detail: /^unknownStatus\(7\)$/ },
  },
  ...['Perhaps', 'accepted', '__proto__', 'toString'].map((status) => ({
    id: 'BI-096',
    title: `the status ${status}`,
    reply: [[3, '«call»', { status }]],
    gives: { status: 'failed', detail: new RegExp(`^unknownStatus\\(${status}\\)$`) },
  })),
  {
    id: 'BI-096',
    title: 'a status of 10 KB',
    reply: [[3, '«call»', { status: 'S'.repeat(10_240) }]],
    gives: { status: 'failed', detail: /^unknownStatus\(S{1,50}\S?\)$/ },
  },
  {
    id: 'BI-044',
    title: 'one to another id first',
    reply: [
      [3, 'another', { status: 'Rejected' }],
      [4, 'another', 'GenericError', '', {}],
      [3, '«call»', { status: 'Accepted' }],
    ],
    gives: { status: 'accepted' },
  },
  {
    id: 'BI-045',
    title: 'an error first, then a result',
    reply: [
      [4, '«call»', 'InternalError', 'no memory', {}],
      [3, '«call»', { status: 'Accepted' }],
    ],
    gives: { status: 'rejected', detail: /^InternalError: no memory$/ },
  },
  ...['NotImplemented', 'NotSupported'].map((code) => ({
    id: 'BI-046',
    title: `the CALLERROR ${code}`,
    reply: [[4, '«call»', code, '', {}]],
    gives: { status: 'rejected', detail: new RegExp(`^${code}$`), result: { status: 'unsupported' } },
  })),
  {
    id: 'BI-046',
    title: 'a CALLERROR without a code',
    reply: ['[4,"«call»"]'],
    gives: { status: 'rejected', detail: /^GenericError$/ },
  },
  {
    id: 'BI-046',
    title: 'a CALLERROR whose code is no text',
    reply: ['[4,"«call»",{"a":1},[],null]'],
    gives: { status: 'rejected', detail: /^GenericError$/ },
  },
];

import { deflateRawSync } from 'node:zlib';
import { POSITIVE, SOME, type Case, type Step } from './case.ts';
import { BAD_ANSWERS } from './bad-answers.ts';
import { cases2x } from './cases-2x.ts';
import { frame } from './wire.ts';

/** Bad inputs and what is expected of a live platform. A finding in the field is one more entry. */

const call = (id: unknown, action: string, payload: unknown = {}): unknown => [2, id, action, payload];
const heartbeat = (id: unknown = 'beat'): unknown => call(id, 'Heartbeat');
const boot = (o: object = {}): unknown =>
  call('boot', 'BootNotification', { chargePointVendor: 'Vendor', chargePointModel: 'Model', ...o });
const status = (o: object = {}): unknown =>
  call('status', 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available', ...o });
const start = (o: object = {}, id: unknown = 'start'): unknown =>
  call(id, 'StartTransaction', { connectorId: 1, idTag: '«tag»', meterStart: 1000, timestamp: '«-600»', ...o });
const stop = (o: object = {}, id: unknown = 'stop'): unknown =>
  call(id, 'StopTransaction', { transactionId: '«tx»', meterStop: 3000, timestamp: '«-60»', ...o });
const meter = (o: object = {}, value = '2000', sampled: object = {}): unknown =>
  call('meter', 'MeterValues', {
    connectorId: 1,
    transactionId: '«tx»',
    meterValue: [
      {
        timestamp: '«-300»',
        sampledValue: [{ value, measurand: 'Energy.Active.Import.Register', unit: 'Wh', ...sampled }],
      },
    ],
    ...o,
  });

/** Starts, and keeps the transaction id as «tx». */
const started = (o: object = {}): Step => ({
  send: start(o),
  gives: { result: { transactionId: POSITIVE } },
  keep: { tx: 'transactionId' },
});
const stopped = (o: object = {}): Step => ({ send: stop(o), gives: 'result' });
const ACCEPTED = { result: { status: 'Accepted' } };
const REFUSED = { status: 401 } as const;
/** What a visit of 2 kWh comes to. */
const VISIT = { transactionId: '«tx»', meterStartWh: 1000, meterStopWh: 3000, energyWh: 2000 };
const { transactionId: _, ...ENERGY } = VISIT;
const OVER = /^(ended|closed)$/;

const connection: readonly Omit<Case, 'layer' | 'version'>[] = [
  {
    id: 'BI-001',
    title: 'an unknown identity',
    steps: [{ dial: { identity: 'nobody-knows-me' }, gives: { status: 404 } }],
  },
  { id: 'BI-002', title: 'no credentials', steps: [{ dial: { key: 'none' }, gives: REFUSED }] },
  {
    id: 'BI-003',
    title: 'a user name that is not the identity',
    steps: [{ dial: { user: 'somebody' }, gives: REFUSED }],
  },
  {
    id: 'BI-004',
    title: 'a guesser is slowed down, the true station is not',
    steps: [
      { send: heartbeat(), gives: 'result' },
      ...Array.from({ length: 5 }, (): Step => ({ as: 'a', dial: { key: 'wrong' }, gives: REFUSED })),
      { dial: { key: 'wrong' }, gives: { status: 429, after: 900 } },
      { dial: {}, gives: 'open' },
      { send: heartbeat('again'), gives: 'result' },
    ],
  },
  { id: 'BI-005', title: 'a 1.6 key as its bytes', steps: [{ dial: { key: 'bytes' }, gives: 'open' }] },
  { id: 'BI-005', title: 'a 1.6 key as hex in capitals', steps: [{ dial: { key: 'capitals' }, gives: 'open' }] },
  {
    id: 'BI-006',
    title: 'a header of 100 KB',
    steps: [{ dial: { headers: { 'X-Long': 'x'.repeat(100_000) } }, gives: { status: 431 } }],
  },
  ...['a/b', 'a%2Fb', '..', '%2e%2e', 'a%00b', 'a%0D%0Ab', '%F0%9F%94%8C', 'a%F0', 'x'.repeat(49), ''].map(
    (identity) => ({
      id: 'BI-007',
      title: `the identity ${JSON.stringify(identity)}`,
      steps: [{ dial: { identity }, gives: { status: 404 } }] satisfies Step[],
    }),
  ),
  {
    id: 'BI-016',
    title: 'no subprotocol',
    steps: [{ dial: { protocols: [] }, gives: { close: 1002, reason: 'offer ocpp1.6' } }],
  },
  {
    id: 'BI-017',
    title: 'an unknown subprotocol',
    steps: [{ dial: { protocols: ['ocpp9.9'] }, gives: { close: 1002, reason: 'ocpp9.9' } }],
  },
  {
    id: 'BI-017',
    title: 'a subprotocol in another case',
    steps: [{ dial: { protocols: ['OCPP1.6'] }, gives: { close: 1002, reason: 'offer ocpp1.6' } }],
  },
  {
    id: 'BI-018',
    title: 'several subprotocols',
    steps: [
      { dial: { protocols: ['ocpp9.9', 'ocpp1.6', 'soap'] }, gives: 'open' },
      { send: heartbeat(), gives: 'result' },
    ],
  },
  {
    id: 'BI-019',
    title: 'a second connection wins',
    steps: [
      { send: heartbeat(), gives: 'result' },
      { dial: {}, gives: 'open' },
      { send: heartbeat('again'), gives: 'result' },
    ],
  },
  {
    id: 'BI-020',
    title: 'a second connection with a wrong key leaves the first alone',
    steps: [
      { dial: {}, gives: 'open' },
      { as: 'a', dial: { key: 'wrong', wire: true }, gives: REFUSED },
    ],
    station: { online: true },
  },
  {
    id: 'BI-021',
    title: 'the late close of the old socket does not end the new one',
    steps: [
      { dial: {}, gives: 'open' },
      { dial: {}, gives: 'open' },
      { idle: 1, gives: 'open' },
    ],
    station: { online: true },
  },
  {
    id: 'BI-022',
    title: 'what the old socket still says has no effect',
    steps: [
      { dial: { wire: true }, gives: 'open' },
      { as: 'b', dial: { of: 'a' }, gives: 'open' },
      {
        wire: [
          frame(
            '[2,"1","StartTransaction",{"connectorId":1,"idTag":"X","meterStart":1,"timestamp":"2024-11-01T10:00:00Z"}]',
          ),
        ],
        gives: { close: 1000 },
      },
      { as: 'b', send: heartbeat(), gives: 'result' },
    ],
    sessions: [],
  },
  {
    id: 'BI-023',
    title: 'a handshake that never ends',
    steps: [{ dial: { unfinished: true, wire: true }, gives: { close: 'cut' } }],
  },
  {
    id: 'BI-024',
    title: '5,050 idle connections from one address',
    slow: true,
    alone: true,
    steps: [{ dial: {}, gives: 'open' }, { idleSockets: 5050 }, { send: heartbeat(), gives: 'result' }],
  },
  {
    id: 'BI-025',
    title: 'GET on the OCPP path',
    steps: [{ http: 'GET', path: '/ocpp/«identity»', gives: { status: 426 } }],
  },
  {
    id: 'BI-025',
    title: 'POST on the OCPP path',
    steps: [{ http: 'POST', path: '/ocpp/«identity»', gives: { status: 426 } }],
  },
  { id: 'BI-025', title: 'GET below it', steps: [{ http: 'GET', path: '/ocpp/', gives: { status: 404 } }] },
];

const framing: readonly Omit<Case, 'layer' | 'version'>[] = [
  ...['hello', '', '{', '{"a":1}', '[]', '[2]', '[2,null,"Heartbeat",{}]', '[2,{"a":1},"Heartbeat",{}]', 'null'].map(
    (text) => ({
      id: 'BI-029',
      title: `the text ${text}`,
      steps: [{ send: text, gives: 'nothing' }] satisfies Step[],
    }),
  ),
  {
    id: 'BI-029',
    title: 'ten frames that are none',
    steps: [
      ...Array.from({ length: 9 }, (): Step => ({ send: '{', gives: 'nothing' })),
      { send: '{', gives: { close: 1002 } },
    ],
  },
  { id: 'BI-030', title: 'a binary frame', steps: [{ send: heartbeat(), binary: true, gives: { close: 1003 } }] },
  {
    id: 'BI-031',
    title: 'above 1 MiB, then with the limit raised',
    steps: [
      { send: call('long', 'DataTransfer', { vendorId: 'x', data: 'x'.repeat(1_200_000) }), gives: { close: 1009 } },
      { dial: {}, gives: 'open' },
      { send: call('long', 'DataTransfer', { vendorId: 'x', data: 'x'.repeat(1_200_000) }), gives: 'result' },
    ],
  },
  {
    id: 'BI-031',
    title: 'a StopTransaction of 0.9 MB is taken at once',
    steps: [
      started({ timestamp: '«-43200»' }),
      stopped({
        transactionData: Array.from({ length: 7_500 }, (_, n) => ({
          timestamp: `«-${43_100 - n * 5}»`,
          sampledValue: [
            { value: String(1000 + Math.floor(n / 4)), unit: 'Wh', measurand: 'Energy.Active.Import.Register' },
          ],
        })),
      }),
    ],
    sessions: [{ ...ENERGY, status: OVER }],
  },
  {
    id: 'BI-032',
    title: 'a compressed frame on 1.6, which has no compression',
    steps: [
      { dial: { wire: true }, gives: 'open' },
      { wire: [frame(deflateRawSync(Buffer.from('[2,"1","Heartbeat",{}]')), { first: 0xc1 })], gives: { close: 1002 } },
    ],
  },
  {
    id: 'BI-033',
    title: 'a depth of 5,000',
    steps: [
      {
        send: `[2,"deep","DataTransfer",{"vendorId":"x","data":${'['.repeat(5000)}${']'.repeat(5000)}}]`,
        gives: { error: 'FormationViolation' },
      },
    ],
  },
  {
    id: 'BI-034',
    title: 'a number that is not finite, where it matters',
    steps: [
      {
        send: '[2,"1","StatusNotification",{"connectorId":1e400,"errorCode":"NoError","status":"Available"}]',
        gives: { error: 'TypeConstraintViolation' },
      },
    ],
  },
  ...['1e400', '-1e400', '1E9999', '1e999999'].map((digits) => ({
    id: 'BI-034',
    title: `meterStart ${digits}: the start is kept`,
    steps: [
      {
        send: `[2,"1","StartTransaction",{"connectorId":1,"idTag":"«tag»","meterStart":${digits},"timestamp":"«-600»"}]`,
        gives: { result: { transactionId: POSITIVE } },
      },
    ] satisfies Step[],
    sessions: [{ status: 'active' }],
  })),
  {
    id: 'BI-035',
    title: 'a transactionId of 64 bits',
    steps: [
      {
        send: '[2,"1","StopTransaction",{"transactionId":9223372036854775807,"meterStop":5,"timestamp":"«-60»"}]',
        gives: 'result',
      },
    ],
    sessions: [],
  },
  {
    id: 'BI-036',
    title: 'a key twice: the last wins',
    steps: [
      {
        send: '[2,"1","StartTransaction",{"connectorId":1,"idTag":"«tag»","meterStart":5,"timestamp":"«-600»","meterStart":7}]',
        gives: { result: { transactionId: POSITIVE } },
      },
    ],
    sessions: [{ meterStartWh: 7 }],
  },
  ...['__proto__', 'constructor', 'prototype', 'toString'].map((key) => ({
    id: 'BI-037',
    title: `the key ${key}`,
    steps: [
      {
        send: `[2,"1","BootNotification",{"chargePointVendor":"V","chargePointModel":"M","${key}":{"polluted":true}}]`,
        gives: ACCEPTED,
      },
    ] satisfies Step[],
    station: { vendor: 'V', model: 'M' },
  })),
  {
    id: 'BI-040',
    title: 'members that do not belong there',
    steps: [{ send: boot({ colour: 'red', nested: { a: [1] } }), gives: ACCEPTED }],
  },
  {
    id: 'BI-041',
    title: 'a number as text, in a start: kept',
    steps: [{ send: start({ meterStart: '1000', connectorId: '1' }), gives: { result: { transactionId: POSITIVE } } }],
    sessions: [{ status: 'active' }],
  },
  {
    id: 'BI-041',
    title: 'a decimal meterStart "0.0": kept',
    steps: [{ send: start({ meterStart: '0.0' }), gives: { result: { transactionId: POSITIVE } } }],
    sessions: [{ status: 'active' }],
  },
  {
    id: 'BI-041',
    title: 'text as a number, elsewhere',
    steps: [{ send: status({ connectorId: 'one' }), gives: { error: 'TypeConstraintViolation' } }],
  },
  {
    id: 'BI-042',
    title: 'a member that must be there, in the spelling of 1.6',
    steps: [{ send: call('1', 'Authorize'), gives: { error: 'OccurenceConstraintViolation' } }],
  },
  {
    id: 'BI-042',
    title: 'a payload that is no object',
    steps: [{ send: call('1', 'BootNotification', 'boot'), gives: { error: 'FormationViolation' } }],
  },
  ...['Hartbeat', 'heartbeat', '__proto__', 'constructor', 'hasOwnProperty', '', 'x'.repeat(5000)].map((action) => ({
    id: 'BI-043',
    title: `the action ${JSON.stringify(action.slice(0, 20))}`,
    steps: [{ send: call('1', action), gives: { error: 'NotImplemented' } }] satisfies Step[],
  })),
  {
    id: 'BI-043',
    title: 'an action that only the CSMS sends',
    steps: [{ send: call('1', 'Reset', { type: 'Soft' }), gives: { error: 'NotSupported' } }],
  },
  {
    id: 'BI-044',
    title: 'an answer to nothing',
    steps: [
      { send: [3, 'never asked', {}], gives: 'nothing' },
      { send: [4, 'never asked', 'GenericError', '', {}], gives: 'nothing' },
    ],
  },
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
  {
    id: 'BI-048',
    title: 'the same frame again',
    steps: [started(), { send: start(), gives: { result: { transactionId: '«tx»' } } }],
    sessions: [{ status: 'active' }],
  },
  {
    id: 'BI-049',
    title: 'the same id with another payload',
    steps: [
      { send: call('same', 'Authorize', { idTag: '«tag»' }), gives: { result: { idTagInfo: { status: 'Accepted' } } } },
      {
        send: call('same', 'Authorize', { idTag: 'UNKNOWN' }),
        gives: { result: { idTagInfo: { status: 'Invalid' } } },
      },
    ],
  },
  ...['', 'x'.repeat(37), 'x'.repeat(255)].map((id) => ({
    id: 'BI-050',
    title: `an id of ${id.length} characters`,
    steps: [{ send: heartbeat(id), gives: 'result' }] satisfies Step[],
  })),
  { id: 'BI-050', title: 'an id of 256 characters', steps: [{ send: heartbeat('x'.repeat(256)), gives: 'nothing' }] },
  { id: 'BI-050', title: 'an id that is a number', steps: [{ send: heartbeat(17), gives: { frame: [3, 17] } }] },
  ...[
    '[5,"x","FormationViolation","",{}]',
    '[6,"x","Heartbeat",{}]',
    '[7,"x",{}]',
    '["2","x","Heartbeat",{}]',
    '[1e999]',
    '[null]',
  ].map((text) => ({
    id: 'BI-051',
    title: `the frame ${text}`,
    steps: [{ send: text, gives: 'nothing' }] satisfies Step[],
  })),
  {
    id: 'BI-052',
    title: 'a CALL before any boot is handled',
    steps: [{ send: status(), gives: 'result' }, started()],
    sessions: [{ status: 'active' }],
  },
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
  {
    id: 'BI-055',
    title: 'a message of one-byte fragments that never ends',
    slow: true,
    steps: [
      { dial: { wire: true }, gives: 'open' },
      { trickle: '[', gives: { close: 1008 } },
    ],
  },
  { id: 'BI-056', title: 'a flood of pings', steps: [{ ping: 150, gives: { close: 1008 } }] },
  {
    id: 'BI-057',
    title: 'no pong twice',
    slow: true,
    steps: [
      { dial: {}, gives: 'open' },
      { frozen: true, gives: { close: 'cut' } },
    ],
    station: { online: false },
  },
  {
    id: 'BI-058',
    title: 'a station that never reads',
    slow: true,
    steps: [{ unread: heartbeat('x'.repeat(255)), gives: { close: 'cut' } }],
    station: { online: false },
  },
];

const storable: readonly Omit<Case, 'layer' | 'version'>[] = [
  {
    id: 'BI-038',
    title: 'NUL in a text',
    steps: [
      {
        send: String.raw`[2,"1","BootNotification",{"chargePointVendor":"V\u0000x","chargePointModel":"M"}]`,
        gives: ACCEPTED,
      },
    ],
    station: { vendor: 'V\uFFFDx' },
  },
  {
    id: 'BI-038',
    title: 'NUL in every text of a start and a stop',
    steps: [
      {
        send: String.raw`[2,"s\u0000","StartTransaction",{"connectorId":1,"idTag":"«tag»","meterStart":1000,"timestamp":"«-600»","x\u0000":"\u0000"}]`,
        gives: { result: { transactionId: POSITIVE } },
        keep: { tx: 'transactionId' },
      },
      {
        send: String.raw`[2,"e\u0000","StopTransaction",{"transactionId":«tx»,"meterStop":3000,"timestamp":"«-60»","reason":"Lo\u0000cal"}]`,
        gives: 'result',
      },
    ],
    sessions: [{ ...ENERGY, status: OVER }],
  },
  {
    id: 'BI-039',
    title: 'half a character in a text',
    steps: [
      {
        send: String.raw`[2,"1","BootNotification",{"chargePointVendor":"V\ud83d","chargePointModel":"\udd0cM"}]`,
        gives: ACCEPTED,
      },
    ],
    station: { vendor: 'V\uFFFD', model: '\uFFFDM' },
  },
  {
    id: 'BI-039',
    title: 'half a character as an idTag',
    steps: [
      {
        send: String.raw`[2,"1","Authorize",{"idTag":"\ud83d"}]`,
        gives: { result: { idTagInfo: { status: 'Invalid' } } },
      },
    ],
  },
  {
    id: 'BI-039',
    title: 'half a character and NUL as the message id',
    steps: [{ send: String.raw`[2,"\ud83d\u0000","Heartbeat",{}]`, gives: { frame: [3, '\ud83d\u0000'] } }],
  },
  {
    id: 'BI-038',
    title: 'NUL and half a character in an action',
    steps: [{ send: String.raw`[2,"1","Heart\u0000beat\ud83d",{}]`, gives: { error: 'NotImplemented' } }],
  },
  {
    id: 'BI-034',
    title: '1e999999 in a text of numbers',
    steps: [
      started(),
      { send: meter({}, '1e999999'), gives: 'result' },
      { send: meter({}, 'NaN'), gives: 'result' },
      { send: meter({}, '-Infinity'), gives: 'result' },
      stopped(),
    ],
    sessions: [{ ...ENERGY, status: OVER }],
  },
  {
    id: 'BI-034',
    title: 'meterStop 1e999999: the stop is kept',
    steps: [
      started(),
      {
        send: '[2,"stop","StopTransaction",{"transactionId":«tx»,"meterStop":1e999999,"timestamp":"«-60»"}]',
        gives: 'result',
      },
    ],
    sessions: [{ status: OVER, flags: SOME }],
  },
];

const times = [
  '1970-01-01T00:00:00Z',
  '2024-11-20T10:00:00',
  '2099-01-01T00:00:00Z',
  '1000000',
  '2024-13-01T00:00:00Z',
  '2024-02-30T00:00:00Z',
  '2024-06-30T23:59:60Z',
  'now',
  'infinity',
  '',
];

const station: readonly Omit<Case, 'layer' | 'version'>[] = [
  { id: 'BI-059', title: '100 boots in a row', steps: [{ send: boot(), times: 100, gives: ACCEPTED }] },
  { id: 'BI-060', title: '500 Heartbeats in a row', steps: [{ send: heartbeat(), times: 500, gives: 'result' }] },
  {
    id: 'BI-061',
    title: 'a status that flaps',
    steps: [
      ...Array.from({ length: 25 }, (_, n): readonly Step[] => [
        {
          send: call(`${n}a`, 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Unavailable' }),
          gives: 'result',
        },
        {
          send: call(`${n}b`, 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available' }),
          gives: 'result',
        },
      ]).flat(),
    ],
    station: { evses: [{ evse: 1, connectors: [{ connector: 1, status: /available/i }] }] },
  },
  {
    id: 'BI-062',
    title: 'MeterValues of 500 samples',
    steps: [
      started(),
      {
        send: call('meter', 'MeterValues', {
          connectorId: 1,
          transactionId: '«tx»',
          meterValue: Array.from({ length: 500 }, (_, n) => ({
            timestamp: `«-${590 - n}»`,
            sampledValue: [{ value: String(1000 + n), unit: 'Wh', measurand: 'Energy.Active.Import.Register' }],
          })),
        }),
        gives: 'result',
      },
      stopped(),
    ],
    sessions: [{ ...ENERGY, status: OVER }],
  },
  {
    id: 'BI-063',
    title: 'MeterValues of an unknown transaction',
    steps: [{ send: meter({ transactionId: 424242 }), gives: 'result' }],
    sessions: [],
  },
  {
    id: 'BI-064',
    title: 'a start with an unknown token in the past is stored',
    steps: [
      {
        send: start({ idTag: 'UNKNOWN', timestamp: '«-86400»' }),
        gives: { result: { transactionId: POSITIVE, idTagInfo: { status: 'Invalid' } } },
      },
    ],
    sessions: [{ status: 'active', meterStartWh: 1000 }],
  },
  {
    id: 'BI-064',
    title: 'a start with a blocked token is stored',
    steps: [
      {
        send: start({ idTag: '«blocked»' }),
        gives: { result: { transactionId: POSITIVE, idTagInfo: { status: 'Blocked' } } },
      },
    ],
    sessions: [{ status: 'active' }],
  },
  {
    id: 'BI-064',
    title: 'a start with an expired token is stored',
    steps: [
      {
        send: start({ idTag: '«expired»' }),
        gives: { result: { transactionId: POSITIVE, idTagInfo: { status: 'Expired' } } },
      },
    ],
    sessions: [{ status: 'active' }],
  },
  {
    id: 'BI-065',
    title: 'the same start under a new id',
    steps: [
      {
        send: start({ timestamp: '2024-11-01T10:00:00Z' }, 'one'),
        gives: { result: { transactionId: POSITIVE } },
        keep: { tx: 'transactionId' },
      },
      { send: start({ timestamp: '2024-11-01T10:00:00Z' }, 'two'), gives: { result: { transactionId: '«tx»' } } },
    ],
    sessions: [{ status: 'active' }],
  },
  {
    id: 'BI-066',
    title: 'the same start after we were killed',
    alone: true,
    steps: [
      {
        send: start({ timestamp: '2024-11-01T11:00:00Z' }, 'one'),
        gives: { result: { transactionId: POSITIVE } },
        keep: { tx: 'transactionId' },
      },
      { restart: true },
      { dial: {}, gives: 'open' },
      { send: start({ timestamp: '2024-11-01T11:00:00Z' }, 'two'), gives: { result: { transactionId: '«tx»' } } },
      stopped(),
    ],
    sessions: [{ ...ENERGY, status: OVER }],
  },
  {
    id: 'BI-067',
    title: 'a start on a connector with an open session ends that one',
    steps: [
      started(),
      { send: meter({}, '1500'), gives: 'result' },
      {
        send: start({ timestamp: '«-120»', meterStart: 1600 }, 'next'),
        gives: { result: { transactionId: POSITIVE } },
      },
    ],
    sessions: [
      { status: 'active', meterStartWh: 1600 },
      { status: OVER, energyWh: 500, flags: SOME },
    ],
  },
  {
    id: 'BI-068',
    title: 'the same stop again',
    steps: [started(), stopped(), { send: stop({}, 'again'), gives: 'result' }],
    sessions: [{ ...ENERGY, status: OVER }],
  },
  {
    id: 'BI-069',
    title: 'a second stop with another register: the first stands',
    steps: [started(), stopped(), { send: stop({ meterStop: 9000, timestamp: '«-30»' }, 'again'), gives: 'result' }],
    sessions: [{ ...ENERGY, status: OVER, flags: SOME }],
  },
  {
    id: 'BI-070',
    title: 'a stop of -1 finds the only open session',
    steps: [started(), { send: heartbeat(), gives: 'result' }, stopped({ transactionId: -1, idTag: '«tag»' })],
    sessions: [{ ...ENERGY, status: OVER }],
  },
  {
    id: 'BI-071',
    title: "a stop of another station's transaction has no effect",
    steps: [started(), { ...stopped(), as: 'b' }, { as: 'b', send: heartbeat(), gives: 'result' }],
    sessions: [{ status: 'active', meterStartWh: 1000 }],
  },
  {
    id: 'BI-072',
    title: 'a stop of an unknown transaction',
    steps: [{ send: stop({ transactionId: 424242 }), gives: 'result' }],
    sessions: [],
  },
  {
    id: 'BI-073',
    title: 'a stop below its start is flagged, and no bill',
    steps: [started(), stopped({ meterStop: 10 })],
    sessions: [{ status: OVER, meterStartWh: 1000, flags: SOME }],
  },
  {
    id: 'BI-074',
    title: 'more energy than can be is flagged',
    steps: [started({ timestamp: '«-120»' }), stopped({ meterStop: 1_000_000 })],
    sessions: [{ status: OVER, flags: SOME }],
  },
  {
    id: 'BI-075',
    title: 'readings that count from the start beside a lifetime register',
    steps: [
      started({ meterStart: 1_000_000 }),
      { send: meter({}, '500'), gives: 'result' },
      stopped({ meterStop: 1_002_000 }),
    ],
    sessions: [{ status: OVER, energyWh: 2000 }],
  },
  {
    id: 'BI-075',
    title: 'readings in kWh beside a register in Wh',
    steps: [started(), { send: meter({}, '1.5', { unit: 'kWh' }), gives: 'result' }, stopped()],
    sessions: [{ ...ENERGY, status: OVER }],
  },
  {
    id: 'BI-075',
    title: 'a reading that drops to 0',
    steps: [started(), { send: meter({}, '0'), gives: 'result' }, stopped()],
    sessions: [{ ...ENERGY, status: OVER }],
  },
  ...times.map((timestamp) => ({
    id: 'BI-076',
    title: `the time ${JSON.stringify(timestamp)}`,
    steps: [
      { send: status({ timestamp }), gives: 'result' },
      started({ timestamp }),
      stopped({ timestamp }),
    ] satisfies Step[],
    sessions: [{ ...ENERGY, status: OVER }],
  })),
  {
    id: 'BI-077',
    title: 'a stop before its start',
    steps: [started({ timestamp: '«-60»' }), stopped({ timestamp: '«-600»' })],
    sessions: [{ meterStartWh: 1000, meterStopWh: 3000, status: OVER, flags: SOME }],
  },
  {
    id: 'BI-078',
    title: 'connector 99',
    steps: [started({ connectorId: 99 }), stopped()],
    sessions: [{ ...ENERGY, evse: 99, status: OVER }],
  },
  ...[0, -1, 1e15].map((connectorId) => ({
    id: 'BI-078',
    title: `connector ${connectorId}`,
    steps: [started({ connectorId }), stopped()],
    sessions: [{ ...ENERGY, evse: null, status: OVER, flags: SOME }],
  })),
  {
    id: 'BI-079',
    title: 'an idTag that begins as a known one and is longer',
    steps: [
      {
        send: start({ idTag: '«tag»XXXXXXXXXXXX' }),
        gives: { result: { transactionId: POSITIVE, idTagInfo: { status: 'Invalid' } } },
      },
    ],
    sessions: [{ status: 'active' }],
  },
  {
    id: 'BI-079',
    title: 'an idTag of 10 KB',
    steps: [
      {
        send: start({ idTag: 'T'.repeat(10_240) }),
        gives: { result: { transactionId: POSITIVE, idTagInfo: { status: 'Invalid' } } },
      },
    ],
    sessions: [{ status: 'active' }],
  },
];

const authorizing = (idTag: string, status: string): Step => ({
  send: call(`authorize ${idTag}`, 'Authorize', { idTag }),
  gives: { result: { idTagInfo: { status } } },
});

const answers: readonly Omit<Case, 'layer' | 'version'>[] = [
  {
    id: 'BI-094',
    title: 'guessing tokens: after sixty in a minute no more are looked at, not even the right one',
    steps: [
      authorizing('«tag»', 'Accepted'),
      ...Array.from({ length: 60 }, (_, n) => authorizing(`GUESS${n}`, 'Invalid')),
      authorizing('«tag»', 'Invalid'),
    ],
    security: [{ kind: 'token-guessing', origin: 'csms', critical: true }],
  },
  {
    id: 'BI-088',
    title: 'a flood of security events, each of 2 KB',
    steps: [
      {
        send: call('tamper', 'SecurityEventNotification', {
          type: 'TamperDetectionActivated',
          timestamp: '«-60»',
          techInfo: 'x'.repeat(2_000),
        }),
        times: 40,
        gives: 'result',
      },
    ],
    // Ten one by one, the 16th with the six since, the 32nd with the sixteen since; the rest is told later.
    security: [
      { kind: 'TamperDetectionActivated', count: 16, critical: true, detail: /^x{255}$/ },
      { count: 6 },
      ...Array.from({ length: 10 }, () => ({ count: 1 })),
    ],
  },
  ...BAD_ANSWERS.map(({ id, title, reply, gives }): Omit<Case, 'layer' | 'version'> => ({
    id,
    title: `an answer to our ClearCache: ${title}`,
    steps: [{ command: { type: 'clearCache' }, action: 'ClearCache', reply, gives }],
  })),
  {
    id: 'BI-042',
    title: 'a CALLERROR in the spelling of 2.x',
    steps: [
      {
        call: { action: 'ClearCache', payload: {} },
        reply: [[4, '«call»', 'FormatViolation', 'no', {}]],
        gives: { status: 200, body: { error: { code: 'FormatViolation' } } },
      },
    ],
  },
];

const all = (layer: Case['layer'], cases: readonly Omit<Case, 'layer' | 'version'>[]): readonly Case[] =>
  cases.map((it) => ({ ...it, layer, version: '1.6' }));

export const cases: readonly Case[] = [
  ...all('connection', connection),
  ...all('framing', framing),
  ...all('storable', storable),
  ...all('station', station),
  ...all('station', answers),
  ...cases2x,
];

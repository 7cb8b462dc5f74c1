import { type Step } from './case.ts';
import { type Bad, heartbeat, REFUSED } from './frames-16.ts';
import { frame } from './wire.ts';

/** Handshakes, and sockets that do not behave. */
export const connection: readonly Bad[] = (
  [
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
  ] satisfies Omit<Bad, 'layer'>[]
).map((it) => ({ ...it, layer: 'connection' }));

import { deflateRawSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { Said } from './face.ts';
import {
  chargerServer,
  dial,
  handshakeText,
  raw,
  steppedClock,
  until,
  wireFrame,
  type Client,
  type Dial,
  type Heard,
  type TestServer,
} from './server.test-support.ts';

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function connected(o: Parameters<typeof chargerServer>[0] & { readonly dial?: Dial } = {}) {
  const clock = steppedClock();
  const server = await chargerServer({ clock, ...o });
  servers.push(server);
  server.add('S1');
  const station = await dial(server, 'S1', o.dial);
  const heard: Heard = server.heardBy('S1');
  const conversation = await until('the actor knows it', () => heard.conversation);
  return { clock, server, station, heard, conversation };
}

const counted = (server: TestServer, what: string): number => server.counted.filter((it) => it === what).length;
const result = (payload: unknown): Said => ({ kind: 'result', payload });
/** An answered Heartbeat proves that everything before it was dealt with. */
const settled = async (station: Client, id = 'settled'): Promise<void> => {
  station.send([2, id, 'Heartbeat', {}]);
  await station.answer(id);
};

describe('frames that are none', () => {
  test('BI-029 1.6 is not answered, and the station stays', async () => {
    const { station, heard } = await connected();
    station.send('not JSON');
    await settled(station);
    expect(station.received).toHaveLength(1);
    expect(heard.noted).toEqual(['unreadable-frame']);
  });

  test.each(['ocpp2.0.1', 'ocpp2.1'])('BI-029 %s is answered with the id -1, and without an echo', async (protocol) => {
    const { station } = await connected({ dial: { protocols: [protocol] } });
    station.send('<script>');
    expect(await station.answer('-1')).toEqual([4, '-1', 'RpcFrameworkError', 'not JSON', {}]);
  });

  test('BI-029 ten in a minute end the connection', async () => {
    const { station } = await connected();
    for (let n = 0; n < 10; n += 1) station.send('{');
    expect((await station.closed()).code).toBe(1002);
  });

  test('BI-029 ten in an hour do not', async () => {
    const { station, clock, heard } = await connected();
    for (let n = 0; n < 12; n += 1) {
      station.send('{');
      await settled(station, `settled ${n}`);
      await clock.pass(60);
    }
    expect(heard.ended).toEqual([]);
  });

  test("a dialect's repair is tried before a frame is given up", async () => {
    const { station, heard } = await connected({ repair: (text) => text.replace(/,]$/, ']') });
    station.send('[2,"1","Heartbeat",{},]');
    expect(await station.answer('1')).toEqual([3, '1', {}]);
    expect(heard.noted).toEqual([]);
  });

  test('BI-030 a binary frame ends the connection with 1003', async () => {
    const { station } = await connected();
    station.ws.send(Buffer.from('[2,"1","Heartbeat",{}]'), { binary: true });
    expect((await station.closed()).code).toBe(1003);
  });

  test('bytes that are no UTF-8 are replaced, and the message is answered', async () => {
    const { station, heard } = await connected();
    station.ws.send(Buffer.from('[2,"1","BootNotification",{"vendor":"L\xf6w"}]', 'latin1'), { binary: false });
    await station.answer('1');
    expect(heard.calls[0]?.payload).toEqual({ vendor: 'L\uFFFDw' });
    expect(heard.calls[0]?.deviations.map((it) => it.code)).toEqual(['invalid-utf8']);
  });

  test.each([
    ['ocpp1.6', 'FormationViolation'],
    ['ocpp2.0.1', 'FormatViolation'],
  ])('BI-033 %s: a payload 5,000 deep gets %s', async (protocol, code) => {
    const { station, heard } = await connected({ dial: { protocols: [protocol] } });
    station.send(`[2,"deep","DataTransfer",{"data":${'['.repeat(5000)}${']'.repeat(5000)}}]`);
    expect((await station.answer('deep'))[2]).toBe(code);
    expect(heard.calls).toEqual([]);
  });

  test('BI-050 an id that is too long to be echoed is as no id', async () => {
    const { station } = await connected({ dial: { protocols: ['ocpp2.0.1'] } });
    station.send([2, 'x'.repeat(256), 'Heartbeat', {}]);
    expect((await station.answer('-1'))[2]).toBe('RpcFrameworkError');
  });

  test.each([['' as unknown], ['x'.repeat(255)], [17], ['a\u0000b\ud800']])(
    'BI-050 the id %j is answered as it came',
    async (id) => {
      const { station, heard } = await connected();
      station.send([2, id, 'Heartbeat', {}]);
      expect(await station.answer(id)).toEqual([3, id, {}]);
      expect(heard.calls[0]?.messageId.isWellFormed()).toBe(true);
      expect(heard.calls[0]?.messageId).not.toContain('\u0000');
    },
  );

  test('BI-051 message types that the version does not have are counted and not answered', async () => {
    const { station, server } = await connected();
    for (const frame of [
      '[5,"x","FormatViolation","",{}]',
      '[6,"x","Heartbeat",{}]',
      '[7,"x",{}]',
      '["2","x","Heartbeat",{}]',
    ])
      station.send(frame);
    await settled(station);
    expect(station.received).toHaveLength(1);
    expect(counted(server, 'oddity frame-ignored')).toBe(4);
  });

  test('BI-051 SEND of 2.1 is taken and never answered', async () => {
    const { station, heard } = await connected({ dial: { protocols: ['ocpp2.1'] } });
    station.send([6, 'x', 'NotifyPeriodicEventStream', { id: 1 }]);
    await settled(station);
    expect(station.received).toHaveLength(1);
    expect(heard.calls.map((it) => it.action)).toEqual(['NotifyPeriodicEventStream', 'Heartbeat']);
  });

  test('BI-053 a CALL of other than four elements is refused by its id', async () => {
    const { station } = await connected();
    station.send('[2,"two"]');
    station.send('[2,"three","Heartbeat"]');
    station.send('[2,"five","Heartbeat",{},{}]');
    for (const id of ['two', 'three', 'five'])
      expect((await station.answer(id)).slice(0, 3)).toEqual([4, id, 'ProtocolError']);
  });
});

describe('frames that are too long', () => {
  const long = (bytes: number) => [2, 'long', 'DataTransfer', { data: 'x'.repeat(bytes) }];
  const KIB = 1024;

  test('BI-031 above 1 MiB ends with 1009, and the next connection takes 8 MiB', async () => {
    const { station, server } = await connected();
    station.send(long(900 * KIB));
    await station.answer('long');
    station.send(long(1200 * KIB));
    expect((await station.closed()).code).toBe(1009);
    const again = await dial(server, 'S1');
    again.send(long(1200 * KIB));
    expect(await again.answer('long')).toEqual([3, 'long', {}]);
    again.send(long(8193 * KIB));
    expect((await again.closed()).code).toBe(1009);
    expect(server.heardBy('S1').noted).toContain('frame-too-large');
  });

  test('BI-031 a station that nobody knew before is held to 128 KiB until it was answered', async () => {
    const { server } = await connected({ onboarding: 'open' });
    const first = await dial(server, 'new');
    first.send(long(200 * KIB));
    expect((await first.closed()).code).toBe(1009);
    const second = await dial(server, 'newer');
    await settled(second);
    second.send(long(200 * KIB));
    await second.answer('long');
  });

  test('BI-032 what deflates to 90 MiB ends with 1009 and costs no memory', async () => {
    const { server } = await connected();
    const client = await raw(
      server,
      handshakeText('/ocpp/S1', {
        'Sec-WebSocket-Protocol': 'ocpp2.0.1',
        'Sec-WebSocket-Extensions': 'permessage-deflate',
      }),
    );
    await until('the upgrade', () => client.text.includes('permessage-deflate'));
    const bomb = deflateRawSync(Buffer.alloc(90 * KIB * KIB, 'x'), { finishFlush: 2 });
    const before = process.memoryUsage().rss;
    client.socket.write(
      Buffer.concat([
        Buffer.from([0xc1, 0xff, 0, 0, 0, 0, ...[24, 16, 8, 0].map((by) => (bomb.length >> by) & 255), 0, 0, 0, 0]),
        bomb,
      ]),
    );
    await until('the close', () => client.text.includes('\x03\xf1'));
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * KIB * KIB);
  });
});

describe('one message, once', () => {
  test('BI-048 the same frame again gets the same answer and has no second effect', async () => {
    let n = 0;
    const { station, heard } = await connected({ reply: () => result({ transactionId: (n += 1) }) });
    station.send([2, '1', 'StartTransaction', { meterStart: 0 }]);
    await station.answer('1');
    station.send([2, '1', 'StartTransaction', { meterStart: 0 }]);
    await until('the second answer', () => station.received.length === 2);
    expect(station.received).toEqual([
      [3, '1', { transactionId: 1 }],
      [3, '1', { transactionId: 1 }],
    ]);
    expect(heard.calls).toHaveLength(1);
  });

  test('BI-048 also while the first is still being handled', async () => {
    let answer: ((said: Said) => void) | undefined;
    const { station, heard, server } = await connected({ reply: () => new Promise((done) => (answer = done)) });
    station.send([2, '1', 'StartTransaction', {}]);
    station.send([2, '1', 'StartTransaction', {}]);
    await until('the second is counted', () => counted(server, 'repeated_call') === 1);
    answer?.(result({ transactionId: 7 }));
    await until('both answers', () => station.received.length === 2);
    expect(heard.calls).toHaveLength(1);
  });

  test('BI-049 the same id with another payload is another message', async () => {
    const { station, heard } = await connected({ reply: ({ payload }) => result(payload) });
    station.send([2, '1', 'DataTransfer', { a: 1 }]);
    await station.answer('1');
    station.send([2, '1', 'DataTransfer', { a: 2 }]);
    await until('the second answer', () => station.received.length === 2);
    expect(station.received[1]).toEqual([3, '1', { a: 2 }]);
    expect(heard.calls[1]?.deviations).toEqual([{ code: 'message-id-reused' }]);
    expect(heard.noted).toEqual(['message-id-reused']);
  });

  test('what was not stored is not answered, and is new when it comes again', async () => {
    let stored = false;
    const { station, heard } = await connected({ reply: () => (stored ? result({}) : { kind: 'silent' }) });
    station.send([2, '1', 'Heartbeat', {}]);
    await until('it was heard', () => heard.calls.length === 1);
    stored = true;
    station.send([2, '1', 'Heartbeat', {}]);
    await station.answer('1');
    expect(station.received).toHaveLength(1);
    expect(heard.calls).toHaveLength(2);
  });

  test('a fault of ours is no answer: the station is told to come back', async () => {
    const { station } = await connected({ reply: () => Promise.reject(new Error('a fault')) });
    station.send([2, '1', 'StopTransaction', {}]);
    expect((await station.closed()).code).toBe(1013);
    expect(station.received).toEqual([]);
  });

  test.each([
    [
      'throws at once',
      () => {
        throw new TypeError('a fault');
      },
    ],
    ['gives what cannot be written', () => result({ value: 1n })],
  ])('the same when the actor %s', async (_, reply) => {
    const { station } = await connected({ reply });
    station.send([2, '1', 'StopTransaction', {}]);
    expect((await station.closed()).code).toBe(1013);
    expect(station.received).toEqual([]);
  });

  test('the same when a repair throws', async () => {
    const { station } = await connected({
      repair: () => {
        throw new TypeError('a fault');
      },
    });
    station.send('{');
    expect((await station.closed()).code).toBe(1013);
  });

  test("the actor's errors are spelled as the version does", async () => {
    const error: Said = { kind: 'error', code: 'FormationViolation', description: 'no', details: { a: 1 } };
    const { station } = await connected({ reply: () => error, dial: { protocols: ['ocpp2.1'] } });
    station.send([2, '1', 'Heartbeat', {}]);
    expect(await station.answer('1')).toEqual([4, '1', 'FormatViolation', 'no', { a: 1 }]);
  });

  test('CALLs that are pipelined are handled and answered in their order', async () => {
    const { station, heard } = await connected();
    for (let n = 0; n < 50; n += 1) station.send([2, `${n}`, 'MeterValues', { n }]);
    await station.answer('49');
    expect(heard.calls.map((it) => it.messageId)).toEqual(Array.from({ length: 50 }, (_, n) => `${n}`));
    expect(station.received).toHaveLength(50);
  });
});

describe('whether an answer arrived', () => {
  test('the next CALL proves it', async () => {
    const { station, heard } = await connected();
    for (const id of ['1', '2', '3']) {
      station.send([2, id, 'Heartbeat', {}]);
      await station.answer(id);
    }
    expect(heard.seen).toEqual(['1', '2']);
  });

  test('the same CALL again proves the opposite', async () => {
    const { station, heard } = await connected();
    for (const id of ['1', '1', '2']) {
      station.send([2, id, 'Heartbeat', {}]);
      await until('an answer', () => station.received.length > 0 && station.received.length >= heard.calls.length);
    }
    await station.answer('2');
    expect(heard.seen).toEqual([]);
  });

  test('a station that pipelines proves nothing', async () => {
    const { station, heard } = await connected();
    station.send([2, '1', 'StopTransaction', {}]);
    station.send([2, '2', 'StopTransaction', {}]);
    await station.answer('2');
    await settled(station);
    expect(heard.seen).toEqual([]);
  });

  test('nor does a CALL that comes when the station may have given up waiting', async () => {
    const { station, heard, clock } = await connected();
    await settled(station, '1');
    await clock.pass(31);
    await settled(station, '2');
    expect(heard.seen).toEqual([]);
  });
});

describe('our CALLs', () => {
  const reset = { action: 'Reset', payload: { type: 'Soft' } };
  const callOf = async (station: Client, nth: number) =>
    until(
      `our CALL ${nth}`,
      () => (station.received as (readonly [number, string, string, unknown])[]).filter((it) => it[0] === 2)[nth],
    );

  test('one is outstanding, the others wait in line', async () => {
    const { station, conversation } = await connected();
    const first = conversation.call(reset);
    const second = conversation.call({ action: 'ClearCache', payload: {} });
    const [, id] = await callOf(station, 0);
    await settled(station);
    expect(station.received).toHaveLength(2);
    station.send([3, id, { status: 'Accepted' }]);
    expect(await first).toEqual({ kind: 'result', payload: { status: 'Accepted' } });
    const [, next, action] = await callOf(station, 1);
    expect(action).toBe('ClearCache');
    station.send([4, next, 'NotSupported', 'no', {}]);
    expect(await second).toMatchObject({ kind: 'error', code: 'NotSupported', description: 'no' });
  });

  test("the station's own CALLs are answered meanwhile", async () => {
    const { station, conversation } = await connected();
    void conversation.call(reset);
    await callOf(station, 0);
    await settled(station);
  });

  test('BI-044 an answer to nothing is dropped and counted', async () => {
    const { station, server } = await connected();
    station.send([3, 'never asked', {}]);
    await settled(station);
    expect(counted(server, 'oddity unknown-answer')).toBe(1);
  });

  test('BI-045 of two answers the first counts', async () => {
    const { station, conversation, server } = await connected();
    const asked = conversation.call(reset, { messageId: 'ours' });
    await callOf(station, 0);
    station.send([3, 'ours', { status: 'Accepted' }]);
    station.send([3, 'ours', { status: 'Rejected' }]);
    expect(await asked).toEqual({ kind: 'result', payload: { status: 'Accepted' } });
    await settled(station);
    expect(counted(server, 'oddity unknown-answer')).toBe(1);
  });

  test('BI-046 a CALLRESULT without payload ends the CALL as an error', async () => {
    const { station, conversation } = await connected();
    const asked = conversation.call(reset, { messageId: 'ours' });
    await callOf(station, 0);
    station.send('[3,"ours"]');
    expect(await asked).toMatchObject({ kind: 'error', code: 'ProtocolError' });
  });

  test('BI-047 an answer after the time-out does not end a later CALL', async () => {
    const { station, conversation, clock, server } = await connected();
    const first = conversation.call(reset, { messageId: 'first', timeoutSeconds: 20 });
    await callOf(station, 0);
    await clock.pass(22);
    expect(await first).toEqual({ kind: 'timeout' });
    const second = conversation.call(reset, { messageId: 'second' });
    await callOf(station, 1);
    station.send([3, 'first', { status: 'Rejected' }]);
    station.send([3, 'second', { status: 'Accepted' }]);
    expect(await second).toEqual({ kind: 'result', payload: { status: 'Accepted' } });
    expect(counted(server, 'oddity late-answer')).toBe(1);
  });

  test('one that waits in line too long is never sent', async () => {
    const { station, conversation, clock } = await connected();
    const first = conversation.call(reset, { timeoutSeconds: 60 });
    const second = conversation.call({ action: 'ClearCache', payload: {} }, { timeoutSeconds: 5 });
    await clock.pass(7);
    expect(await second).toEqual({ kind: 'timeout' });
    const [, id] = await callOf(station, 0);
    station.send([3, id, {}]);
    await first;
    await settled(station);
    expect((station.received as unknown[][]).filter((it) => it[0] === 2)).toHaveLength(1);
  });

  test('one that has waited in line has its whole time on the wire, and nothing else is sent meanwhile', async () => {
    const { station, conversation, clock } = await connected();
    const calls = () => (station.received as unknown[][]).filter((it) => it[0] === 2).map((it) => it[1]);
    void conversation.call(reset, { messageId: 'silent', timeoutSeconds: 20 });
    await clock.pass(15);
    const waited = conversation.call(reset, { messageId: 'waited', timeoutSeconds: 20 });
    const last = conversation.call(reset, { messageId: 'last', timeoutSeconds: 60 });
    // It is sent at 21 s and its caller gives up at 36 s, but the station has until 41 s.
    await clock.pass(23);
    expect(await waited).toEqual({ kind: 'timeout' });
    await settled(station);
    expect(calls()).toEqual(['silent', 'waited']);
    station.send([3, 'waited', {}]);
    await until('the last of our CALLs', () => calls()[2]);
    station.send([3, 'last', { status: 'Accepted' }]);
    expect(await last).toEqual({ kind: 'result', payload: { status: 'Accepted' } });
  });

  test('a dialect can ask for a pause between them', async () => {
    const { station, conversation, clock } = await connected();
    conversation.retime({ callSpacingMs: 5000 });
    void conversation.call(reset, { messageId: 'first' });
    await callOf(station, 0);
    station.send([3, 'first', {}]);
    void conversation.call(reset, { messageId: 'second' });
    await clock.pass(3);
    expect((station.received as unknown[][]).filter((it) => it[0] === 2)).toHaveLength(1);
    await clock.pass(3);
    await callOf(station, 1);
  });

  test('all end with the connection', async () => {
    const { station, conversation } = await connected();
    const asked = [conversation.call(reset), conversation.call(reset)];
    await callOf(station, 0);
    station.ws.terminate();
    // The station has ended it; only the first was on the wire.
    expect(await Promise.all(asked)).toEqual([
      { kind: 'closed', droppedAfterMs: expect.any(Number) },
      { kind: 'closed' },
    ]);
    expect(await conversation.call(reset)).toEqual({ kind: 'closed' });
  });
});

test('a CALL on the wire when we end the connection was not dropped by the station', async () => {
  const { station, conversation } = await connected();
  const asked = conversation.call({ action: 'Reset', payload: { type: 'Soft' } });
  await until('the CALL', () => station.received.length > 0);
  conversation.close(1000, 'a newer connection has taken over');
  expect(await asked).toEqual({ kind: 'closed' });
});

describe('who is still there', () => {
  test('nothing is sent within 30 s of a connection', async () => {
    const { station, clock } = await connected();
    let pings = 0;
    station.ws.on('ping', () => (pings += 1));
    await clock.pass(29);
    await settled(station);
    expect([pings, station.received.length]).toEqual([0, 1]);
    await clock.pass(2);
    await until('a ping', () => pings === 1);
  });

  test('BI-057 two missed pongs end a socket that has ponged before', async () => {
    const { station, clock, heard } = await connected();
    let pings = 0;
    station.ws.on('ping', () => (pings += 1));
    await clock.pass(31);
    await until('the first ping', () => pings === 1);
    await settled(station);
    // Frozen: the kernel takes our bytes, nobody answers.
    station.ws.pause();
    await clock.pass(85);
    await until('it is given up', () => heard.ended.length === 1);
    expect(heard.ended[0]).toMatchObject({ code: 1006 });
  });

  test('a socket that never ponged ends after 2.5 heartbeats of silence', async () => {
    const { clock, heard } = await connected({ heartbeatSeconds: 60, dial: { options: { autoPong: false } } });
    await clock.pass(149);
    expect(heard.ended).toEqual([]);
    await clock.pass(3);
    await until('it is given up', () => heard.ended.length === 1);
  });

  test('a station that was told a longer interval is waited for that much longer', async () => {
    const { clock, heard, conversation } = await connected({
      heartbeatSeconds: 60,
      dial: { options: { autoPong: false } },
    });
    conversation.retime({ heartbeatSeconds: 240 });
    await clock.pass(599);
    expect(heard.ended).toEqual([]);
    await clock.pass(3);
    await until('it is given up', () => heard.ended.length === 1);
  });

  test('a station that drops at a ping is not pinged', async () => {
    const { station, clock, conversation } = await connected();
    conversation.retime({ pingSeconds: 'never' });
    let pings = 0;
    station.ws.on('ping', () => (pings += 1));
    await clock.pass(100);
    await settled(station);
    expect(pings).toBe(0);
  });

  test('a station that ends the line at a ping is said to, one that lives on is said to stand it', async () => {
    const { station, clock, heard } = await connected({ dial: { options: { autoPong: false } } });
    await clock.pass(31);
    station.ws.terminate();
    await until('it is gone', () => heard.ended.length === 1);
    expect(heard.pinged).toEqual(['dropped']);
    const other = await connected({ dial: { options: { autoPong: false } } });
    await other.clock.pass(37);
    other.station.ws.terminate();
    await until('the other is gone', () => other.heard.ended.length === 1);
    expect(other.heard.pinged).toEqual(['stood']);
  });

  test('BI-056 more than ten pings a second for ten seconds end with 1008', async () => {
    const { station } = await connected();
    for (let n = 0; n < 101; n += 1) station.ws.ping();
    expect((await station.closed()).code).toBe(1008);
  });

  test('BI-055 a message that does not end within its time ends with 1008', async () => {
    const { server, clock } = await connected();
    const client = await raw(server, handshakeText('/ocpp/S1'));
    await until('the upgrade', () => client.text.includes('101'));
    client.socket.write(wireFrame('[', { fin: false }));
    for (let second = 0; second < 40; second += 1) {
      client.socket.write(wireFrame(' ', { opcode: 0, fin: false }));
      await clock.pass(1);
    }
    await until('the close', () => client.text.includes('\x03\xf0'));
  });

  test('a quiet station that only pings is not taken for a slow message', async () => {
    const { station, clock, heard } = await connected();
    for (let n = 0; n < 15; n += 1) {
      station.ws.ping('hello');
      await clock.pass(5);
    }
    expect(heard.ended).toEqual([]);
  });

  test('BI-058 a station that never reads is given up', async () => {
    const { station, conversation, heard } = await connected();
    station.ws.pause();
    const asked: Promise<unknown>[] = [];
    for (let n = 0; n < 20 && conversation.open; n += 1) {
      const id = `big ${n}`;
      asked.push(
        conversation.call({ action: 'DataTransfer', payload: { data: 'x'.repeat(1_000_000) } }, { messageId: id }),
      );
      station.ws.send(JSON.stringify([3, id, {}]));
      await until('it was taken or it ended', () => heard.ended.length > 0 || asked.length > n);
      await new Promise((done) => setImmediate(done));
    }
    await until('it is given up', () => heard.ended.length === 1);
    expect(heard.noted).toContain('slow-reader');
    expect(await Promise.all(asked)).toContainEqual({ kind: 'closed' });
  });
});

describe('pacing', () => {
  test('a station with eight unanswered CALLs is not read until some are answered', async () => {
    const answers: ((said: Said) => void)[] = [];
    const { station, server, heard, clock } = await connected({
      reply: () => new Promise((done) => void answers.push(done)),
    });
    for (let n = 0; n < 8; n += 1) station.send([2, `${n}`, 'MeterValues', { n }]);
    await until('eight are being handled', () => heard.calls.length === 8);
    expect(counted(server, 'paced')).toBe(1);
    station.send([2, 'ninth', 'MeterValues', {}]);
    // Nobody is late while we do not read.
    await clock.pass(1000);
    expect(heard.ended).toEqual([]);
    expect(heard.calls).toHaveLength(8);
    for (const answer of answers.splice(0)) answer(result({}));
    await until('the ninth', () => heard.calls.length === 9);
    for (const answer of answers.splice(0)) answer(result({}));
    await station.answer('ninth');
  });

  test('a station above 1,000 calls a second is paced and loses nothing', async () => {
    const { station, server, heard, clock } = await connected();
    for (let n = 0; n < 1500; n += 1) station.send([2, `${n}`, 'Heartbeat', {}]);
    await until('it is paced', () => server.counted.includes('paced') && heard.calls.length >= 1001);
    for (let second = 0; second < 5; second += 1) await clock.pass(1);
    await station.answer('1499');
    expect(heard.calls).toHaveLength(1500);
  });
});

import { createHmac } from 'node:crypto';
import { testClock } from '@plugga/testing';
import { afterEach, describe, expect, test } from 'vitest';
import type { StationActor } from './face.ts';
import {
  basic,
  chargerServer,
  dial,
  handshakeText,
  pepper,
  random,
  raw,
  statusOf,
  steppedClock,
  until,
  wireFrame,
  type TestServer,
} from './server.test-support.ts';

const servers: TestServer[] = [];
const open = async (...args: Parameters<typeof chargerServer>): Promise<TestServer> => {
  const server = await chargerServer(...args);
  servers.push(server);
  return server;
};
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const HEX_KEY = '00112233445566778899aabbccddeeff00112233';

describe('who is let in', () => {
  test('a station with its key is let in, spoken to and answered', async () => {
    const server = await open();
    server.add('S1', { key: HEX_KEY });
    const station = await dial(server, 'S1', { key: HEX_KEY });
    station.send([2, '1', 'Heartbeat', {}]);
    expect(await station.answer('1')).toEqual([3, '1', {}]);
    expect(server.frames).toEqual([
      { direction: 'in', text: '[2,"1","Heartbeat",{}]' },
      { direction: 'out', text: '[3,"1",{}]' },
    ]);
  });

  test('BI-001 an unknown identity gets 404 and knocks', async () => {
    const server = await open();
    expect(await statusOf(dial(server, 'nobody', { key: HEX_KEY }))).toBe(404);
    expect(server.knocked).toEqual(['nobody']);
    expect(server.known.size).toBe(0);
  });

  test('an unknown identity is let in without a key while onboarding is open', async () => {
    const server = await open({ onboarding: 'open' });
    const station = await dial(server, 'newcomer');
    station.send([2, '1', 'BootNotification', {}]);
    expect(await station.answer('1')).toEqual([3, '1', {}]);
  });

  test('a station that has a key needs it while onboarding is open, too', async () => {
    const server = await open({ onboarding: 'open' });
    server.add('S1', { key: HEX_KEY });
    expect(await statusOf(dial(server, 'S1'))).toBe(401);
  });

  test('a station without a key is let in only where that is allowed', async () => {
    const server = await open();
    server.add('S1', { allowInsecure: true });
    server.add('S2', { allowInsecure: false });
    expect(await statusOf(dial(server, 'S1'))).toBe('let in');
    expect(await statusOf(dial(server, 'S2'))).toBe(403);
  });

  test('a station with a key that may also come without is held to the key that it shows', async () => {
    const server = await open();
    server.add('S1', { key: HEX_KEY, allowInsecure: true });
    expect(await statusOf(dial(server, 'S1'))).toBe('let in');
    expect(await statusOf(dial(server, 'S1', { key: HEX_KEY }))).toBe('let in');
    expect(await statusOf(dial(server, 'S1', { key: 'wrong' }))).toBe(401);
  });

  test('BI-002 a known station without credentials gets 401 and is told how', async () => {
    const server = await open();
    server.add('S1', { key: HEX_KEY });
    await expect(dial(server, 'S1')).rejects.toMatchObject({
      status: 401,
      headers: { 'www-authenticate': expect.stringContaining('Basic') },
    });
    expect(server.security).toEqual([{ identity: 'S1', kind: 'authentication-failed' }]);
  });

  test('BI-003 a user name that is not the identity gets 401', async () => {
    const server = await open();
    server.add('S1', { key: HEX_KEY });
    expect(await statusOf(dial(server, 'S1', { key: HEX_KEY, user: 'S2' }))).toBe(401);
    expect(await statusOf(dial(server, 'S1', { key: HEX_KEY, user: 's1' }))).toBe(401);
  });

  test('BI-004 a guesser is slowed down, and the true station is neither dropped nor locked out', async () => {
    const clock = steppedClock();
    const server = await open({ clock });
    server.add('S1', { key: HEX_KEY });
    const station = await dial(server, 'S1', { key: HEX_KEY });
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect(await statusOf(dial(server, 'S1', { key: 'wrong' }))).toBe(401);
    let sixth: number | string | undefined;
    void statusOf(dial(server, 'S1', { key: 'wrong' })).then((status) => (sixth = status));
    await until(
      'the sixth is being held',
      () => server.counted.filter((it) => it.startsWith('authentication')).length === 6,
    );
    expect(sixth).toBeUndefined();
    await clock.pass(1);
    expect(await until('the sixth is refused', () => sixth)).toBe(429);
    station.send([2, '1', 'Heartbeat', {}]);
    expect(await station.answer('1')).toEqual([3, '1', {}]);
    expect(await statusOf(dial(server, 'S1', { key: HEX_KEY }))).toBe('let in');
  });

  test.each([
    ['with a colon', 'a:secret:with:colons'],
    ['that is not UTF-8', Buffer.from([0xff, 0xfe, 0x3a, 0x80, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])],
  ])('BI-005 a key %s is compared by its bytes', async (_, key) => {
    const { hash, salt } = keyOf(key);
    const server = await open();
    server.add('S1', { securityProfile: 1, allowInsecure: false, keyHash: hash, keySalt: salt });
    expect(await statusOf(dial(server, 'S1', { key }))).toBe('let in');
    expect(await statusOf(dial(server, 'S1', { key: Buffer.concat([Buffer.from(key), Buffer.from('x')]) }))).toBe(401);
  });

  test.each([
    ['its bytes', Buffer.from(HEX_KEY, 'hex')],
    ['hex text', HEX_KEY],
    ['hex text in capitals', HEX_KEY.toUpperCase()],
  ])('BI-005 a 1.6 AuthorizationKey is accepted as %s', async (_, key) => {
    const server = await open();
    server.add('S1', { key: HEX_KEY });
    expect(await statusOf(dial(server, 'S1', { key }))).toBe('let in');
  });

  test('BI-005 an identity with a colon keeps its key apart', async () => {
    const server = await open();
    server.add('AA:BB:CC', { key: HEX_KEY });
    expect(await statusOf(dial(server, 'AA:BB:CC', { key: HEX_KEY }))).toBe('let in');
  });

  test('BI-006 a header of 100 KB gets 431', async () => {
    const server = await open();
    const client = await raw(server, handshakeText('/ocpp/S1', { 'X-Long': 'x'.repeat(100_000) }));
    await until('the answer', () => client.text.startsWith('HTTP/1.1 431'));
    await until('the end', () => client.over);
  });

  test.each([
    ['a slash', 'a/b'],
    ['an encoded slash', 'a%2Fb'],
    ['dots', '..'],
    ['NUL', 'a%00b'],
    ['CR and LF', 'a%0D%0Ab'],
    ['an emoji', '%F0%9F%94%8C'],
    ['half an escape', 'a%F0'],
    ['49 characters', 'x'.repeat(49)],
    ['nothing', ''],
  ])('BI-007 an identity with %s gets 404', async (_, identity) => {
    const server = await open({ onboarding: 'open' });
    const client = await raw(server, handshakeText(`/ocpp/${identity}`));
    await until('the answer', () => client.text.startsWith('HTTP/1.1 404'));
    expect(server.known.size).toBe(0);
  });

  test('BI-008 the right key of a profile 2 station over plain ws is refused, and noted as exposed', async () => {
    const server = await open();
    server.add('S1', { key: HEX_KEY, securityProfile: 2 });
    expect(await statusOf(dial(server, 'S1', { key: HEX_KEY }))).toBe(403);
    expect(server.security).toEqual([{ identity: 'S1', kind: 'key-exposed' }]);
  });

  test('BI-009 a profile 3 station without certificate is refused', async () => {
    const server = await open();
    server.add('S1', { key: HEX_KEY, securityProfile: 3 });
    expect(await statusOf(dial(server, 'S1', { key: HEX_KEY }))).toBe(401);
  });

  test('a certificate is judged by whoever knows certificates', async () => {
    const certificate = { chain: [Buffer.from('DER')] as const };
    const server = await open({
      transportOf: () => ({ address: '192.0.2.1', secure: true, certificate }),
      checkCertificate: async (shown, { identity }) =>
        identity === 'S1' ? { ok: true } : { ok: false, why: `not ${identity}, ${shown.chain[0].length} bytes` },
    });
    server.add('S1', { securityProfile: 3 });
    server.add('S2', { securityProfile: 3 });
    expect(await statusOf(dial(server, 'S1'))).toBe('let in');
    expect(await statusOf(dial(server, 'S2'))).toBe(403);
  });

  test('a disabled station is as one that does not exist', async () => {
    const server = await open();
    server.add('S1', { key: HEX_KEY, disabled: true });
    expect(await statusOf(dial(server, 'S1', { key: HEX_KEY }))).toBe(404);
  });
});

describe('which language is spoken', () => {
  test.each([
    ['BI-016 none', []],
    ['BI-017 an unknown one', ['ocpp9.9']],
    ['BI-017 one in another case', ['OCPP1.6']],
    ['BI-017 a long one of strange letters', ['\xe5\xe4\xf6'.repeat(30)]],
  ])('%s: the handshake is completed without one, and closed with the reason', async (_, protocols) => {
    const server = await open();
    server.add('S1');
    const client = await raw(
      server,
      handshakeText('/ocpp/S1', { 'Sec-WebSocket-Protocol': protocols.join(', ') }).replace(
        /Sec-WebSocket-Protocol: \r\n/,
        '',
      ),
    );
    await until('the close', () => client.text.includes('offer ocpp1.6'));
    expect(client.text).toMatch(/^HTTP\/1.1 101/);
    expect(client.text).not.toMatch(/Sec-WebSocket-Protocol/i);
    expect(server.heardBy('S1').conversation).toBeUndefined();
  });

  test.each([
    [['ocpp1.6', 'ocpp2.0.1'], 'ocpp2.0.1'],
    [['ocpp2.0.1', 'ocpp2.1', 'ocpp1.6'], 'ocpp2.1'],
    [['ocpp1.6', 'ocpp9.9'], 'ocpp1.6'],
  ])('BI-018 of %j the highest is spoken', async (protocols, spoken) => {
    const server = await open();
    server.add('S1');
    const station = await dial(server, 'S1', { protocols });
    expect(station.ws.protocol).toBe(spoken);
    expect(server.heardBy('S1').conversation?.adapter.protocol).toBe(spoken);
  });

  test('deflate is not for 1.6, and for 2.x when offered', async () => {
    const server = await open();
    server.add('S1');
    const options = { perMessageDeflate: true };
    expect((await dial(server, 'S1', { options })).ws.extensions).toBe('');
    const station = await dial(server, 'S1', { options, protocols: ['ocpp2.0.1'] });
    expect(station.ws.extensions).toBe('permessage-deflate');
    station.send([2, '1', 'DataTransfer', { data: 'x'.repeat(5000) }]);
    expect(await station.answer('1')).toEqual([3, '1', {}]);
  });
});

test('REL-06 while newcomers crowd the door, a station that is known is let in before them', async () => {
  const clock = testClock();
  let addresses = 0;
  const transportOf = () => ({ address: `10.0.${(addresses += 1) >> 8}.${addresses & 255}`, secure: false });
  const server = await open({ clock, transportOf });
  server.add('S1');
  let knocked = 0;
  server.http.prependListener('upgrade', () => (knocked += 1));
  // The door lets 300 in at once.
  const crowd = await Promise.all(Array.from({ length: 320 }, (_, n) => raw(server, handshakeText(`/ocpp/NEW${n}`))));
  await until('they knock', () => knocked === crowd.length, 20_000);
  const known = await raw(server, handshakeText('/ocpp/S1'));
  await until('it knocks', () => knocked === crowd.length + 1, 20_000);
  expect(server.knocked).toHaveLength(300);
  await clock.advance(1);
  await until('it is let in', () => known.text.startsWith('HTTP/1.1 101'), 20_000);
  expect(server.knocked.length).toBeLessThan(305);
  await clock.advance(20);
  await until('nobody is refused', () => server.knocked.length === crowd.length, 20_000);
  for (const { socket } of [...crowd, known]) socket.destroy();
});

describe('one identity, several sockets', () => {
  test('BI-019 the newest connection wins', async () => {
    const server = await open();
    server.add('S1');
    const first = await dial(server, 'S1');
    const second = await dial(server, 'S1');
    expect(await first.closed()).toEqual({ code: 1000, reason: 'a newer connection has taken over' });
    second.send([2, '1', 'Heartbeat', {}]);
    expect(await second.answer('1')).toEqual([3, '1', {}]);
  });

  test('BI-019 taking over again and again from different addresses is a conflict', async () => {
    let address = 0;
    const server = await open({ transportOf: () => ({ address: `192.0.2.${(address += 1)}`, secure: false }) });
    server.add('S1');
    for (let connection = 0; connection < 5; connection += 1) await dial(server, 'S1');
    await until('the event', () => server.security.some((it) => it.kind === 'identity-conflict'));
  });

  test('a frame with RSV1 set that was not negotiated ends the socket, and the station is let in again', async () => {
    const server = await open();
    server.add('S1');
    const client = await raw(server, handshakeText('/ocpp/S1'));
    await until('the upgrade', () => client.text.startsWith('HTTP/1.1 101'));
    const frame = wireFrame('[2,"1","Heartbeat",{}]');
    frame[0] = frame[0]! | 0x40;
    client.socket.write(frame);
    await until('the end', () => client.over);
    expect(client.text).not.toContain('[3,"1"');
    const again = await dial(server, 'S1');
    again.send([2, '2', 'Heartbeat', {}]);
    expect(await again.answer('2')).toEqual([3, '2', {}]);
  });

  test('BI-020 a second connection with a wrong key leaves the first alone', async () => {
    const server = await open();
    server.add('S1', { key: HEX_KEY });
    const station = await dial(server, 'S1', { key: HEX_KEY });
    expect(await statusOf(dial(server, 'S1', { key: 'wrong' }))).toBe(401);
    station.send([2, '1', 'Heartbeat', {}]);
    expect(await station.answer('1')).toEqual([3, '1', {}]);
  });

  test('BI-021 the late close of the old socket does not end the new one', async () => {
    const server = await open();
    server.add('S1');
    const first = await dial(server, 'S1');
    const second = await dial(server, 'S1');
    await first.closed();
    await until('the old one ended', () => server.heardBy('S1').ended.length === 1);
    expect(server.heardBy('S1').conversation?.open).toBe(true);
    expect(second.ended).toBeUndefined();
  });

  test('BI-022 what the old socket still says is neither handled nor answered', async () => {
    const server = await open();
    server.add('S1');
    const client = await raw(server, handshakeText('/ocpp/S1'));
    await until('the upgrade', () => client.text.includes('101'));
    await dial(server, 'S1');
    await until('the take-over', () => client.text.includes('taken over'));
    client.socket.write(wireFrame('[2,"late","Heartbeat",{}]'));
    await until('it is counted', () => server.counted.includes('late_frame'));
    expect(server.heardBy('S1').calls).toEqual([]);
    // A peer that never answers the close is cut, too.
    await until('the end', () => client.over, 1000);
  });

  test('an older handshake that ends later does not displace the newer connection', async () => {
    const server = await open({
      transportOf: () => ({ address: '127.0.0.1', secure: false }),
    });
    server.add('S1');
    const both = await Promise.all([dial(server, 'S1'), dial(server, 'S1')]);
    await until('one is closed', () => both.some((it) => it.ended !== undefined));
    const newest = server.heardBy('S1').conversation;
    expect(newest?.generation).toBe(2);
    expect(newest?.open).toBe(true);
  });
});

describe('before the handshake', () => {
  test('BI-023 a handshake that never ends is cut after 10 s', async () => {
    const clock = steppedClock();
    const server = await open({ clock });
    const client = await raw(server, 'GET /ocpp/S1 HTTP/1.1\r\nHost: x\r\n');
    await clock.pass(8);
    expect(client.over).toBe(false);
    await clock.pass(3);
    await until('the cut', () => client.over);
  });

  test('BI-025 plain HTTP on the OCPP path gets 426, below it 404', async () => {
    const server = await open();
    const at = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${server.port}${path}`, init);
    const get = await at('/ocpp/S1');
    expect([get.status, (await get.text()).length < 200]).toEqual([426, true]);
    expect((await at('/ocpp/S1', { method: 'POST', body: '{}' })).status).toBe(426);
    expect((await at('/ocpp/')).status).toBe(404);
    expect(await (await at('/elsewhere')).text()).toBe('other');
  });

  test('BI-025 an offer of HTTP/2 is an ordinary request', async () => {
    const server = await open();
    const headers = { Upgrade: 'h2c', Connection: 'Upgrade, HTTP2-Settings' };
    const api = await raw(server, handshakeText('/elsewhere', headers));
    await until('the answer', () => api.text.endsWith('other\r\n0\r\n\r\n'));
    const ocpp = await raw(server, handshakeText('/ocpp/S1', headers));
    await until('426', () => ocpp.text.startsWith('HTTP/1.1 426'));
  });

  test('a handshake without "Connection: Upgrade" is told what is spoken here', async () => {
    const server = await open();
    const text = handshakeText('/ocpp/S1').replace(/^Connection: .*\r\n/im, '');
    expect(text).not.toMatch(/^connection:/im);
    const client = await raw(server, text);
    await until('the answer', () => client.text.startsWith('HTTP/1.1 426'));
    await until('the reason', () => client.text.includes('WebSocket only, with one of these subprotocols: ocpp'));
  });

  test('a WebSocket on another path gets 404', async () => {
    const server = await open();
    const client = await raw(server, handshakeText('/elsewhere'));
    await until('the answer', () => client.text.startsWith('HTTP/1.1 404'));
  });

  test('a station that offers no subprotocol speaks what was set for it, and is told none', async () => {
    const server = await open();
    server.add('S1', { defaultProtocol: 'ocpp1.6' });
    server.add('S2');
    const bare = (path: string) => handshakeText(path).replace(/^Sec-WebSocket-Protocol: .*\r\n/im, '');
    const client = await raw(
      server,
      Buffer.concat([Buffer.from(bare('/ocpp/S1')), wireFrame('[2,"1","Heartbeat",{}]')]),
    );
    await until('the answer', () => client.text.includes('[3,"1",{}]'));
    expect(client.text).toMatch(/^HTTP\/1\.1 101/);
    expect(client.text).not.toMatch(/sec-websocket-protocol/i);
    // Without it the handshake is completed and closed with the reason.
    const other = await raw(server, bare('/ocpp/S2'));
    await until('the reason', () => other.text.includes('subprotocol: offer'));
    // What it offers is what counts.
    const offering = await raw(server, handshakeText('/ocpp/S1', { 'Sec-WebSocket-Protocol': 'ocpp9.9' }));
    await until('the reason', () => offering.text.includes('subprotocol: offer'));
  });

  test('BI-026 an Origin is harmless', async () => {
    const server = await open();
    server.add('S1');
    expect(await statusOf(dial(server, 'S1', { options: { origin: 'https://example.org' } }))).toBe('let in');
  });

  test('BI-027 a forged X-Forwarded-For is not believed', async () => {
    const server = await open();
    server.add('S1', { key: HEX_KEY });
    for (let attempt = 0; attempt < 5; attempt += 1)
      await statusOf(
        dial(server, 'S1', { key: 'wrong', options: { headers: { 'X-Forwarded-For': `192.0.2.${attempt}` } } }),
      );
    void statusOf(dial(server, 'S1', { key: 'wrong', options: { headers: { 'X-Forwarded-For': '192.0.2.99' } } }));
    await until('the sixth', () => server.counted.filter((it) => it.startsWith('authentication')).length === 6);
  });

  test('messages in the same packet as the handshake are heard', async () => {
    const server = await open();
    server.add('S1', { key: HEX_KEY });
    const client = await raw(
      server,
      Buffer.concat([
        Buffer.from(handshakeText('/ocpp/S1', { Authorization: basic('S1', HEX_KEY) })),
        wireFrame('[2,"1","BootNotification",{}]'),
        wireFrame('[2,"2","StatusNotification",{}]'),
      ]),
    );
    await until('both answers', () => client.text.includes('[3,"1",{}]') && client.text.includes('[3,"2",{}]'));
  });

  test('a station whose state is not at hand is told to try again later', async () => {
    const server = await open({ actor: () => Promise.reject(new Error('no database')) });
    server.add('S1');
    const station = await dial(server, 'S1');
    expect((await station.closed()).code).toBe(1013);
  });

  test('handshakes above 3,000 a second are delayed and not refused', async () => {
    const server = await open();
    for (let n = 0; n < 400; n += 1) server.add(`S${n}`);
    const started = performance.now();
    const all = await Promise.all(Array.from({ length: 400 }, (_, n) => statusOf(dial(server, `S${n}`))));
    expect(all.every((it) => it === 'let in')).toBe(true);
    expect(performance.now() - started).toBeGreaterThan(30);
  });
});

test('draining answers what was said, then closes with 1012 and lets nobody in', async () => {
  let answer: (() => void) | undefined;
  const server = await open({
    reply: async () => {
      await new Promise<void>((done) => (answer = done));
      return { kind: 'result', payload: { late: true } };
    },
  });
  server.add('S1');
  const station = await dial(server, 'S1');
  station.send([2, '1', 'Heartbeat', {}]);
  await until('it is being handled', () => answer);
  const drained = server.chargers.drain(5);
  expect(await statusOf(dial(server, 'S1'))).toBe(503);
  expect(station.ended).toBeUndefined();
  answer?.();
  expect(await station.answer('1')).toEqual([3, '1', { late: true }]);
  expect((await station.closed()).code).toBe(1012);
  await drained;
});

test('a drain lets the stations go one after the other, so that they do not all arrive elsewhere in one moment', async () => {
  const waiting: (() => void)[] = [];
  const stepped = steppedClock();
  const clock: typeof stepped = {
    ...stepped,
    // What the drain waits for between two handfuls is held here.
    at: (when, run) => {
      if (when - stepped.now() > 25 || !draining) return stepped.at(when, run);
      waiting.push(run);
      return () => undefined;
    },
  };
  let draining = false;
  const server = await open({ clock });
  const names = Array.from({ length: 60 }, (_, n) => `S${n}`);
  for (const name of names) server.add(name);
  const stations = await Promise.all(names.map((name) => dial(server, name)));
  draining = true;
  const drained = server.chargers.drain(5);
  for (const left of [40, 20]) {
    await until(`${left} stations are left`, () => (server.chargers.connections === left ? true : undefined));
    expect(waiting).toHaveLength(1);
    waiting.pop()?.();
  }
  await drained;
  expect(await Promise.all(stations.map(async (station) => (await station.closed()).code))).toEqual(
    names.map(() => 1012),
  );
});

test('while nothing can be stored all are closed with 1013 and none is let in, also who is on the way in, until it can', async () => {
  const server = await open();
  for (const identity of ['S1', 'S2']) server.add(identity);
  const station = await dial(server, 'S1');
  server.chargers.shut(true);
  expect((await station.closed()).code).toBe(1013);
  expect(await statusOf(dial(server, 'S1'))).toBe(503);
  server.chargers.shut(false);
  const again = await dial(server, 'S1');
  again.send([2, '1', 'Heartbeat', {}]);
  expect(await again.answer('1')).toEqual([3, '1', {}]);

  let letIn: (() => void) | undefined;
  const slow = await open({
    actor: async () => {
      await new Promise<void>((resolve) => (letIn = resolve));
      return nobody;
    },
  });
  slow.add('S3');
  const coming = dial(slow, 'S3');
  await until('its state is being looked up', () => letIn);
  slow.chargers.shut(true);
  letIn?.();
  expect((await (await coming).closed()).code).toBe(1013);
});

const nobody: StationActor = {
  connected: () => Promise.resolve(),
  received: () => Promise.resolve({ kind: 'silent' }),
  answerSeen: () => undefined,
  repair: () => undefined,
  disconnected: () => undefined,
  noted: () => undefined,
  pinged: () => undefined,
};

const keyOf = (key: string | Uint8Array) => {
  const salt = random.bytes(16);
  return { salt, hash: createHmac('sha256', pepper).update(salt).update(key).digest() };
};

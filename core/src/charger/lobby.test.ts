import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { Lobby } from './lobby.ts';

const socket = (): PassThrough => new PassThrough();

test('BI-024 an address has room for so many unknown sockets, another address for its own', () => {
  const lobby = new Lobby({ perAddress: 2, seconds: 10 });
  const first = socket();
  expect([first, socket(), socket()].map((it) => lobby.enter(it, '192.0.2.1'))).toEqual([true, true, false]);
  expect(lobby.enter(socket(), '192.0.2.2')).toBe(true);
  lobby.leave(first);
  expect(lobby.enter(socket(), '192.0.2.1')).toBe(true);
});

test('a socket that closes makes room', async () => {
  const lobby = new Lobby({ perAddress: 1, seconds: 10 });
  const first = socket();
  lobby.enter(first, '192.0.2.1');
  const closed = new Promise((done) => first.once('close', done));
  first.destroy();
  await closed;
  expect(lobby.enter(socket(), '192.0.2.1')).toBe(true);
});

test('BI-023 only who says nothing is cut', () => {
  const lobby = new Lobby({ perAddress: 5, seconds: 3 });
  const [silent, heard, gone] = [socket(), socket(), socket()];
  for (const it of [silent, heard, gone]) lobby.enter(it, '192.0.2.1');
  lobby.heard(heard);
  lobby.leave(gone);
  for (let second = 0; second < 3; second += 1) lobby.tick();
  expect([silent, heard, gone].map((it) => it.destroyed)).toEqual([true, false, false]);
});

import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { listen } from './serve.ts';

test('a station that knocks while the platform starts is turned away at once, and its connection is closed', async () => {
  const http = await listen({ host: '127.0.0.1', port: 0 });
  const socket = connect(http.port, '127.0.0.1');
  await once(socket, 'connect');
  const lines = ['GET /ocpp/S1 HTTP/1.1', 'Host: here', 'Connection: Upgrade', 'Upgrade: websocket', '', ''];
  socket.write(lines.join('\r\n'));
  const answer = await text(socket); // to its end, which is before any keep-alive is over
  expect(answer).toMatch(/^HTTP\/1\.1 503 /);
  expect(answer.toLowerCase()).toContain('retry-after: 2');
  expect(answer.toLowerCase()).toContain('connection: close');
  await http.close();
});

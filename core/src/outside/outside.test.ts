import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Outside, OutsideRequest } from '@plugga/kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPublic } from './addresses.ts';
import { createOutside } from './outside.ts';

describe('which addresses are public', () => {
  test.each([
    ['8.8.8.8', true],
    ['2606:4700::1111', true],
    ['127.0.0.1', false],
    ['10.1.2.3', false],
    ['172.31.255.255', false],
    ['172.32.0.1', true],
    ['192.168.0.1', false],
    ['169.254.169.254', false],
    ['100.64.0.1', false],
    ['0.0.0.0', false],
    ['255.255.255.255', false],
    ['::1', false],
    ['::', false],
    ['fe80::1', false],
    ['fd00::1', false],
    ['::ffff:127.0.0.1', false],
    ['::ffff:8.8.8.8', false],
    ['64:ff9b::7f00:1', false],
    ['2002:7f00:1::', false],
    ['localhost', false],
  ])('%s: %s', (address, is) => expect(isPublic(address)).toBe(is));
});

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/silent') return;
    if (request.url === '/away') return void response.writeHead(302, { location: '/' }).end();
    if (request.url === '/long') return void response.end('x'.repeat(5_000));
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => response.end(`${request.method} ${Buffer.concat(parts).toString()}`));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const said = async (outside: Outside, url: string, o: Partial<OutsideRequest> = {}) => {
  try {
    const { status, body } = await outside.request(url, { withinMs: 20_000, ...o });
    return `${status} ${Buffer.from(body).toString()}`;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return `${code}: ${message.replaceAll(String(port), 'PORT')}`;
  }
};

describe('what may be reached', () => {
  const shut = createOutside({ allow: [] });
  test.each([
    ['http://127.0.0.1:PORT/', 'outside-refused: http://127.0.0.1:PORT: the address is private'],
    ['http://[::1]:PORT/', 'outside-refused: http://[::1]:PORT: the address is private'],
    ['http://2130706433:PORT/', 'outside-refused: http://127.0.0.1:PORT: the address is private'],
    // The name is looked up when it is connected to.
    ['http://localhost:PORT/?key=SECRET', 'outside-refused: http://localhost:PORT: the address is private'],
    ['http://user:word@example.com/', 'outside-refused: http://example.com: a URL with a user in it is not taken'],
    ['ftp://example.com/', 'outside-refused: that is no http(s) URL'],
    ['nonsense', 'outside-refused: that is no http(s) URL'],
  ])('%s is refused', async (url, why) => {
    expect(await said(shut, url.replace('PORT', String(port)), { plain: true })).toBe(why);
  });

  test('plain http only where the request takes it', async () => {
    expect(await said(shut, 'http://example.com/')).toBe(
      'outside-refused: http://example.com: plain http is not taken there',
    );
  });

  test('a host that is allowed, on that port alone where it names one', async () => {
    const at = `http://localhost:${port}/`;
    expect(await said(createOutside({ allow: ['LOCALHOST'] }), at)).toBe('200 GET ');
    expect(await said(createOutside({ allow: [`localhost:${port}`] }), at, { method: 'POST', body: 'x' })).toBe(
      '200 POST x',
    );
    expect(await said(createOutside({ allow: ['localhost:1'] }), at, { plain: true })).toMatch(/^outside-refused/);
  });

  test('no redirect is followed, no answer is waited for longer or read further than was said', async () => {
    const open = createOutside({ allow: ['localhost'] });
    const at = `http://localhost:${port}`;
    expect(await said(open, `${at}/away`)).toBe('302 ');
    expect(await said(open, `${at}/long`, { mostBytes: 4_999 })).toBe(
      'outside-failed: http://localhost:PORT: the answer is longer than 4999 bytes',
    );
    expect(await said(open, `${at}/silent`, { withinMs: 50 })).toBe(
      'outside-failed: http://localhost:PORT: no answer within 50 ms',
    );
    expect(await said(open, 'http://localhost:1/')).toMatch(/^outside-failed: http:\/\/localhost:1: .*ECONNREFUSED/);
  });
});

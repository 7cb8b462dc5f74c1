import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import {
  type PlatformTest,
  type PlatformTestOptions,
  startPlatform,
  testAuthority,
  type TestCertificate,
} from '@plugga/testing';
import { WebSocket } from 'ws';

const hosts = ['127.0.0.1', 'localhost'];

/** Files for a listener over TLS: certificates of RSA and ECDSA from one issuer, and a CA for stations. */
export async function tlsFiles() {
  const folder = await mkdtemp(join(tmpdir(), 'plugga-tls-'));
  const file = (name: string): string => join(folder, name);
  const servers = testAuthority('Issuer of servers');
  const stations = testAuthority('Issuer of stations');
  /** What the listener is to show from now on. */
  const show = async (shown: { readonly rsa: TestCertificate; readonly ec: TestCertificate }): Promise<void> => {
    for (const [name, { cert, key }] of Object.entries(shown)) {
      await writeFile(file(`${name}.pem`), cert);
      await writeFile(file(`${name}.key`), key);
    }
  };
  const fresh = (name: string) => ({
    rsa: servers.issue(name, { hosts, key: 'rsa' }),
    ec: servers.issue(name, { hosts }),
  });
  await show(fresh('first'));
  await writeFile(file('stations.pem'), stations.cert);
  return {
    ...{ servers, stations, fresh, show, file },
    env: {
      PLUGGA_TLS_CERT: `${file('rsa.pem')},${file('ec.pem')}`,
      PLUGGA_TLS_KEY: `${file('rsa.key')},${file('ec.key')}`,
      PLUGGA_TLS_CLIENT_CA: file('stations.pem'),
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

/** A platform that listens over TLS too. */
export async function tlsPlatform(o: PlatformTestOptions = {}) {
  const files = await tlsFiles();
  let platform: PlatformTest;
  try {
    platform = await startPlatform({ ...o, env: { ...files.env, ...o.env } });
  } catch (error) {
    await files.remove();
    throw error;
  }
  return {
    ...{ ...files, platform, wssUrl: platform.wssUrl! },
    stop: async () => {
      await platform.stop();
      await files.remove();
    },
  };
}
export type TlsPlatform = Awaited<ReturnType<typeof tlsPlatform>>;

export const basic = (identity: string, key: string): string =>
  `Basic ${Buffer.from(`${identity}:${key}`).toString('base64')}`;

export interface Dialled {
  readonly url: string;
  readonly identity: string;
  readonly key?: string;
  readonly tls?: ConnectionOptions;
}

/** An open socket of a station, or the status that refuses it; a handshake of TLS that fails rejects. */
export async function dialled(o: Dialled): Promise<WebSocket | number> {
  const socket = new WebSocket(`${o.url}/${o.identity}`, ['ocpp1.6'], {
    ...o.tls,
    ...(o.key === undefined ? {} : { headers: { authorization: basic(o.identity, o.key) } }),
  });
  const answered = new Promise<WebSocket | number>((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', reject);
  });
  return answered;
}

/** The status of a handshake, 101 when it is let in; then it is closed again. */
export async function statusOf(o: Dialled): Promise<number> {
  const found = await dialled(o);
  if (typeof found === 'number') return found;
  found.close();
  await once(found, 'close');
  return 101;
}

let asked = 0;
/** A CALL on it; gives the payload of the answer. */
export async function said(socket: WebSocket, action: string, payload: object = {}): Promise<unknown> {
  const id = `t${(asked += 1)}`;
  socket.send(JSON.stringify([2, id, action, payload]));
  for (;;) {
    const [raw] = (await once(socket, 'message')) as [Buffer];
    const [kind, of, answer] = JSON.parse(String(raw)) as [number, string, unknown];
    if (kind === 3 && of === id) return answer;
  }
}

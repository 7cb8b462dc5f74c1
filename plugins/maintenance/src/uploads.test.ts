import { createHash } from 'node:crypto';
import { sessionStarted } from '@plugga/kit';
import { aSessionStarted, type PluginTest, testPlugin } from '@plugga/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { maintenance } from './index.ts';

interface Upload {
  readonly id: string;
  readonly status: string;
  readonly file: { readonly id: string; readonly name: string; readonly size: number; readonly sha256: string } | null;
}
let plugin: PluginTest;
beforeEach(async () => {
  plugin = await testPlugin(maintenance, { config: { uploadMiB: 1 } });
  // The station is there as soon as something has happened at it.
  await plugin.given(sessionStarted, aSessionStarted());
});
afterEach(() => plugin.close());

const post = (body: unknown): Promise<Response> =>
  plugin.request('/api/v1/uploads', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
/** Asks for diagnostics; gives the upload and the path that the station was told. */
const asked = async (body: object = {}): Promise<{ upload: Upload; path: string }> => {
  const response = await post({ station: 'station-1', ...body });
  expect(response.status).toBe(201);
  const { url } = plugin.commands.at(-1)!.command as { url: string };
  return { upload: (await response.json()) as Upload, path: new URL(url).pathname };
};
const send = (path: string, init: RequestInit): Promise<Response> => plugin.request(path, init);
const look = (id: string): Promise<Upload> => plugin.get<Upload>(`/api/v1/uploads/${id}`);
const bytes = Buffer.from('diagnostics of a station\n');

describe('a file that a station sends', () => {
  test.each<[string, RequestInit]>([
    ['PUT, as it is', { method: 'PUT', body: bytes }],
    ['POST, as it is', { method: 'POST', body: bytes, headers: { 'content-type': 'application/zip' } }],
  ])('by %s, under the name that it appends', async (_, init) => {
    const { upload, path } = await asked();
    expect(upload).toMatchObject({ status: 'waiting', file: null });
    expect((await send(`${path}diag%20one.zip`, init)).status).toBe(201);
    const { status, file } = await look(upload.id);
    expect(status).toBe('received');
    expect(file).toMatchObject({
      name: 'diag one.zip',
      size: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    const download = await plugin.request(`/api/v1/uploads/${upload.id}/files/${file!.id}`);
    expect(Buffer.from(await download.arrayBuffer())).toEqual(bytes);
    expect(download.headers.get('content-disposition')).toContain('diag%20one.zip');
  });

  test('by a form, under the name in it', async () => {
    const { upload, path } = await asked();
    const form = new FormData();
    form.set('kind', 'diagnostics');
    form.set('file', new File([bytes], '../../etc/passwd'));
    expect((await send(path, { method: 'POST', body: form })).status).toBe(201);
    expect((await look(upload.id)).file).toMatchObject({ name: 'passwd', size: bytes.length });
  });

  test('is taken once: the path is good for nothing afterwards', async () => {
    const { path } = await asked();
    expect((await send(`${path}a`, { method: 'PUT', body: bytes })).status).toBe(201);
    expect((await send(`${path}b`, { method: 'PUT', body: bytes })).status).toBe(404);
  });

  test('that is too large, or nothing, is refused and the path stays good', async () => {
    const { path } = await asked();
    const large = await send(`${path}a`, { method: 'PUT', body: Buffer.alloc(1024 * 1024 + 1) });
    expect(large.status).toBe(413);
    expect((await send(`${path}a`, { method: 'PUT', body: new Uint8Array() })).status).toBe(400);
    const broken = { method: 'POST', body: 'x', headers: { 'content-type': 'multipart/form-data; boundary=y' } };
    expect((await send(`${path}a`, broken)).status).toBe(400);
    expect((await send(`${path}a`, { method: 'PUT', body: bytes })).status).toBe(201);
  });

  test('after its time is refused, and the upload says so', async () => {
    const { upload, path } = await asked();
    await plugin.clock.advance(24 * 3_600_000);
    expect((await send(`${path}a`, { method: 'PUT', body: bytes })).status).toBe(404);
    expect((await look(upload.id)).status).toBe('expired');
  });

  test.each(['/upload/', '/upload/tenant-1.AAAA/x', '/upload/none', '/upload/%E0%A4%A/x'])(
    'at %s, which nobody was told, is refused',
    async (path) => {
      expect((await send(path, { method: 'PUT', body: bytes })).status).toBeGreaterThanOrEqual(400);
    },
  );
});

test('the security log is asked for as such, and a period is passed on', async () => {
  await asked({ log: 'security', from: '2026-01-01T00:00:00Z' });
  expect(plugin.commands.at(-1)).toMatchObject({
    name: 'getLog',
    command: { log: 'security', from: '2026-01-01T00:00:00Z' },
  });
});

test('FTP is for operators who have set a server', async () => {
  expect((await post({ station: 'station-1', via: 'ftp' })).status).toBe(409);
  await plugin.settings({ ftp: 'ftp://in:secret@files.example/in/' });
  expect(await (await post({ station: 'station-1', via: 'ftp' })).json()).toMatchObject({ status: 'elsewhere' });
  expect(plugin.commands.at(-1)).toMatchObject({ command: { url: 'ftp://in:secret@files.example/in/' } });
});

test('a station that is not there, or another tenant’s, is 404', async () => {
  expect((await post({ station: 'nowhere' })).status).toBe(404);
});

test('what was asked for is listed, newest first, page by page', async () => {
  const first = await asked();
  await plugin.clock.advance(1_000);
  const second = await asked();
  const page = await plugin.get<{ items: Upload[]; next: string | null }>('/api/v1/uploads?limit=1');
  expect(page.items.map(({ id }) => id)).toEqual([second.upload.id]);
  const rest = await plugin.get<{ items: Upload[] }>(`/api/v1/uploads?limit=1&cursor=${page.next}`);
  expect(rest.items.map(({ id }) => id)).toEqual([first.upload.id]);
});

import { ocpp16 } from '@plugga/ocpp16';
import { maintenance } from '@plugga/plugin-maintenance';
import { startPlatform } from '@plugga/testing';
import { expect, test } from 'vitest';
import { api } from '../e2e/api.ts';
import { answeringStation } from './answering-station.ts';

test('a station sends more than a MiB of diagnostics to where it was told', { timeout: 60_000 }, async () => {
  await using platform = await startPlatform({
    adapters: [ocpp16],
    plugins: [{ plugin: maintenance, config: { uploadMiB: 2 } }] as never,
    env: { PLUGGA_ONBOARDING: 'open' },
  });
  const operator = api(platform.url, platform.adminKey);
  const station = await answeringStation(`${platform.wsUrl}/UPLOAD-1`, {
    replies: { GetDiagnostics: { fileName: 'diag.bin' } },
  });
  const { id } = await operator.post<{ id: string }>('uploads', { station: 'UPLOAD-1' });
  const { location } = await station.called('GetDiagnostics');
  const put = (body: Buffer) => fetch(`${String(location)}diag.bin`, { method: 'PUT', body: new Uint8Array(body) });
  /** Whoever refuses before he has read it all may close before the answer is read: that is a refusal too. */
  const refused = (body: Buffer) =>
    put(body).then(
      ({ status }) => status,
      (error: Error) => (error.cause as { code?: string } | undefined)?.code ?? String(error),
    );
  // Above the platform's own limit, below the plugin's; and above that one.
  expect([400, 'UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']).toContain(await refused(Buffer.alloc(3_500_000)));
  expect(await operator.get(`uploads/${id}`)).not.toHaveProperty('file.name');
  expect((await put(Buffer.alloc(1_500_000, 7))).status).toBe(201);
  expect(await operator.get(`uploads/${id}`)).toMatchObject({
    status: 'received',
    file: { name: 'diag.bin', size: 1_500_000 },
  });
  const other = await operator.raw('POST', 'tokens', { type: 'RFID', value: 'x'.repeat(1_200_000) });
  expect(other.status).toBe(400);
  await station.close();
});

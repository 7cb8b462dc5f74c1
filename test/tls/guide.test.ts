import { execFile } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ocpp16 } from '@plugga/ocpp16';
import { certificates } from '@plugga/plugin-certificates';
import { programOf } from '@plugga/testing';
import { expect, test } from 'vitest';
import { answeringStation } from '../commands/answering-station.ts';
import { ownKey } from '../conformance/script/own-certificate.ts';
import { api } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';
import { basic, tlsPlatform } from './tls-platform.ts';

const WAIT_MS = 20_000;
const guide = readFileSync(new URL('../../docs/tls.md', import.meta.url), 'utf8');
/** The commands below "From profile 1 to 3", in order. */
const steps = [...guide.slice(guide.indexOf('## From profile 1 to 3')).matchAll(/^```sh\n([^]*?)^```$/gm)];
// It takes openssl and curl, as the guide does.
test.runIf(
  process.env['PLUGGA_TEST'] === 'full' && programOf('openssl') !== undefined && programOf('curl') !== undefined,
)('a station is raised from profile 1 to 3 by the commands of docs/tls.md', { timeout: 120_000 }, async () => {
  expect(steps).toHaveLength(5);
  const it = await tlsPlatform({ adapters: [ocpp16], plugins: [certificates] });
  const folder = await mkdtemp(join(tmpdir(), 'plugga-guide-'));
  const { adminKey: KEY, url: URL_, wsUrl } = it.platform;
  const operator = api(URL_, KEY);
  const run = async (step: number): Promise<string> => {
    const { stdout } = await promisify(execFile)('sh', ['-ec', steps[step]![1]!], {
      ...{ cwd: folder, env: { ...process.env, URL: URL_, KEY } },
    });
    return stdout;
  };
  const effect = (type: string, wanted: string) =>
    eventually(`the effect of ${type}`, WAIT_MS, async () => {
      const asked = await operator.all<{ type: string; effect: string }>('stations/CP-1/commands');
      expect(asked.find((command) => command.type === type)).toMatchObject({ effect: wanted, effectState: 'seen' });
    });
  const ca = it.servers.cert;
  await writeFile(join(folder, 'server-root.pem'), ca);
  const { key } = await operator.post<{ key: string }>('stations', { identity: 'CP-1' });
  const authorization = basic('CP-1', key);

  await run(0);
  const plain = await answeringStation(`${wsUrl}/CP-1`, { authorization });
  const issuer = Buffer.from('301c311a301806035504030c11497373756572206f662073657276657273', 'hex');
  plain.replies['GetInstalledCertificateIds'] = {
    status: 'Accepted',
    certificateHashData: [
      {
        ...{ hashAlgorithm: 'SHA256', issuerNameHash: createHash('sha256').update(issuer).digest('hex') },
        ...{ issuerKeyHash: 'aa', serialNumber: new X509Certificate(ca).serialNumber },
      },
    ],
  };
  await run(1);
  await effect('installCertificate', 'installed');

  await run(2);
  expect(await plain.called('ChangeConfiguration')).toEqual({ key: 'SecurityProfile', value: '2' });
  await plain.close();
  const url = `${it.wssUrl}/CP-1`;
  const keyed = await answeringStation(url, { authorization, tls: { ca } });
  await effect('raiseProfile', 'connected with it');
  await expect(answeringStation(`${wsUrl}/CP-1`, { authorization })).rejects.toThrow('403');

  const own = await ownKey('ECDSA', 'CP-1');
  await run(3);
  await keyed.called('ExtendedTriggerMessage');
  expect(await keyed.say('SignCertificate', { csr: own.csr })).toEqual({ status: 'Accepted' });
  const { certificateChain } = await keyed.called('CertificateSigned');
  await run(4);
  await keyed.called('ChangeConfiguration');
  await keyed.close();
  const certified = await answeringStation(url, { tls: { ca, cert: String(certificateChain), key: own.key } });
  await effect('certificateSigned', 'connected with it');
  const kinds = async () => (await operator.all<{ kind: string }>('security?station=CP-1')).map(({ kind }) => kind);
  await eventually('the end of it', WAIT_MS, async () =>
    expect(await kinds()).toEqual(['SecurityProfileRaised', 'key-exposed', 'SecurityProfileRaised']),
  );
  expect(await operator.get('certificates?station=CP-1')).toMatchObject({ items: [{ station: 'CP-1' }] });
  await expect(answeringStation(url, { authorization, tls: { ca } })).rejects.toThrow('401');
  await certified.close();
  await it.stop();
  await rm(folder, { recursive: true });
});

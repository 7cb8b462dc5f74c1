import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { api } from '../../e2e/api.ts';
import { adminKey, dataFolder, type Platform, startPlatform } from '../../e2e/process.ts';
import { tlsFiles } from '../../tls/tls-platform.ts';
import { setAuthority } from './authority.ts';
import type { Csms } from './csms.ts';
import { ours } from './ours.ts';

/** A platform as a user starts it, for cases of every kind: over TLS, with an authority, let to reach responders on this machine. */
export interface Live {
  readonly platform: Platform;
  readonly csms: Csms;
  /** A file: who vouches for its certificate. */
  readonly ca: string;
  stop(): Promise<void>;
}

export async function startLive(): Promise<Live> {
  const [data, tls] = [await dataFolder(), await tlsFiles()];
  const platform = await startPlatform({ dataDir: data.path, env: { ...tls.env, PLUGGA_EGRESS_ALLOW: 'localhost' } });
  await setAuthority(api(platform.url));
  const ca = join(data.path, 'ca.pem');
  await writeFile(ca, tls.servers.cert);
  return {
    ...{ platform, ca },
    csms: ours({
      ...{ url: platform.url, key: adminKey },
      tls: platform.ocppTls === undefined ? undefined : { url: platform.ocppTls, ca: tls.servers.cert },
    }),
    stop: async () => {
      await platform.stop();
      await data.remove();
      await tls.remove();
    },
  };
}

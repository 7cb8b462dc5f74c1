import type { Config } from '../config.ts';
import { openSystem } from '../db/system.ts';
import { hmacOf, installationIdOf, installationValue } from '../site/installation.ts';

/** Which installation the database is; undefined where it cannot be asked, which another finding says. */
export async function installationAt({ databaseUrl }: Config): Promise<string | undefined> {
  if (databaseUrl === undefined) return undefined;
  const system = openSystem({ url: databaseUrl, max: 1 });
  try {
    const secret = await installationValue(system.kysely, 'secret');
    return secret === undefined ? undefined : installationIdOf(hmacOf(Buffer.from(secret, 'base64')));
  } catch {
    return undefined;
  } finally {
    await system.close();
  }
}

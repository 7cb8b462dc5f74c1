import { listNodes } from '../cluster/nodes.ts';
import type { Config } from '../config.ts';
import { openSystem } from '../db/system.ts';
import { greetNats, type NatsAddress } from '../events/nats-bus.ts';
import type { Finding } from './finding.ts';

/** What keeps several nodes from being one platform. */
export async function clusterFindings({ databaseUrl, natsUrl, natsTls }: Config): Promise<readonly Finding[]> {
  const bus = natsUrl === undefined ? [] : [await busFinding({ url: natsUrl, tls: natsTls })];
  return databaseUrl === undefined ? bus : [...bus, ...(await nodesFinding(databaseUrl, natsUrl !== undefined))];
}

const busFinding = (address: NatsAddress): Promise<Finding> =>
  greetNats(address).then(
    (detail) => ({ check: 'bus', result: 'ok', detail }),
    (error: unknown) => ({
      check: 'bus',
      result: 'warning',
      detail: `NATS_URL: ${error instanceof Error ? error.message : String(error)}; each node goes on alone meanwhile`,
    }),
  );

async function nodesFinding(url: string, hasBus: boolean): Promise<readonly Finding[]> {
  const system = openSystem({ url, max: 1 });
  try {
    const nodes = (await listNodes(system.kysely)).filter(({ state }) => state !== 'stopped');
    if (nodes.length === 0) return [];
    const detail = nodes
      .map(({ id, state, version, stations, bus }) => `${id}: ${state}, ${version}, ${stations} stations, bus ${bus}`)
      .join('; ');
    const running = nodes.filter(({ state }) => state === 'running');
    if (running.length > 1 && (!hasBus || running.some(({ bus }) => bus !== 'connected')))
      return [
        { check: 'nodes', result: 'warning', detail: `${detail}. They do not all hear each other: see NATS_URL` },
      ];
    return [{ check: 'nodes', result: running.length === nodes.length ? 'ok' : 'warning', detail }];
  } catch {
    // Before the first start there is no such table; what is wrong with the database is said by its own check.
    return [];
  } finally {
    await system.close();
  }
}

import { inProcessBus } from '@plugga/core';
import { ocpp16 } from '@plugga/ocpp16';
import { type StationOptions, virtualStation, type VirtualStation } from '@plugga/simulator';
import { type PlatformTest, startPlatform, testDatabase } from '@plugga/testing';
import { Pool } from 'pg';
import { api, type Api } from '../e2e/api.ts';
import { ours } from '../faults/live.ts';

export const token = 'NODESTOKEN000001';

/** A node of a cluster in this process, with its operator. */
export interface Node {
  readonly name: string;
  readonly platform: PlatformTest;
  readonly operator: Api;
}

/** Several platforms on one database, and on one bus unless each is alone. */
export interface Cluster {
  readonly nodes: readonly Node[];
  readonly database: Pool;
  /** Connected to that node and booted; charges six hours' worth in a few seconds. */
  station(identity: string, at: Node, o?: Partial<StationOptions>): Promise<VirtualStation>;
  /** Another node of it. */
  join(name: string): Promise<Node>;
  [Symbol.asyncDispose](): Promise<void>;
}

export const cluster = async (o: {
  readonly names: readonly string[];
  /** `true`: one in this process; an address: NATS. */
  readonly bus: boolean | string;
}): Promise<Cluster> => {
  const made = await testDatabase('nodes');
  const database = new Pool({ connectionString: made.url, max: 2 });
  // The database is dropped by force: a connection that is still closing is told so.
  database.on('connect', (client) => client.on('error', () => undefined));
  const bus = o.bus === true ? inProcessBus({ shared: true }) : undefined;
  const nodes: Node[] = [];
  const join = async (name: string): Promise<Node> => {
    const platform = await startPlatform({
      adapters: [ocpp16],
      plugins: ours,
      env: {
        ...{ PLUGGA_ONBOARDING: 'open', DATABASE_URL: made.url, PLUGGA_NODE: name },
        ...(typeof o.bus === 'string' ? { NATS_URL: o.bus } : {}),
      },
      ...(bus === undefined ? {} : { bus }),
    });
    const node = { name, platform, operator: api(platform.url, platform.adminKey) };
    nodes.push(node);
    return node;
  };
  for (const name of o.names) await join(name);
  await nodes[0]!.operator.post('tokens', { type: 'RFID', value: token });
  const stations: VirtualStation[] = [];
  return {
    nodes,
    database,
    join,
    station: async (identity, at, options = {}) => {
      const station = virtualStation({
        ...{ url: at.platform.wsUrl, identity, meterStartWh: 5_000, speed: 600, behindMs: 24 * 3_600_000 },
        ...{ backOff: { firstMs: 20, maxMs: 200 }, ...options },
      });
      stations.push(station);
      await station.start();
      return station;
    },
    [Symbol.asyncDispose]: async () => {
      for (const station of stations) station.close();
      await Promise.all(nodes.map(({ platform }) => platform.stop()));
      await database.end();
      await made.drop();
    },
  };
};

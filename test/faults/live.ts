import type { AnyPlugin } from '@plugga/kit';
import { ocpp16 } from '@plugga/ocpp16';
import { type StationOptions, virtualStation, type VirtualStation } from '@plugga/simulator';
import { type PlatformTest, startPlatform, testDatabase } from '@plugga/testing';
import { Pool } from 'pg';
import deployment from '../../plugga.config.ts';
import { api, type Api } from '../e2e/api.ts';

export const token = 'FAULTTOKEN000001';

/** What prices and bills in the default deployment. */
export const ours: readonly AnyPlugin[] = deployment.plugins
  .map((it) => ('plugin' in it ? it.plugin : it))
  .filter(({ name }) => name === 'tariffs' || name === 'billing');

/** A platform that stations charge at over real sockets, its operator, and its database as its owner sees it. */
export interface Live {
  readonly platform: PlatformTest;
  readonly operator: Api;
  readonly database: Pool;
  /** Connected and booted; charges six hours' worth in a few seconds. */
  station(identity: string, o?: Partial<StationOptions>): Promise<VirtualStation>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Open for any station, with the starter tariff and one token. */
export const live = async (plugins: readonly AnyPlugin[]): Promise<Live> => {
  const made = await testDatabase('faults');
  const database = new Pool({ connectionString: made.url, max: 1 });
  // The database is dropped by force: a connection that is still closing is told so.
  database.on('connect', (client) => client.on('error', () => undefined));
  const platform = await startPlatform({
    adapters: [ocpp16],
    plugins,
    env: { PLUGGA_ONBOARDING: 'open', DATABASE_URL: made.url },
  });
  const operator = api(platform.url, platform.adminKey);
  await operator.post('tokens', { type: 'RFID', value: token });
  const stations: VirtualStation[] = [];
  return {
    platform,
    operator,
    database,
    station: async (identity, o = {}) => {
      const station = virtualStation({
        ...{ url: platform.wsUrl, identity, meterStartWh: 5_000, speed: 600, behindMs: 24 * 3_600_000 },
        ...{ backOff: { firstMs: 20, maxMs: 200 }, ...o },
      });
      stations.push(station);
      await station.start();
      return station;
    },
    [Symbol.asyncDispose]: async () => {
      for (const station of stations) station.close();
      await database.end();
      await platform.stop();
      await made.drop();
    },
  };
};

import { writeFileSync } from 'node:fs';
import { virtualStation } from '@plugga/simulator';
import { testDatabase } from '@plugga/testing';
import { Pool } from 'pg';
import { api, type InvoiceView, type SessionView } from '../e2e/api.ts';
import { dataFolder, eventually, startPlatform } from '../e2e/process.ts';
import { oldVersion } from './old-version.ts';

/**
 * Makes old-data.json: the rows that the first commit's own program has written for one session that is billed, one that
 * charges and one that is only plugged. Run by hand: node test/migrations/make-old-data.ts
 */
const old = await oldVersion();
const database = await testDatabase('old data', { empty: true });
const folder = await dataFolder();
const pool = new Pool({ connectionString: database.url, max: 1 });
const platform = await startPlatform({
  ...{ repository: old.path, dataDir: folder.path, readyWithinMs: 90_000 },
  env: { DATABASE_URL: database.url, PLUGGA_ONBOARDING: 'open' },
});
const operator = api(platform.url);
const idTag = 'UPGRADETOKEN0001';
await operator.post('tokens', { type: 'RFID', value: idTag });
const [done, charging, plugged] = ['UP-DONE', 'UP-CHARGING', 'UP-PLUGGED'].map((identity, n) =>
  virtualStation({ url: platform.ocpp, identity, meterStartWh: 5_000 * n, speed: 600, behindMs: 6 * 3_600_000 }),
);
for (const station of [done!, charging!, plugged!]) await station.start();
await done!.charge({ idTag, stopAfterWh: 2_000 });
plugged!.plugIn(1);
charging!.plugIn(1);
await charging!.present(1, idTag);
for (let n = 0; n < 3; n += 1) await charging!.next('metered', { withinMs: 30_000 });
await eventually('one is billed and one is plugged', 60_000, async () => {
  const sessions = await operator.all<SessionView>('sessions');
  const statuses = sessions.map(({ status }) => status).toSorted();
  if (statuses.join() !== 'active,closed,pending') throw new Error(statuses.join());
  if ((await operator.all<InvoiceView>('invoices')).length !== 1) throw new Error('not billed');
});
for (const station of [done!, charging!, plugged!]) station.close();
await platform.stop();
const { rows: tables } = await pool.query<{ name: string }>(`
  select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ('core', 'tariffs', 'billing') and c.relkind = 'r' and c.relname not in ('migration', 'migration_lock', 'lease')
  order by 1`);
const data: Record<string, unknown[]> = {};
for (const { name } of tables) {
  const { rows } = await pool.query<{ row: unknown }>(`select to_jsonb(t) as row from ${name} t`);
  if (rows.length > 0) data[name] = rows.map(({ row }) => row);
}
writeFileSync(new URL('./old-data.json', import.meta.url), `${JSON.stringify(data, null, 1)}\n`);
await pool.end();
await database.drop();
await Promise.all([old.remove(), folder.remove()]);
process.exit(0);

import { readFileSync } from 'node:fs';
import { type CoreMigration, migrate, migrations, openDatabase } from '@plugga/core/database';
import { ocpp16 } from '@plugga/ocpp16';
import { startPlatform, testDatabase } from '@plugga/testing';
import { definePlugin, type AnyPlugin } from '@plugga/kit';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { verify } from '../../core/src/backup/verify.ts';
import { migratePlugin } from '../../core/src/plugins/migrate.ts';
import { api, type InvoiceView, type SessionView } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';
import { ours } from '../faults/live.ts';

/** What the first commit's own program wrote: make-old-data.ts. */
const data = JSON.parse(readFileSync(new URL('./old-data.json', import.meta.url), 'utf8')) as Record<string, object[]>;

/** The schema of then: what migrations do never changes (released.test.ts). */
const ofThen: Readonly<Record<string, CoreMigration>> = Object.fromEntries(
  Object.entries(migrations).filter(([name]) => name < '0012'),
);
const pluginOfThen = (plugin: AnyPlugin): AnyPlugin =>
  definePlugin({
    name: plugin.name,
    migrations: Object.fromEntries(Object.entries(plugin.migrations ?? {}).filter(([name]) => name < '0002')),
    setup: () => ({}),
  });

let drop = (): Promise<void> => Promise.resolve();
afterEach(() => drop());

test(
  'an installation of the first commit is upgraded: what was billed stands, what charges goes on and is billed to the watt-hour',
  { timeout: 60_000 },
  async () => {
    const database = await testDatabase('upgrade', { empty: true });
    drop = database.drop;
    const owner = openDatabase<unknown>({ url: database.url, max: 2 });
    await migrate(owner.kysely, { migrations: ofThen });
    for (const plugin of ours) await migratePlugin(owner.kysely, pluginOfThen(plugin));
    const filling = await owner.pool.connect();
    await filling.query(`set session_replication_role = replica`); // in any order of the tables
    for (const [table, rows] of Object.entries(data)) {
      const { rows: columns } = await filling.query<{ name: string }>(
        `select string_agg(quote_ident(attname), ', ') as name from pg_attribute
         where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
        [table],
      );
      const names = columns[0]?.name ?? '';
      await filling.query(
        `insert into ${table} (${names}) overriding system value
         select ${names} from jsonb_populate_recordset(null::${table}, $1)`,
        [JSON.stringify(rows)],
      );
    }
    await filling.query(`select setval('core.event_log_id_seq', (select max(id) from core.event_log))`);
    filling.release(true);

    await using platform = await startPlatform({
      ...{ adapters: [ocpp16], plugins: ours },
      env: { DATABASE_URL: database.url, PLUGGA_ONBOARDING: 'open' },
    });
    const operator = api(platform.url, platform.adminKey);
    const sessions = await operator.all<SessionView>('sessions');
    expect(sessions.map(({ station, status }) => `${station} ${status}`).toSorted()).toEqual([
      'UP-CHARGING active',
      'UP-DONE closed',
      'UP-PLUGGED pending',
    ]);
    const done = sessions.find(({ station }) => station === 'UP-DONE')!;
    const [bill] = await operator.all<InvoiceView>('invoices');
    expect(bill).toMatchObject({ session: done.id, energyWh: done.energyWh });

    const charging = sessions.find(({ station }) => station === 'UP-CHARGING')!;
    const socket = new WebSocket(`${platform.wsUrl}/UP-CHARGING`, ['ocpp1.6']);
    const stop = {
      ...{ transactionId: Number(charging.transactionId), meterStop: charging.meterStartWh! + 9_876, reason: 'Local' },
      timestamp: new Date(Date.parse(charging.startedAt!) + 3_600_000).toISOString(),
    };
    socket.on('open', () => socket.send(JSON.stringify([2, 'stop-1', 'StopTransaction', stop])));
    await eventually('it is billed', 20_000, async () => {
      const bills = await operator.all<InvoiceView>('invoices');
      expect(bills.filter(({ session }) => session === charging.id)).toMatchObject([{ energyWh: 9_876 }]);
      expect(bills).toHaveLength(2);
    });
    socket.terminate();
    await platform.settled();
    const client = await owner.pool.connect();
    const { differences } = await verify({ client }).finally(() => client.release());
    expect(differences).toEqual([]);
    await owner.close();
  },
);

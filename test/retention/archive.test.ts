import { definePlugin, onEvery, sql, tables } from '@plugga/kit';
import { ocpp16 } from '@plugga/ocpp16';
import { energyWh, virtualStation } from '@plugga/simulator';
import { type PlatformTest, startPlatform, testDatabase } from '@plugga/testing';
import { Pool } from 'pg';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { verify } from '../../core/src/backup/verify.ts';
import { api, type CdrView, type SessionView } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';
import { ours } from '../faults/live.ts';

const token = 'ARCHIVETOKEN0001';
const identity = 'ARCHIVED';

/** Members by their names: the log keeps no order of its own. */
const inOrder = (_: string, value: unknown): unknown =>
  value instanceof Object && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).toSorted()) : value;

/** Writes down every event that it is given, in order. */
const reader = (name: string) =>
  definePlugin({
    name,
    tables: tables<{ seen: { event: string; position: string } }>(),
    migrations: { '0001-seen': (db) => sql`create table seen (tenant text, event text, position bigint)`.execute(db) },
    setup: ({ db }) => ({
      on: [
        onEvery((event, tx) =>
          db(tx)
            .insertInto('seen')
            .values({
              event: `${event.id} ${event.type} ${JSON.stringify(event.data, inOrder)}`,
              position: `${event.position}`,
            })
            .execute(),
        ),
      ],
    }),
  });

/** One message of the station, by hand; gives the payload of the answer. */
const say = async (platform: PlatformTest, action: string, payload: object): Promise<unknown> => {
  const socket = new WebSocket(`${platform.wsUrl}/${identity}`, ['ocpp1.6']);
  try {
    return await new Promise((done, failed) => {
      const late = setTimeout(() => failed(new Error(`stalled: no answer to ${action}`)), 10_000);
      socket.on('error', failed);
      socket.on('open', () => socket.send(JSON.stringify([2, 'late-1', action, payload])));
      socket.on('message', (text: Buffer) => {
        const [kind, id, answer] = JSON.parse(text.toString()) as [number, string, unknown];
        if (kind !== 3 || id !== 'late-1') return;
        clearTimeout(late);
        done(answer);
      });
    });
  } finally {
    socket.terminate();
  }
};

test(
  'months later an archived session reads as before, a new plugin gets every event, and a late reading corrects the bill to the watt-hour',
  { timeout: 90_000 },
  async () => {
    const made = await testDatabase('archived');
    const database = new Pool({ connectionString: made.url, max: 2 });
    // The database is dropped by force: a connection that is still closing is told so.
    database.on('connect', (client) => client.on('error', () => undefined));
    const open = (name: string): Promise<PlatformTest> =>
      startPlatform({
        adapters: [ocpp16],
        plugins: [...ours, reader(name)],
        env: { PLUGGA_ONBOARDING: 'open', DATABASE_URL: made.url, PLUGGA_ADMIN_KEY: 'archive-admin-key-01' },
      });
    const seenBy = async (name: string): Promise<string[]> =>
      (await database.query(`select event from ${name}.seen order by position`)).rows.map(
        ({ event }) => event as string,
      );
    const views = async (platform: PlatformTest, id: string) => {
      const operator = api(platform.url, platform.adminKey);
      return {
        session: await operator.get<SessionView>(`sessions/${id}`),
        readings: await operator.all<{ at: string }>(`sessions/${id}/readings`),
        timeline: (await operator.all<{ kind: string }>(`sessions/${id}/timeline`)).filter(
          ({ kind }) => kind !== 'frame',
        ),
        log: (await database.query('select * from core.log where session = $1 order by id', [id])).rows,
        core: (
          await database.query('select * from core.reading where session = $1 order by at, value, measurand', [id])
        ).rows,
      };
    };

    let platform = await open('first');
    try {
      await api(platform.url, platform.adminKey).post('tokens', { type: 'RFID', value: token });
      const station = virtualStation({
        ...{ url: platform.wsUrl, identity, meterStartWh: 5_000, speed: 600, behindMs: 24 * 3_600_000 },
        backOff: { firstMs: 20, maxMs: 200 },
      });
      await station.start();
      const entry = await station.charge({ idTag: token, stopAfterWh: 3_000 });
      await station.settled();
      station.close();
      const [session] = await eventually('the session is closed and billed', 20_000, async () => {
        const operator = api(platform.url, platform.adminKey);
        expect((await operator.all<CdrView>('cdrs')).length).toBe(1);
        const found = await operator.all<SessionView>('sessions');
        expect(found).toMatchObject([{ status: 'closed', energyWh: energyWh(entry) }]);
        return found as [SessionView];
      });
      await platform.settled();
      const before = await views(platform, session.id);
      const first = await seenBy('first');
      expect(before.readings.length).toBeGreaterThan(3);
      await platform.stop();

      await database.query(`update core.applied_migration set applied_at = applied_at - interval '60 days'`);
      const moved = await database.query(
        // What is 30 days old tomorrow, on an installation that was upgraded long ago.
        `select moved from core.archive_events(0, now() + interval '1 day', 100000)`,
      );
      expect(moved.rows[0].moved).toBeGreaterThan(2);
      const left = await database.query(`select count(*)::int as n from core.event_log where type = 'session.metered'`);
      expect(left.rows[0].n).toBe(0);

      // Folded from log and archive it is what is stored.
      const client = await database.connect();
      const { differences } = await verify({ client }).finally(() => client.release());
      expect(differences).toEqual([]);

      platform = await open('second');
      expect(await views(platform, session.id)).toEqual(before);
      await platform.settled();
      const second = await seenBy('second');
      expect(second.slice(0, first.length)).toEqual(first);
      expect(second.filter((it) => it.includes(' session.metered ')).length).toBe(moved.rows[0].moved);

      // The session is not at hand: it is folded from log and archive, or the curve would be this reading alone.
      const between = new Date((Date.parse(session.startedAt ?? '') + Date.parse(session.endedAt ?? '')) / 2);
      await say(platform, 'MeterValues', {
        connectorId: 1,
        transactionId: Number(session.transactionId),
        meterValue: [
          {
            timestamp: between.toISOString(),
            sampledValue: [{ value: String((entry.meterStartWh ?? 0) + 1_500), unit: 'Wh' }],
          },
        ],
      });
      const corrected = await eventually('the correction', 20_000, async () => {
        const { rows } = await database.query(`select data from core.event_log where type = 'session.corrected'`);
        expect(rows).toHaveLength(1);
        return rows[0].data as Record<'before' | 'after', { energyWh: number; curve: { at: string }[] }>;
      });
      const { before: was, after: now } = corrected;
      expect(now.energyWh).toBe(energyWh(entry));
      const added = now.curve.filter(({ at }) => !was.curve.some((it) => it.at === at));
      expect(added).toMatchObject([{ at: between.toISOString() }]);
      expect({ ...now, curve: now.curve.filter((it) => !added.includes(it)) }).toEqual(was);
      await platform.settled();
      const cdrs = await api(platform.url, platform.adminKey).all<CdrView>('cdrs');
      expect(cdrs.filter(({ kind }) => kind === 'cdr').map((it) => it.energyWh)).toEqual([
        energyWh(entry),
        energyWh(entry),
      ]);
    } finally {
      await platform.stop();
      await database.end();
      await made.drop();
    }
  },
);

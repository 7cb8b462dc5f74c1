import { testDatabase } from '@plugga/testing';
import { randomBytes } from 'node:crypto';
import { type EventId, instant, type Logged, type SessionId, type StationId } from '@plugga/kit';
import { afterAll, describe, expect, test } from 'vitest';
import { realClock, realRandom } from '../clock.ts';
import { openDatabase } from './open.ts';
import { createStore, createStoreOn } from './store.ts';
import { addStations, anEvent, aSession, aUnit, noon, quiet, tenant } from './store.test-support.ts';
import { openSystem } from './system.ts';

const database = await testDatabase('store');
const owner = openDatabase<unknown>({ url: database.url });
const open = (o: { appended?: (events?: readonly Logged[]) => void; patienceMs?: number } = {}) =>
  createStore({ url: database.url, clock: realClock, random: realRandom, log: quiet, ...o });
const store = open();
afterAll(async () => {
  await Promise.all([owner.close(), store.close()]);
  await database.drop();
});
const logOf = async (station: string) =>
  (
    await owner.pool.query('select seq, event_id as id from core.event_log where stream = $1 order by event_log.id', [
      station,
    ])
  ).rows;

describe('the committer', () => {
  test('what is stored is loaded as it was written', async () => {
    await addStations(owner, ['whole']);
    const session = aSession({
      token: 'tok',
      transactionId: '7',
      startKey: 'key',
      energyWh: 5_000_000_000,
      powerW: 11_012.5,
      flags: ['held', 'jump'],
      startedAt: null,
    });
    const event = anEvent({
      type: 'session.plugged',
      session: session.id,
      cause: 'm1',
      data: { text: 'åäö "\\ \u{1F50C}' },
    });
    const due = { key: 'expire', at: noon, seq: 1 };
    expect(
      await store.commit(
        aUnit('whole', 1, { events: [event], sessions: [session], due: [due], stationState: { a: [1] } }),
      ),
    ).toEqual({ kind: 'stored' });
    expect(await store.load('whole' as StationId)).toMatchObject({
      tenant,
      nextSeq: 2,
      stationState: { a: [1] },
      sessions: [session],
      events: [{ ...event, stream: 'whole', station: 'whole', seq: 1, tenant }],
      due: [due],
    });
    for (const by of [{ transaction: '7' }, { startKey: 'key' }, { session: session.id }])
      expect(await store.find('whole' as StationId, by)).toMatchObject([{ row: session, events: [event] }]);
    const closed = { ...session, status: 'closed' as const, closedAt: noon };
    await store.commit(aUnit('whole', 2, { sessions: [closed], dueGone: ['expire'] }));
    expect(await store.load('whole' as StationId)).toMatchObject({
      nextSeq: 3,
      sessions: [closed],
      events: [],
      due: [],
    });
  });

  test('all that is queued while the lane is busy is one commit', async () => {
    const commits = async () => {
      const { rows } = await owner.pool.query(
        `select count(distinct xmin::text)::int as n from core.event_log where stream like 'many%'`,
      );
      return rows[0].n as number;
    };
    await Promise.all(Array.from({ length: 200 }, (_, n) => store.commit(aUnit(`many${n}`, 1))));
    expect(await commits()).toBeLessThanOrEqual(3);
  });

  test('two units of one station keep their order, though both are queued', async () => {
    const units = [aUnit('pipelined', 1), aUnit('pipelined', 2), aUnit('pipelined', 3)];
    await Promise.all(units.map((unit) => store.commit(unit)));
    expect(await logOf('pipelined')).toEqual(units.map((unit, n) => ({ seq: n + 1, id: unit.events[0]?.id })));
  });

  test("a unit that PostgreSQL refuses goes to quarantine with its raw frame, the batch's others are stored", async () => {
    const raw = Buffer.from('[2,"1","Heartbeat",{}]');
    const bad = [
      anEvent({ data: { text: 'nul \0' } }),
      anEvent({ data: { text: 'half \uD800' } }),
      anEvent({ data: { big: 10n } }),
      anEvent({ at: 1e16 as typeof noon }),
      anEvent({ session: randomBytes(9_000).toString('hex') as SessionId }),
    ];
    const units = Array.from({ length: 40 }, (_, n) =>
      aUnit(`poison${n}`, 1, n % 8 === 3 ? { events: [bad[n >> 3]!], raw, action: 'Heartbeat' } : {}),
    );
    const answers = await Promise.all(units.map((unit) => store.commit(unit)));
    expect(answers.map((answer) => answer.kind)).toEqual(units.map((unit) => (unit.raw ? 'quarantined' : 'stored')));
    const { rows } = await owner.pool.query(
      `select raw, action, unit from core.quarantine where station like 'poison%'`,
    );
    expect(rows).toHaveLength(5);
    for (const row of rows) expect(row).toMatchObject({ raw, action: 'Heartbeat' });
    expect(await store.commit(aUnit('poison3', 1))).toEqual({ kind: 'stored' });
  });

  test('a station that another node writes too is fenced, the others go on, and the same unit again is stored already', async () => {
    const other = open();
    await other.commit(aUnit('fenced', 1, { events: [anEvent(), anEvent()] }));
    const again = aUnit('again', 1, { events: [anEvent(), anEvent()] });
    await other.commit(again);
    await other.close();
    const session = aSession();
    const answers = await Promise.all(
      [aUnit('free', 1), aUnit('fenced', 2, { sessions: [session], events: [anEvent(), anEvent()] }), again].map(
        (unit) => store.commit(unit),
      ),
    );
    expect(answers.map((answer) => answer.kind)).toEqual(['stored', 'fenced', 'stored']);
    expect(await logOf('fenced')).toHaveLength(2);
    expect(await store.find('fenced' as StationId, { session: session.id })).toEqual([]);
  });

  test('a connection that is killed in the middle of commits loses nothing and stores nothing twice', async () => {
    const units = Array.from({ length: 2_000 }, (_, n) => aUnit(`killed${n}`, 1));
    const all = Promise.all(units.map((unit) => store.commit(unit)));
    for (let n = 0; n < 5; n++)
      await owner.pool.query(`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query like '%core.event_log%' and pid <> pg_backend_pid()`);
    expect(new Set((await all).map((answer) => answer.kind))).toEqual(new Set(['stored']));
    const { rows } = await owner.pool.query(
      `select count(*)::int as n from core.event_log where stream like 'killed%'`,
    );
    expect(rows[0].n).toBe(2_000);
  });

  test('with the database away a commit rejects after its patience, and the next one works when it is back', async () => {
    const impatient = open({ patienceMs: 200 });
    await impatient.commit(aUnit('away', 1));
    await owner.pool.query(`alter table core.event_log rename to event_log_away`);
    const refused = impatient.commit(aUnit('away', 2));
    await expect(refused).rejects.toMatchObject({ code: 'unavailable' });
    await owner.pool.query(`alter table core.event_log_away rename to event_log`);
    expect(await impatient.commit(aUnit('away', 2))).toEqual({ kind: 'stored' });
    await impatient.close();
    await expect(impatient.commit(aUnit('away', 3))).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('what is noted of a batch when it is sent is noted before it leaves, each time', async () => {
    const order: string[] = [];
    const pool = openSystem({ url: database.url, max: 1 });
    const broken = Object.assign(new Error('the connection was lost'), { code: '08006' });
    const lane = {
      query: ((asked: never) => {
        order.push('sent');
        return order.filter((it) => it === 'sent').length === 1 ? Promise.reject(broken) : pool.pool.query(asked);
      }) as never,
    };
    const noting = createStoreOn({ lane, readers: pool.pool }, { clock: realClock, random: realRandom, log: quiet });
    const note = (what: string) => () => queueMicrotask(() => void order.push(what));
    const both = [noting.commit(aUnit('noted', 1), note('noted')), noting.commit(aUnit('noted too', 1), note('too'))];
    expect(order).toEqual([]);
    await Promise.all(both);
    expect(order).toEqual(['noted', 'too', 'sent', 'noted', 'too', 'sent']);
    await noting.close();
    await pool.close();
  });

  test('delivery is told of each commit what the log will give', async () => {
    const told: (readonly Logged[] | undefined)[] = [];
    const telling = open({ appended: (events) => void told.push(events) });
    const before = await telling.head();
    const session = 'session-told' as SessionId;
    await Promise.all([
      telling.commit(
        aUnit('told', 1, {
          events: [
            anEvent({
              id: 'e-told' as EventId,
              session,
              cause: 'm1',
              data: { a: [{ b: undefined, c: 1e21 }], d: undefined },
            }),
            anEvent({ receivedAt: instant(noon + 1), data: {} }),
          ],
        }),
      ),
      telling.commit(aUnit('told too', 5, { events: [anEvent({ data: 'text' })] })),
    ]);
    const log = await telling.readAfter(before, 10);
    expect(told.flat()).toEqual(log);
    expect(log).toMatchObject([{ id: 'e-told', position: before + 1n }, { seq: 2 }, { stream: 'told too', seq: 5 }]);
    expect(Object.keys((told[0]?.[0]?.data ?? {}) as object)).toEqual(['a']);
    await telling.commit(aUnit('told', 3, { events: [], due: [{ key: 'expire', at: noon, seq: 1 }] }));
    expect(told.at(-1)).toEqual([]);
    await telling.close();
  });
});

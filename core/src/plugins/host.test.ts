import {
  type AnyPlugin,
  type WebContribution,
  createRoute,
  definePlugin,
  definePort,
  fail,
  instantOf,
  on,
  type SessionId,
  sessionClosed,
  type StationId,
  tables,
  type TenantId,
  type Tx,
  z,
} from '@plugga/kit';
import { sql } from 'kysely';
import { aSessionClosed, type TestDatabase, testDatabase } from '@plugga/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realClock } from '../clock.ts';
import { openWorkbench, type Workbench, type WorkbenchOptions } from './workbench.ts';

const tenant = 'tenant-1' as TenantId;
const station = 'station-1' as StationId;

let database: TestDatabase;
let bench: Workbench | undefined;
beforeEach(async () => void (database = await testDatabase('host')));
afterEach(async () => {
  await bench?.close();
  bench = undefined;
  await database.drop();
});

const start = async (
  plugins: readonly (AnyPlugin | { plugin: AnyPlugin; config?: unknown; enabled?: boolean })[],
  options: Partial<WorkbenchOptions> = {},
): Promise<Workbench> => {
  bench = await openWorkbench({
    url: database.url,
    clock: realClock,
    deployment: { plugins },
    setupMs: 200,
    ...options,
  });
  await bench.transaction(tenant, async (db) => {
    const party = { country_code: 'SE', party_id: 'PLG', currency: 'SEK', time_zone: 'UTC' };
    await db
      .insertInto('core.tenant')
      .values({ id: tenant, name: 'Operator', ...party })
      .execute();
    await db
      .insertInto('core.station_row')
      .values({
        id: station,
        tenant,
        identity: station,
        security_profile: 0,
        allow_insecure: true,
        disabled: false,
      } as never)
      .execute();
  });
  return bench;
};
const close = (session: string) =>
  bench!.append({
    ...{ tenant, station, session: session as SessionId, type: sessionClosed.type, v: sessionClosed.v },
    ...{ at: instantOf('2026-01-15T13:00:00Z'), data: aSessionClosed() },
  });
const stateOf = async (name: string) => (await bench!.host.status()).find((it) => it.name === name)!;
const until = async (what: string, ready: () => Promise<boolean>, ms = 5_000): Promise<void> => {
  const end = Date.now() + ms;
  while (!(await ready())) {
    if (Date.now() > end) throw new Error(`stalled: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** Counts what it is told: whether others are untouched. */
const counter = definePlugin({
  name: 'counter',
  tables: tables<{ seen: { session: string } }>(),
  migrations: {
    '0001': ({ schema }) =>
      schema.createTable('seen').addColumn('tenant', 'text').addColumn('session', 'text').execute(),
  },
  setup: ({ db, transaction }) => ({
    on: [on(sessionClosed, ({ session }, tx) => db(tx).insertInto('seen').values({ session: session! }).execute())],
    routes: {
      '/counter': {
        auth: 'api',
        mount: (app) =>
          app.get('/', async (c) =>
            c.json(await transaction(tenant, (tx) => db(tx).selectFrom('seen').select('session').execute())),
          ),
      },
    },
  }),
});
const counted = async (): Promise<number> =>
  ((await (await bench!.request('/api/v1/counter', { tenant })).json()) as []).length;
const untouched = async (): Promise<void> => {
  const before = await counted();
  await close(`session-${before + 1}`);
  await bench!.handled(5_000);
  expect(await counted()).toBe(before + 1);
  expect(await stateOf('counter')).toMatchObject({ state: 'running', lastError: null, lag: 0, parked: 0 });
};

const prices = definePort<{ price(tx: Tx): Promise<number> }>()('prices');
const needing = definePlugin({ name: 'needing', needs: { prices }, setup: () => ({}) });
const offering = (setup: () => never | Promise<never>): AnyPlugin =>
  definePlugin({ name: 'offering', offers: { prices }, setup });

describe('a plugin that is broken harms no other', () => {
  test('config: disabled, the field named; those that need its port are blocked', async () => {
    const priced = definePlugin({
      name: 'priced',
      config: z.object({ roundTo: z.number() }),
      offers: { prices },
      setup: () => ({ offers: { prices: { price: async () => 1 } } }),
    });
    await start([{ plugin: priced, config: { roundTo: 'x' } }, needing, counter]);
    expect(await stateOf('priced')).toMatchObject({
      state: 'disabled',
      reason: expect.stringContaining('config.roundTo'),
    });
    expect(await stateOf('needing')).toMatchObject({
      state: 'blocked',
      reason: 'needs the port "prices" of "priced", which is disabled',
    });
    await untouched();
  });

  test('migration: failed, with what the database said', async () => {
    const bad = definePlugin({
      name: 'bad',
      migrations: { '0001': ({ schema }) => schema.createTable('bare').addColumn('id', 'integer').execute() },
      setup: () => ({}),
    });
    await start([bad, counter]);
    expect(await stateOf('bad')).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('bad.bare has no column "tenant"'),
    });
    await untouched();
  });

  test('setup that throws: failed, and those that need its port are blocked', async () => {
    const broken = offering(() => {
      throw new Error('no licence');
    });
    await start([broken, needing, counter]);
    expect(await stateOf('offering')).toMatchObject({ state: 'failed', reason: 'setup: no licence' });
    expect(await stateOf('needing')).toMatchObject({
      state: 'blocked',
      reason: 'needs the port "prices" of "offering", which is failed',
    });
    await untouched();
  });

  test('setup that does not end: failed after its time', async () => {
    await start([offering(() => new Promise<never>(() => {})), counter]);
    expect(await stateOf('offering')).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('within 0.2 s'),
    });
    await untouched();
  });

  test('setup that does not give what it promised: failed', async () => {
    await start([offering((() => ({})) as never), counter]);
    expect(await stateOf('offering')).toMatchObject({ state: 'failed', reason: expect.stringContaining('"prices"') });
    await untouched();
  });

  test('a job without a valid cron: failed', async () => {
    const job = { cron: 'every night', run: async () => {} };
    await start([definePlugin({ name: 'jobs', setup: () => ({ jobs: { tidy: job } }) }), counter]);
    expect(await stateOf('jobs')).toMatchObject({ state: 'failed', reason: expect.stringContaining('"every night"') });
    await untouched();
  });

  test('a handler that throws: its session is parked, what it wrote is undone, the others go on', async () => {
    const picky = definePlugin({
      ...counter,
      name: 'picky',
      setup: ({ db }) => ({
        on: [
          on(sessionClosed, async ({ session }, tx) => {
            await db(tx).insertInto('seen').values({ session: session! }).execute();
            if (session === 'session-1') throw new Error('I do not like the first');
          }),
        ],
      }),
    });
    await start([picky, counter]);
    await untouched();
    await untouched();
    expect(await stateOf('picky')).toMatchObject({
      state: 'running',
      parked: 1,
      lastError: { where: 'handler session.closed', message: 'I do not like the first' },
    });
    const rows = await bench!.transaction(tenant, async (db) => (await sql`select * from picky.seen`.execute(db)).rows);
    expect(rows).toEqual([{ tenant, session: 'session-2' }]);
  });

  test('an answer that is late or throws: skipped, the next one counts', async () => {
    const slow = definePlugin({ name: 'slow', setup: () => ({ answers: { authorize: () => new Promise(() => {}) } }) });
    const rude = definePlugin({
      name: 'rude',
      setup: () => ({
        answers: {
          authorize: () => {
            throw new Error('rude');
          },
        },
      }),
    });
    const kind = definePlugin({
      name: 'kind',
      setup: () => ({ answers: { authorize: async () => ({ decision: 'accept' }) } }),
    });
    await start([slow, rude, kind, counter]);
    const ask = { token: { value: 'A' }, station, purpose: 'start' } as const;
    const answer = await bench!.host.ask('authorize', ask, { tenant, deadlineMs: 50 });
    expect(answer).toEqual({ plugin: 'kind', answer: { decision: 'accept' } });
    expect(await stateOf('slow')).toMatchObject({ lastError: { where: 'answer authorize' } });
    expect(await stateOf('rude')).toMatchObject({ lastError: { message: 'rude' } });
    await untouched();
  });

  test('a route that throws: 500 that names the plugin, and nothing of its inside; known errors stay what they are', async () => {
    const route = createRoute({
      method: 'get',
      path: '/strict',
      request: { query: z.object({ n: z.coerce.number() }) },
      responses: { 200: { description: 'never' } },
    });
    const throwing = definePlugin({
      name: 'throwing',
      setup: () => ({
        routes: {
          '/throwing': {
            auth: 'api',
            mount: (app) => {
              app.get('/', () => {
                throw new Error('password is hunter2');
              });
              app.get('/gone', () => {
                throw fail('not-found', 'it is gone');
              });
              app.openapi(route, (c) => c.body(null, 200));
            },
          },
          '/unmounted': {
            auth: 'public',
            mount: () => {
              throw new Error('cannot mount');
            },
          },
        },
      }),
    });
    await start([throwing, counter]);
    const [failed, gone, strict, unmounted] = await Promise.all(
      ['/api/v1/throwing', '/api/v1/throwing/gone', '/api/v1/throwing/strict?n=x', '/unmounted/x'].map((path) =>
        bench!.request(path, { tenant }),
      ),
    );
    expect(failed!.headers.get('content-type')).toBe('application/problem+json');
    const problem = await failed!.text();
    expect(JSON.parse(problem)).toMatchObject({ status: 500, code: 'plugin-failed', plugin: 'throwing' });
    expect(problem).not.toContain('hunter2');
    expect([gone!.status, strict!.status, unmounted!.status]).toEqual([404, 400, 500]);
    expect(await stateOf('throwing')).toMatchObject({
      state: 'running',
      lastError: { where: expect.stringMatching(/^route/) },
    });
    await untouched();
  });

  test('a job that throws: recorded, and it runs again', async () => {
    let runs = 0;
    const failing = definePlugin({
      name: 'failing',
      setup: () => ({
        jobs: {
          nightly: {
            cron: '0 3 * * *',
            run: async () => {
              runs += 1;
              throw new Error('no paper');
            },
          },
        },
      }),
    });
    await start([failing, counter]);
    await bench!.host.runJob('failing', 'nightly');
    await bench!.host.runJob('failing', 'nightly');
    expect(runs).toBe(2);
    expect(await stateOf('failing')).toMatchObject({ lastError: { where: 'job nightly', message: 'no paper' } });
    await untouched();
  });

  test('work that throws: tried again until it succeeds', async () => {
    const attempts: number[] = [];
    const pushing = definePlugin({
      name: 'pushing',
      work: { push: z.object({ n: z.number() }) },
      setup: ({ enqueue }) => ({
        on: [on(sessionClosed, (_event, tx) => enqueue(tx, 'push', { n: 1 }))],
        work: {
          push: async (_payload, { attempt }) => {
            attempts.push(attempt);
            if (attempt === 1) throw new Error('partner away');
          },
        },
      }),
    });
    await start([pushing, counter], { retry: { limit: 3, delaySeconds: 1, maxDelaySeconds: 1 } });
    await untouched();
    await until('the second attempt', async () => attempts.length === 2, 10_000);
    await until('nothing waits', async () => (await stateOf('pushing')).work.waiting === 0);
    expect(await stateOf('pushing')).toMatchObject({ lastError: { where: 'work push', message: 'partner away' } });
  });

  test('a promise that nobody awaits, or a timer, that fails: traced to its plugin', async () => {
    const stray = definePlugin({
      name: 'stray',
      setup: () => ({
        on: [
          on(sessionClosed, async ({ session }) => {
            if (session === 'session-1') void Promise.reject(new Error('left behind'));
            else
              setTimeout(() => {
                throw new Error('ticking');
              }, 1);
          }),
        ],
      }),
    });
    const others = (['unhandledRejection', 'uncaughtException'] as const).map((event) => {
      const listeners = process.listeners(event as 'uncaughtException');
      process.removeAllListeners(event); // the test runner's own would take them for a failure of this test
      return () => listeners.forEach((listener) => process.on(event, listener));
    });
    try {
      await start([stray, counter]);
      await untouched();
      await until(
        'the rejection is recorded',
        async () => (await stateOf('stray')).lastError?.message === 'left behind',
      );
      await untouched();
      await until('the error is recorded', async () => (await stateOf('stray')).lastError?.message === 'ticking');
      expect(await stateOf('stray')).toMatchObject({ state: 'running', lastError: { where: 'background' } });
      await untouched();
    } finally {
      for (const restore of others) restore();
    }
  });

  test('a stop that does not end: the others are stopped all the same', async () => {
    const stopped: string[] = [];
    const hanging = definePlugin({ name: 'hanging', setup: () => ({ stop: () => new Promise<void>(() => {}) }) });
    const good = definePlugin({
      name: 'good',
      setup: () => ({
        stop: async () => {
          stopped.push('good');
        },
      }),
    });
    await start([good, hanging], { stopMs: 50 });
    await bench!.host.stop();
    expect(stopped).toEqual(['good']);
    expect(await stateOf('hanging')).toMatchObject({ state: 'stopped', lastError: { where: 'stop' } });
  });
});

describe('life of a plugin', () => {
  test('those that offer are set up before and stopped after those that need', async () => {
    const told: string[] = [];
    const telling = (name: string, o: Partial<AnyPlugin>): AnyPlugin => ({
      name,
      ...o,
      setup: async () => {
        told.push(`up ${name}`);
        return {
          ...(o.offers ? { offers: { prices: { price: async () => 1 } } } : {}),
          stop: async () => void told.push(`down ${name}`),
        } as never;
      },
    });
    await start([telling('second', { needs: { prices } }), telling('first', { offers: { prices } })]);
    await bench!.close();
    expect(told).toEqual(['up first', 'up second', 'down second', 'down first']);
    bench = undefined;
  });

  test('a path that two claim is refused at start', async () => {
    const claiming = (name: string): AnyPlugin =>
      definePlugin({ name, setup: () => ({ routes: { '/pages': { auth: 'public', mount: () => {} } } }) });
    await expect(start([claiming('one'), claiming('two')])).rejects.toThrow(
      '"two" claims the path /pages, which belongs to "one"',
    );
  });

  test('settings are the operator’s own, live, and refused when they do not fit', async () => {
    const greeted: string[] = [];
    const greeting = definePlugin({
      name: 'greeting',
      settings: z.object({ text: z.string().max(10).default('Hej') }),
      setup: ({ settings }) => ({
        on: [on(sessionClosed, async (_e, tx) => void greeted.push((await settings(tx)).text))],
      }),
    });
    await start([greeting, counter]);
    await untouched();
    const settings = bench!.host.settingsOf('greeting');
    const set = (value: unknown) => bench!.transaction(tenant, (_db, tx) => settings.write(tx, value, new Date()));
    expect(await set({ text: 'Hello' })).toEqual({ before: { text: 'Hej' }, after: { text: 'Hello' } });
    await expect(set({ text: 'far too long for it' })).rejects.toMatchObject({ code: 'invalid-input' });
    await untouched();
    expect(greeted).toEqual(['Hej', 'Hello']);
    expect(settings.schema).toMatchObject({ properties: { text: { maxLength: 10 } } });
  });

  test('commands of the shell and pages are listed with their plugin; a command of two plugins is refused', async () => {
    const shell = (name: string): AnyPlugin =>
      definePlugin({
        name,
        setup: () => ({
          cli: { 'points list': { summary: 'Points', usage: '', run: async () => 0 } },
          ui: [{ host: 'console', slot: 'page', title: { en: 'Points', sv: 'Poäng' }, module: '/points.js' }],
        }),
      });
    await start([shell('one')]);
    expect(bench!.host.cli().get('points list')).toMatchObject({ plugin: 'one', summary: 'Points' });
    expect(bench!.host.ui()).toMatchObject([{ plugin: 'one', slot: 'page', module: '/points.js' }]);
    await bench!.close();
    await start([shell('one'), shell('two')]).catch(() => undefined);
    expect(() => bench!.host.cli()).toThrow('"two" and "one" have the command "points list"');
  });

  test('the module of a page is a file of the plugin’s own build or a path of its own; from elsewhere it is refused', async () => {
    const paged = (name: string, module: string, o: { path?: string; web?: WebContribution } = {}): AnyPlugin => {
      const { web, ...rest } = o;
      const ui = [{ host: 'console', slot: 'money', title: { en: 'P', sv: 'P' }, module, ...rest }] as const;
      return definePlugin({ name, setup: () => ({ ui, ...(web === undefined ? {} : { web }) }) });
    };
    const web = { root: '/nowhere' };
    await start([
      paged('one', 'pages.js', { web }),
      paged('away', 'https://example.com/x.js', { web }),
      paged('near', '//example.com/x.js', { web }),
      paged('up', '../../other/x.js', { web }),
      paged('none', 'pages.js'),
      paged('odd', 'pages.js', { web, path: 'Not This' }),
    ]);
    expect(bench!.host.ui()).toMatchObject([{ plugin: 'one', module: '/ui/one/pages.js' }]);
    expect(bench!.host.routesOf().map(({ path, auth }) => [path, auth])).toEqual([['/ui/one', 'public']]);
    const states = (await bench!.host.status()).map(({ name, state }) => [name, state]);
    expect(states.filter(([, state]) => state === 'failed').map(([name]) => name)).toEqual([
      ...['away', 'near', 'up', 'none', 'odd'],
    ]);
  });

  test('a rebuild fills the tables again from the log, without doing the work again; money is never rebuilt', async () => {
    const worked: string[] = [];
    const totals = definePlugin({
      name: 'totals',
      replay: 'rebuild',
      work: { tell: z.object({ session: z.string() }) },
      tables: tables<{ day: { name: string }; charged: { session: string; day: string } }>(),
      migrations: {
        '0001': async ({ schema }) => {
          await schema
            .createTable('day')
            .addColumn('tenant', 'text')
            .addColumn('name', 'text', (it) => it.primaryKey())
            .execute();
          await schema
            .createTable('charged')
            .addColumn('tenant', 'text')
            .addColumn('session', 'text', (it) => it.primaryKey())
            .addColumn('day', 'text', (it) => it.references('day.name'))
            .execute();
        },
      },
      setup: ({ db, enqueue }) => ({
        on: [
          on(sessionClosed, async ({ session, data }, tx) => {
            const day = data.billable.endedAt.slice(0, 10);
            await db(tx)
              .insertInto('day')
              .values({ name: day })
              .onConflict((it) => it.doNothing())
              .execute();
            await db(tx).insertInto('charged').values({ session: session!, day }).execute();
            await enqueue(tx, 'tell', { session: session! });
          }),
        ],
        work: { tell: async ({ session }) => void worked.push(session) },
      }),
    });
    await start([totals, counter]);
    await untouched();
    await untouched();
    await until('the work is done', async () => (await stateOf('totals')).work.waiting === 0);
    const rows = () =>
      bench!.transaction(
        tenant,
        async (db) => (await sql`select * from totals.charged order by session`.execute(db)).rows,
      );
    const before = await rows();
    expect(before).toHaveLength(2);

    await bench!.transaction(tenant, (db) =>
      sql`update totals.charged set session = 'damaged' where session = 'session-1'`.execute(db),
    );
    await bench!.host.rebuild('totals');
    await until('the rows are back', async () => (await rows()).length === 2);
    expect(await rows()).toEqual(before);
    expect(worked.toSorted()).toEqual(['session-1', 'session-2']);
    expect((await stateOf('totals')).work).toEqual({ waiting: 0, failed: 0 });
    await expect(bench!.host.rebuild('counter')).rejects.toMatchObject({ code: 'conflict' });
    await untouched();
  });
});

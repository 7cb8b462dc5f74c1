import { describe, expectTypeOf, test } from 'vitest';
import {
  type Billable,
  type Contributions,
  defineDeployment,
  defineErrors,
  defineEvent,
  definePlugin,
  definePort,
  type EvseId,
  instant,
  type Instant,
  on,
  onBatch,
  onEvery,
  secret,
  sessionClosed,
  sessionMetered,
  type SessionId,
  type StationId,
  type TenantId,
  tables,
  type Tx,
  wh,
  type Wh,
  z,
} from './index.ts';

// What must not compile is marked: the type check of the tests fails where one of these compiles after all.

interface Rates {
  rate(tx: Tx, session: SessionId): Promise<number>;
}
const Rates = definePort<Rates>()('rates');
interface Notify {
  send(tx: Tx, text: string): Promise<void>;
}
const Notify = definePort<Notify>()('notify', { optional: true });
const Listener = definePort<Notify>()('listener', { many: true });
const rated = defineEvent({
  type: 'session.rated',
  v: 1,
  data: z.object({ rate: z.number(), note: z.string().optional() }),
});

describe('ports', () => {
  test('a single port is there, an optional one may not be, one for many is a list', () => {
    definePlugin({
      name: 'needing',
      needs: { rates: Rates, notify: Notify, listeners: Listener },
      setup: ({ needs }) => {
        expectTypeOf(needs.rates).toEqualTypeOf<Rates>();
        expectTypeOf(needs.notify).toEqualTypeOf<Notify | undefined>();
        expectTypeOf(needs.listeners).toEqualTypeOf<readonly Notify[]>();
        return {};
      },
    });
  });

  test('an optional port is not called without looking', () => {
    definePlugin({
      name: 'careless',
      needs: { notify: Notify },
      setup: ({ needs }) => ({
        // @ts-expect-error possibly undefined
        on: [on(sessionClosed, (_event, tx) => needs.notify.send(tx, ''))],
      }),
    });
  });

  test('a port that touches data is not called without a transaction', () => {
    definePlugin({
      name: 'no-tx',
      needs: { rates: Rates },
      setup: ({ needs }) => {
        // @ts-expect-error no transaction given
        void needs.rates.rate('s' as SessionId);
        return {};
      },
    });
  });

  test('what is offered must be given, and nothing else', () => {
    // @ts-expect-error offers declared, not given
    definePlugin({ name: 'a', offers: { rates: Rates }, setup: () => ({}) });
    // @ts-expect-error given, but not the port's shape
    definePlugin({ name: 'b', offers: { rates: Rates }, setup: () => ({ offers: { rates: { rate: 1 } } }) });
    // @ts-expect-error given, not declared
    definePlugin({ name: 'c', setup: () => ({ offers: { rates: {} } }) });
    definePlugin({
      name: 'd',
      offers: { rates: Rates },
      setup: () => ({ offers: { rates: { rate: async () => 1 } } }),
    });
  });

  test('a port that is not needed is not there', () => {
    definePlugin({
      name: 'e',
      needs: { rates: Rates },
      setup: ({ needs }) => {
        // @ts-expect-error not among needs
        void needs.notify;
        return {};
      },
    });
  });
});

describe('work', () => {
  test('declared work has a worker', () => {
    // @ts-expect-error work declared, no worker
    definePlugin({ name: 'a', work: { push: z.string() }, setup: () => ({}) });
    // @ts-expect-error a worker of work that is not declared
    definePlugin({ name: 'b', setup: () => ({ work: { push: async () => {} } }) });
  });

  test('only declared work is enqueued, with what its schema says', () => {
    definePlugin({
      name: 'c',
      work: { push: z.object({ to: z.string() }) },
      setup: ({ enqueue }) => ({
        work: {
          push: async (payload, { attempt, signal }) => {
            expectTypeOf(payload).toEqualTypeOf<{ to: string }>();
            expectTypeOf(attempt).toEqualTypeOf<number>();
            expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
          },
        },
        on: [
          on(sessionClosed, async (_event, tx) => {
            await enqueue(tx, 'push', { to: 'anna' }, { key: 'k', after: instant(0) });
            // @ts-expect-error unknown work
            await enqueue(tx, 'pusch', { to: '' });
            // @ts-expect-error wrong payload
            await enqueue(tx, 'push', { to: 1 });
            // @ts-expect-error no transaction
            await enqueue('push', { to: '' });
            // @ts-expect-error an instant is not any number
            await enqueue(tx, 'push', { to: '' }, { after: 5 });
          }),
        ],
      }),
    });
  });
});

describe('events', () => {
  test('a handler gets the data of its event', () => {
    on(sessionClosed, async ({ data, session, at }, tx) => {
      expectTypeOf(data.billable).toEqualTypeOf<Billable>();
      expectTypeOf(session).toEqualTypeOf<SessionId | undefined>();
      expectTypeOf(at).toEqualTypeOf<Instant>();
      expectTypeOf(tx.tenant).toEqualTypeOf<TenantId>();
      // @ts-expect-error no such field
      void data.energy;
    });
    onBatch([sessionMetered], async (events) => expectTypeOf(events[0]!.data.readings).toBeArray());
    // A batch of several types is told apart by the reader; every event is not parsed.
    onEvery(async ({ data }) => expectTypeOf(data).toEqualTypeOf<unknown>());
  });

  test('an event is emitted with its own data, in a transaction, about somebody', () => {
    definePlugin({
      name: 'emitting',
      events: [rated],
      setup: ({ emit }) => ({
        on: [
          on(sessionClosed, async (event, tx) => {
            await emit(tx, rated, event, { rate: 1 });
            await emit(tx, rated, { stream: 'station-1' }, { rate: 1, note: 'by hand' });
            // @ts-expect-error not of its schema
            await emit(tx, rated, event, { rate: '1' });
            // @ts-expect-error about nobody
            await emit(tx, rated, {}, { rate: 1 });
            // @ts-expect-error by its name alone
            await emit(tx, 'session.rated', event, { rate: 1 });
            // @ts-expect-error another's event
            await emit(tx, sessionClosed, event, event.data);
          }),
        ],
      }),
    });
    definePlugin({
      name: 'silent',
      setup: ({ emit }) => ({
        // @ts-expect-error it declares no events
        on: [on(sessionClosed, (event, tx) => emit(tx, rated, event, { rate: 1 }))],
      }),
    });
  });
});

describe('data', () => {
  test('its own tables by name and type, and the views of the core', () => {
    definePlugin({
      name: 'storing',
      tables: tables<{ note: { session: SessionId; text: string } }>(),
      setup: ({ db }) => ({
        on: [
          on(sessionClosed, async ({ session }, tx) => {
            await db(tx).insertInto('note').values({ session: session!, text: '' }).execute();
            const row = await db(tx)
              .selectFrom('note')
              .innerJoin('core.session', 'core.session.id', 'note.session')
              .select(['note.text', 'core.session.energy_wh'])
              .executeTakeFirstOrThrow();
            expectTypeOf(row).toEqualTypeOf<{ text: string; energy_wh: number | null }>();
            // @ts-expect-error no such table
            void db(tx).selectFrom('notes');
            // @ts-expect-error a table of the core that is no view for plugins
            void db(tx).selectFrom('core.event_log');
            // @ts-expect-error no such column
            void db(tx).selectFrom('note').select('texts');
            // @ts-expect-error no transaction
            void db().selectFrom('note');
          }),
        ],
      }),
    });
  });

  test('config and settings are what their schemas make of them', () => {
    definePlugin({
      name: 'configured',
      config: z.object({ roundTo: z.number().default(2) }),
      settings: z.object({ party: z.string() }),
      setup: ({ config, settings }) => {
        expectTypeOf(config).toEqualTypeOf<{ roundTo: number }>();
        expectTypeOf(settings).returns.resolves.toEqualTypeOf<{ party: string }>();
        // @ts-expect-error no such setting
        void config.round;
        return {};
      },
    });
  });

  test('a transaction cannot be made up', () => {
    const needsTx = (_tx: Tx): void => {};
    // @ts-expect-error opened by the platform only
    needsTx({ tenant: 't' as TenantId });
    // @ts-expect-error an object is no transaction
    needsTx({});
  });
});

describe('answers', () => {
  test('an answerer says what the question wants, or nothing', () => {
    expectTypeOf<Contributions<Record<never, never>, Record<never, never>>['answers']>().not.toBeAny();
    definePlugin({
      name: 'answering',
      setup: () => ({
        answers: {
          authorize: async ({ token }, { signal }) =>
            signal.aborted || token.value === '' ? undefined : { decision: 'accept', limits: { wh: 5_000 } },
          admit: async () => ({ admit: false, reason: 'reserved' }),
        },
      }),
    });
    definePlugin({
      name: 'b',
      // @ts-expect-error neither accept nor refuse
      setup: () => ({ answers: { authorize: async () => ({ decision: 'maybe' }) } }),
    });
    definePlugin({
      name: 'c',
      // @ts-expect-error nobody asks this
      setup: () => ({ answers: { weather: async () => undefined } }),
    });
  });
});

describe('values', () => {
  test('ids and units of one kind do not pass for another', () => {
    const session = 's' as SessionId;
    // @ts-expect-error a session is no station
    const station: StationId = session;
    // @ts-expect-error a plain text is no id
    const evse: EvseId = 'e';
    // @ts-expect-error energy is no moment
    const at: Instant = wh(5);
    // @ts-expect-error a plain number is no energy
    const energy: Wh = 5;
    void [station, evse, at, energy];
  });

  test('an error is of the catalogue that it was defined with', () => {
    const failHello = defineErrors({ 'hello-unknown': { status: 404, title: 'Unknown', hint: 'Look it up.' } });
    failHello('hello-unknown', 'no such hello');
    // @ts-expect-error not in the catalogue
    void (() => failHello('hello-unkown', ''));
  });

  test('a deployment takes plugins of any kind, with or without config', () => {
    const plain = definePlugin({ name: 'plain', setup: () => ({}) });
    const rating = definePlugin({
      name: 'rating',
      config: z.object({ to: z.number() }),
      offers: { rates: Rates },
      setup: () => ({ offers: { rates: { rate: async () => 1 } } }),
    });
    defineDeployment({ adapters: [], quirks: [], plugins: [plain, { plugin: rating, config: { to: 1 } }] });
    // @ts-expect-error plugins are values, not names
    defineDeployment({ adapters: [], quirks: [], plugins: ['plain'] });
  });
});

test('a secret is a text, and keeps the type of its schema', () => {
  definePlugin({
    name: 'paying',
    settings: z.object({ apiKey: secret(z.string().min(8)).optional(), pin: secret(z.string()) }),
    setup: ({ settings }) => {
      expectTypeOf(settings).returns.resolves.toEqualTypeOf<{ apiKey?: string | undefined; pin: string }>();
      // @ts-expect-error a number cannot be sealed
      secret(z.number());
      return {};
    },
  });
});

import {
  instantOf,
  iso,
  sessionClosed,
  sessionEnded,
  sessionMetered,
  sessionPriced,
  sessionRequested,
  sessionStarted,
  sessionStateChanged,
  sessionUnpriced,
  type Instant,
  type SessionId,
} from '@plugga/kit';
import { tariffs } from '@plugga/plugin-tariffs';
import {
  aBillable,
  aSessionClosed,
  aSessionMetered,
  aSessionStarted,
  aToken,
  type PluginTest,
  testPlugin,
} from '@plugga/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

let plugin: PluginTest;
beforeAll(async () => {
  plugin = await testPlugin(tariffs, { now: '2026-01-10T12:00:00Z' });
}, 60_000);
afterAll(() => plugin.close());

interface Body {
  readonly id: string;
  readonly code?: string;
  readonly detail?: string;
  readonly validUntil: string;
  readonly valid: boolean;
  readonly used: boolean;
  readonly version: number;
  readonly basis: object | null;
  readonly components: readonly {
    readonly unit: string;
    readonly exclVat: string;
    readonly inclVat: string;
    readonly now: boolean;
    readonly dimension: string;
    readonly when?: { readonly sv: string };
  }[];
  readonly items: readonly Body[];
  readonly next: string | null;
}
const call = async (method: string, path: string, body?: unknown) => {
  const answer = await plugin.request(`/api/v1/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Body };
};
const made = async (path: string, body: object, method = 'POST'): Promise<Body> => {
  const answer = await call(method, path, body);
  expect([200, 201], JSON.stringify(answer.body)).toContain(answer.status);
  return answer.body;
};
const energy = (price: string) => ({ type: 'ENERGY', price, vat: '25', step_size: 1 });
const tariff = (id: string, price: string, more: object = {}) => ({
  id,
  currency: 'SEK',
  elements: [{ price_components: [energy(price)] }],
  ...more,
});
let number = 0;
let hour = 0;
beforeEach(() => {
  hour += 1;
  plugin.clock.set(`2026-01-${String(10 + hour).padStart(2, '0')}T12:00:00Z`);
});
const now = (): Instant => plugin.clock.now();
const later = (minutes: number): string => iso((now() + minutes * 60_000) as Instant);
const priced = async (session: string) =>
  (await plugin.emitted(sessionPriced)).findLast((it) => it.session === (session as SessionId))?.data;
/** One hour from a moment on, 10 kWh, at the only location. */
const closed = async (o: Parameters<typeof aSessionClosed>[0] = {}) => {
  const session = `offered-${(number += 1)}`;
  const startedAt = o.startedAt ?? iso(now());
  const endedAt = iso((instantOf(startedAt) + 3_600_000) as Instant);
  await plugin.given(sessionClosed, aSessionClosed({ startedAt, endedAt, ...o }), { session });
  return priced(session);
};

describe('an offer', () => {
  test('shows each price with and without VAT in the order per kWh, per minute, per session, and until when', async () => {
    await made(
      'tariffs',
      tariff('shown', '4', {
        assign: [{ to: 'location', id: 'location-1' }],
        elements: [
          {
            price_components: [energy('3.20')],
            restrictions: { start_time: '22:00', end_time: '06:00' },
          },
          {
            price_components: [
              { type: 'FLAT', price: '8', vat: '25', step_size: 1 },
              { type: 'PARKING_TIME', price: '30', vat: '25', step_size: 60 },
              energy('4'),
            ],
          },
        ],
        max_price: { excl_vat: '400', incl_vat: '500' },
        plugga: { idleGraceSeconds: 600 },
      }),
    );
    const offer = await made('offers', { location: 'location-1' });
    expect(offer).toMatchObject({
      ...{ tariff: 'shown', version: 1, shownAt: iso(now()), validUntil: later(15), valid: true, used: false },
      ...{ maxPrice: { exclVat: '400', inclVat: '500' }, idleGraceMinutes: '10', basis: null, currency: 'SEK' },
    });
    expect(offer.components.map((it) => [it.dimension, it.unit, it.exclVat, it.inclVat, it.now])).toEqual([
      ['energy', 'kWh', '3.2', '4', false],
      ['energy', 'kWh', '4', '5', true],
      ['idle', 'min', '0.5', '0.625', true],
      ['flat', 'session', '8', '10', true],
    ]);
    expect(offer.components[0]?.when?.sv).toBe('kl. 22:00–06:00');
    expect((await call('GET', `offers/${offer.id}`)).body).toEqual(offer);
    expect((await call('GET', 'offers/none')).status).toBe(404);
    expect((await call('POST', 'offers', {})).status).toBe(400);
    expect((await call('POST', 'offers', { location: 'nowhere' })).status).toBe(404);
  });

  test('is what is billed, whatever the tariff is when the session begins; an expired one is not', async () => {
    await made('tariffs', tariff('moving', '4', { assign: [{ to: 'location', id: 'location-1' }] }));
    const offer = await made('offers', { location: 'location-1', validSeconds: 600 });
    await made('tariffs', tariff('moving', '9'));
    plugin.clock.advance(5 * 60_000);
    expect(await closed()).toMatchObject({ offer: 'moving@1', locked: offer.id, total: { exclVat: '40.00' } });
    plugin.clock.advance(6 * 60_000);
    const after = await closed();
    expect(after).toMatchObject({ offer: 'moving@2', total: { exclVat: '90.00' } });
    expect(after?.locked).toBeUndefined();
    expect((await call('GET', `offers/${offer.id}`)).body).toMatchObject({ valid: false, used: true });
  });

  test('an amount or a tariff that the client names is refused by its name, and locks nothing (BI-110)', async () => {
    await made('tariffs', tariff('cheap', '0.01'));
    await made('tariffs', tariff('dear', '8', { assign: [{ to: 'location', id: 'location-1' }] }));
    for (const named of [{ tariff: 'cheap' }, { price: '0' }, { total: { inclVat: '0' } }, { components: [] }]) {
      const answer = await call('POST', 'offers', { location: 'location-1', ...named });
      expect(answer.status).toBe(400);
      expect(JSON.stringify(answer.body)).toContain(Object.keys(named)[0]);
    }
    const after = await closed();
    expect(after).toMatchObject({ offer: 'dear@1', total: { exclVat: '80.00' } });
    expect(after?.locked).toBeUndefined();
  });

  test('of several that were shown the newest is bound', async () => {
    await made('tariffs', tariff('shown-twice', '1', { assign: [{ to: 'location', id: 'location-1' }] }));
    const shownAt = async (price: string) => {
      await made('tariffs', tariff('shown-twice', price));
      plugin.clock.advance(1_000);
      return made('offers', { location: 'location-1' });
    };
    await shownAt('2');
    const newest = await shownAt('3');
    await made('tariffs', tariff('shown-twice', '9'));
    plugin.clock.advance(60_000);
    expect(await closed()).toMatchObject({ locked: newest.id, total: { exclVat: '30.00' } });
  });

  test('that the start names is bound before any other, and a driver with a price of his own keeps it', async () => {
    await made('tariffs', tariff('site', '5', { assign: [{ to: 'location', id: 'location-1' }] }));
    await made('tariffs', tariff('fleet', '2', { assign: [{ to: 'group', id: 'trucks' }] }));
    const named = await made('offers', { location: 'location-1', channel: 'adhoc' });
    await made('tariffs', tariff('site', '7'));
    const screen = await made('offers', { location: 'location-1' });
    plugin.clock.advance(60_000);
    expect((await closed({ offer: named.id, channel: 'adhoc' }))?.locked).toBe(named.id);
    expect((await closed())?.locked).toBe(screen.id);
    expect(await closed({ token: aToken({ group: 'trucks' }) })).toMatchObject({ offer: 'fleet@1' });
  });

  test('is listed newest first, page by page', async () => {
    const { items, next } = (await call('GET', 'offers?limit=2')).body;
    expect(items).toHaveLength(2);
    const more = (await call('GET', `offers?limit=200&cursor=${encodeURIComponent(next ?? '')}`)).body;
    const ids = [...items, ...more.items].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe((await plugin.rows('offer')).length);
    expect((await call('GET', 'offers?cursor=x')).status).toBe(400);
  });

  test('made of a spot price moves with it, ends with its hour, and moves no session that has begun', async () => {
    await made('tariffs', tariff('spot', '0.50', { assign: [{ to: 'location', id: 'location-1' }] }));
    const series = [
      { from: later(-30), price: '1.00' },
      { from: later(10), price: '3.00' },
    ];
    await made('tariffs/spot/basis', { name: 'SE3', series }, 'PUT');
    const offer = await made('offers', { location: 'location-1' });
    expect(offer).toMatchObject({ validUntil: later(10), basis: { name: 'SE3', price: '1.00', apply: 'add' } });
    expect(offer.components[0]).toMatchObject({ exclVat: '1.5', inclVat: '1.875' });
    expect(await closed()).toMatchObject({ locked: offer.id, total: { exclVat: '15.00' } });
    // Begun without an offer: the value of its start, locked as well.
    plugin.clock.advance(20 * 60_000);
    const session = 'spot-running';
    const startedAt = iso(now());
    const row = { startedAt: now(), energyWh: 0 };
    await plugin.given(sessionStarted, aSessionStarted({ time: startedAt }), { session, row });
    const first = await priced(session);
    expect(first?.locked).toBeDefined();
    await made(
      'tariffs/spot/basis',
      { name: 'SE3', series: [{ from: later(-60), price: '8.00', until: later(60) }] },
      'PUT',
    );
    await plugin.given(sessionClosed, aSessionClosed({ startedAt, endedAt: later(60) }), { session });
    expect(await priced(session)).toMatchObject({ locked: first?.locked, total: { exclVat: '35.00' } });
    // Nobody knows the price: nothing is offered, and a session is held, never priced without it.
    await made('tariffs/spot/basis', { name: 'SE3', series: [{ from: later(-600), price: '8.00' }] }, 'PUT');
    expect(await call('POST', 'offers', { location: 'location-1' })).toMatchObject({
      status: 409,
      body: { code: 'basis-missing' },
    });
    plugin.clock.advance(24 * 3_600_000);
    expect(await closed()).toBeUndefined();
    expect((await plugin.emitted(sessionUnpriced)).at(-1)?.data.reason).toContain('SE3');
    await made('tariffs/spot/basis', { name: 'SE3', apply: 'replace', series: [], fallback: '2' }, 'PUT');
    expect((await closed())?.total.exclVat).toBe('20.00');
    hour += 1;
  });

  test('has a basis that is changed on the tag that it has: of two at once one is refused and changes nothing', async () => {
    await made('tariffs', tariff('raced', '1'));
    const send = (method: string, ifMatch?: string, body?: object) =>
      plugin.request('/api/v1/tariffs/raced/basis', {
        method,
        headers: { 'content-type': 'application/json', ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const tagNow = async (): Promise<string> => (await send('GET')).headers.get('etag') ?? '';
    const none = await tagNow();
    const race = async (tag: string, ...names: readonly string[]) => {
      const all = await Promise.all(names.map((name) => send('PUT', tag, { name, series: [], fallback: '1' })));
      expect(all.map(({ status }) => status).toSorted()).toEqual([200, 412]);
      expect(await all.find(({ status }) => status === 412)!.json()).toMatchObject({ code: 'changed-meanwhile' });
      const kept = names[all.findIndex(({ status }) => status === 200)];
      expect(await (await send('GET')).json()).toMatchObject({ basis: { name: kept } });
      expect(await tagNow()).toBe(all.find(({ status }) => status === 200)!.headers.get('etag'));
    };
    // Where there was none yet as well as where there is one.
    await race(none, 'SE3', 'SE4');
    await race(await tagNow(), 'SE1', 'SE2');
    expect((await send('DELETE', none)).status).toBe(412);
    const last = await tagNow();
    expect((await send('DELETE', last)).status).toBe(200);
    expect((await send('PUT', last, { name: 'SE3', series: [], fallback: '1' })).status).toBe(412);
    expect(await (await send('GET')).json()).toMatchObject({ basis: null });
  });

  test('is refused at a start when it is unknown', async () => {
    const ask = { offer: 'none', station: 'station-1' as never, tokenId: 'token-1', channel: 'adhoc' };
    expect(await plugin.ask('offer', ask)).toEqual({ holds: false, reason: 'there is no such offer' });
  });
});

describe('a running price', () => {
  /** Windows, idle time and a fee: it depends on the course of the session. */
  const rich = {
    ...{ id: 'rich', currency: 'SEK', assign: [{ to: 'evse', id: 'evse-rich' }] },
    elements: [
      { price_components: [energy('8')], restrictions: { start_time: '13:30', end_time: '14:00' } },
      { price_components: [energy('6')], restrictions: { min_power: 30 } },
      {
        price_components: [
          { type: 'FLAT', price: '5', vat: '25', step_size: 1 },
          energy('4'),
          { type: 'TIME', price: '12', vat: '25', step_size: 60 },
          { type: 'PARKING_TIME', price: '60', vat: '25', step_size: 60 },
        ],
      },
    ],
    plugga: { idleGraceSeconds: 120 },
  };

  test('follows windows, power and idle time from the log, and ends equal to the final one', async () => {
    await made('tariffs', rich);
    const session = 'running-rich';
    const day = iso(now()).slice(0, 10);
    const at = (clock: string) => `${day}T${clock}:00.000Z`;
    const place = { evseId: 'evse-rich', connectorId: 'connector-rich', location: 'location-1' as never };
    const row = { ...place, startedAt: instantOf(at('12:00')) };
    const states = [
      { state: 'charging', from: '12:00', to: '12:40' },
      { state: 'suspendedEV', from: '12:40', to: '13:05' },
      { state: 'charging', from: '13:05', to: '13:20' },
    ] as const;
    const readings = [
      ['12:10', 2_000],
      ['12:20', 9_000],
      ['12:32', 12_000],
      ['12:45', 13_500],
      ['13:00', 13_500],
      ['13:20', 15_000],
    ] as const;
    const happens: (readonly [string, () => Promise<void>])[] = [
      [
        '12:00',
        () =>
          plugin.given(sessionStarted, aSessionStarted({ time: at('12:00'), meterStart: '1000' }), {
            session,
            row: { ...row, energyWh: 0 },
          }),
      ],
      ...states.map(
        ({ state, from }) =>
          [from, () => plugin.given(sessionStateChanged, { time: at(from), state }, { session })] as const,
      ),
      ...readings.map(
        ([time, wh]) =>
          [
            time,
            () =>
              plugin.given(sessionMetered, aSessionMetered({ time: at(time), wh: 1_000 + wh }), {
                session,
                row: { energyWh: wh },
              }),
          ] as const,
      ),
    ];
    const totals: string[] = [];
    for (const [time, happen] of happens.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
      plugin.clock.set(at(time));
      await happen();
      totals.push((await priced(session))?.total.exclVat ?? '');
    }
    expect(new Set(totals).size).toBeGreaterThan(5);
    const running = await priced(session);
    expect(running?.final).toBe(false);
    expect(await plugin.rows('running')).toMatchObject([{ session }]);

    await plugin.given(sessionEnded, { time: at('13:20'), meterStop: '16000', evidence: 'station' }, { session });
    const billable = aBillable({
      ...{
        ...place,
        startedAt: at('12:00'),
        endedAt: at('13:20'),
        energyWh: 15_000,
        meterStartWh: 1_000,
        meterStopWh: 16_000,
      },
      curve: [{ at: at('12:00'), wh: 0 }, ...readings.map(([time, wh]) => ({ at: at(time), wh }))],
      states: states.map(({ state, from, to }) => ({ state, from: at(from), to: at(to) })),
    });
    await plugin.given(sessionClosed, { cdr: true, billable }, { session });
    const final = await priced(session);
    expect(final?.final).toBe(true);
    expect(final?.total).toEqual(running?.total);
    expect(final?.lines).toEqual(running?.lines);
    expect(final?.lines.map(({ dimension }) => dimension)).toContain('idle');
    expect(await plugin.rows('running')).toEqual([]);
    hour += 1;
  });

  test('is made at most once a second, and nothing is kept where energy alone is priced', async () => {
    await made('tariffs', tariff('plain', '2', { assign: [{ to: 'evse', id: 'evse-plain' }] }));
    const session = 'running-plain';
    const o = { session, row: { evseId: 'evse-plain', connectorId: null, startedAt: now(), energyWh: 1_000 } };
    await plugin.given(sessionRequested, { expiresAt: later(5) }, { session });
    await plugin.given(sessionStarted, aSessionStarted({ time: iso(now()) }), o);
    const before = (await plugin.emitted(sessionPriced)).length;
    for (let n = 1; n <= 3; n += 1) await plugin.given(sessionMetered, aSessionMetered({ time: iso(now()), wh: n }), o);
    expect((await plugin.emitted(sessionPriced)).length).toBe(before);
    plugin.clock.advance(1_000);
    await plugin.given(sessionMetered, aSessionMetered({ time: iso(now()), wh: 4 }), o);
    expect((await plugin.emitted(sessionPriced)).length).toBe(before + 1);
    expect(await plugin.rows('running')).toEqual([]);
  });
});

describe('before a tariff is used', () => {
  const draft = {
    ...{ id: 'draft', currency: 'SEK' },
    elements: [
      { price_components: [energy('2')], restrictions: { start_time: '22:00', end_time: '06:00' } },
      { price_components: [energy('6')], restrictions: { day_of_week: ['SATURDAY'], min_power: 50 } },
      { price_components: [energy('4'), { type: 'PARKING_TIME', price: '60', vat: '25', step_size: 900 }] },
    ],
  };

  test('a week of it is shown hour by hour, on the clock of the place, with three charges', async () => {
    const shown = (await made('tariffs/preview', {
      tariff: draft,
      location: 'location-1',
      powerKw: 100,
      week: '2026-03-29',
    })) as unknown as {
      weekOf: string;
      hours: { day: number; hour: number; energy: { exclVat: string } | null; idle: object | null }[];
      examples: { name: string; energyWh: number; total: { exclVat: string } }[];
    };
    expect([shown.weekOf, shown.hours.length]).toEqual(['2026-03-23', 168]);
    const at = (day: number, hour: number) =>
      shown.hours.find((it) => it.day === day && it.hour === hour)?.energy?.exclVat;
    expect([at(0, 5), at(0, 6), at(0, 21), at(0, 22), at(5, 12), at(6, 12), at(6, 5)]).toEqual([
      '2',
      '4',
      '4',
      '2',
      '6',
      '4',
      '2',
    ]);
    expect(shown.hours[0]?.idle).toEqual({ exclVat: '60', inclVat: '75' });
    expect(shown.examples.map(({ name, total }) => [name, total.exclVat])).toEqual([
      ['10 kWh AC at night', '20.00'],
      ['40 kWh DC at noon', '160.00'],
      ['2 h idle', '164.00'],
    ]);
    expect(await call('POST', 'tariffs/preview', { tariff: { id: 'x' } })).toMatchObject({ status: 422 });
  });

  test('it is tried on the sessions of the last month, with the difference for each and in total', async () => {
    await made('tariffs', tariff('before', '3', { assign: [{ to: 'evse', id: 'evse-tested' }] }));
    const place = { evseId: 'evse-tested', location: 'site-tested' as never, connectorId: 'connector-tested' };
    await closed(place);
    await closed({ ...place, energyWh: 2_000 });
    plugin.clock.advance(2 * 3_600_000);
    const tested = (await made('tariffs/backtest', {
      tariff: tariff('after', '3.50'),
      of: 'before',
    })) as unknown as Record<string, unknown>;
    expect(tested).toMatchObject({
      ...{ sessions: 2, energyWh: 12_000, skipped: 0, complete: true },
      ...{ was: { exclVat: '36' }, would: { exclVat: '42' }, difference: { exclVat: '6', inclVat: '7.5' } },
      items: [
        { was: { exclVat: '30' }, would: { exclVat: '35' }, difference: { exclVat: '5' } },
        { difference: { exclVat: '1' } },
      ],
    });
    const euros = { tariff: { ...tariff('after', '3'), currency: 'EUR' }, of: 'before' };
    expect(await made('tariffs/backtest', euros)).toMatchObject({ sessions: 0, skipped: 2 });
  });
});

test('what a place has at a minute is told, and locks nothing', async () => {
  const night = {
    ...tariff('by-the-clock', '4', { assign: [{ to: 'location', id: 'location-1', from: '2026-03-01T00:00:00Z' }] }),
    elements: [
      { price_components: [energy('2')], restrictions: { start_time: '22:00', end_time: '06:00' } },
      { price_components: [energy('4')] },
    ],
  };
  await made('tariffs', night);
  const offers = (await plugin.rows('offer')).length;
  const told = (at: string) => call('GET', `tariffs/in-force?location=location-1&at=${encodeURIComponent(at)}`);
  for (const [at, price] of [
    ['2026-03-02T21:59:00+01:00', '4'],
    ['2026-03-02T22:00:00+01:00', '2'],
  ] as const) {
    const { body } = await told(at);
    expect(body).toMatchObject({ tariff: 'by-the-clock', by: 'location' });
    expect(body.components.filter(({ now }) => now).map(({ exclVat }) => exclVat)).toEqual([price]);
  }
  expect((await plugin.rows('offer')).length).toBe(offers);
  expect(await call('GET', 'tariffs/in-force')).toMatchObject({ status: 400 });
});

test('why a price is what it is is said line by line in English and Swedish, running and final', async () => {
  await made(
    'tariffs',
    tariff('told', '3', {
      assign: [{ to: 'evse', id: 'evse-told' }],
      elements: [{ price_components: [energy('3')], restrictions: { start_time: '06:00', end_time: '22:00' } }],
    }),
  );
  const session = 'told';
  const o = { session, row: { evseId: 'evse-told', connectorId: null, startedAt: now(), energyWh: 1_500 } };
  await plugin.given(sessionStarted, aSessionStarted({ time: iso(now()) }), o);
  const running = (await call('GET', `tariffs/explain?session=${session}`)).body as unknown as Record<string, unknown>;
  expect(running).toMatchObject({ final: false, tariff: 'told', total: { exclVat: '4.50' } });
  await plugin.given(
    sessionClosed,
    aSessionClosed({ startedAt: iso(now()), endedAt: later(60), evseId: 'evse-told' }),
    o,
  );
  expect((await call('GET', `tariffs/explain?session=${session}`)).body).toMatchObject({
    ...{ final: true, tariff: 'told', version: 1, locked: null, total: { exclVat: '30.00' } },
    why: { sv: 'Tariffen som gällde vid start: told, version 1.' },
    lines: [
      {
        ...{ dimension: 'energy', element: 0, tariff: 'told', because: expect.any(String) },
        words: {
          en: 'Energy: 10 kWh at 3 SEK excl. VAT, the price 06:00–22:00',
          sv: 'Energi: 10 kWh à 3 SEK exkl. moms, priset kl. 06:00–22:00',
        },
      },
    ],
  });
  expect((await call('GET', 'tariffs/explain?session=nobody')).status).toBe(404);
});

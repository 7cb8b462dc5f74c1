import { instant, iso, type StationId } from '@plugga/kit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realRandom } from '../clock.ts';
import { ensureConnector } from '../site/evses.ts';
import { transactOf } from '../site/transact.ts';
import { unknownTokenId } from '../token/unknown.ts';
import { testApi, type TestApi } from './app.test-api.ts';

let api: TestApi;
let station: StationId;
let token: { readonly id: string };
const at = (minute: number, ms = 0) => new Date(Date.UTC(2026, 2, 1, 12, minute, 0, ms));
const frameAt = instant(at(1).getTime());

beforeAll(async () => {
  api = await testApi('http sessions');
  station = (await api.post('stations', { identity: 'CP1' })).body.id;
  token = (await api.post('tokens', { type: 'ISO14443', value: 'DEADBEEF' })).body;
  const { installation, transactions, system } = api.deps;
  const tenant = installation.homeTenant;
  await transactOf(transactions)(tenant, (db) =>
    ensureConnector(db, { station, evse: 1, connector: 1 }, { tenant, random: realRandom, now: iso(api.now()) }),
  );
  const session = (id: string, more: Record<string, unknown>) =>
    system
      .insertInto('core.session_row')
      .values({
        id,
        tenant,
        station,
        evse: 1,
        connector: 1,
        status: 'closed',
        first_seq: 1,
        first_at: at(0),
        flags: [],
        ...more,
      } as never)
      .execute();
  await session('s1', {
    token: token.id,
    token_last4: 'BEEF',
    token_type: 'ISO14443',
    transaction_id: '4711',
    started_at: at(1),
    ended_at: at(20),
    closed_at: at(21),
    energy_wh: 10_000,
    meter_start_wh: 100,
    meter_stop_wh: 10_100,
    stop_reason: 'Local',
    flags: ['estimatedEnd'],
  });
  await session('s2', { status: 'void', first_at: at(30), token: unknownTokenId(installation.hmac, 'STRANGER') });
  await session('s3', { status: 'active', first_at: at(10), started_at: at(11), power_w: 7360.5, energy_wh: 0 });
  await system
    .insertInto('core.session_cost')
    .values({
      session: 's1',
      tenant,
      currency: 'SEK',
      excl_vat: '25.00',
      vat: '6.25',
      incl_vat: '31.25',
      final: true,
      offer: 't1',
      updated_at: at(21),
    })
    .execute();
  await system
    .insertInto('core.session_signed')
    .values({ session: 's1', tenant, result: 'verified', updated_at: at(21) })
    .execute();
  const event = (seq: number, type: string, data: unknown, minute: number) => ({
    event_id: `e${seq}`,
    tenant,
    stream: station,
    seq,
    station,
    session: 's1',
    type,
    v: 1,
    at: at(minute),
    received_at: at(minute),
    data: JSON.stringify(data),
  });
  const reading = (minute: number, value: string) => ({
    time: at(minute).toISOString(),
    samples: [
      { value, unit: 'Wh' },
      { value: '230', measurand: 'Voltage', phase: 'L1' },
    ],
  });
  await system
    .insertInto('core.event_log')
    .values([
      event(1, 'session.started', { evse: 1 }, 1),
      // The later reading came first: a station that sends what it kept.
      event(2, 'session.metered', { readings: [reading(10, '5000'), reading(12, '6000')] }, 12),
      event(3, 'session.metered', { readings: [reading(5, '2500')] }, 13),
      event(4, 'session.priced', { total: {} }, 13),
      event(5, 'session.ended', {}, 20),
    ])
    .execute();
  await api.deps.system
    .insertInto('core.command_row')
    .values({
      id: 'c1',
      tenant,
      station,
      name: 'stop',
      payload: JSON.stringify({ session: 's1' }),
      status: 'accepted',
      detail: null,
      result: null,
      effect: null,
      actor: 'admin',
      created_at: at(19),
      updated_at: at(19),
    })
    .execute();
});
afterAll(() => api.close());

test('a session is shown as partners rely on it', async () => {
  const { body } = await api.get('sessions/s1');
  expect(body).toEqual({
    id: 's1',
    status: 'closed',
    station: 'CP1',
    evse: 1,
    connector: 1,
    evseId: null,
    transactionId: '4711',
    token: { last4: 'BEEF', type: 'ISO14443' },
    startedAt: '2026-03-01T12:01:00.000Z',
    endedAt: '2026-03-01T12:20:00.000Z',
    energyWh: 10_000,
    meterStartWh: 100,
    meterStopWh: 10_100,
    powerW: null,
    stopReason: 'Local',
    flags: ['estimatedEnd'],
    cost: { currency: 'SEK', exclVat: '25.00', vat: '6.25', inclVat: '31.25', final: true },
    signedValues: 'verified',
  });
  expect((await api.get('sessions/s3')).body).toMatchObject({
    ...{ token: null, cost: null, energyWh: 0, powerW: 7360.5, signedValues: null },
  });
});

test('every status is listed, newest first by start, else by first fact', async () => {
  const ids = async (query: string) =>
    (await api.get(`sessions${query}`)).body.items.map(({ id }: { id: string }) => id);
  expect(await ids('')).toEqual(['s2', 's3', 's1']);
  expect(await ids('?status=void')).toEqual(['s2']);
  expect(await ids('?station=CP1&transactionId=4711')).toEqual(['s1']);
  expect(await ids('?station=none')).toEqual([]);
  expect(await ids('?flag=estimatedEnd')).toEqual(['s1']);
  expect(await ids('?from=2026-03-01T12:11:00Z')).toEqual(['s2', 's3']);
  expect(await ids('?to=2026-03-01T12:11:00Z')).toEqual(['s1']);
  expect(await ids('?from=2026-03-01T13:05:00%2B01:00&to=2026-03-01T12:20:00Z')).toEqual(['s3']);
  expect(await api.get('sessions?from=yesterday')).toMatchObject({ status: 400 });
});

test('a token is found by its id, by its value however written, and by what it was before it was known', async () => {
  const ids = async (query: string) =>
    (await api.get(`sessions?token=${query}`)).body.items.map(({ id }: { id: string }) => id);
  expect(await ids(token.id)).toEqual(['s1']);
  expect(await ids('dead-beef')).toEqual(['s1']);
  expect(await ids('Stranger')).toEqual(['s2']);
  expect(await ids('other')).toEqual([]);
});

test('readings are in the order of their own time, on every page', async () => {
  const first = (await api.get('sessions/s1/readings?limit=2')).body;
  const second = (await api.get(`sessions/s1/readings?limit=2&cursor=${first.next}`)).body;
  const values = [...first.items, ...second.items].map(
    ({ samples }: { samples: { value: string }[] }) => samples[0]?.value,
  );
  expect(values).toEqual(['2500', '5000', '6000']);
  expect(second.next).toBeNull();
  expect(first.items[0]).toEqual({
    at: '2026-03-01T12:05:00.000Z',
    receivedAt: '2026-03-01T12:13:00.000Z',
    samples: [
      {
        measurand: 'Energy.Active.Import.Register',
        value: '2500',
        unit: 'Wh',
        phase: null,
        location: null,
        context: null,
      },
      { measurand: 'Voltage', value: '230', unit: null, phase: 'L1', location: null, context: null },
    ],
  });
});

test('the timeline holds frames, events, price steps and commands in one order, tokens cut short', async () => {
  const { deps } = api;
  await sql`select frame.roll(${at(1).toISOString()}::date, 30)`.execute(deps.system);
  const frame = (text: string, direction: 'in' | 'out', ms: number) => ({
    tenant: deps.installation.homeTenant,
    station,
    at: new Date(frameAt + ms),
    direction,
    generation: 1,
    bytes: Buffer.from(text),
  });
  await deps.system
    .insertInto('frame.raw')
    .values([
      frame('[2,"m1","StartTransaction",{"connectorId":1,"idTag":"DEADBEEF"}]', 'in', 1),
      frame('[3,"m1",{"transactionId":4711,"idTagInfo":{"status":"Accepted","parentIdTag":"PARENT77"}}]', 'out', 2),
      frame('not json DEADBEEF', 'in', 3),
    ])
    .execute();
  const { body } = await api.get('sessions/s1/timeline');
  expect(body.items.map(({ kind, type }: { kind: string; type: string }) => `${kind} ${type}`)).toEqual([
    'event session.started',
    'frame StartTransaction',
    'frame answer',
    'frame answer',
    'event session.metered',
    'event session.metered',
    'price session.priced',
    'command stop',
    'event session.ended',
  ]);
  expect(JSON.stringify(body)).not.toMatch(/DEADBEEF|PARENT77/);
  expect(body.items[1].data).toMatchObject({
    direction: 'in',
    messageId: 'm1',
    text: expect.stringContaining('***BEEF'),
  });
  const seen: string[] = [];
  for (let cursor = ''; ;) {
    const page = (await api.get(`sessions/s1/timeline?limit=2${cursor}`)).body;
    seen.push(...page.items.map(({ kind, id }: { kind: string; id: string }) => `${kind}${id}`));
    if (page.next === null) break;
    cursor = `&cursor=${page.next}`;
  }
  expect(seen).toEqual(body.items.map(({ kind, id }: { kind: string; id: string }) => `${kind}${id}`));

  const frames = (await api.get('frames?station=CP1&direction=in')).body.items;
  expect(frames.map(({ action }: { action: string | null }) => action)).toEqual([null, 'StartTransaction']);
  expect(JSON.stringify(frames)).not.toContain('DEADBEEF');
});

test("a station shows each connector's newest status by its own time, and its variables without passwords", async () => {
  const { system, installation } = api.deps;
  const status = (seq: number, minute: number, state: string, error?: object) => ({
    event_id: `st${seq}`,
    tenant: installation.homeTenant,
    stream: station,
    seq,
    station,
    session: null,
    type: 'connector.changed',
    v: 1,
    at: at(minute),
    received_at: at(40),
    data: JSON.stringify({ evse: 1, connector: 1, status: state, ...(error === undefined ? {} : { error }) }),
  });
  await system
    .insertInto('core.event_log')
    .values([status(10, 30, 'faulted', { code: 'GroundFailure', info: 'wet' }), status(11, 29, 'charging')])
    .execute();
  const variable = (name: string, value: string) => ({
    tenant: installation.homeTenant,
    station,
    name,
    value,
    readonly: false,
    updated_at: at(0),
  });
  await system
    .insertInto('core.variable')
    .values([
      variable('HeartbeatInterval', '300'),
      variable('AuthorizationKey', 'CANARY'),
      variable('BasicAuthPassword', 'CANARY'),
    ])
    .execute();
  const { body } = await api.get('stations/CP1');
  expect(body.evses).toMatchObject([
    {
      evse: 1,
      publicId: expect.stringMatching(/^SE\*PLG\*E/),
      connectors: [
        { connector: 1, status: 'faulted', statusAt: '2026-03-01T12:30:00.000Z', error: { code: 'GroundFailure' } },
      ],
    },
  ]);
  expect(body.evses[0].connectors[0].url).toBe(`http://plugga.test/c/${body.evses[0].connectors[0].code}`);
  expect(body.variables).toContainEqual({
    name: 'HeartbeatInterval',
    value: '300',
    readonly: false,
    mutability: null,
    characteristics: null,
    updatedAt: expect.any(String),
  });
  expect(JSON.stringify(body)).not.toContain('CANARY');
  expect((await api.get('stations')).body.items[0].evses).toEqual(body.evses);
});

test('what could not be given to a session is listed for the operator', async () => {
  const { system, installation } = api.deps;
  await system
    .insertInto('core.event_log')
    .values({
      event_id: 'o1',
      tenant: installation.homeTenant,
      stream: station,
      seq: 50,
      station,
      session: null,
      type: 'transaction.orphaned',
      v: 1,
      at: at(1),
      received_at: at(2),
      data: JSON.stringify({ kind: 'ended', transaction: '9', candidates: [] }),
      cause: null,
      actor: null,
    })
    .execute();
  expect((await api.get('orphans')).body.items).toMatchObject([
    { station: 'CP1', data: { kind: 'ended', transaction: '9' } },
  ]);
  expect((await api.get('orphans?station=none')).body.items).toEqual([]);
});

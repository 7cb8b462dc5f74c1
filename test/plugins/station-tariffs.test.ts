import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { tariffs } from '@plugga/plugin-tariffs';
import { leapingClock, type PlatformTest, startPlatform } from '@plugga/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answeringStation, type AnsweringStation, type Replies } from '../commands/answering-station.ts';
import { settledCommand } from '../commands/settled-command.ts';
import { saying } from '../commands/saying.ts';
import { api, type Api } from '../e2e/api.ts';

const TOKEN = 'TARIFFS000000001';
const MEMBER = 'TARIFFS000000002';
const clock = leapingClock();
let platform: PlatformTest;
let operator: Api;
const stations: AnsweringStation[] = [];

beforeAll(async () => {
  platform = await startPlatform({
    ...{ adapters: [ocpp201, ocpp21], plugins: [tariffs], clock },
    env: { PLUGGA_ONBOARDING: 'open' },
  });
  operator = api(platform.url, platform.adminKey);
  await platform.settled(20_000);
  // The tariff that an open installation begins with.
  for (const { tariff } of await operator.all<{ tariff: { id: string } }>('tariffs')) await assign(tariff.id, []);
  await operator.post('tokens', { type: 'ISO14443', value: TOKEN });
  await operator.post('tokens', { type: 'ISO14443', value: MEMBER, group: 'MEMBERS' });
}, 90_000);
afterAll(async () => {
  await Promise.all(stations.map((it) => it.close()));
  await platform.stop();
});

const assign = async (id: string, to: readonly object[]): Promise<void> => {
  expect((await operator.raw('PUT', `tariffs/${id}/assign`, { assign: to })).status).toBe(200);
};
const tariff = (id: string, price: number, assign: readonly object[], more: object = {}) =>
  operator.post('tariffs', {
    ...{ id, currency: 'SEK', assign, ...more },
    elements: [{ price_components: [{ type: 'ENERGY', price, vat: 25, step_size: 1 }] }],
  });
const energy = (price: number) => ({ prices: [{ priceKwh: price }], taxRates: [{ type: 'vat', tax: 25 }] });
const idOf = (offer: string, evse = '') => expect.stringMatching(new RegExp(`^${offer}~[0-9a-f]{8}${evse}$`));

async function aStation(identity: string, replies: Replies, protocol: 'ocpp2.0.1' | 'ocpp2.1' = 'ocpp2.1') {
  const station = await answeringStation(`${platform.wsUrl}/${identity}`, { protocol, replies });
  stations.push(station);
  for (const evseId of [1, 2])
    await station.say('StatusNotification', {
      ...{ timestamp: new Date(clock.now()).toISOString(), connectorStatus: 'Available', evseId, connectorId: 1 },
    });
  return station;
}
const heard = ({ calls }: AnsweringStation): readonly string[] => calls.map(([action]) => action);

test('a station that reckons by tariffs has the one in force as its default, whatever changes', async () => {
  await tariff('place', 4, [{ to: 'tenant' }]);
  const station = await aStation('RECKONS', { GetVariables: saying({ Enabled: 'true' }) });
  await station.say('Heartbeat');
  // It was not asked for: not before 30 s.
  expect(heard(station)).toEqual([]);
  clock.leap(30_000);
  expect(await station.called('SetDefaultTariff')).toEqual({
    evseId: 0,
    tariff: { tariffId: idOf('place@1'), currency: 'SEK', energy: energy(4) },
  });

  await tariff('place', 5, [{ to: 'tenant' }]);
  clock.leap(1_000);
  expect(await station.called('SetDefaultTariff')).toMatchObject({ evseId: 0, tariff: { energy: energy(5) } });

  const { evses } = await operator.get<{ evses: { evseId: string; evse: number }[] }>('stations/RECKONS');
  const second = evses.find(({ evse }) => evse === 2)!.evseId;
  await tariff('second', 7, [{ to: 'evse', id: second }]);
  clock.leap(1_000);
  expect(await station.called('SetDefaultTariff')).toMatchObject({
    ...{ evseId: 1, tariff: { tariffId: idOf('place@2', '#1'), energy: energy(5) } },
  });
  expect(await station.called('SetDefaultTariff')).toMatchObject({
    ...{ evseId: 2, tariff: { tariffId: idOf('second@1', '#2'), energy: energy(7) } },
  });

  await assign('place', []);
  clock.leap(1_000);
  expect(await station.called('ClearTariffs')).toEqual({
    tariffIds: expect.arrayContaining([idOf('place@2', '#1')]) as unknown,
  });
  await assign('place', [{ to: 'tenant' }]);
  // Asked once whether it wants it.
  expect(heard(station).filter((it) => it === 'GetVariables')).toHaveLength(1);
}, 120_000);

test('a boot is told anew, for nobody knows what the station has', async () => {
  const station = stations[0]!;
  const before = heard(station).filter((it) => it === 'SetDefaultTariff').length;
  await station.say('BootNotification', { reason: 'PowerUp', chargingStation: { vendorName: 'Test', model: 'Other' } });
  clock.leap(30_000);
  await expect
    .poll(() => heard(station).filter((it) => it === 'SetDefaultTariff').length, { timeout: 20_000 })
    .toBeGreaterThanOrEqual(before + 2);
}, 60_000);

test('a driver with a price of their own takes it along, the others do not', async () => {
  await tariff('members', 2, [{ to: 'group', id: 'MEMBERS' }]);
  const station = stations[0]!;
  const authorize = (idToken: string) => station.say('Authorize', { idToken: { idToken, type: 'ISO14443' } });
  expect(await authorize(MEMBER)).toMatchObject({
    idTokenInfo: { status: 'Accepted' },
    tariff: { tariffId: idOf('members@1'), energy: energy(2) },
  });
  expect(await authorize(TOKEN)).not.toHaveProperty('tariff');
}, 60_000);

const starts = async (station: AnsweringStation, id: string, evse: number, more: object) => {
  const [timestamp, transactionInfo] = [new Date(clock.now()).toISOString(), { transactionId: id }];
  const event = { timestamp, triggerReason: 'Authorized', transactionInfo, evse: { id: evse, connectorId: 1 } };
  await station.say('TransactionEvent', { ...event, eventType: 'Started', seqNo: 0, ...more });
  await station.say('TransactionEvent', { ...event, eventType: 'Updated', seqNo: 1 });
};
const idTokenOf = (idToken: string) => ({ idToken: { idToken, type: 'ISO14443' } });
const changed = ({ calls }: AnsweringStation) =>
  calls.flatMap(([action, payload]) => (action === 'ChangeTransactionTariff' ? [payload['transactionId']] : []));

test('a driver with a price of their own who starts without Authorize has it for that transaction, once', async () => {
  const station = stations[0]!;
  // Not who has none, nor who was given theirs with the answer to Authorize, nor where the station says that it has it.
  await starts(station, 'OTHER', 3, idTokenOf(TOKEN));
  const { tariff } = await station.say('Authorize', idTokenOf(MEMBER));
  await starts(station, 'ASKED', 4, idTokenOf(MEMBER));
  // What it was given it may have forgotten.
  await station.say('BootNotification', { reason: 'PowerUp', chargingStation: { vendorName: 'Test', model: 'Third' } });
  const transactionInfo = { transactionId: 'HAS-IT', tariffId: (tariff as { tariffId: string }).tariffId };
  await starts(station, 'HAS-IT', 5, { ...idTokenOf(MEMBER), transactionInfo });

  await starts(station, 'CACHED', 1, idTokenOf(MEMBER));
  expect(await station.called('ChangeTransactionTariff')).toEqual({
    transactionId: 'CACHED',
    tariff: { tariffId: idOf('members@1'), currency: 'SEK', energy: energy(2) },
  });

  const { id } = await operator.post<{ id: string }>('stations/RECKONS/commands', {
    ...{ type: 'start', evse: 2, connector: 1, token: MEMBER },
  });
  const { remoteStartId, ...asked } = await station.called('RequestStartTransaction');
  expect(asked).not.toHaveProperty('tariff');
  await settledCommand(operator, 'RECKONS', id);
  // The token came with the request: the start need not tell it.
  const remote = { transactionId: 'REMOTE', remoteStartId };
  await starts(station, 'REMOTE', 2, { triggerReason: 'RemoteStart', transactionInfo: remote });
  expect(await station.called('ChangeTransactionTariff')).toMatchObject({ transactionId: 'REMOTE' });
  expect(changed(station)).toEqual(['CACHED', 'REMOTE']);
}, 120_000);

test('a tariff as stations are told it, with a text for what they cannot reckon, and why one is not', async () => {
  await tariff('shown', 6, [], {
    plugga: { caps: [{ type: 'ENERGY', amount: '100', per: 'day' }] },
    tax_included: 'YES',
  });
  const shown = await operator.get<{ tariff: object; onlyInText: object[] }>('tariffs/shown/ocpp');
  expect(shown).toEqual({
    ...{ ocpp: '2.1', version: 1 },
    tariff: {
      ...{ tariffId: idOf('shown@1'), currency: 'SEK', energy: energy(4.8) },
      description: [
        { format: 'UTF8', language: 'sv', content: expect.stringContaining('100') as unknown },
        { format: 'UTF8', language: 'en', content: expect.stringContaining('100') as unknown },
      ],
    },
    onlyInText: [
      { path: 'plugga.caps.0', text: { sv: expect.any(String) as unknown, en: expect.any(String) as unknown } },
    ],
  });
  // As the command that sends it.
  const station = stations[0]!;
  await operator.post('stations/RECKONS/commands', { type: 'setDefaultTariff', evse: 2, tariff: 'shown' });
  await expect
    .poll(() => station.calls.findLast(([action]) => action === 'SetDefaultTariff')?.[1], { timeout: 20_000 })
    .toEqual({ evseId: 2, tariff: shown.tariff });

  await tariff('shown', 8, []);
  expect(await operator.get('tariffs/shown/ocpp')).toMatchObject({ version: 2, tariff: { energy: energy(8) } });
  expect(await operator.get('tariffs/shown/ocpp?of=1')).toMatchObject({ version: 1, tariff: shown.tariff });
  const basis = { name: 'spot', apply: 'add', series: [], fallback: '1.5' };
  expect((await operator.raw('PUT', 'tariffs/shown/basis', basis)).status).toBe(200);
  expect(await operator.get('tariffs/shown/ocpp')).toMatchObject({ tariff: { energy: energy(9.5) } });
  const { fallback: _, ...silent } = basis;
  expect((await operator.raw('PUT', 'tariffs/shown/basis', silent)).status).toBe(200);

  await tariff('by-battery', 4, [], { plugga: { socBands: [{ minSoc: 80, type: 'ENERGY', price: 8 }] } });
  const refused = async (path: string) => {
    const response = await operator.raw('GET', path);
    const { code, detail } = (await response.json()) as { code: string; detail: string };
    return [response.status, code, detail];
  };
  expect(await refused('tariffs/shown/ocpp')).toEqual([409, 'basis-missing', expect.stringContaining('spot')]);
  expect(await refused('tariffs/by-battery/ocpp')).toEqual([
    ...[409, 'tariff-unsayable'],
    expect.stringMatching(/^plugga\.socBands: .*state of charge/),
  ]);
  expect(await refused('tariffs/nobody/ocpp')).toEqual([404, 'tariff-unknown', expect.stringContaining('"nobody"')]);
  expect(await refused('tariffs/shown/ocpp?of=9')).toEqual([
    404,
    'tariff-unknown',
    expect.stringContaining('version 9'),
  ]);
  for (const query of ['version=2.0.1', 'of=0', 'of=x'])
    expect((await operator.raw('GET', `tariffs/shown/ocpp?${query}`)).status).toBe(400);
}, 60_000);

test('nobody else is told: who does not reckon by tariffs, and who speaks 2.0.1', async () => {
  const no = await aStation('RECKONS-NOT', { GetVariables: saying({ Enabled: 'false' }) });
  const old = await aStation('RECKONS-OLD', { GetVariables: saying({ Enabled: 'true' }) }, 'ocpp2.0.1');
  clock.leap(30_000);
  await no.called('GetVariables');
  await no.say('Heartbeat');
  await tariff('place', 6, [{ to: 'tenant' }]);
  clock.leap(1_000);
  await platform.settled(20_000);
  await old.say('Heartbeat');
  expect([heard(no), heard(old)]).toEqual([['GetVariables'], []]);
}, 60_000);

test('commands of the operator: by the price model, and with its reason where it cannot be said', async () => {
  const station = await aStation('COMMANDED', { GetVariables: saying({}) });
  const command = async (asked: object) => {
    const { id } = await operator.post<{ id: string }>('stations/COMMANDED/commands', asked);
    return settledCommand<{ status: string; detail: string | null; result: object }>(operator, 'COMMANDED', id);
  };
  expect(await command({ type: 'setDefaultTariff', evse: 2, tariff: 'second' })).toMatchObject({ status: 'accepted' });
  expect(await station.called('SetDefaultTariff')).toMatchObject({ evseId: 2, tariff: { energy: energy(7) } });

  station.replies['ChangeTransactionTariff'] = { status: 'NoCurrencyChange' };
  expect(await command({ type: 'changeTransactionTariff', transaction: 'T1', tariff: 'members' })).toMatchObject({
    ...{ status: 'rejected', detail: 'NoCurrencyChange' },
  });
  expect(await station.called('ChangeTransactionTariff')).toMatchObject({
    transactionId: 'T1',
    tariff: { energy: energy(2) },
  });

  await tariff('by-charge', 4, [], { plugga: { socBands: [{ minSoc: 80, type: 'ENERGY', price: 8 }] } });
  expect(await command({ type: 'setDefaultTariff', tariff: 'by-charge' })).toMatchObject({
    ...{ status: 'rejected', detail: expect.stringContaining('state of charge') as unknown },
  });

  const tariffAssignments = [{ tariffId: 'second@1', tariffKind: 'DefaultTariff', evseIds: [2] }];
  station.replies['GetTariffs'] = { status: 'Accepted', tariffAssignments };
  expect(await command({ type: 'readTariffs' })).toMatchObject({ result: { data: tariffAssignments } });
  station.replies['GetTariffs'] = { status: 'NoTariff' };
  expect(await command({ type: 'readTariffs' })).toMatchObject({ result: { data: [] } });
  station.replies['ClearTariffs'] = { clearTariffsResult: [{ tariffId: 'second@1', status: 'Rejected' }] };
  expect(await command({ type: 'clearTariffs', ids: ['second@1'] })).toMatchObject({
    ...{ status: 'rejected', detail: 'second@1: Rejected' },
  });
  // Seen of a station, against the schema: a list of nothing.
  station.replies['ClearTariffs'] = { clearTariffsResult: [] };
  expect(await command({ type: 'clearTariffs' })).toMatchObject({ status: 'accepted' });

  station.replies['NotifyWebPaymentStarted'] = {};
  expect(await command({ type: 'webPaymentStarted', evse: 1, seconds: 300 })).toMatchObject({ status: 'accepted' });
  expect(await station.called('NotifyWebPaymentStarted')).toEqual({ evseId: 1, timeout: 300 });
}, 60_000);

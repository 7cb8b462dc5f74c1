import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { billing } from '@plugga/plugin-billing';
import { tariffs } from '@plugga/plugin-tariffs';
import { leapingClock, type PlatformTest, startPlatform } from '@plugga/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answeringStation, type AnsweringStation, type Replies } from '../commands/answering-station.ts';
import { saying } from '../commands/saying.ts';
import { api, type Api, type CdrView } from '../e2e/api.ts';

const token = 'RUNNING000000001';
const tokenOf = (group: string) => `RUNNING0${group.toUpperCase()}`;
const clock = leapingClock();
let platform: PlatformTest;
let operator: Api;
const stations: AnsweringStation[] = [];

beforeAll(async () => {
  platform = await startPlatform({
    ...{ adapters: [ocpp201, ocpp21], plugins: [tariffs, billing], clock },
    env: { PLUGGA_ONBOARDING: 'open' },
  });
  operator = api(platform.url, platform.adminKey);
  await operator.post('tokens', { type: 'ISO14443', value: token });
  await operator.post('tariffs', {
    ...{ id: 'energy', currency: 'SEK', assign: [{ to: 'tenant' }] },
    elements: [{ price_components: [{ type: 'ENERGY', price: '4', vat: '25', step_size: 1 }] }],
  });
  const component = (type: string, price: string, vat = '25') => ({ type, price, vat, step_size: 1 });
  const dear = {
    ...{ currency: 'SEK', min_price: { excl_vat: '10.00', incl_vat: '12.50' } },
    elements: [
      { price_components: [component('FLAT', '1.37'), component('ENERGY', '3.333', '12'), component('TIME', '7.77')] },
    ],
  };
  const idle = { ...dear, elements: [...dear.elements, { price_components: [component('PARKING_TIME', '60')] }] };
  const double = { currency: 'SEK', elements: [{ price_components: [component('ENERGY', '8')] }] };
  for (const [name, tariff] of Object.entries({ dear, idle, double })) {
    await operator.post('tokens', { type: 'ISO14443', value: tokenOf(name), group: name });
    await operator.post('tariffs', { id: name, ...tariff, assign: [{ to: 'group', id: name }] });
  }
}, 90_000);
afterAll(async () => {
  await Promise.all(stations.map((it) => it.close()));
  await platform.stop();
});

type Protocol = 'ocpp2.0.1' | 'ocpp2.1';
async function charging(protocol: Protocol, identity: string, replies: Replies, idToken = token) {
  const station = await answeringStation(`${platform.wsUrl}/${identity}`, { protocol, replies });
  stations.push(station);
  let seqNo = -1;
  let wh = 1_000;
  const event = (eventType: string, more: object = {}) => {
    const timestamp = new Date(clock.now()).toISOString();
    return station.say('TransactionEvent', {
      ...{ eventType, timestamp, seqNo: (seqNo += 1) },
      ...{ triggerReason: 'MeterValuePeriodic', transactionInfo: { transactionId: `${identity}-T` } },
      evse: { id: 1, connectorId: 1 },
      meterValue: [{ timestamp, sampledValue: [{ value: wh }] }],
      ...more,
    });
  };
  /** Draws that much more and waits until it is priced. */
  const draws = async (more: number) => {
    wh += more;
    // A session is priced once a second.
    clock.leap(1_000);
    const answer = await event('Updated');
    await platform.settled(20_000);
    return answer;
  };
  await event('Started', { idToken: { idToken, type: 'ISO14443' }, triggerReason: 'Authorized' });
  return { station, event, draws, drawn: (more: number) => (wh += more) };
}
const costs = ({ calls }: AnsweringStation) => calls.filter(([action]) => action === 'CostUpdated');
const asked = ({ calls }: AnsweringStation) => calls.filter(([action]) => action === 'GetVariables');

describe.each(['ocpp2.0.1', 'ocpp2.1'] as const)('%s', (protocol) => {
  test('a station that shows the cost is told of it while it charges, paced, and of the final one by its end', async () => {
    const identity = `SHOWS-${protocol.toUpperCase()}`;
    const replies = { GetVariables: saying({ Enabled: 'true', Currency: 'SEK' }), CostUpdated: {} };
    const { station, event, draws } = await charging(protocol, identity, replies);
    await platform.settled(20_000);
    expect(await draws(400)).toEqual(protocol === 'ocpp2.1' ? { totalCost: 0 } : {});
    // Not before 30 s: it was not asked for.
    expect(station.calls).toEqual([]);
    clock.leap(30_000);
    // 0.4 kWh for 4 SEK and 25 % VAT.
    expect(await station.called('CostUpdated')).toEqual({ totalCost: 2, transactionId: `${identity}-T` });
    expect(await draws(400)).toEqual(protocol === 'ocpp2.1' ? { totalCost: 2 } : {});
    expect(await draws(400)).toEqual(protocol === 'ocpp2.1' ? { totalCost: 4 } : {});
    expect(costs(station)).toHaveLength(1);
    clock.leap(15_000);
    expect(await station.called('CostUpdated')).toMatchObject({ totalCost: 6 });
    // Asked once whether it shows it.
    expect(asked(station)).toHaveLength(1);
    const ended = { triggerReason: 'EVDeparted', transactionInfo: { transactionId: `${identity}-T` } };
    expect(await event('Ended', ended)).toEqual({ totalCost: 6 });
    clock.leap(5_000);
    await expect
      .poll(() => operator.all<{ cost: object }>(`sessions?station=${identity}`), { timeout: 20_000 })
      .toMatchObject([{ cost: { inclVat: '6.00', final: true } }]);
    clock.leap(30_000);
    expect(await event('Ended', ended)).toEqual({ totalCost: 6 });
    expect(costs(station)).toHaveLength(2);
  }, 120_000);

  test.each([
    ['shows no cost', saying({ Enabled: 'false', Currency: 'SEK' })],
    ['shows another currency', saying({ Enabled: 'true', Currency: 'EUR' })],
    ['has no such variable', saying({})],
  ])(
    'a station that %s is asked once and not told',
    async (name, answer) => {
      const identity = `${name.toUpperCase().replaceAll(' ', '-')}-${protocol.toUpperCase()}`;
      const { station, draws } = await charging(protocol, identity, { GetVariables: answer });
      await draws(400);
      clock.leap(30_000);
      await station.called('GetVariables');
      await station.say('Heartbeat');
      const told = name === 'has no such variable' && protocol === 'ocpp2.1' ? { totalCost: 2 } : {};
      expect(await draws(400)).toEqual(told);
      clock.leap(15_000);
      await draws(400);
      await station.say('Heartbeat');
      expect(station.calls.map(([action]) => action)).toEqual(['GetVariables']);
    },
    120_000,
  );
});

/** What was billed, once it is. */
async function billed(station: string): Promise<number> {
  clock.leap(5_000);
  let inclVat: string | undefined;
  await expect
    .poll(
      async () => {
        const [session] = await operator.all<{ id: string }>(`sessions?station=${station}`);
        const [cdr] = await operator.all<CdrView & { inclVat?: string }>(`cdrs?session=${session!.id}`);
        inclVat = cdr?.inclVat;
        return inclVat;
      },
      { timeout: 20_000 },
    )
    .toBeDefined();
  return Number(inclVat);
}

describe.each(['ocpp2.0.1', 'ocpp2.1'] as const)('the answer to an end of %s carries the final cost', (protocol) => {
  const ends = (more: object = {}) => ({ triggerReason: 'StopAuthorized', ...more });
  const transactionId = (identity: string) => ({ transactionId: `${identity}-T` });

  test('with fee, energy and time up to the last reading, as it is billed', async () => {
    const identity = `FINAL-${protocol.toUpperCase()}`;
    const { event, draws, drawn } = await charging(protocol, identity, {}, tokenOf('dear'));
    clock.leap(11 * 60_000);
    await draws(2_345);
    clock.leap(17 * 60_000 + 7_000);
    drawn(1_111);
    const { totalCost } = (await event('Ended', ends())) as { totalCost?: number };
    // 1.37 and 7.77 an hour for 28 min 8 s and what the test takes, with 25 % VAT, 3.333 for 3.456 kWh with 12 %.
    expect(totalCost).toBeGreaterThanOrEqual(19.16);
    expect(await billed(identity)).toBe(totalCost);
  }, 60_000);

  test('with a minimum, also of a session that nobody has priced yet', async () => {
    const identity = `LEAST-${protocol.toUpperCase()}`;
    const { event, drawn } = await charging(protocol, identity, {}, tokenOf('dear'));
    drawn(100);
    expect(await event('Ended', ends())).toEqual({ totalCost: 12.5 });
    expect(await billed(identity)).toBe(12.5);
  }, 60_000);

  test('each its own, of many that end at once', async () => {
    const identityOf = (n: number) => `MANY-${n}-${protocol.toUpperCase()}`;
    const many = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        charging(protocol, identityOf(n), {}, n % 2 === 0 ? token : tokenOf('double')),
      ),
    );
    clock.leap(3_600_000);
    const told = await Promise.all(
      many.map(({ event, drawn }, n) => {
        drawn((n + 1) * 1_000);
        return event('Ended', ends());
      }),
    );
    // A kWh is 5 SEK with VAT, or 10.
    expect(told).toEqual(many.map((_, n) => ({ totalCost: (n + 1) * (n % 2 === 0 ? 5 : 10) })));
    expect(await billed(identityOf(7))).toBe(80);
  }, 60_000);

  test('where idle time is priced, once the car is gone, and none before', async () => {
    const [stays, leaves] = [`STAYS-${protocol.toUpperCase()}`, `LEAVES-${protocol.toUpperCase()}`];
    const staying = await charging(protocol, stays, {}, tokenOf('idle'));
    clock.leap(3_600_000);
    expect(await staying.event('Ended', ends())).toEqual({});
    const leaving = await charging(protocol, leaves, {}, tokenOf('idle'));
    clock.leap(3_600_000);
    leaving.drawn(3_000);
    const gone = { transactionInfo: { ...transactionId(leaves), stoppedReason: 'EVDisconnected' } };
    const { totalCost } = (await leaving.event('Ended', ends(gone))) as { totalCost?: number };
    expect(totalCost).toBeGreaterThan(12.5);
    expect(await billed(leaves)).toBe(totalCost);
  }, 60_000);

  test('not where an event is missing', async () => {
    const identity = `GAP-${protocol.toUpperCase()}`;
    const { event } = await charging(protocol, identity, {}, tokenOf('dear'));
    expect(await event('Ended', ends({ seqNo: 7 }))).toEqual({});
  }, 60_000);
});

test('a station that says NotSupported hears it once', async () => {
  const replies = { GetVariables: saying({ Enabled: 'true' }), CostUpdated: 'NotSupported' };
  const { station, draws } = await charging('ocpp2.0.1', 'REFUSES', replies);
  await draws(400);
  clock.leap(30_000);
  await station.called('CostUpdated');
  for (const _ of [1, 2]) {
    clock.leap(15_000);
    await draws(400);
  }
  await station.say('Heartbeat');
  expect(costs(station)).toHaveLength(1);
}, 120_000);

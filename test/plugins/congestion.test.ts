import { ocpp16 } from '@plugga/ocpp16';
import { billing } from '@plugga/plugin-billing';
import { tariffs } from '@plugga/plugin-tariffs';
import { type PlatformTest, startPlatform } from '@plugga/testing';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { api, type Api, type CdrView, type SessionView } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';

const token = 'CONGESTION000001';
let platform: PlatformTest;
let operator: Api;
const sockets: WebSocket[] = [];

beforeAll(async () => {
  platform = await startPlatform({
    adapters: [ocpp16],
    plugins: [tariffs, billing],
    env: { PLUGGA_ONBOARDING: 'open' },
  });
  operator = api(platform.url, platform.adminKey);
  await operator.post('tokens', { type: 'RFID', value: token });
}, 90_000);
afterAll(async () => {
  for (const socket of sockets) socket.close();
  await platform.stop();
});

/** A station that says what the test says. */
const station = async (identity: string) => {
  const socket = new WebSocket(`${platform.wsUrl}/${identity}`, ['ocpp1.6']);
  sockets.push(socket);
  await once(socket, 'open');
  let serial = 0;
  const waiting = new Map<string, (frame: [number, string, unknown]) => void>();
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as [number, string, unknown];
    waiting.get(frame[1])?.(frame);
  });
  const call = <T>(action: string, payload: object): Promise<T> => {
    const id = `${identity}-${(serial += 1)}`;
    socket.send(JSON.stringify([2, id, action, payload]));
    return new Promise<T>((done, failed) => {
      const late = setTimeout(() => failed(new Error(`stalled: ${action} was not answered within 20 s`)), 20_000);
      waiting.set(id, (frame) => {
        clearTimeout(late);
        if (frame[0] === 3) done(frame[2] as T);
        else failed(new Error(`${action}: ${JSON.stringify(frame)}`));
      });
    });
  };
  const says = (status: string) =>
    call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status, timestamp: new Date().toISOString() });
  await call('BootNotification', { chargePointVendor: 'Test', chargePointModel: 'Full' });
  await says('Available');
  return { call, says };
};

interface Explained {
  readonly final: boolean;
  readonly lines: readonly { readonly dimension: string; readonly quantity: string; readonly because: string }[];
}
interface Offer {
  readonly components: readonly { readonly dimension: string; readonly now: boolean }[];
}
const offered = async (): Promise<boolean | undefined> => {
  const offer = await operator.post<{ display?: Offer } & Offer>('offers', {
    station: 'FULL-B',
    evse: 1,
    connector: 1,
  });
  return (offer.display ?? offer).components.find(({ dimension }) => dimension === 'congestion')?.now;
};

test('a site that is full costs its fee meanwhile: in the running price, and the same in the CDR', async () => {
  const [a, b] = [await station('FULL-A'), await station('FULL-B')];
  await operator.post('tariffs', {
    ...{
      id: 'full',
      currency: 'SEK',
      assign: [{ to: 'tenant' }],
      plugga: { congestion: { price: '3600', vat: '25' } },
    },
    elements: [{ price_components: [{ type: 'ENERGY', price: '4', vat: '25', step_size: 1 }] }],
  });
  await a.says('Preparing');
  const now = () => new Date().toISOString();
  const { transactionId } = await a.call<{ transactionId: number }>('StartTransaction', {
    ...{ connectorId: 1, idTag: token, meterStart: 1_000, timestamp: now() },
  });
  await a.says('Charging');
  let wh = 1_000;
  const meters = () =>
    a.call('MeterValues', {
      ...{ connectorId: 1, transactionId },
      meterValue: [
        {
          timestamp: now(),
          sampledValue: [{ value: String((wh += 10)), measurand: 'Energy.Active.Import.Register', unit: 'Wh' }],
        },
      ],
    });
  const session = await eventually('the session', 30_000, async () => {
    const [found] = await operator.all<SessionView>('sessions?station=FULL-A&status=active');
    if (found === undefined) throw new Error('not there');
    return found;
  });
  const explained = () => operator.get<Explained>(`tariffs/explain?session=${session.id}`);
  const feeOf = ({ lines }: Explained) => lines.find(({ dimension }) => dimension === 'congestion');

  await meters();
  // One of two places is free.
  await eventually('its first price', 30_000, async () => expect((await explained()).lines).toHaveLength(1));
  expect(await offered()).toBe(false);
  await b.says('Charging');
  await eventually('the fee in the running price', 30_000, async () => {
    await meters();
    expect(Number(feeOf(await explained())?.quantity ?? 0)).toBeGreaterThan(0);
  });
  expect(await offered()).toBe(true);
  await b.says('Available');
  await eventually('the site has a place again', 30_000, async () => expect(await offered()).toBe(false));
  await meters();
  // From here on it stands still, however long the session goes on.
  const running = feeOf(await explained());
  expect(running?.because).toContain('while the site is congested');
  await a.call('StopTransaction', {
    ...{ transactionId, meterStop: wh, timestamp: now(), idTag: token },
    reason: 'Local',
  });
  await a.says('Available');
  const cdr = await eventually('its CDR', 60_000, async () => {
    const [found] = await operator.all<CdrView & Explained>(`cdrs?session=${session.id}`);
    if (found === undefined) throw new Error('not there');
    return found;
  });
  expect(feeOf(cdr)).toMatchObject({ quantity: running?.quantity });
  expect(feeOf(await explained())).toMatchObject({ quantity: running?.quantity });
}, 120_000);

test('how full a site must be is a rule of the tariff', async () => {
  await operator.post('tariffs', {
    ...{ id: 'full', currency: 'SEK', assign: [{ to: 'tenant' }] },
    plugga: { congestion: { price: '3600', vat: '25', occupancyPercent: 50 } },
    elements: [{ price_components: [{ type: 'ENERGY', price: '4', vat: '25', step_size: 1 }] }],
  });
  expect(await offered()).toBe(false);
  const c = await station('FULL-C');
  await c.says('Charging');
  // One of three, then two.
  await (await station('FULL-D')).says('Faulted');
  expect(await offered()).toBe(false);
  const e = await station('FULL-E');
  await e.says('Finishing');
  await eventually('half of the four that work are taken', 30_000, async () => expect(await offered()).toBe(true));
}, 60_000);

test('a tariff in the shapes of OCPI, with a text for what they cannot say', async () => {
  const of = (version: string) =>
    operator.get<{ tariff: Record<string, unknown>; onlyInText: { path: string }[] }>(
      `tariffs/full/ocpi?version=${version}`,
    );
  const { tariff, onlyInText } = await of('2.2.1');
  expect(onlyInText.map(({ path }) => path)).toEqual(['plugga.congestion']);
  expect(tariff).toMatchObject({
    ...{ id: 'full', currency: 'SEK' },
    elements: [{ price_components: [{ type: 'ENERGY', price: 4, vat: 25, step_size: 1 }] }],
    tariff_alt_text: [
      { language: 'sv', text: expect.stringContaining('När minst 50 % av platsen är upptagen') },
      { language: 'en', text: expect.stringContaining('at least 50 % of the site is taken') },
    ],
  });
  expect(tariff).not.toHaveProperty('plugga');
  expect((await of('2.3.0')).tariff).toMatchObject({ tax_included: 'NO' });
  expect((await operator.raw('GET', 'tariffs/nobody/ocpi')).status).toBe(404);
  expect((await operator.raw('GET', 'tariffs/full/ocpi?version=1.6')).status).toBe(400);
});

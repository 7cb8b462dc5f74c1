import { ocpp16 } from '@plugga/ocpp16';
import { billing } from '@plugga/plugin-billing';
import { revenue } from '@plugga/plugin-revenue';
import { tariffs } from '@plugga/plugin-tariffs';
import { virtualStation, type VirtualStation } from '@plugga/simulator';
import { type PlatformTest, startPlatform } from '@plugga/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api, type Api, type CdrView, type InvoiceView, type SessionView } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';

const full = process.env['PLUGGA_TEST'] === 'full';
/** Each station charges once a round; between the offers and the starts of a round the tariff changes. */
const [STATIONS, ROUNDS] = full ? [50, 20] : [10, 4];
const token = 'SHOWN00000000001';
let platform: PlatformTest;
let operator: Api;
const stations: VirtualStation[] = [];

beforeAll(async () => {
  platform = await startPlatform({
    adapters: [ocpp16],
    plugins: [tariffs, billing, revenue],
    env: { PLUGGA_ONBOARDING: 'open' },
  });
  operator = api(platform.url, platform.adminKey);
  await operator.post('tokens', { type: 'RFID', value: token });
}, 90_000);
afterAll(async () => {
  for (const station of stations) station.close();
  await platform.stop();
});

const component = (type: string, price: string) => ({ type, price, vat: '25', step_size: 1 });
/** Windows of the day, a fee and charging time: nothing in it is the same an hour later, or in another version. */
const version = (round: number) => ({
  ...{ id: 'shown', currency: 'SEK', assign: [{ to: 'tenant' }] },
  elements: [
    ...['00:00', '04:00', '08:00', '12:00', '16:00', '20:00'].map((start_time, n, all) => ({
      restrictions: { start_time, end_time: all[n + 1] ?? '00:00' },
      price_components: [component('ENERGY', `${3 + n}.${11 + round}`)],
    })),
    { price_components: [component('FLAT', `${round}.25`), component('TIME', '7.77')] },
  ],
});
interface Offer {
  readonly id: string;
  readonly tariff: string;
  readonly version: number;
}
interface Billed extends Omit<CdrView, 'kind'> {
  readonly kind: string;
  readonly inclVat?: string;
}
const minor = (text: string): bigint => BigInt(text.replace('.', ''));

/** What `POST /tariffs/price` says of the session, from its readings and the version that was shown. */
async function priceOf(session: SessionView, { tariff, version: shown }: Offer, timeZone: string): Promise<string> {
  const body = await operator.get<{ tariff: object }>(`tariffs/${tariff}/versions/${shown}`);
  const readings = await operator.all<{
    at: string;
    samples: { measurand: string; value: string; unit: string | null }[];
  }>(`sessions/${session.id}/readings`);
  const between = readings
    .filter(({ at }) => at > (session.startedAt ?? '') && at < (session.endedAt ?? ''))
    .flatMap(({ at, samples }) => {
      const register = samples.find(({ measurand }) => measurand === 'Energy.Active.Import.Register');
      return register === undefined ? [] : [{ charger_time: at, register_kwh: String(Number(register.value) / 1000) }];
    });
  const kwh = (wh: number | null): string => String((wh ?? 0) / 1000);
  const answer = await operator.post<{ invoice: { gross: string } }>('tariffs/price', {
    tariffs: [body.tariff],
    session: {
      ...{ time_zone: timeZone, start_date_time: session.startedAt, end_date_time: session.endedAt },
      meter_readings: [
        { charger_time: session.startedAt, register_kwh: kwh(session.meterStartWh) },
        ...between,
        { charger_time: session.endedAt, register_kwh: kwh(session.meterStopWh) },
      ],
    },
  });
  return answer.invoice.gross;
}

test(
  `for ${STATIONS * ROUNDS} sessions price, session, CDR, bill and revenue are one number, of the price that was shown`,
  { timeout: full ? 600_000 : 180_000 },
  async () => {
    const [location] = await operator.all<{ timeZone: string }>('locations');
    const timeZone = location?.timeZone ?? 'UTC';
    const names = Array.from({ length: STATIONS }, (_, n) => `SHOWN-${String(n).padStart(2, '0')}`);
    // So far behind that no clock catches up before the last test: at the world's pace a reading takes a minute.
    for (const identity of names)
      stations.push(
        virtualStation({
          ...{ url: platform.wsUrl, identity, meterStartWh: 1_000, speed: 1_200, behindMs: 6 * 24 * 3_600_000 },
          carOnRemoteStart: { batteryWh: 90_000, soc: 0.1, maxPowerW: 11_000, phases: 3 },
        }),
      );
    await Promise.all(stations.map((station) => station.start()));
    // EVSEs are known from the first status that a station says of them.
    await eventually('the EVSE of every station', 60_000, async () => {
      for (const station of names) await operator.post('offers', { station, evse: 1, connector: 1, channel: 'adhoc' });
    });
    await operator.post('tariffs', version(1));
    const agreed: { readonly identity: string; readonly offer: Offer; readonly transactionId: string }[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const offers = await Promise.all(
        names.map((station) => operator.post<Offer>('offers', { station, evse: 1, connector: 1, channel: 'adhoc' })),
      );
      await operator.post('tariffs', version(round + 1));
      await Promise.all(
        stations.map(async (station, n) => {
          const [identity, offer] = [names[n] ?? '', offers[n]];
          if (offer === undefined) throw new Error(`no offer for ${identity}`);
          expect(offer.version).toBe(round);
          const started = station.next('startAnswered', { withinMs: 60_000 });
          const start = { type: 'start', evse: 1, connector: 1, token, channel: 'adhoc', offer: offer.id };
          await operator.post(`stations/${identity}/commands`, start);
          await started;
          await station.next('metered', { withinMs: 60_000 });
          await station.next('metered', { withinMs: 60_000 });
          const entry = station.end(1);
          station.unplug(1);
          await station.settled();
          agreed.push({ identity, offer, transactionId: String(entry.transactionId) });
        }),
      );
    }
    expect(agreed).toHaveLength(STATIONS * ROUNDS);

    const sessions = await eventually('every session to be closed and priced', 120_000, async () => {
      const found = (await operator.all<SessionView>('sessions')).filter(({ status }) => status !== 'void');
      expect(found.filter(({ cost }) => cost?.final === true)).toHaveLength(agreed.length);
      return new Map(found.map((it) => [`${it.station} ${it.transactionId}`, it]));
    });
    const { bills, cdrs } = await eventually('a bill and a CDR for each', 120_000, async () => {
      const papers = { bills: await operator.all<InvoiceView>('invoices'), cdrs: await operator.all<Billed>('cdrs') };
      expect([papers.bills.length, papers.cdrs.length]).toEqual([agreed.length, agreed.length]);
      return papers;
    });
    const differing: string[] = [];
    let sum = 0n;
    for (const { identity, offer, transactionId } of agreed) {
      const session = sessions.get(`${identity} ${transactionId}`);
      if (session === undefined) throw new Error(`no session of ${identity}, transaction ${transactionId}`);
      const bill = bills.find((it) => it.session === session.id);
      const cdr = cdrs.find((it) => it.session === session.id);
      const explained = await operator.get<{ version: number; locked: string; total: { inclVat: string } }>(
        `tariffs/explain?session=${session.id}`,
      );
      const price = await priceOf(session, offer, timeZone);
      const all = [price, session.cost?.inclVat, bill?.inclVat, cdr?.inclVat ?? price, explained.total.inclVat];
      if (new Set(all).size !== 1 || explained.locked !== offer.id || explained.version !== offer.version)
        differing.push(`${session.id}: ${all.join(' ')} by ${explained.locked}, shown ${offer.id}@${offer.version}`);
      sum += minor(bill?.inclVat ?? '0');
    }
    expect(differing).toEqual([]);
    expect(new Set(agreed.map(({ offer }) => offer.version)).size).toBe(ROUNDS);
    await eventually('the same in the revenue', 60_000, async () => {
      const { items } = await operator.get<{ items: { settled: { inclVat: string } }[] }>('revenue/balance');
      expect(items.reduce((total, { settled }) => total + minor(settled.inclVat), 0n)).toBe(sum);
    });
  },
);

test(
  'an ad hoc start without an offer, or with one for another station, charges nothing',
  { timeout: 60_000 },
  async () => {
    const start = { type: 'start', evse: 1, connector: 1, token, channel: 'adhoc' };
    const refused = async (more: object) => {
      const answer = await operator.raw('POST', 'stations/SHOWN-00/commands', { ...start, ...more });
      return { status: answer.status, body: (await answer.json()) as { code: string; detail: string; offer?: Offer } };
    };
    expect(await refused({})).toMatchObject({ status: 409, body: { code: 'offer-missing' } });
    const elsewhere = await operator.post<Offer>('offers', {
      station: 'SHOWN-01',
      evse: 1,
      connector: 1,
      channel: 'adhoc',
    });
    const answer = await refused({ offer: elsewhere.id });
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'offer-refused', detail: expect.stringContaining('another place') },
    });
    // What is shown instead holds.
    expect(answer.body.offer).toMatchObject({ tariff: 'shown', version: ROUNDS + 1 });
    const offer = answer.body.offer?.id;
    expect((await operator.raw('POST', 'stations/SHOWN-00/commands', { ...start, offer })).status).toBe(202);
  },
);

test(
  'a start with an offer that has expired is refused, and the price that the driver is shown instead binds',
  { timeout: 120_000 },
  async () => {
    const start = { type: 'start', evse: 1, connector: 1, token, channel: 'adhoc' };
    const at = { station: 'SHOWN-01', evse: 1, connector: 1, channel: 'adhoc' };
    // A spot price that ends soon ends what is shown of it.
    const expiring = await eventually('an offer that ends with its spot price', 30_000, async () => {
      const change = new Date(Date.now() + 1_500).toISOString();
      const series = [
        { from: new Date(Date.now() - 3_600_000).toISOString(), price: '1.00' },
        { from: change, price: '2.00' },
      ];
      expect((await operator.raw('PUT', 'tariffs/shown/basis', { name: 'SE3', series })).status).toBe(200);
      const offer = await operator.post<Offer & { validUntil: string }>('offers', at);
      expect(offer.validUntil).toBe(change);
      return offer;
    });
    await eventually('it to expire', 20_000, async () => {
      expect((await operator.get<{ valid: boolean }>(`offers/${expiring.id}`)).valid).toBe(false);
    });
    const sessions = (await operator.all<SessionView>('sessions?station=SHOWN-01')).length;
    const answer = await operator.raw('POST', 'stations/SHOWN-01/commands', { ...start, offer: expiring.id });
    const refused = (await answer.json()) as { code: string; detail: string; offer: Offer & { basis: object } };
    expect(answer.status).toBe(409);
    expect(refused).toMatchObject({
      ...{ code: 'offer-refused', detail: expect.stringContaining('it was valid until') },
      offer: { tariff: 'shown', basis: { name: 'SE3', price: '2.00' } },
    });
    expect(await operator.all<SessionView>('sessions?station=SHOWN-01')).toHaveLength(sessions);

    const station = stations[1]!;
    const started = station.next('startAnswered', { withinMs: 30_000 });
    await operator.post('stations/SHOWN-01/commands', { ...start, offer: refused.offer.id });
    await started;
    await station.next('metered', { withinMs: 30_000 });
    const { transactionId } = station.end(1);
    station.unplug(1);
    await station.settled({ withinMs: 30_000 });
    const explained = await eventually('the price of the session', 30_000, async () => {
      const all = await operator.all<SessionView>('sessions?station=SHOWN-01');
      const session = all.find((it) => it.transactionId === String(transactionId));
      expect(session?.cost?.final).toBe(true);
      return operator.get<object>(`tariffs/explain?session=${session?.id}`);
    });
    expect(explained).toMatchObject({ locked: refused.offer.id });
  },
);

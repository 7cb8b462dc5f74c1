import { generateKeyPairSync, sign } from 'node:crypto';
import { ocpp16 } from '@plugga/ocpp16';
import { billing } from '@plugga/plugin-billing';
import { signedValues } from '@plugga/plugin-signed-values';
import { tariffs } from '@plugga/plugin-tariffs';
import {
  energyWh,
  type SignedMeter,
  signedMeter,
  type SignedMeterOptions,
  virtualStation,
  type VirtualStation,
} from '@plugga/simulator';
import { type PlatformTest, startPlatform } from '@plugga/testing';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { api, type Api, type CdrView, type InvoiceView, type SessionView } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';

const full = process.env['PLUGGA_TEST'] === 'full';
const token = 'SIGNEDTOKEN00001';
let platform: PlatformTest;
let operator: Api;
const stations: VirtualStation[] = [];
beforeAll(async () => {
  const env = { PLUGGA_ONBOARDING: 'open' };
  platform = await startPlatform({ adapters: [ocpp16], plugins: [tariffs, billing, signedValues], env });
  operator = api(platform.url, platform.adminKey);
  await operator.post('tokens', { type: 'RFID', value: token });
  // Before the tariff that a fresh installation begins with: it is nearer to the station.
  const [site] = await operator.all<{ readonly id: string }>('locations');
  await operator.post('tariffs', {
    ...{
      id: 'CALIBRATED',
      currency: 'SEK',
      plugga: { calibrationLaw: true },
      assign: [{ to: 'location', id: site?.id }],
    },
    elements: [{ price_components: [{ type: 'ENERGY', price: '4.00', vat: '25', step_size: 1 }] }],
  });
}, 90_000);
afterEach(() => stations.splice(0).forEach((station) => station.close()));
afterAll(() => platform.stop());

/** Charges once at a station whose meter signs; gives the session, closed and judged. */
const charged = async (identity: string, o: SignedMeterOptions = {}, given?: SignedMeter) => {
  const meter = given ?? signedMeter({ serial: `1${identity}`, ...o });
  const station = virtualStation({
    ...{
      url: platform.wsUrl,
      identity,
      signedMeter: meter,
      meterStartWh: 12_345,
      speed: 600,
      behindMs: 24 * 3_600_000,
    },
    configuration: { TransactionMessageRetryInterval: '0', MeterPublicKey1: meter.publicKey },
  });
  stations.push(station);
  await station.start({ withinMs: 30_000 });
  const entry = await station.charge({ idTag: token, stopAfterWh: 2_000 });
  await station.settled({ withinMs: 30_000 });
  const session = await eventually(`the session of ${identity} is judged`, 30_000, async () => {
    const [one] = await operator.all<SessionView & { signedValues: string | null }>(`sessions?station=${identity}`);
    expect(one?.signedValues).not.toBeNull();
    return one!;
  });
  return { entry, meter, session };
};

const coats = [
  ['one record in a coat', { curve: 'secp192k1', records: 'one', coat: 'oca' }],
  ['two records, plain', { curve: 'brainpoolP384r1' }],
] as const;
test.each(full ? coats : coats.slice(0, 1))(
  'a station that signs, over its socket: %s',
  { timeout: 90_000 },
  async (name, o) => {
    const identity = `SIGN-${name.length}`;
    const { entry, meter, session } = await charged(identity, o);
    expect(session).toMatchObject({ signedValues: 'unverified', energyWh: energyWh(entry) });
    await operator.raw('PUT', `meters/${meter.serial(1)}/key`, { publicKey: meter.publicKey });
    const shown = await eventually('it is judged again with the key', 30_000, async () => {
      const found = await operator.get<{ result: string; records: unknown[] }>(`signed-values/${session.id}`);
      expect(found.result).toBe('verified');
      return found;
    });
    expect(shown).toMatchObject({ energyWh: energyWh(entry), billedWh: energyWh(entry), meter: meter.serial(1) });
    expect(shown.records).toHaveLength('records' in o ? 1 : 2);
    expect(await operator.get<SessionView>(`sessions/${session.id}`)).toMatchObject({ signedValues: 'verified' });
    const xml = await (await operator.raw('GET', `signed-values/${session.id}/export.xml`)).text();
    expect(xml).toContain(`transactionId="${entry.transactionId}"`);
    expect(xml).toContain(`<publicKey encoding="plain">${meter.publicKey}</publicKey>`);
  },
);

test.runIf(full)(
  'the key that the station tells in its settings is found, and not trusted',
  { timeout: 60_000 },
  async () => {
    const { meter } = await charged('SIGN-TELLS');
    await operator.post('stations/SIGN-TELLS/commands', { type: 'readVariables' });
    await eventually('the key is found', 30_000, async () => {
      const { items } = await operator.get<{ items: object[] }>('meter-keys/found?station=SIGN-TELLS');
      expect(items).toMatchObject([{ name: 'MeterPublicKey1', publicKey: meter.publicKey, trusted: false }]);
    });
  },
);

const cdrOf = (session: string): Promise<CdrView> =>
  eventually(`the CDR of ${session}`, 30_000, async () => {
    const [cdr] = await operator.all<CdrView>(`cdrs?session=${session}`);
    expect(cdr).toBeDefined();
    return cdr!;
  });

test('under a calibration-law tariff only what is verified is billed', { timeout: 120_000 }, async () => {
  const privateKey = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const { publicKey } = signedMeter({ privateKey: pem });
  const own = { serial: '1SIGN-LAW', privateKey: pem };
  await operator.raw('PUT', 'meters/1SIGN-LAW/key', { publicKey });

  const proved = await charged('SIGN-LAW-1', own);
  expect(proved.session.signedValues).toBe('verified');
  expect(await cdrOf(proved.session.id)).toMatchObject({ status: 'issued', heldReasons: [] });
  const bills = await operator.all<InvoiceView>(`invoices?session=${proved.session.id}`);
  expect(bills).toMatchObject([{ kind: 'invoice', energyWh: energyWh(proved.entry) }]);

  // Another key than the registered one: a meter that was swapped, or somebody in between.
  const swapped = await charged('SIGN-LAW-2', { serial: '1SIGN-LAW' });
  expect(swapped.session.signedValues).toBe('failed');
  expect(await cdrOf(swapped.session.id)).toMatchObject({
    status: 'held',
    heldReasons: ['signedValues: failed (tampered)'],
  });
  const unknown = await charged('SIGN-LAW-3', { serial: '1SIGN-NOBODY' });
  expect(await cdrOf(unknown.session.id)).toMatchObject({
    status: 'held',
    heldReasons: ['signedValues: unverified (no-key)'],
  });
  const release = async (session: string): Promise<number> =>
    (await operator.raw('POST', `cdrs/${(await cdrOf(session)).id}/release`)).status;
  expect([await release(swapped.session.id), await release(unknown.session.id)]).toEqual([409, 409]);
  for (const { session } of [swapped, unknown])
    expect(await operator.all(`invoices?session=${session.id}`)).toEqual([]);

  // The key that was missing is registered: what was held for it alone is verified and billed, and nobody clicks.
  const { serial, publicKey: missing } = unknown.meter;
  expect((await operator.raw('PUT', `meters/${serial(1)}/key`, { publicKey: missing })).status).toBe(200);
  const billed = await eventually('the bill that waited for the key', 30_000, async () => {
    const [bill] = await operator.all<InvoiceView>(`invoices?session=${unknown.session.id}`);
    expect(bill).toBeDefined();
    return bill;
  });
  expect(billed).toMatchObject({ kind: 'invoice', energyWh: energyWh(unknown.entry) });
  const released = await cdrOf(unknown.session.id);
  expect(released).toMatchObject({ status: 'issued', signed: { result: 'verified' } });
  expect(await operator.get(`sessions/${unknown.session.id}`)).toMatchObject({ signedValues: 'verified' });
  expect(await operator.all(`invoices?session=${swapped.session.id}`)).toEqual([]);
});

test.runIf(full)('a record of 400 KB comes through whole', { timeout: 90_000 }, async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const meter = signedMeter({ privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() });
  const swollen: SignedMeter = {
    ...meter,
    end: (moment) =>
      meter.end(moment).map((sampled) => {
        const payload = sampled.value.split('|')[1]!.replace(/}$/, `,"VX":"${'Å'.repeat(200_000)}"}`);
        const SD = sign('sha256', Buffer.from(payload), privateKey).toString('hex');
        return { ...sampled, value: `OCMF|${payload}|{"SA":"ECDSA-secp256r1-SHA256","SD":"${SD}"}` };
      }),
  };
  await operator.raw('PUT', `meters/${meter.serial(1)}/key`, { publicKey: meter.publicKey });
  const { session } = await charged('SIGN-LARGE', {}, swollen);
  expect(session.signedValues).toBe('verified');
});

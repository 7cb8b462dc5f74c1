import { randomBytes } from 'node:crypto';
import { type Client, ProblemError } from '@plugga/client';
import type { Protocol } from '@plugga/simulator';
import { BEHIND_MS } from './stations.ts';

/** The demo's site: what an operator would enter by hand. */
export interface Site {
  readonly location: string;
  readonly token: string;
  readonly tariff: string;
  readonly stations: readonly SiteStation[];
}

export interface SiteStation {
  readonly identity: string;
  readonly password: string;
  readonly connectors: number;
  readonly maxPowerW: number;
  readonly model: string;
  readonly protocol?: Protocol;
}

type Model = Omit<SiteStation, 'password'> & { readonly tells?: true };

const models: readonly Model[] = [
  { identity: 'DEMO-AC-1', connectors: 2, maxPowerW: 22_000, model: 'Virtual AC 22', tells: true },
  { identity: 'DEMO-AC-2', connectors: 2, maxPowerW: 22_000, model: 'Virtual AC 22' },
  { identity: 'DEMO-DC-1', connectors: 1, maxPowerW: 150_000, model: 'Virtual DC 150' },
];
/** One of each version, side by side. */
export const fleetModels: readonly Model[] = [
  { identity: 'DEMO-16', connectors: 1, maxPowerW: 22_000, model: 'Virtual 16', protocol: 'ocpp1.6', tells: true },
  { identity: 'DEMO-201', connectors: 1, maxPowerW: 22_000, model: 'Virtual 201', protocol: 'ocpp2.0.1', tells: true },
  { identity: 'DEMO-21', connectors: 1, maxPowerW: 22_000, model: 'Virtual 21', protocol: 'ocpp2.1', tells: true },
];
const place = {
  name: 'Demo quay',
  address: 'Skeppsbron 1',
  city: 'Stockholm',
  country: 'SE',
  timeZone: 'Europe/Stockholm',
};
/** A card number as we make them: sixteen characters. */
const token = 'PLUGGADEMO000001';
const tariff = {
  id: 'demo',
  currency: 'SEK',
  tariff_alt_text: [{ language: 'en', text: '4.00 SEK a kWh and 2.00 SEK a visit, VAT 25 % added' }],
  elements: [
    {
      price_components: [
        { type: 'ENERGY', price: '4.00', vat: '25', step_size: 1 },
        { type: 'FLAT', price: '2.00', vat: '25', step_size: 1 },
      ],
    },
  ],
};

/** What an earlier demo on the same data has entered stays as it is. */
const unlessThere = async (entered: Promise<unknown>): Promise<boolean> => {
  try {
    await entered;
    return true;
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 409) return false;
    throw error;
  }
};

const locationOf = async (client: Client): Promise<{ readonly id: string; readonly name: string }> => {
  for await (const known of client.list('/locations')) if (known.name === place.name) return known;
  return client.post('/locations', { body: place });
};

/** Longer than the visit that is told lies in the past. */
const REST_MS = BEHIND_MS + 15 * 60_000;

/**
 * The visit that is told begins an hour ago, so that its energy fits its time. A station that has charged since then
 * cannot go back: another stands in for it, `DEMO-AC-1-b`.
 */
const rested = async (client: Client, identity: string): Promise<string> => {
  for (const name of [identity, ...'bcdefghijklmnopqrstuvwxyz'].map((it) =>
    it === identity ? it : `${identity}-${it}`,
  )) {
    const { items } = await client.get('/sessions', { query: { station: name, limit: 1 } });
    const last = items[0]?.endedAt ?? items[0]?.startedAt;
    if (last == null || Date.parse(last) < Date.now() - REST_MS) return name;
  }
  return identity;
};

/** Enters the site over the operator API; the stations get a new key each time. */
export const enterSite = async (client: Client, wanted: readonly Model[] = models): Promise<Site> => {
  const location = await locationOf(client);
  await client.post('/tariffs', { body: { ...tariff, assign: [{ to: 'location', id: location.id }] } });
  await unlessThere(client.post('/tokens', { body: { type: 'ISO14443', value: token } }));
  const stations: SiteStation[] = [];
  for (const model of wanted) {
    const identity = model.tells ? await rested(client, model.identity) : model.identity;
    // 16 to 40 bytes: OCPP security white paper, BasicAuthPassword.
    const password = randomBytes(16).toString('hex');
    const body = { identity, location: location.id, key: password };
    const made = await unlessThere(client.post('/stations', { body }));
    if (!made) await client.patch('/stations/{identity}', { path: { identity }, body: { key: password } });
    stations.push({ ...model, identity, password });
  }
  return { location: location.name, token, tariff: tariff.tariff_alt_text[0]!.text, stations };
};

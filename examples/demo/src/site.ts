import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@plugga/client';

/** The demo's site: what an operator would enter by hand, once a data folder. */
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
}

const models: readonly Omit<SiteStation, 'password'>[] = [
  { identity: 'DEMO-AC-1', connectors: 2, maxPowerW: 22_000, model: 'Virtual AC 22' },
  { identity: 'DEMO-AC-2', connectors: 2, maxPowerW: 22_000, model: 'Virtual AC 22' },
  { identity: 'DEMO-DC-1', connectors: 1, maxPowerW: 150_000, model: 'Virtual DC 150' },
];
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

/** Kept beside the data, so that the next demo on it finds its own stations again. */
const siteFile = (dataDir: string): string => join(dataDir, 'site.json');

/** Enters the site over the operator API, or reads what an earlier demo entered. */
export const enterSite = async (client: Client, dataDir: string): Promise<Site> => {
  const file = siteFile(dataDir);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Site;
  const location = await client.post('/locations', {
    body: {
      name: 'Demo quay',
      address: 'Skeppsbron 1',
      city: 'Stockholm',
      country: 'SE',
      timeZone: 'Europe/Stockholm',
    },
  });
  await client.post('/tariffs', { body: { ...tariff, assign: [{ to: 'location', id: location.id }] } });
  await client.post('/tokens', { body: { type: 'ISO14443', value: token } });
  const stations: SiteStation[] = [];
  for (const model of models) {
    // 16 to 40 bytes: OCPP security white paper, BasicAuthPassword.
    const password = randomBytes(16).toString('hex');
    await client.post('/stations', { body: { identity: model.identity, location: location.id, key: password } });
    stations.push({ ...model, password });
  }
  const site: Site = { location: location.name, token, tariff: tariff.tariff_alt_text[0]!.text, stations };
  writeFileSync(file, JSON.stringify(site, undefined, 2), { mode: 0o600 });
  return site;
};

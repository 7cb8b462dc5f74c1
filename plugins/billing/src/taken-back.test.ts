import {
  cdrCredited,
  cdrIssued,
  definePlugin,
  Pricing,
  sessionClosed,
  sessionCorrected,
  sessionPriced,
} from '@plugga/kit';
import { aSessionClosed, aSessionCorrected, type PluginTest, testPlugin } from '@plugga/testing';
import { expect, test, vi } from 'vitest';
import { billing } from './index.ts';

vi.setConfig({ testTimeout: 60_000 });

const prices = definePlugin({
  name: 'prices',
  offers: { pricing: Pricing },
  setup: () => ({ offers: { pricing: { priceOf: () => Promise.resolve(undefined) } } }),
});
const started = () => testPlugin(billing, { with: [prices] });

/** The final price of the session's nth closing. */
const priced = async (plugin: PluginTest, nth: number): Promise<void> => {
  const closing = (await plugin.rows('closing'))[nth]!['event'] as string;
  const total = { currency: 'SEK', exclVat: '8.00', vat: '2.00', inclVat: '10.00' };
  const line = { dimension: 'energy', text: 'Energy', quantity: '2', unit: 'kWh', unitPrice: '4' } as const;
  await plugin.given(sessionPriced, {
    ...{ closing, final: true, offer: 'tariff 1', energyWh: 2000, total },
    lines: [{ ...line, exclVat: '8.00', vatPercent: '25' }],
  });
};
const toNothing = () => ({ ...aSessionCorrected({ energyWh: 2000 }, { energyWh: 0 }), cdr: false });
const inForce = async (plugin: PluginTest) => {
  const of = async (table: string) => {
    const rows = await plugin.rows(table);
    const sum = rows.reduce(
      (wh, { kind, energy_wh: own }) => wh + (kind === 'credit' && table === 'cdr' ? -Number(own) : Number(own)),
      0,
    );
    return [rows.length, sum];
  };
  return { cdrs: await of('cdr'), invoices: await of('invoice') };
};

test('a correction that leaves nothing to bill takes the CDR and the bill back, and puts none in their place', async () => {
  await using plugin = await started();
  await plugin.given(sessionClosed, aSessionClosed({ energyWh: 2000 }));
  await priced(plugin, 0);
  expect(await inForce(plugin)).toEqual({ cdrs: [1, 2000], invoices: [1, 2000] });
  await plugin.given(sessionCorrected, toNothing());
  expect(await inForce(plugin)).toEqual({ cdrs: [2, 0], invoices: [2, 0] });
  // And back again: once more one of each, nothing credited twice.
  await plugin.given(sessionCorrected, aSessionCorrected({ energyWh: 0 }, { energyWh: 2000 }));
  await priced(plugin, 2);
  expect(await inForce(plugin)).toEqual({ cdrs: [3, 2000], invoices: [3, 2000] });
});

test('a price that comes after that correction bills nothing', async () => {
  await using plugin = await started();
  await plugin.given(sessionClosed, aSessionClosed({ energyWh: 2000 }));
  await plugin.given(sessionCorrected, toNothing());
  await priced(plugin, 0);
  expect(await inForce(plugin)).toEqual({ cdrs: [0, 0], invoices: [0, 0] });
});

test('those who count CDRs are told each one that stands and each that is taken back', async () => {
  await using plugin = await started();
  await plugin.given(sessionClosed, aSessionClosed({ energyWh: 2000, payer: 'partner:NL*ABC' }));
  await priced(plugin, 0);
  await plugin.given(sessionCorrected, toNothing());
  const [issued] = await plugin.emitted(cdrIssued);
  const sums = { exclVat: '8.00', vat: '2.00', inclVat: '10.00' };
  expect(issued?.data).toMatchObject({
    energyWh: 2000,
    total: sums,
    exactExclVat: '8',
    tariff: 'tariff 1',
    released: false,
  });
  expect(issued?.data).toMatchObject({ minor: { exclVat: '800', vat: '200', inclVat: '1000' }, channel: 'partner' });
  const [credited] = await plugin.emitted(cdrCredited);
  expect(credited?.data).toMatchObject({ cdr: issued?.data.cdr, was: 'issued', energyWh: -2000 });
  expect(credited?.data.billed?.minor).toEqual({ exclVat: '-800', vat: '-200', inclVat: '-1000' });
});

import { definePlugin, definePort } from '@plugga/kit';
import { expect, test } from 'vitest';
import { order } from './order.ts';

interface Prices {
  price(): number;
}
const prices = definePort<Prices>()('prices');
const ledger = definePort<Prices>()('ledger');
const listeners = definePort<Prices>()('listeners', { many: true });
const given = { price: () => 1 };

const billing = definePlugin({ name: 'billing', needs: { prices }, setup: () => ({}) });
const tariffs = definePlugin({ name: 'tariffs', offers: { prices }, setup: () => ({ offers: { prices: given } }) });
const spot = definePlugin({ name: 'spot', offers: { prices }, setup: () => ({ offers: { prices: given } }) });
const names = (plugins: readonly { name: string }[]) => plugins.map(({ name }) => name);

test('a plugin comes after the one whose port it needs, else as the deployment says', () => {
  const other = definePlugin({ name: 'other', setup: () => ({}) });
  const { plugins, after } = order([other, billing, tariffs]);
  expect(names(plugins)).toEqual(['other', 'tariffs', 'billing']);
  expect(after.get('billing')).toEqual(['tariffs']);
});

test('two offers of a single port are refused unless the deployment names one', () => {
  expect(() => order([tariffs, spot, billing])).toThrow('"tariffs" and "spot" offer the port "prices"');
  expect(order([tariffs, spot, billing], { prices: 'spot' }).after.get('billing')).toEqual(['spot']);
  expect(() => order([tariffs], { prices: 'spott' })).toThrow('"spott"');
  expect(() => order([billing], { prices: 'spot' })).toThrow('which nothing offers');
});

test('a port for many is served by all who offer it', () => {
  const one = definePlugin({ name: 'one', offers: { listeners }, setup: () => ({ offers: { listeners: given } }) });
  const two = definePlugin({ ...one, name: 'two' });
  const teller = definePlugin({ name: 'teller', needs: { listeners }, setup: () => ({}) });
  expect(order([teller, one, two]).after.get('teller')).toEqual(['one', 'two']);
});

test('plugins that need each other in a circle are refused, the circle named', () => {
  const a = definePlugin({
    name: 'a',
    needs: { ledger },
    offers: { prices },
    setup: () => ({ offers: { prices: given } }),
  });
  const b = definePlugin({
    name: 'b',
    needs: { prices },
    offers: { ledger },
    setup: () => ({ offers: { ledger: given } }),
  });
  expect(() => order([a, b])).toThrow('"a" needs the port "ledger" of "b", "b" needs the port "prices" of "a"');
});

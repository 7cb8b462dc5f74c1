import { expect, test } from 'vitest';
import { realRandom } from '../clock.ts';
import { vaultOf } from './vault.ts';

const place = ['tenant-1', 'payments', 'apiKey'];
const vault = vaultOf(Buffer.alloc(32, 1), realRandom);

test('a sealed text says nothing of itself, is another each time, and opens in its place', () => {
  const [one, two] = [vault.seal('sesam öppna dig', place), vault.seal('sesam öppna dig', place)];
  expect(one.sealed).not.toBe(two.sealed);
  expect(Buffer.from(one.sealed.split('.')[2]!, 'base64url').toString()).not.toContain('sesam');
  expect([one, two].map((it) => vault.open(it, place))).toEqual(['sesam öppna dig', 'sesam öppna dig']);
  expect(vault.open(vault.seal('', place), place)).toBe('');
});

test.each([
  ['of another tenant', ['tenant-2', 'payments', 'apiKey']],
  ['of another plugin', ['tenant-1', 'wallet', 'apiKey']],
  ['of another field', ['tenant-1', 'payments', 'pin']],
])('it does not open in the place %s', (_, other) => {
  expect(() => vault.open(vault.seal('sesam', place), other)).toThrow('cannot be read: write it again');
});

test('it does not open with another installation’s secret, nor when it was changed or cut short', () => {
  const { sealed } = vault.seal('sesam', place);
  expect(() => vaultOf(Buffer.alloc(32, 2), realRandom).open({ sealed }, place)).toThrow('cannot be read');
  const parts = sealed.split('.');
  const bent = [...parts.slice(0, 2), Buffer.from('sesan').toString('base64url'), parts[3]].join('.');
  for (const other of [bent, parts.slice(0, 3).join('.'), `${parts.slice(0, 3).join('.')}.AA`, 'v2.a.b.c', ''])
    expect(() => vault.open({ sealed: other }, place)).toThrow('cannot be read');
});

import { expect, test } from 'vitest';
import { grouped, keyStateOf, type MeterKey } from './meter.ts';

const now = Date.parse('2026-05-04T12:00:00Z');
const aKey = (change: Partial<MeterKey> = {}): MeterKey => ({
  ...{ fingerprint: 'ab', curve: 'secp256r1', publicKey: '30', from: null, until: null, note: null },
  ...{ registeredBy: 'anna', registeredAt: '2026-05-01T00:00:00Z', withdrawnBy: null, withdrawnAt: null },
  ...change,
});

test.each([
  ['trusted', {}],
  ['trusted', { from: '2026-05-04T12:00:00Z', until: '2026-05-04T12:00:01Z' }],
  ['later', { from: '2026-05-04T12:00:01Z' }],
  ['over', { until: '2026-05-04T12:00:00Z' }],
  ['retired', { withdrawnAt: '2026-05-03T00:00:00Z', until: '2026-05-02T00:00:00Z' }],
] as const)('a key is %s with %j', (state, change) => expect(keyStateOf(aKey(change), now)).toBe(state));

test('a fingerprint is read in fours', () => expect(grouped('0123456789')).toBe('0123 4567 89'));

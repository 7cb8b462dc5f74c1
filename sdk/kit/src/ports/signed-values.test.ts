import { expect, test } from 'vitest';
import { heldUnsigned, type SignedVerdict } from './signed-values.ts';

const aVerdict = (verdict: Partial<SignedVerdict>): SignedVerdict => ({
  result: 'verified',
  records: [],
  reasons: [],
  closing: 'c1',
  ...verdict,
});

test('a verified closing is not held', () => {
  expect(heldUnsigned(aVerdict({}))).toBeUndefined();
});

test('what is not verified is held, naming each reason once', () => {
  const reasons = [{ code: 'no-key', detail: 'meter 7' } as const, { code: 'no-key' } as const];
  expect(heldUnsigned(aVerdict({ result: 'unverified', reasons }))).toBe('signedValues: unverified (no-key)');
  expect(heldUnsigned(aVerdict({ result: 'none' }))).toBe('signedValues: none');
});

test('a closing that nobody has judged is held', () => {
  expect(heldUnsigned(undefined)).toBe('signedValues: not judged');
});

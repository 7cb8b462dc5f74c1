import { signedReason, signedResult } from '@plugga/kit';
import { expect, test } from 'vitest';
import { en } from './texts.ts';
import { reasonCodes, results } from './verdict.ts';

test('every verdict and every reason that the platform gives has its words', () => {
  expect(results.toSorted()).toEqual(signedResult.options.toSorted());
  expect(reasonCodes.toSorted()).toEqual(signedReason.shape.code.options.toSorted());
  expect(Object.keys(en)).toEqual(expect.arrayContaining(reasonCodes.map((code) => `reason.${code}`)));
});

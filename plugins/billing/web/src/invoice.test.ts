import { expect, test } from 'vitest';
import { listOf } from './invoice.ts';

test('lines and commas part what is listed, once each', () => {
  expect(listOf('a, b\n\n b \nc')).toEqual(['a', 'b', 'c']);
});

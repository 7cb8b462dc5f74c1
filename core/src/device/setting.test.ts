import { expect, test } from 'vitest';
import { rememberedAfter } from './setting.ts';

const many = (count: number, value: string) =>
  Array.from({ length: count }, (_, n) => [`MadeUpCtrlr/V${n}`, value] as const);
const sizeOf = (variables: Readonly<Record<string, string>>) =>
  Object.entries(variables).reduce((sum, [name, value]) => sum + name.length + value.length, 0);

test('what a station makes up is remembered up to a size, and what it said before stays', () => {
  const before = { 'TxCtrlr/EVConnectionTimeOut': '30' };
  const after = rememberedAfter(before, many(20_000, 'x'.repeat(100)));
  expect(sizeOf(after)).toBeLessThanOrEqual(128 * 1024);
  expect(after).toMatchObject(before);
  expect(Object.keys(rememberedAfter({}, many(20_000, '')))).toHaveLength(2_000);
});

test('a known one changes also when there is no room for others; too long, it is no longer known', () => {
  const full = rememberedAfter({ 'A/B': '1' }, many(20_000, 'x'.repeat(100)));
  expect(rememberedAfter(full, [['A/B', '2']])['A/B']).toBe('2');
  const after = rememberedAfter(full, [['A/B', 'y'.repeat(200_000)]]);
  expect(after).not.toHaveProperty(['A/B']);
  expect(rememberedAfter(after, [['A/B', '3']])['A/B']).toBe('3');
});

test('a name that objects have by nature is one like any other', () => {
  const after = rememberedAfter({}, [
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
  expect(Object.entries(after)).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
  expect(({} as Record<string, unknown>)['a']).toBeUndefined();
});

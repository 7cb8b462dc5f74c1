import { expect, test } from 'vitest';
import { ifMatchOf, isUnchanged, tagOf, unchanged } from './entity-tag.ts';

test('the same content has the same tag, another one another', () => {
  expect(tagOf({ name: 'Åkeriet', tokens: ['a'] })).toBe(tagOf({ name: 'Åkeriet', tokens: ['a'] }));
  const tags = Array.from({ length: 10_000 }, (_, n) => tagOf({ n }));
  expect(new Set([...tags, tagOf({}), tagOf(''), tagOf(null)]).size).toBe(10_003);
});

test('a change is made without a condition, or on the tag that is; never on one of what is not there', () => {
  expect([isUnchanged(undefined, undefined), isUnchanged(undefined, 'a'), isUnchanged('a', 'a')]).toEqual([
    true,
    true,
    true,
  ]);
  expect([isUnchanged('a', 'b'), isUnchanged('a', undefined)]).toEqual([false, false]);
});

test('a tag is read strong or weak, and a change on another one says what has which', () => {
  expect(['"3"', 'W/"3"', ' "3" ', '*', undefined].map(ifMatchOf)).toEqual(['3', '3', '3', undefined, undefined]);
  expect(() => unchanged('a', 'a', 'the rule')).not.toThrow();
  expect(() => unchanged('a', 'b', 'the rule')).toThrow('the rule has the tag "b"');
  expect(() => unchanged('a', undefined, 'the rule')).toThrow('the rule is not there');
});

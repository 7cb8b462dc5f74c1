import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { storableOf } from './storable.ts';

const bounds = { depth: 32, nodes: 100_000 };
const read = (text: string) => storableOf(text, bounds);
const valueOf = (text: string): unknown => {
  const read = storableOf(text, bounds);
  return read.ok ? read.value : read.why;
};
const codesOf = (text: string): readonly string[] => {
  const read = storableOf(text, bounds);
  return read.ok ? read.deviations.map((it) => it.code) : [];
};

describe('what no table can keep', () => {
  test.each([
    ['NUL in a string', String.raw`{"a":"x\u0000y"}`, { a: 'x\uFFFDy' }, 'nul'],
    ['NUL in a key', String.raw`{"a\u0000":1}`, { 'a\uFFFD': 1 }, 'nul'],
    ['half a character', String.raw`["\ud83d"]`, ['\uFFFD'], 'lone-surrogate'],
    ['the other half', String.raw`["\udd0c!"]`, ['\uFFFD!'], 'lone-surrogate'],
    ['a number beyond all', '[1e999999]', ['1e999999'], 'number-kept-as-text'],
    ['one below all', '[-1e400]', ['-1e400'], 'number-kept-as-text'],
    [
      'an integer of 64 bits',
      '{"transactionId":9223372036854775807}',
      { transactionId: '9223372036854775807' },
      'number-kept-as-text',
    ],
    ['the first integer that is not exact', '[9007199254740993]', ['9007199254740993'], 'number-kept-as-text'],
    ['__proto__', '{"__proto__":{"polluted":1},"a":1}', { a: 1 }, 'key-left-out'],
    ['__proto__ in disguise', String.raw`{"\u005f_proto__":{"polluted":1},"a":1}`, { a: 1 }, 'key-left-out'],
    ['a key twice', '{"a":1,"a":2,"b":{"a":3}}', { a: 2, b: { a: 3 } }, 'duplicate-key'],
  ])('%s', (_, text, value, code) => {
    expect(valueOf(text)).toEqual(value);
    expect(codesOf(text)).toEqual([code]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test.each([
    ['a whole character in halves', String.raw`["\ud83d\udd0c"]`, ['🔌']],
    ['a character as it is', '["🔌"]', ['🔌']],
    ['the largest exact integer', '[9007199254740991]', [9007199254740991]],
    ['a binary float', '[0.30000000000000004]', [0.30000000000000004]],
    ['an exponent', '[1.5e3,2E-2]', [1500, 0.02]],
    ['digits in text', '["9223372036854775807"]', ['9223372036854775807']],
    ['a backslash before a u', String.raw`["\\u0000"]`, [String.raw`\u0000`]],
    ['colons and braces in text', '{"a":"{:,[","b":"\\"}"}', { a: '{:,[', b: '"}' }],
  ])('%s stays as it is', (_, text, value) => {
    expect(valueOf(text)).toEqual(value);
    expect(codesOf(text)).toEqual([]);
  });

  test('`constructor` is a key like any other', () => {
    expect(valueOf('{"constructor":{"prototype":1}}')).toEqual({ constructor: { prototype: 1 } });
  });
});

describe('what is too much', () => {
  test('32 levels are read, 33 are not', () => {
    expect(read('['.repeat(32) + ']'.repeat(32)).ok).toBe(true);
    expect(valueOf('['.repeat(33) + ']'.repeat(33))).toBe('depth');
  });

  test('BI-033 a depth of 5,000, also where it never closes', () => {
    expect(valueOf('['.repeat(5000))).toBe('depth');
    expect(valueOf(`${'{"a":'.repeat(5000)}1`)).toBe('depth');
  });

  test('100,000 values are read, more are not', () => {
    expect(read(`[${'0,'.repeat(99_990)}0]`).ok).toBe(true);
    expect(valueOf(`[${'0,'.repeat(100_000)}0]`)).toBe('nodes');
  });

  test('brackets in text are not levels', () => {
    expect(valueOf(JSON.stringify(['['.repeat(5000)]))).toEqual(['['.repeat(5000)]);
  });
});

const hostile = fc.oneof(
  fc.json({ stringUnit: 'binary' }),
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(...'[]{}",:\\u0d8e1-+.9eE \n'.split(''), '\u0000', '\ud800', '__proto__', 'true'),
  }),
);

test('PB-05 arbitrary text never throws, and what comes out is storable', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const result = read(text);
      if (!result.ok) return;
      const stored = JSON.stringify(result.value);
      expect(stored.isWellFormed()).toBe(true);
      expect(stored).not.toContain('\\u0000');
      expect(stored).not.toMatch(/\\ud[89a-f]/);
      expect(JSON.parse(stored)).toEqual(JSON.parse(JSON.stringify(result.value)));
    }),
    { numRuns: 2000 },
  );
});

test('what is storable already is not changed', () => {
  const value = fc.jsonValue({ maxDepth: 5, stringUnit: 'grapheme' }).filter((it) => {
    const text = JSON.stringify(it);
    return !text.includes('__proto__') && !text.includes('\\u0000') && !/\d{16}|[eE][+-]?\d{2}/.test(text);
  });
  fc.assert(
    fc.property(value, (it) => {
      const text = JSON.stringify(it);
      expect(read(text)).toEqual({ ok: true, value: JSON.parse(text), deviations: [] });
    }),
  );
});

test('PB-06 no text of 128 KiB takes long', () => {
  const size = 128 * 1024;
  const texts = [
    `"${'\\u0000'.repeat(size / 6)}"`,
    `[${'1e999,'.repeat(16_000)}1]`,
    '9'.repeat(size),
    '"'.repeat(size),
    '\\'.repeat(size),
    `[${'"\\ud800",'.repeat(12_000)}1]`,
    `{${'"a":1,'.repeat(20_000)}"a":1}`,
  ];
  for (const text of texts) read(text);
  // Its own work, the best of some: what else runs on the machine must not count.
  const cpuMs = (text: string): number => {
    const before = process.threadCpuUsage();
    read(text);
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  };
  for (const text of texts)
    expect(Math.min(...Array.from({ length: 5 }, () => cpuMs(text))), text.slice(0, 12)).toBeLessThan(60);
});

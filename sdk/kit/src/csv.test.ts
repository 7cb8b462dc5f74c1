import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine } from './csv.ts';

/** Reads what RFC 4180 writes. */
const read = (text: string): string[][] => {
  const records: string[][] = [[]];
  let [at, cell, quoted] = [0, '', false];
  const end = (): void => {
    records.at(-1)!.push(cell);
    cell = '';
  };
  for (; at < text.length; at += 1) {
    const c = text[at]!;
    if (quoted && c === '"' && text[at + 1] === '"') [cell, at] = [`${cell}"`, at + 1];
    else if (c === '"') quoted = !quoted;
    else if (!quoted && c === ',') end();
    else if (!quoted && c === '\r' && text[at + 1] === '\n') {
      end();
      records.push([]);
      at += 1;
    } else cell += c;
  }
  return records.slice(0, -1);
};

test.each([
  ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
  ['+46 8 123', `"'+46 8 123"`],
  ['-1+1', `"'-1+1"`],
  ['@SUM(A1)', `"'@SUM(A1)"`],
  ['\tx', `"'\tx"`],
  ['\rx', `"'\rx"`],
  [' =1+1', `"' =1+1"`],
  ['Göteborg, "Hamnen"', '"Göteborg, ""Hamnen"""'],
  ['a;b', '"a;b"'],
  ['Åmål', 'Åmål'],
  ['a\0b', 'a\ufffdb'],
  ['-12.50', '-12.50'],
  [-3, '-3'],
  [null, ''],
  [undefined, ''],
])('%j is written %s', (value, text) => {
  expect(csvLine([value])).toBe(`${text}\r\n`);
});

test('what was written is read again, but for the apostrophe before what a spreadsheet would run', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string(), { minLength: 1 }), { minLength: 1 }), (records) => {
      const safe = (cell: string): string => {
        const risky = /^\s*[=+\-@\t\r]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell);
        return `${risky ? "'" : ''}${cell}`.replaceAll('\0', '\ufffd');
      };
      expect(read(records.map(csvLine).join(''))).toEqual(records.map((record) => record.map(safe)));
    }),
  );
});

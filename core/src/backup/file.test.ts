import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { checkBackup, headerIn, readBackup, writeBackup } from './file.ts';
import type { Header, Part } from './format.ts';
import { frameOf, jsonFrame } from './frames.ts';
import { countRows } from './rows.ts';

const folder = await mkdtemp(join(tmpdir(), 'plugga-backup-file-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
let made = 0;
const fresh = (): string => join(folder, `${(made += 1)}.backup`);

const header: Header = {
  ...{ id: 'b', version: '0.1.0', server: '18.4', at: '2026-11-20T12:00:00.000Z', installation: null, position: '7' },
  ...{ frames: true, migrations: { core: [], plugins: {}, work: null }, partitions: [], sequences: [] },
};
const token: Part = { kind: 'table', schema: 'core', name: 'token_row', columns: [{ name: 'id', type: 'text' }] };
const countOf = (rows: Buffer) => {
  const counter = countRows();
  counter.add(rows);
  return counter.result();
};
const rows = Buffer.from(Array.from({ length: 500 }, (_, n) => `token-${n}\tRFID\n`).join(''));
async function* aBackup(): AsyncGenerator<Buffer> {
  yield jsonFrame('H', header);
  yield jsonFrame('P', token);
  yield frameOf('D', rows);
  yield jsonFrame('E', countOf(rows));
  yield jsonFrame('Z', { parts: 1, rows: 500, bytes: rows.length });
}
const written = async (frames: AsyncIterable<Buffer> = aBackup()): Promise<string> => {
  const path = fresh();
  await writeBackup(path, frames);
  return path;
};
const contentOf = async (path: string): Promise<readonly [Part, string][]> => {
  const found: [Part, string][] = [];
  await readBackup(path, {
    header: () => Promise.resolve(),
    part: async (part, bytes) => {
      let text = '';
      for await (const piece of bytes) text += piece.toString();
      found.push([part, text]);
    },
  });
  return found;
};

describe('a backup file', () => {
  test('gives back what was put in, and says what it is before anything else is read', async () => {
    const path = await written();
    expect(await checkBackup(path)).toBe((await stat(path)).size);
    expect(await headerIn(path)).toEqual(header);
    expect(await contentOf(path)).toEqual([[token, rows.toString()]]);
  });

  test('is private, is there only when it is whole, and replaces nothing', async () => {
    const path = await written();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await expect(writeBackup(path, aBackup())).rejects.toMatchObject({ code: 'conflict' });
    const cut = fresh();
    const broken = async function* (): AsyncGenerator<Buffer> {
      yield jsonFrame('H', header);
      throw new Error('the database went away');
    };
    await expect(writeBackup(cut, broken())).rejects.toThrow('the database went away');
    expect((await readdir(folder)).filter((name) => cut.endsWith(name) || name.endsWith('.part'))).toEqual([]);
  });

  test('with any bit turned over anywhere is found', async () => {
    const whole = await readFile(await written());
    const path = fresh();
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(7), async (at, bit) => {
        const bytes = Buffer.from(whole);
        bytes[at]! ^= 1 << bit;
        await writeFile(path, bytes);
        await expect(checkBackup(path)).rejects.toMatchObject({
          code: expect.stringMatching(/^backup-(damaged|unfit)$/),
        });
      }),
      { numRuns: 200 },
    );
  });

  test('cut off anywhere, or with something after its end, is found', async () => {
    const whole = await readFile(await written());
    const path = fresh();
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
        await writeFile(path, whole.subarray(0, length));
        await expect(checkBackup(path)).rejects.toMatchObject({ code: 'backup-damaged' });
      }),
      { numRuns: 100 },
    );
    await writeFile(path, Buffer.concat([whole, Buffer.from('\n')]));
    await expect(checkBackup(path)).rejects.toMatchObject({ code: 'backup-damaged' });
  });

  test('of another format says which', async () => {
    const whole = await readFile(await written());
    const path = fresh();
    await writeFile(path, Buffer.concat([Buffer.from('PLUGGA-BACKUP 9\n'), whole.subarray(16)]));
    await expect(checkBackup(path)).rejects.toThrow(/format 9, this program reads format 1/);
  });

  test('that was written with too few rows or without its end is refused while it is read', async () => {
    const short = await written(
      (async function* () {
        for await (const frame of aBackup()) if (frame[0] !== 'D'.charCodeAt(0)) yield frame;
      })(),
    );
    await expect(contentOf(short)).rejects.toMatchObject({ code: 'backup-damaged' });
    const open = await written(
      (async function* () {
        for await (const frame of aBackup()) if (frame[0] !== 'Z'.charCodeAt(0)) yield frame;
      })(),
    );
    await expect(contentOf(open)).rejects.toMatchObject({ code: 'backup-damaged' });
  });
});

describe('the digest of rows', () => {
  const text = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\t', '\\') }), { maxLength: 30 });
  const bytesOf = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''));
  test('is the same however the bytes are cut and in whatever order the rows come', () =>
    fc.assert(
      fc.property(text, fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (lines, cuts) => {
        const counter = countRows();
        const bytes = bytesOf(lines.toReversed());
        for (let at = 0; at < bytes.length;) {
          const length = cuts.next().value!;
          counter.add(bytes.subarray(at, at + length));
          at += length;
        }
        expect(counter.result()).toEqual(countOf(bytesOf(lines)));
      }),
    ));
  test('differs where a row is another, or is there twice', () =>
    fc.assert(
      fc.property(text, fc.string({ unit: fc.constantFrom('c', 'd'), minLength: 1 }), (lines, other) => {
        const { digest } = countOf(bytesOf(lines));
        expect(countOf(bytesOf([...lines, other])).digest).not.toBe(digest);
        expect(countOf(bytesOf([...lines, other, other])).digest).not.toBe(countOf(bytesOf([...lines, other])).digest);
      }),
    ));
});

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const blocks = [...read('docs/adapters.md').matchAll(/^```(ts|json)\n([^]*?)\n```$/gm)];
const fixtures = ['adapters/ocpp16/fixtures/', 'adapters/quirks/fixtures/'].flatMap((folder) =>
  readdirSync(new URL(folder, root)).flatMap((file) =>
    read(folder + file)
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line)),
  ),
);

test.each(blocks.map(([, language, text]) => [text!.slice(0, 60).replaceAll('\n', ' '), language, text!]))(
  'docs/adapters.md shows what is there: %s',
  (_, language, text) => {
    if (language === 'json') {
      expect(fixtures).toContainEqual(JSON.parse(text));
      return;
    }
    const [, path, code] = /^\/\/ (\S+)\n([^]*)$/.exec(text) ?? [];
    expect(read(path!)).toContain(code);
  },
);

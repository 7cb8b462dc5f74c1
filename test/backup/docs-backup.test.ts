import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { adminKey, dataFolder, root, startPlatform } from '../e2e/process.ts';

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

test.runIf(process.env['PLUGGA_TEST'] === 'full')(
  'the commands of docs/backup.md do what it says, on an embedded database while its platform runs',
  { timeout: 120_000 },
  async () => {
    const folder = await dataFolder();
    undo.push(folder.remove);
    writeFileSync(
      join(folder.path, 'plugga.config.ts'),
      `export { default } from '${join(root, 'plugga.config.ts')}';\n`,
    );
    const data = join(folder.path, 'data');
    const platform = await startPlatform({ dataDir: data });
    undo.push(() => platform.stop());
    const guide = readFileSync(join(root, 'docs/backup.md'), 'utf8');
    const lines = [...guide.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block]) => block!.trim().split('\n'));
    expect(lines).toHaveLength(5);
    const said: string[] = [];
    let url = platform.url;
    for (const line of lines) {
      if (line.includes('restore report')) {
        const restored = await startPlatform({ dataDir: join(folder.path, 'elsewhere') });
        undo.push(() => restored.stop());
        ({ url } = restored);
      }
      const command = line
        .replace('npx -y pnpm@12.21.0 plugga', `"${process.execPath}" "${join(root, 'core/src/bin.ts')}"`)
        .replace('http://127.0.0.1:8080', url);
      const env = {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        PLUGGA_DATA: data,
        PLUGGA_ADMIN_KEY: adminKey,
      };
      const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command], { cwd: folder.path, env });
      said.push(stdout.trim());
    }
    expect(said).toEqual([
      expect.stringMatching(/^monday\.backup: .*KiB, \d+ rows of \d+ tables up to event \d+/),
      '',
      expect.stringMatching(/^restored \d+ rows of \d+ tables[^]*verified: 0 sessions and 0 stations/),
      expect.stringMatching(/^verified: /),
      expect.stringMatching(/^backed up .*, restored /),
    ]);
  },
);

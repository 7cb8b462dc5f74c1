import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../e2e/process.ts';

/** The first commit of the walking core: what is upgraded from. */
const commit = '087222d';

const run = promisify(execFile);

/** Whether git is there and has the commit; a shallow clone or a tarball has not. */
export const hasOldVersion = async (): Promise<boolean> =>
  run('git', ['-C', root, 'cat-file', '-e', `${commit}^{commit}`]).then(
    () => true,
    () => false,
  );

/** That version with what it depends on, in a folder of its own. */
export const oldVersion = async (): Promise<{ readonly path: string; remove(): Promise<void> }> => {
  const path = await mkdtemp(join(tmpdir(), 'plugga-old-'));
  const archive = join(path, 'old.tar');
  await run('git', ['-C', root, 'archive', '--format=tar', '-o', archive, commit]);
  await run('tar', ['xf', archive, '-C', path]);
  await run('npx', ['-y', 'pnpm@12.21.0', 'install', '--frozen-lockfile', '--prefer-offline'], {
    ...{ cwd: path, timeout: 180_000, maxBuffer: 16 * 1024 * 1024 },
    env: { ...process.env, CI: 'true' },
  });
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
};

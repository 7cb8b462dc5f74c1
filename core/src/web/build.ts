import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { fail, type Clock, type Log } from '@plugga/kit';

const run = promisify(execFile);
const BUILD_DEADLINE_MS = 120_000;
export const keyFile = '.key';

/**
 * The folder with the built pages of a package. Built by its Vite in a child process when no build of exactly these sources is there;
 * an installed package has no sources and carries its build. Rejects at once where `signal` says so, and leaves nothing behind.
 */
export async function builtWeb(
  root: string,
  o: { readonly log: Pick<Log, 'info'>; readonly clock: Clock; readonly signal?: AbortSignal },
): Promise<string> {
  const out = join(root, 'dist', 'web');
  const sources = join(root, 'web');
  if (!existsSync(sources)) {
    if (!existsSync(out)) throw fail('plugin-invalid', `the package carries no built pages in ${out}`);
    return out;
  }
  const key = await keyOf(root);
  if (await isBuiltFrom(out, key)) return out;
  const began = o.clock.now();
  // Into a folder of its own, then moved: two starts at once never serve half a build.
  const fresh = join(root, 'dist', `web-${process.pid}`);
  const vite = join(dirname(createRequire(join(root, 'package.json')).resolve('vite/package.json')), 'bin', 'vite.js');
  await mkdir(join(root, 'dist'), { recursive: true });
  try {
    await run(process.execPath, [vite, 'build', '--logLevel', 'error', '--outDir', fresh, '--emptyOutDir'], {
      cwd: sources,
      timeout: BUILD_DEADLINE_MS,
      signal: o.signal,
      // Nothing of it is kept: it need not tidy up, and must not write after us.
      killSignal: 'SIGKILL',
      // An environment of its own: the build depends on its sources alone, and a test's NODE_ENV makes no slow React.
      env: { NODE_ENV: 'production' },
    });
    await writeFile(join(fresh, keyFile), key);
    if (!(await isBuiltFrom(out, key))) {
      await rm(out, { recursive: true, force: true });
      await rename(fresh, out).catch((error: NodeJS.ErrnoException) => {
        // Another start was faster with the same sources.
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      });
    }
  } finally {
    await rm(fresh, { recursive: true, force: true, maxRetries: 5 });
  }
  o.log.info('pages built', { ms: o.clock.now() - began });
  return out;
}

async function isBuiltFrom(out: string, key: string): Promise<boolean> {
  const file = join(out, keyFile);
  return existsSync(file) && (await readFile(file, 'utf8')) === key;
}

/** Changes when the sources, the package or the version of a dependency does; tests are no part of a build. */
export async function keyOf(root: string): Promise<string> {
  const hash = createHash('sha256');
  const add = async (path: string): Promise<void> => {
    const full = join(root, path);
    if ((await stat(full)).isDirectory()) {
      for (const name of (await readdir(full)).toSorted()) await add(join(path, name));
      return;
    }
    if (/\.test\.tsx?$/.test(path)) return;
    const bytes = await readFile(full);
    hash.update(`${path}\0${bytes.byteLength}\0`).update(bytes);
  };
  await add('package.json');
  await add('web');
  const { dependencies, devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Readonly<
    Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>> | undefined>
  >;
  for (const name of Object.keys({ ...dependencies, ...devDependencies }).toSorted()) {
    const path = join('node_modules', name, 'package.json');
    if (existsSync(join(root, path))) await add(path);
  }
  return hash.digest('hex');
}

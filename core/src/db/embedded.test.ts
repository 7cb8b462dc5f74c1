import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, statSync } from 'node:fs';
import { chown, copyFile, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { startEmbedded } from './embedded.ts';
import { openDatabase } from './open.ts';

const root = process.getuid?.() === 0;
const daemon = 1; // some ordinary user, on every Linux

/** What root runs as another user lies here, so that the programs are copied once. */
const systemDir = await mkdtemp(join(tmpdir(), 'plugga-system-'));
afterAll(() => rm(systemDir, { recursive: true, force: true }));

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A data folder that only we can enter. */
const folders = async () => {
  const parent = await mkdtemp(join(tmpdir(), 'plugga-embedded-'));
  undo.push(() => rm(parent, { recursive: true, force: true }));
  chmodSync(parent, 0o711);
  await mkdir(join(parent, 'private'), { mode: 0o700 });
  return { dataDir: join(parent, 'private', 'data'), systemDir };
};

type Folders = Awaited<ReturnType<typeof folders>>;

const start = async (where: Folders) => {
  const server = await startEmbedded({ ...where, fsync: false });
  undo.push(() => server.stop());
  return server;
};

/** Another process that holds the database, as `plugga start` does. */
const startElsewhere = async ({ dataDir, systemDir }: Folders, uid?: number) => {
  const script = join(import.meta.dirname, 'embedded.test-process.ts');
  const args = [script, dataDir, systemDir, ...(uid === undefined ? [] : [String(uid)])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  undo.push(async () => void (child.exitCode ?? child.signalCode ?? child.kill('SIGKILL')));
  const lines = createInterface(child.stdout);
  const line = await Promise.race([
    once(lines, 'line').then(([text]) => text as string),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the other process ended with ${code}`))),
  ]);
  return { child, lines, url: (JSON.parse(line) as { url: string }).url };
};

const ended = async (child: ChildProcess, signal: NodeJS.Signals) => {
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
};

const ask = async (url: string, sql: string): Promise<unknown> => {
  const database = openDatabase({ url });
  try {
    const { rows } = await database.pool.query<{ answer: unknown }>(sql);
    return rows[0]?.answer;
  } finally {
    await database.close();
  }
};

const homeOf = (url: string): string => dirname(new URL(url).searchParams.get('host') ?? '');

const pidFile = (url: string): string => join(homeOf(url), 'cluster', 'postmaster.pid');

const postmaster = async (url: string): Promise<number> =>
  Number((await readFile(pidFile(url), 'utf8')).split('\n')[0]);

/** A process that ended and was not waited for has no command line any more. */
const alive = async (pid: number): Promise<boolean> =>
  (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')) !== '';

/** R, S, T (stopped) …, after the name, which may hold anything. */
const stateOf = async (pid: number): Promise<string | undefined> =>
  (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1)?.[0];

const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (const deadline = Date.now() + 10_000; !(await holds()); await sleep(20))
    if (Date.now() > deadline) throw new Error(`still not: ${what}`);
};

describe.skipIf(process.platform !== 'linux')('the embedded database', { timeout: 40_000 }, () => {
  test('keeps what was committed over a stop and a start, and stops within 3 s with a transaction open', async () => {
    const where = await folders();
    const first = await startEmbedded({ ...where });
    await ask(first.url, 'create table kept as select 7 as answer');
    const open = openDatabase({ url: first.url });
    const client = await open.pool.connect();
    client.on('error', () => {});
    await client.query('begin; insert into kept values (8)');
    const began = Date.now();
    await first.stop();
    expect(Date.now() - began).toBeLessThan(3_000);
    client.release(true);
    await open.close();
    expect(await ask((await start(where)).url, 'select sum(answer)::int as answer from kept')).toBe(7);
  });

  test('refuses a second live start on the same folder, naming the process that has it', async () => {
    const where = await folders();
    const { child } = await startElsewhere(where);
    await expect(startEmbedded(where)).rejects.toMatchObject({ code: 'data-in-use', details: { pid: child.pid } });
    await ended(child, 'SIGINT');
    await start(where);
  });

  test('is not reached by Ctrl-C, so that we can flush into it first', async () => {
    const { child, lines } = await startElsewhere(await folders());
    const said = once(lines, 'line');
    process.kill(-(child.pid ?? 0), 'SIGINT'); // as a terminal does: to the whole process group
    expect(await said).toEqual(['flushed']);
  });

  test('dies with a process that is killed, and the next start has its data', async () => {
    const where = await folders();
    const { child, url } = await startElsewhere(where);
    const pid = await postmaster(url);
    await ask(url, 'create table kept as select 7 as answer');
    await ended(child, 'SIGKILL');
    const again = await start(where); // at once, while the old one may still be stopping
    expect(await ask(again.url, 'select answer from kept')).toBe(7);
    expect(await alive(pid)).toBe(false);
  });

  test('is started again after everything was killed at once, and after its guard was killed too', async () => {
    const where = await folders();
    const { child, url } = await startElsewhere(where);
    const pid = await postmaster(url);
    process.kill(pid, 'SIGKILL');
    await ended(child, 'SIGKILL');
    const second = await startElsewhere(where);
    const orphan = await postmaster(second.url);
    // Held still first: who sees its guard die ends the database and starts another, which is as it should be.
    second.child.kill('SIGSTOP');
    await until('it stands still', async () => (await stateOf(second.child.pid ?? 0)) === 'T');
    const guards = await guardsOf(orphan);
    expect(guards).not.toEqual([]);
    for (const guard of guards) process.kill(guard, 'SIGKILL');
    await ended(second.child, 'SIGKILL');
    expect(await alive(orphan)).toBe(true);
    await start(where);
    expect(await alive(orphan)).toBe(false);
  });

  test('comes back by itself at the same address when only PostgreSQL is killed', async () => {
    const { url } = await start(await folders());
    const pid = await postmaster(url);
    process.kill(pid, 'SIGKILL');
    await until('a new server', async () => (await ask(url, 'select 1 as answer').catch(() => 0)) === 1);
    expect(await postmaster(url)).not.toBe(pid);
  });

  test('a pid file that names another program does not stop a start', async () => {
    const where = await folders();
    const { child, url } = await startElsewhere(where);
    const path = pidFile(url);
    const pid = await postmaster(url);
    process.kill(pid, 'SIGKILL');
    await ended(child, 'SIGKILL');
    await writeFile(path, (await readFile(path, 'utf8')).replace(/^\d+/, String(process.ppid)));
    await start(where);
  });

  describe.skipIf(!root)('as root', () => {
    test('follows a data folder that was moved, and refuses a copy of one in use', async () => {
      const where = await folders();
      const first = await startEmbedded({ ...where, fsync: false });
      await ask(first.url, 'create table kept as select 7 as answer');
      await first.stop();
      const moved = { ...where, dataDir: `${where.dataDir}-moved` };
      await rename(where.dataDir, moved.dataDir);
      await (await startEmbedded({ ...where, dataDir: `${where.dataDir}-other`, fsync: false })).stop();
      const second = await start(moved);
      expect(await ask(second.url, 'select answer from kept')).toBe(7);
      await mkdir(where.dataDir);
      await copyFile(join(moved.dataDir, 'postgres.json'), join(where.dataDir, 'postgres.json'));
      await expect(startEmbedded(where)).rejects.toMatchObject({ code: 'data-in-use' });
    });

    test('removes the clusters whose data folder is gone, and no other', async () => {
      const where = await folders();
      const other = { ...where, dataDir: `${where.dataDir}-other` };
      const gone = await startEmbedded({ ...where, fsync: false });
      await gone.stop();
      const kept = await start(other);
      await rm(where.dataDir, { recursive: true });
      await (await startEmbedded({ ...where, dataDir: `${where.dataDir}-third`, fsync: false })).stop();
      expect([existsSync(homeOf(gone.url)), existsSync(homeOf(kept.url))]).toEqual([false, true]);
      expect(await ask(kept.url, 'select 1 as answer')).toBe(1);
    });

    test.skipIf(!enterable(process.cwd()))(
      'an ordinary user has all of it in the data folder, and root takes it over as that user',
      async () => {
        const where = await folders();
        await mkdir(where.dataDir);
        await chown(where.dataDir, daemon, daemon);
        chmodSync(dirname(where.dataDir), 0o711);
        const { child, url } = await startElsewhere(where, daemon);
        expect(statSync(join(where.dataDir, 'postgres', 'cluster')).uid).toBe(daemon);
        await ask(url, 'create table kept as select 7 as answer');
        await ended(child, 'SIGINT');
        const asRoot = await start(where);
        expect(await ask(asRoot.url, 'select answer from kept')).toBe(7);
      },
    );
  });
});

/** The shells between us and PostgreSQL. */
async function guardsOf(pid: number): Promise<number[]> {
  const guards: number[] = [];
  for (const name of await readdir('/proc')) {
    const words = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    const data = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0')[2] ?? '-';
    if (words.startsWith('/bin/sh') && words.includes(data)) guards.push(Number(name));
  }
  return guards;
}

/** Whether any user can reach the folder, and so the programs in its node_modules. */
function enterable(path: string): boolean {
  return (statSync(path).mode & 0o5) === 0o5 && (path === '/' || enterable(dirname(path)));
}

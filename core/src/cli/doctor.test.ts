import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineDeployment } from '@plugga/kit';
import { startPlatform, testDatabase } from '@plugga/testing';
import pg from 'pg';
import { expect, test } from 'vitest';
import { realClock } from '../clock.ts';
import { folderDisk } from '../db/journal-disk.ts';
import { journalFolder, openJournal } from '../db/journal.ts';
import { aUnit, quiet } from '../db/store.test-support.ts';
import { doctor } from './doctor.ts';

const folder = mkdtempSync(join(tmpdir(), 'plugga-doctor-'));

/** What it finds, by check. */
async function examine(env: Record<string, string>) {
  const out: string[] = [];
  const code = await doctor.run({
    args: [],
    json: true,
    env: { PLUGGA_PORT: '0', PLUGGA_DATA: folder, ...env },
    out: (text) => void out.push(text),
    err: () => undefined,
    deployment: async () => defineDeployment({ adapters: [], quirks: [], plugins: [] }),
    ended: new Promise(() => undefined),
  });
  const findings = JSON.parse(out.join('')) as { check: string; result: string; detail: string }[];
  return { code, of: (check: string) => findings.find((it) => it.check === check) };
}

test('a machine on which all is well ends with 0', async () => {
  const { code, of } = await examine({});
  expect(code).toBe(0);
  expect(of('data')).toMatchObject({ result: 'ok' });
  rmSync(folder, { recursive: true });
});

test('a wrong setting, a taken port and a database that does not answer are said, each with what to do', async () => {
  expect((await examine({ PLUGGA_PROT: '1' })).of('settings')).toMatchObject({
    result: 'wrong',
    detail: expect.stringContaining('PLUGGA_PORT'),
  });
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { code, of } = await examine({
    PLUGGA_PORT: String((other.address() as AddressInfo).port),
    DATABASE_URL: 'postgres://nobody:canary@127.0.0.1:1/none',
  });
  other.close();
  expect(code).toBe(1);
  expect(of('port')).toMatchObject({ result: 'wrong', detail: expect.stringContaining('set PLUGGA_PORT') });
  expect(of('database')).toMatchObject({ result: 'wrong' });
  expect(JSON.stringify(of('database'))).not.toContain('canary');
});

test('where the role may not make the working role, the two statements are printed', async () => {
  const database = await testDatabase('doctor');
  expect((await examine({ DATABASE_URL: database.url })).of('database')).toMatchObject({ result: 'ok' });
  const admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  const role = `plain_${randomBytes(4).toString('hex')}`;
  await admin.query(`create role ${role} login`);
  const url = new URL(database.url);
  url.username = role;
  try {
    const { code, of } = await examine({ DATABASE_URL: url.href });
    expect(code).toBe(1);
    expect(of('database')?.detail).toContain(`grant plugga_app to ${role};`);
  } finally {
    await admin.query(`drop role ${role}`);
    await admin.end();
    await database.drop();
  }
});

test('open onboarding on the network is a warning', async () => {
  const { of } = await examine({ PLUGGA_HOST: '0.0.0.0', PLUGGA_ONBOARDING: 'open' });
  expect(of('security')).toMatchObject({ result: 'warning' });
});

test('sizes of the tables are told, and that nobody has tidied them lately', async () => {
  const database = await testDatabase('doctor tables');
  const admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  try {
    expect((await examine({ DATABASE_URL: database.url })).of('tables')).toMatchObject({
      result: 'ok',
      detail: expect.stringMatching(/archive \d+ MiB .*frames .*log .*retention has not run yet/),
    });
    await admin.query(`insert into core.installation values ('retention-tidy', '2026-01-01T00:00:00Z')`);
    expect((await examine({ DATABASE_URL: database.url })).of('tables')).toMatchObject({
      result: 'warning',
      detail: expect.stringContaining('should run every hour'),
    });
  } finally {
    await admin.end();
    await database.drop();
  }
});

test('nodes that cannot hear each other are told, with what to set', async () => {
  const database = await testDatabase('doctor nodes');
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  const node = (id: string) =>
    owner.query(`insert into core.node (id, run, version, url, bus) values ($1, 'r', '1', 'http://x', 'alone')`, [id]);
  await node('north');
  expect((await examine({ DATABASE_URL: database.url })).of('nodes')).toMatchObject({ result: 'ok' });
  await node('south');
  const { code, of } = await examine({ DATABASE_URL: database.url, NATS_URL: 'nats://user:canary@127.0.0.1:1' });
  expect(code).toBe(0);
  expect(of('nodes')).toMatchObject({ result: 'warning', detail: expect.stringContaining('NATS_URL') });
  expect(of('bus')).toMatchObject({ result: 'warning', detail: expect.stringContaining('goes on alone') });
  expect(JSON.stringify(of('bus'))).not.toContain('canary');
  await owner.query(`update core.node set seen_at = now() - interval '1 minute' where id = 'north'`);
  expect((await examine({ DATABASE_URL: database.url })).of('nodes')).toMatchObject({
    result: 'warning',
    detail: expect.stringContaining('north: away'),
  });
  await owner.end();
  await database.drop();
});

test('units of an earlier run, damaged files and those of another installation are said, each with what to do', async () => {
  const database = await testDatabase('doctor_journal');
  const data = mkdtempSync(join(tmpdir(), 'plugga-doctor-journal-'));
  try {
    expect((await examine({ PLUGGA_DATA: data })).of('journal')).toMatchObject({ result: 'ok' });
    const journal = (installation: string) =>
      openJournal({
        ...{ disk: folderDisk(journalFolder(data)), clock: realClock, log: quiet, installation, node: 'here' },
        reserveBytes: 0,
      });
    const earlier = await journal('theirs');
    await earlier.append(aUnit('S', 1));
    await earlier.append(aUnit('S', 2));
    await earlier.close();
    const waiting = await examine({ PLUGGA_DATA: data });
    expect(waiting.code).toBe(0);
    expect(waiting.of('journal units')).toMatchObject({
      result: 'warning',
      detail: expect.stringMatching(/^2 wait for the database, the oldest since 2026-/) as string,
    });
    expect(waiting.of('journal owner')).toBeUndefined();

    const ours = await journal('ours');
    await ours.append(aUnit('S', 1));
    await ours.close();
    expect((await examine({ PLUGGA_DATA: data })).of('journal owner')).toMatchObject({ result: 'wrong' });
    const platform = await startPlatform({ env: { DATABASE_URL: database.url } });
    await platform.stop();
    expect((await examine({ PLUGGA_DATA: data, DATABASE_URL: database.url })).of('journal owner')).toMatchObject({
      result: 'wrong',
      detail: expect.stringMatching(
        /^units of installation theirs, ours lie in it, the database is [0-9a-f]{12}/,
      ) as string,
    });

    const [first] = readdirSync(journalFolder(data)).sort();
    const bytes = readFileSync(join(journalFolder(data), first!));
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(join(journalFolder(data), first!), bytes);
    const broken = await examine({ PLUGGA_DATA: data });
    expect(broken.code).toBe(1);
    expect(broken.of('journal damage')).toMatchObject({
      result: 'wrong',
      detail: expect.stringContaining(first!) as string,
    });
  } finally {
    rmSync(data, { recursive: true });
    await database.drop();
  }
});

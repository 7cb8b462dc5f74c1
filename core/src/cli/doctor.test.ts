import { randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineDeployment } from '@plugga/kit';
import { startPlatform, testAuthority, testDatabase } from '@plugga/testing';
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

test('the standing file is looked at without a start: what it holds, how old it is, and what is wrong with it', async () => {
  const [database, other] = [await testDatabase('doctor_standing'), await testDatabase('doctor_standing_other')];
  const data = mkdtempSync(join(tmpdir(), 'plugga-doctor-standing-'));
  const file = join(data, 'standing.db');
  const standing = async (env: Record<string, string> = {}) =>
    (await examine({ PLUGGA_DATA: data, DATABASE_URL: database.url, ...env })).of('standing');
  try {
    expect(await standing()).toMatchObject({ result: 'ok', detail: expect.stringContaining('made at first start') });
    const platform = await startPlatform({ env: { DATABASE_URL: database.url, PLUGGA_DATA: data } });
    try {
      const of = async (path: string) =>
        (await fetch(`${platform.url}${path}`, { headers: { authorization: `Bearer ${platform.adminKey}` } })).text();
      await fetch(`${platform.url}/api/v1/tokens`, {
        ...{ method: 'POST', body: JSON.stringify({ type: 'ISO14443', value: 'DOCTOR0001' }) },
        headers: { authorization: `Bearer ${platform.adminKey}`, 'content-type': 'application/json' },
      });
      const deadline = Date.now() + 20_000;
      while (!(await of('/metrics')).includes('plugga_standing_rows{what="tokens"} 1'))
        if (Date.now() > deadline) throw new Error(`stalled: the token in the standing file\n${await of('/metrics')}`);
      const metrics = await of('/metrics');
      expect(metrics).toContain('plugga_standing_usable 1');
      expect(metrics).toMatch(/plugga_standing_bytes [1-9]/);
      expect(metrics).toMatch(/plugga_standing_step_age_seconds \d/);
      expect(metrics).toMatch(/plugga_standing_last_write_seconds 1\d{9}/);
      expect(metrics).toContain('plugga_standing_given_up_total 0');

      const port = new URL(platform.url).port;
      const running = await examine({ PLUGGA_DATA: data, DATABASE_URL: database.url, PLUGGA_PORT: port });
      expect(running.of('standing')).toMatchObject({ result: 'ok', detail: expect.stringContaining('in use') });
      expect(running.of('running standing')).toMatchObject({ result: 'ok' });
      expect(running.of('running storage')).toEqual({ check: 'running storage', result: 'ok', detail: 'well' });
    } finally {
      await platform.stop();
    }
    expect(await standing()).toMatchObject({
      result: 'ok',
      detail: expect.stringMatching(/MiB, last written 2.*: 0 stations, the state of 0, 1 tokens, in step .* at 2/),
    });
    expect(await standing({ DATABASE_URL: other.url }), 'a database without an installation').toMatchObject({
      result: 'ok',
    });
    await (await startPlatform({ env: { DATABASE_URL: other.url } })).stop();
    expect(await standing({ DATABASE_URL: other.url })).toMatchObject({
      result: 'warning',
      detail: expect.stringContaining('is of installation'),
    });
    copyFileSync(file, `${file}.whole`);
    writeFileSync(file, Buffer.alloc(20_000, 65));
    expect(await standing()).toMatchObject({ result: 'warning', detail: expect.stringContaining('not a database') });
    copyFileSync(`${file}.whole`, file);
    expect(await standing()).toMatchObject({ result: 'ok' });
    if (process.getuid?.() !== 0) {
      chmodSync(file, 0o400);
      expect(await standing()).toMatchObject({ result: 'wrong', detail: expect.stringContaining('give us the file') });
    }
  } finally {
    rmSync(data, { recursive: true });
    await database.drop();
    await other.drop();
  }
});

test('what a running platform says of the steps of the outage ladder is told, with what to do', async () => {
  let ready = true;
  const checks = { database: 'away, journaling since 2026-01-01', storage: 'journaling', standing: 'ok', ocpp: 'ok' };
  const server = createHttpServer((_, response) => response.end(JSON.stringify({ name: 'plugga', ready, checks })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const env = { PLUGGA_PORT: String((server.address() as AddressInfo).port) };
  try {
    const away = await examine(env);
    expect(away.code, 'stations are served').toBe(0);
    expect(away.of('running storage')).toMatchObject({
      result: 'warning',
      detail: expect.stringMatching(/^journaling; .*journal/),
    });
    expect(away.of('running standing')).toMatchObject({ result: 'ok' });
    ready = false;
    Object.assign(checks, { storage: 'shut', ocpp: 'shut' });
    const shut = await examine(env);
    expect(shut.code).toBe(1);
    expect(shut.of('running storage')).toMatchObject({ result: 'wrong', detail: expect.stringMatching(/^shut; /) });
    expect(shut.of('running ocpp')).toMatchObject({ result: 'wrong' });
  } finally {
    server.close();
  }
});

test('a certificate of the TLS listener that ends soon is a warning, one that has ended is wrong', async () => {
  const files = mkdtempSync(join(tmpdir(), 'plugga-doctor-tls-'));
  const authority = testAuthority();
  const withCertificate = async (days: number) => {
    const { cert, key } = authority.issue('localhost', { hosts: ['localhost'], days });
    writeFileSync(join(files, 'cert.pem'), cert);
    writeFileSync(join(files, 'key.pem'), key);
    const found = await examine({
      PLUGGA_TLS_CERT: join(files, 'cert.pem'),
      PLUGGA_TLS_KEY: join(files, 'key.pem'),
    });
    return found.of('tls');
  };
  expect(await withCertificate(90)).toMatchObject({ result: 'ok', detail: expect.stringContaining('RSA suites only') });
  expect(await withCertificate(10)).toMatchObject({ result: 'warning', detail: expect.stringContaining('expires in') });
  expect(await withCertificate(-1)).toMatchObject({ result: 'wrong', detail: expect.stringContaining('has expired') });
  rmSync(files, { recursive: true });
  rmSync(folder, { recursive: true, force: true });
});

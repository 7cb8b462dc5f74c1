import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { testDatabase } from '@plugga/testing';
import { expect, test } from 'vitest';
import { booksOf, migrated, openIssuers } from './issuing.ts';

const ISSUERS = 8;

test(
  'eight issuers at once, of whom some fail at the very end, leave no gap and bill nothing twice',
  { timeout: 90_000 },
  async () => {
    const database = await testDatabase('issuers');
    await migrated(database.url);
    const issuers = openIssuers(database.url, ISSUERS);
    const sessions = Array.from({ length: 40 }, (_, n) => `session-${n}`);
    const outcomes = await Promise.allSettled(
      Array.from({ length: ISSUERS * 4 }, (_, n) => {
        const from = (n * 5) % sessions.length;
        return issuers.issue(sessions.slice(from, from + 10), n % 3 === 0);
      }),
    );
    const failed = outcomes.flatMap((it) => (it.status === 'rejected' ? [String(it.reason)] : []));
    expect(new Set(failed)).toEqual(new Set(['Error: spoiled']));
    await issuers.issue(sessions);
    expect(await booksOf(issuers.db)).toEqual({ invoices: 40, sessions: 40, gaps: 0, last: 40 });
    await issuers.close();
    await database.drop();
  },
);

test.runIf(process.env['PLUGGA_TEST'] === 'full')(
  'eight processes that issue at once and are killed with -9 leave no gap and bill nothing twice',
  { timeout: 240_000 },
  async () => {
    const database = await testDatabase('killed issuers');
    await migrated(database.url);
    const COUNT = 800;
    const program = fileURLToPath(new URL('issuer.ts', import.meta.url));
    const start = (seed: number) =>
      spawn(process.execPath, [program, database.url, String(seed), String(COUNT)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    const killed = await Promise.all(
      Array.from({ length: ISSUERS }, async (_, seed) => {
        const issuer = start(seed);
        // Each dies a while after its first batch, in the middle of another.
        let seen = 0;
        issuer.stdout.on('data', (dots: Buffer) => {
          seen += dots.length;
          if (seen > 1 + seed / 2) issuer.kill('SIGKILL');
        });
        const [, signal] = (await once(issuer, 'exit')) as [number | null, string | null];
        return signal;
      }),
    );
    expect(killed).toEqual(Array.from({ length: ISSUERS }, () => 'SIGKILL'));
    const issuers = openIssuers(database.url, 2);
    const before = await booksOf(issuers.db);
    expect(before).toMatchObject({ gaps: 0, last: before.invoices, sessions: before.invoices });
    expect(before.invoices).toBeLessThan(COUNT);
    for (let at = 0; at < COUNT; at += 200)
      await issuers.issue(Array.from({ length: 200 }, (_, n) => `session-${at + n}`));
    expect(await booksOf(issuers.db)).toEqual({ invoices: COUNT, sessions: COUNT, gaps: 0, last: COUNT });
    await issuers.close();
    await database.drop();
  },
);

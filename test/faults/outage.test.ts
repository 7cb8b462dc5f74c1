import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { api, type Api } from '../e2e/api.ts';
import { checkBooks } from '../e2e/books.ts';
import { dataFolder, type Platform, startPlatform } from '../e2e/process.ts';
import { type Call, listenTo } from './answers.ts';
import { bar, freeze } from './database.ts';
import { smallDisk } from './disk.ts';
import { residents, type Residents } from './residents.ts';

const full = process.env['PLUGGA_TEST'] === 'full';
const STATIONS = 20;
const ANSWERED_MS = 3_000;
const token = 'OUTAGETEST000001';
const ofTransactions = ['StartTransaction', 'MeterValues', 'StopTransaction'];

let undo: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const end of undo.reverse())
    await Promise.resolve()
      .then(end)
      .catch(() => undefined);
  undo = [];
});

interface Site {
  readonly folder: string;
  readonly platform: Platform;
  readonly operator: Api;
  readonly fleet: Residents;
}

/** Stations that charge, each for some seconds at a time. */
const site = async (prefix: string, folder: string): Promise<Site> => {
  const platform = await startPlatform({ dataDir: folder, env: { PLUGGA_ONBOARDING: 'open' } });
  undo.push(() => platform.stop());
  const operator = api(platform.url);
  await operator.post('tokens', { type: 'RFID', value: token });
  const fleet = await residents({
    ...{ url: platform.ocpp, count: STATIONS, prefix, token, visit: [240, 720] },
    options: { callTimeoutMs: 20_000 },
  });
  undo.push(() => fleet.close());
  await Promise.all(
    fleet.stations.map((station) => station.next('metered', { withinMs: 30_000, step: 'metering before the outage' })),
  );
  return { folder, platform, operator, fleet };
};

/** The database stands still, then is killed and does not come back; from the first moment to the last that it was away. */
const outage = async (dataDir: string, o: { readonly frozenMs: number; readonly deadMs: number }) => {
  const frozen = await freeze(dataDir);
  undo.push(frozen.kill);
  const from = performance.now();
  await sleep(o.frozenMs);
  const unbar = await bar(dataDir);
  frozen.kill();
  await sleep(o.deadMs);
  const to = performance.now();
  await unbar();
  return { from, to };
};

/** All visits end, every queue empties, and the books equal the meters. */
const settled = async ({ fleet, operator }: Site): Promise<string> => {
  const back = performance.now();
  await fleet.leave();
  await Promise.all(fleet.stations.map((station) => station.settled({ withinMs: 60_000 })));
  const ledger = fleet.stations.flatMap((station) => [...station.ledger]);
  const books = await checkBooks({
    operator,
    ledger,
    flags: ['offlineAuthorized'],
    withinMs: 60_000,
    readingsOfEach: 1,
  });
  const seconds = ((performance.now() - back) / 1_000).toFixed(1);
  return `${books.transactions} transactions, ${books.meteredWh} Wh metered and sold, settled and checked in ${seconds} s`;
};

const quantile = (calls: readonly Call[], part: number): number => {
  const sorted = calls.map(({ sentAt, answeredAt = Infinity }) => answeredAt - sentAt).sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);
};
const countOf = (calls: readonly Call[], action: string): number => calls.filter((it) => it.action === action).length;

test.runIf(full)(
  `${STATIONS} stations charge while the database is frozen and then dead for 60 s: every message is answered within 3 s and billed once`,
  { timeout: 240_000 },
  async () => {
    const folder = await dataFolder();
    undo.push(folder.remove);
    const here = await site('OUT-', folder.path);
    const heard = listenTo(here.fleet.stations);
    const { from, to } = await outage(folder.path, { frozenMs: 30_000, deadMs: 30_000 });
    heard.stop();

    const during = heard.calls.filter(({ sentAt }) => sentAt >= from && sentAt < to - ANSWERED_MS);
    const asked = during.filter(({ action }) => action === 'Authorize');
    const told = during.filter(({ action }) => ofTransactions.includes(action));
    console.log(
      `${[...ofTransactions, 'Authorize'].map((action) => `${countOf(during, action)} ${action}`).join(', ')}; ` +
        `answered within ${quantile(told, 0.5)} ms (half), ${quantile(told, 0.99)} ms (99 %), ${quantile(told, 1)} ms (all); ` +
        `Authorize ${quantile(asked, 0.5)}, ${quantile(asked, 0.99)}, ${quantile(asked, 1)} ms; ${await settled(here)}`,
    );
    for (const action of [...ofTransactions, 'Authorize']) expect(countOf(during, action), action).toBeGreaterThan(20);
    const late = [...told, ...asked].filter(({ sentAt, answeredAt = Infinity }) => answeredAt - sentAt > ANSWERED_MS);
    expect(late, 'what was answered late or not at all').toEqual([]);
    expect(here.fleet.refusals(), 'drivers who were turned away').toBe(0);
  },
);

test.runIf(full)(
  `${STATIONS} stations charge while the database is away and the journal's disk is full: nothing is acknowledged, they are closed with 1013 and lose nothing`,
  { timeout: 240_000 },
  async (context) => {
    const folder = await dataFolder();
    undo.push(folder.remove);
    const disk = smallDisk(join(folder.path, 'journal'), 128);
    if (disk === undefined) return context.skip('mounting a small disk needs root');
    undo.push(() => disk.remove());
    const here = await site('FULL-', folder.path);
    const heard = listenTo(here.fleet.stations);
    await disk.fill();
    const { from, to } = await outage(folder.path, { frozenMs: 15_000, deadMs: 10_000 });
    await disk.empty();
    heard.stop();

    const told = heard.calls.filter(({ action, sentAt }) => ofTransactions.includes(action) && sentAt >= from);
    const acknowledged = told.filter(({ answeredAt = Infinity }) => answeredAt < to);
    const closed = heard.lost.filter(({ at }) => at >= from && at < to);
    const summary = await settled(here);
    console.log(`${told.length} messages, ${closed.length} closes; ${summary}`);
    expect(told.length).toBeGreaterThanOrEqual(STATIONS);
    expect(acknowledged, 'acknowledged though it could not be kept').toEqual([]);
    expect(closed.map(({ code }) => code).filter((code) => code !== 1_013)).toEqual([]);
    expect(new Set(closed.map(({ station }) => station)).size, 'stations closed').toBe(STATIONS);
  },
);

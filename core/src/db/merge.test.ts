import fc from 'fast-check';
import { memoryDisk, testDatabase } from '@plugga/testing';
import { type Billable, instant, type StationId } from '@plugga/kit';
import { afterAll, describe, expect, test } from 'vitest';
import { realClock, realRandom } from '../clock.ts';
import { booted, ended, metered, started, t } from '../session/story.test-station.ts';
import { replay } from '../station/restore.ts';
import { sessionRow } from '../session/row.ts';
import { snapshotOf } from '../station/state.ts';
import type { Clock } from '../ports.ts';
import { openJournal } from './journal.ts';
import { createLadder, type Ladder } from './ladder.ts';
import { loggedColumns, loggedOf, type LoggedRow } from './logged.ts';
import { openDatabase } from './open.ts';
import { createStore } from './store.ts';
import { addStations, quiet } from './store.test-support.ts';
import { aNode } from './two-nodes.test-support.ts';

const database = await testDatabase('merge');
const owner = openDatabase<unknown>({ url: database.url });
const deps = { url: database.url, clock: realClock, random: realRandom, log: quiet };
const storeOfA = createStore(deps);
const storeOfB = createStore(deps);
afterAll(async () => {
  await Promise.all([owner.close(), storeOfA.close(), storeOfB.close()]);
  await database.drop();
});

/** Waits 20 times shorter: retries and probes need not take their time here. */
const hasty: Clock = {
  now: realClock.now,
  at: (when, run) => realClock.at(instant(realClock.now() + (when - realClock.now()) / 20), run),
};

/** Two nodes on one database; A can be cut off from it, and then journals. */
const twoNodes = async (o: { readonly bSettles?: boolean } = {}) => {
  let away = false;
  const unlessAway = <T>(work: () => Promise<T>): Promise<T> =>
    away ? Promise.reject(new Error('the database is away')) : work();
  const journal = await openJournal({
    ...{ disk: memoryDisk(), clock: realClock, log: quiet, installation: 'here', node: 'A', reserveBytes: 0 },
  });
  const ladder: Ladder = createLadder({
    ...{ journal, clock: hasty, log: quiet, patienceMs: 40_000, readMs: 40_000 },
    store: {
      ...storeOfA,
      commit: (unit) => unlessAway(() => storeOfA.commit(unit)),
      load: (station) => unlessAway(() => storeOfA.load(station)),
      find: (station, by) => unlessAway(() => storeOfA.find(station, by)),
      probe: () => unlessAway(() => storeOfA.probe()),
      merge: (unit) => unlessAway(() => storeOfA.merge(unit)),
    },
  });
  const back = async (): Promise<void> => {
    away = false;
    while (ladder.state() !== 'well') await new Promise<void>((resolve) => ladder.onChange(() => resolve()));
  };
  return { a: aNode(ladder), b: aNode(storeOfB, o.bSettles), ladder, cut: () => (away = true), back };
};

const logOf = async (station: string) =>
  (
    await owner.pool.query<LoggedRow>(`select ${loggedColumns} from core.event_log e where stream = $1 order by e.id`, [
      station,
    ])
  ).rows.map(loggedOf);

interface Billed {
  readonly energyWh: number;
  readonly closes: number;
}

/** What billing makes of the log: the first close, then each correction of it. */
const billedIn = (log: Awaited<ReturnType<typeof logOf>>): Map<string, Billed> => {
  const billed = new Map<string, Billed>();
  for (const { type, session, data } of log) {
    const known = billed.get(session ?? '');
    if (type === 'session.closed' && known === undefined) {
      const { cdr, billable } = data as { cdr: boolean; billable: Billable };
      if (cdr) billed.set(session!, { energyWh: billable.energyWh, closes: 1 });
    } else if (type === 'session.corrected')
      billed.set(session!, { energyWh: (data as { after: Billable }).after.energyWh, closes: known?.closes ?? 0 });
  }
  return billed;
};

const transactionOf = (log: Awaited<ReturnType<typeof logOf>>, session: string): string | undefined =>
  log.flatMap((it) =>
    it.type === 'session.started' && it.session === session
      ? ((it.data as { transaction?: string }).transaction ?? [])
      : [],
  )[0];

/** Each run, and each time it is tried again, has a station of its own. */
let runs = 0;

/** What is stored is what the whole log gives. */
const isWhole = async (station: StationId): Promise<void> => {
  const log = await logOf(station);
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
  const again = replay(log);
  const { rows } = await owner.pool.query<{ id: string; energy: number | null; status: string; stop: number | null }>(
    `select id, energy_wh as energy, status, meter_stop_wh as stop from core.session_row where station = $1 order by first_seq`,
    [station],
  );
  expect(rows).toEqual(
    again.sessions.map(sessionRow).map((row) => ({
      ...{ id: row.id, energy: row.energyWh, status: row.status, stop: row.meterStopWh },
    })),
  );
  const { rows: streams } = await owner.pool.query<{ state: unknown; next_seq: number }>(
    'select state, next_seq from core.stream where station = $1',
    [station],
  );
  expect(streams[0]?.state).toEqual(JSON.parse(JSON.stringify(snapshotOf(again))));
};

describe('a unit of the journal meets what another node has heard', () => {
  test('a start that both have heard, because its answer was lost, is one session and one bill', async () => {
    const station = 'both' as StationId;
    await addStations(owner, [station]);
    const { a, b, ladder, cut, back } = await twoNodes();
    await a.hear(station, t('12:00'), booted());
    cut();
    const heard = await a.hear(station, t('12:01'), started('12:01'));
    const transaction = heard!.outcome.transaction!.id;
    await a.hear(station, t('12:10'), metered('12:10', '2000', { transaction }));
    // The line breaks; the station finds the other node and says what was never answered, and goes on there.
    expect((await b.hear(station, t('12:11'), started('12:01')))?.outcome.transaction?.id).toBe(transaction);
    await b.hear(station, t('12:20'), metered('12:20', '4000', { transaction }));
    await b.hear(station, t('12:30'), ended('12:30', transaction));
    await b.ripen(station, t('12:31'));
    await back();
    b.forget();
    await b.ripen(station, t('13:00'));
    await isWhole(station);
    const log = await logOf(station);
    const starts = log.filter(({ type }) => type === 'session.started');
    expect(starts).toHaveLength(2);
    expect(new Set(starts.map(({ session }) => session)).size).toBe(1);
    expect([...billedIn(log).values()]).toEqual([{ energyWh: 5_000, closes: 1 }]);
    expect(ladder.figures()).toMatchObject({ merged: expect.any(Number) as number, entries: 0 });
    await ladder.close();
  });

  test('a stop that the other node could not place finds the session whose start was in the journal', async () => {
    const station = 'stopped' as StationId;
    await addStations(owner, [station]);
    const { a, b, ladder, cut, back } = await twoNodes();
    await a.hear(station, t('12:00'), booted());
    cut();
    const transaction = (await a.hear(station, t('12:01'), started('12:01')))!.outcome.transaction!.id;
    await b.hear(station, t('12:30'), ended('12:30', transaction));
    expect((await logOf(station)).map(({ type }) => type)).toContain('transaction.orphaned');
    await back();
    b.forget();
    await b.ripen(station, t('12:40'));
    await isWhole(station);
    expect([...billedIn(await logOf(station)).values()]).toEqual([{ energyWh: 5_000, closes: 1 }]);
    await ladder.close();
  });

  test('the node that holds the station now meets the fence and goes on from both', async () => {
    const station = 'fenced' as StationId;
    await addStations(owner, [station]);
    const { a, b, ladder, cut, back } = await twoNodes();
    await a.hear(station, t('12:00'), booted());
    cut();
    const transaction = (await a.hear(station, t('12:01'), started('12:01')))!.outcome.transaction!.id;
    await b.hear(station, t('12:05'), booted());
    await back();
    expect(await b.hear(station, t('12:30'), ended('12:30', transaction))).toBeUndefined();
    expect((await b.hear(station, t('12:30'), ended('12:30', transaction)))?.sessions).toMatchObject([
      { status: 'ended', energyWh: 5_000 },
    ]);
    await isWhole(station);
    await ladder.close();
  });

  test('a close that was reckoned without what the other node has heard is corrected', async () => {
    const station = 'closed' as StationId;
    await addStations(owner, [station]);
    const { a, b, ladder, cut, back } = await twoNodes({ bSettles: false });
    const transaction = (await a.hear(station, t('12:01'), started('12:01')))!.outcome.transaction!.id;
    await b.hear(station, t('12:30'), ended('12:30', transaction, { meterStop: '7000' }));
    cut();
    await a.hear(station, t('12:30'), ended('12:30', transaction, { meterStop: '6000' }));
    await a.ripen(station, t('12:31'));
    expect(a.stateOf(station)?.sessions[0]?.closed).toBeDefined();
    await back();
    await isWhole(station);
    expect([...billedIn(await logOf(station)).values()]).toEqual([{ energyWh: 6_000, closes: 1 }]);
    await ladder.close();
  });

  test('visits whose messages go to either node, with lost answers and outages of one, are each billed once to the Wh', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            to: fc.constantFrom('a', 'b'),
            again: fc.constantFrom('a', 'b', 'answered', 'answered', 'answered'),
            away: fc.boolean(),
          }),
          { minLength: 12, maxLength: 12 },
        ),
        async (moves) => {
          const station = `visits-${(runs += 1)}` as StationId;
          await addStations(owner, [station]);
          const { a, b, ladder, cut, back } = await twoNodes();
          const nodes = { a, b };
          let minute = 0;
          /** Says it until it is answered, as a station does. */
          const say = async (clock: string, ...facts: Parameters<typeof a.hear>[2][]) => {
            const { to, again, away } = moves[minute % moves.length]!;
            if (away) cut();
            else await back();
            const now = instant(t(clock));
            let answer: Awaited<ReturnType<typeof a.hear>>;
            const places = again === 'answered' ? [to] : [to, again];
            for (let tries = 0; answer === undefined || tries < places.length; tries += 1) {
              if (tries > 8) throw new Error('never answered');
              const node = nodes[(places[Math.min(tries, places.length - 1)] ?? to) as 'a' | 'b'];
              // Nothing is at hand while the database is away: another node, or later.
              answer = await node.hear(station, now, ...facts).catch(async () => {
                await back();
                return undefined;
              });
            }
            minute += 1;
            return answer;
          };
          const ledger = new Map<string, number>();
          await say('12:00', booted());
          for (let visit = 0; visit < 3; visit += 1) {
            const at = (minutes: number) => `1${2 + visit}:${String(minutes).padStart(2, '0')}`;
            const from = 1_000 + visit * 10_000;
            const { id } = (await say(at(1), started(at(1), { meterStart: String(from) })))!.outcome.transaction!;
            await say(at(10), metered(at(10), String(from + 1_500), { transaction: id }));
            await say(at(30), ended(at(30), id, { meterStop: String(from + 5_000 + visit) }));
            ledger.set(id, 5_000 + visit);
          }
          await back();
          a.forget();
          b.forget();
          await b.ripen(station, t('20:00'));
          await isWhole(station);
          const log = await logOf(station);
          // By transaction: what one node has journaled may close after what the other has heard since.
          const billed = [...billedIn(log)].map(([session, it]) => [transactionOf(log, session), it]);
          expect(new Map(billed as [string, Billed][])).toEqual(
            new Map([...ledger].map(([id, energyWh]) => [id, { energyWh, closes: 1 }])),
          );
          expect(billed).toHaveLength(ledger.size);
          await ladder.close();
        },
      ),
      { numRuns: process.env['PLUGGA_TEST'] === 'full' ? 60 : 10 },
    );
  }, 60_000);
});

import type { Billable, Fact } from '@plugga/kit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { aStation, ended, metered, started, status, type Story } from './story.test-station.ts';

/** What the station has done with one message: told once, told again since our answer was lost, or told again after our restart. */
const fate = fc.constantFrom('once', 'once', 'once', 'again', 'restart', 'offline');
const charge = fc.record({
  evse: fc.integer({ min: 1, max: 2 }),
  token: fc.constantFrom('ABCD', 'WXYZ'),
  steps: fc.array(fc.nat(900), { maxLength: 4 }),
  fates: fc.array(fate, { minLength: 8, maxLength: 8 }),
  statuses: fc.boolean(),
});

const clock = (minute: number) =>
  `${String(8 + Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

function told(story: Story, how: string, ...facts: readonly Fact[]) {
  if (how === 'offline') story.online(false).online(true);
  const first = story.hear(...facts);
  if (how === 'once') return first;
  if (how === 'restart') story.restart();
  return story.hear(...facts);
}

/** They reckon for seconds, and other files beside them: the 20 s of a test that waits are too few. */
it('the sum of billed energy is what the registers counted, one CDR a session, whatever is repeated, restarted or cut off', () => {
  fc.assert(
    fc.property(fc.array(charge, { minLength: 1, maxLength: 6 }), (charges) => {
      const story = aStation({ clock: '08:00' });
      const register = new Map([
        [1, 1000],
        [2, 500_000],
      ]);
      let minute = 0;
      let counted = 0;
      for (const { evse, token, steps, fates, statuses } of charges) {
        const next = () => clock((minute += 1));
        const from = register.get(evse)!;
        let wh = from;
        const [beginning, reading, stop] = fates;
        if (statuses) story.at(next()).hear(status('preparing', clock(minute), evse));
        const start = started(story.at(next()) && clock(minute), { evse, token, meterStart: String(from) });
        const transaction = told(story, beginning!, start).outcome.transaction!.id;
        for (const step of steps) {
          wh += step;
          told(story, reading!, metered((story.at(next()), clock(minute)), String(wh), { evse, transaction }));
        }
        told(story, stop!, ended((story.at(next()), clock(minute)), transaction, { meterStop: String(wh), token }));
        if (statuses) story.at(next()).hear(status('available', clock(minute), evse));
        counted += wh - from;
        register.set(evse, wh);
      }
      story.at('20:00');

      const bills = new Map<string, Billable>();
      for (const event of story.log) {
        if (event.type === 'session.closed') {
          expect(bills.has(event.session!)).toBe(false);
          bills.set(event.session!, (event.data as { billable: Billable }).billable);
        }
        if (event.type === 'session.corrected') bills.set(event.session!, (event.data as { after: Billable }).after);
      }
      expect(bills.size).toBe(charges.length);
      expect([...bills.values()].reduce((sum, it) => sum + it.energyWh, 0)).toBe(counted);
      expect([...bills.values()].filter((it) => it.held)).toEqual([]);
    }),
    { numRuns: 60 },
  );
}, 60_000);

it('facts of any kind and order never throw, and never leave two sessions active at one EVSE but for history', () => {
  const minuteOf = fc.nat(200).map(clock);
  const evse = fc.integer({ min: 0, max: 2 });
  const value = fc.oneof(fc.nat(9000).map(String), fc.constantFrom('', 'x', '-5', '1e9', '0.5'));
  const transaction = fc.constantFrom('-1', '0', '9223372036854775807', 'known');
  const token = fc.constantFrom('ABCD', 'WXYZ');
  const what = fc.constantFrom(
    'available',
    'preparing',
    'charging',
    'suspendedEV',
    'finishing',
    'faulted',
    'occupied',
    'unavailable',
    'reserved',
  );
  const action = fc.oneof(
    fc.tuple(what, minuteOf, evse).map(([it, at, where]) => () => [status(it as 'available', at, where)]),
    fc.tuple(minuteOf, evse, token, value).map(([at, where, who, meterStart]) => () => [
      started(at, { evse: where, token: who, meterStart }),
    ]),
    fc.tuple(minuteOf, transaction, value).map(([at, id, meterStop]) => (known: string) => [
      ended(at, id === 'known' ? known : id, { meterStop }),
    ]),
    fc.tuple(minuteOf, value, evse, transaction).map(([at, wh, where, id]) => (known: string) => [
      metered(at, wh, { evse: where, transaction: id === 'known' ? known : id }),
    ]),
    fc.constant(() => [{ kind: 'booted', vendor: 'A', model: 'B' } as const]),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(action, fc.constantFrom('stay', 'wait', 'restart')), { maxLength: 14 }),
      (actions) => {
        const story = aStation({ clock: '12:00' });
        let known = '7';
        let hour = 12;
        for (const [facts, then] of actions) {
          const { outcome } = story.hear(...facts(known));
          known = outcome.transaction?.id ?? known;
          if (then === 'wait' && hour < 23) story.at(`${(hour += 1)}:00`);
          if (then === 'restart') story.restart();
        }
        for (const place of [1, 2]) {
          const active = story.rows().filter((it) => it.status === 'active' && it.evse === place);
          // Only a start that was told late may stand beside the one that runs: it waits for its own stop.
          const newest = active.toSorted((a, b) => b.startedAt! - a.startedAt!)[0];
          for (const other of active) if (other !== newest) expect(other.firstSeq).toBeGreaterThan(newest!.firstSeq);
        }
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);

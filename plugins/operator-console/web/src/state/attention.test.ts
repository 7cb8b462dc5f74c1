import { expect, test } from 'vitest';
import { attentionOf } from './attention.ts';
import { aConnector, aHeldCdr, anEvse, aPlugin, aStation } from './build.test-support.ts';

const now = Date.parse('2026-01-31T12:00:00Z');
const kinds = (o: Partial<Parameters<typeof attentionOf>[0]>): readonly string[] =>
  attentionOf({ stations: [], held: [], plugins: [], now, ...o }).map(({ kind }) => kind);
const since = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();
const inState = (status: string, minutes: number) =>
  aStation({ evses: [anEvse({ connectors: [aConnector({ status, statusAt: since(minutes) })] })] });

test('nothing needs anybody where all is well', () => {
  expect(kinds({ stations: [aStation({ statuses: ['available', 'charging'] })], plugins: [aPlugin({})] })).toEqual([]);
});

test('a station that is away needs somebody once, not once for each connector', () => {
  expect(kinds({ stations: [aStation({ online: false, statuses: ['faulted', 'available'] })] })).toEqual(['offline']);
});

test('a station that was disabled on purpose needs nobody', () => {
  expect(kinds({ stations: [aStation({ online: false, disabled: true })] })).toEqual([]);
});

test.each([
  ['preparing', 4, []],
  ['preparing', 6, ['stuck']],
  ['finishing', 14, []],
  ['finishing', 16, ['stuck']],
  ['charging', 600, []],
])('a connector that has been %s for %i min: %j', (status, minutes, expected) => {
  expect(kinds({ stations: [inState(status, minutes)] })).toEqual(expected);
});

test('what stops bills comes before what stops one connector', () => {
  expect(
    kinds({
      stations: [aStation({ statuses: ['faulted'] })],
      held: [aHeldCdr({})],
      plugins: [aPlugin({ state: 'failed' }), aPlugin({ parked: 2 }), aPlugin({ pausedQuestions: ['authorize'] })],
    }),
  ).toEqual(['plugin', 'parked', 'pausedQuestions', 'faulted', 'held']);
});

import { expect, test } from 'vitest';
import { attentionOf } from './attention.ts';
import { aConnector, anAlert, aHeldCdr, anEvse, aPlugin, aStation } from './build.test-support.ts';

const now = Date.parse('2026-01-31T12:00:00Z');
const kinds = (o: Partial<Parameters<typeof attentionOf>[0]>): readonly string[] =>
  attentionOf({ stations: [], alerts: [], held: [], plugins: [], now, ...o }).map(({ kind }) => kind);
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

test('danger comes before all, other alerts before what stops one connector, the gravest and the oldest first', () => {
  const alerts = [
    {
      station: 'CP-2',
      alerts: [
        anAlert({ severity: 3, variable: 'a' }),
        anAlert({ severity: 1, since: since(5), variable: 'b' }),
        anAlert({ severity: 0, variable: 'c' }),
      ],
    },
    { station: 'CP-3', alerts: [anAlert({ severity: 1, since: since(9), variable: 'd' })] },
  ];
  const stations = [aStation({ statuses: ['faulted'] })];
  const found = attentionOf({ stations, alerts, held: [], plugins: [aPlugin({ state: 'failed' })], now });
  expect(found.map((it) => (it.kind === 'alert' ? `${it.station} ${it.alert.variable}` : it.kind))).toEqual([
    ...['CP-2 c', 'plugin', 'CP-3 d', 'CP-2 b', 'CP-2 a', 'faulted'],
  ]);
});

test('an alert of a station that is away still needs somebody, of one that was disabled on purpose it needs nobody', () => {
  const alerts = [{ station: 'CP-1', alerts: [anAlert({})] }];
  expect(kinds({ stations: [aStation({ online: false })], alerts })).toEqual(['alert', 'offline']);
  expect(kinds({ stations: [aStation({ online: false, disabled: true })], alerts })).toEqual([]);
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

import { expect, test } from 'vitest';
import { streamsOf, valuesOf } from './streams.ts';

const at = (minute: number): string => `2026-01-31T12:0${minute}:00.000Z`;
const opened = (minute: number, id: number, interval = 2) => ({ at: at(minute), data: { id, monitor: 7, interval } });
const closed = (minute: number, id: number) => ({ at: at(minute), data: { id } });
const listed = (minute: number, ...ids: readonly number[]) => ({
  at: at(minute),
  result: { status: 'accepted', data: ids.map((id) => ({ id, monitor: 7, seconds: 60, values: 20 })) },
});
const idsOf = (o: Parameters<typeof streamsOf>[0]): readonly number[] => streamsOf(o).map(({ id }) => id);

test('what was never listed is known by what was opened and closed', () => {
  const told = { opened: [opened(3, 2), opened(1, 1), opened(4, 1)], closed: [closed(2, 1)] };
  expect(idsOf({ listed: undefined, ...told })).toEqual([1, 2]);
  expect(idsOf({ listed: undefined, ...told, closed: [...told.closed, closed(5, 1)] })).toEqual([2]);
});

test('a list of the station beats what it told before, not what it told afterwards', () => {
  const told = { opened: [opened(1, 1), opened(4, 5)], closed: [closed(2, 3), closed(5, 4)] };
  expect(streamsOf({ listed: listed(3, 3, 4), ...told })).toEqual([
    { id: 3, monitor: 7, seconds: 60, values: 20 },
    { id: 5, monitor: 7, seconds: 2, values: undefined },
  ]);
});

test('what cannot be read is none, and breaks nothing', () => {
  const odd = [null, 'x', { id: '1' }, { id: 1 }].map((data, n) => ({ at: at(n), data }));
  expect(idsOf({ listed: { at: at(0), result: null }, opened: odd, closed: odd })).toEqual([]);
  expect(valuesOf({ id: 1, base: 'noon', values: [{ t: 0, v: '230' }, 7] })).toEqual({
    ...{ id: 1, base: undefined, values: ['230', '–'] },
  });
  expect(valuesOf(null)).toEqual({ id: undefined, base: undefined, values: [] });
});

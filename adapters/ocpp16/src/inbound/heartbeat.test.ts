import { instant, type StationView } from '@plugga/kit';
import { expect, test } from 'vitest';
import { heartbeat } from './heartbeat.ts';

test('Heartbeat is answered with the time in UTC, at most milliseconds: strict parsers refuse more', () => {
  const reply = heartbeat.reply({ now: instant(Date.UTC(2026, 0, 5, 12)) }, {}, {} as StationView);
  expect(reply).toEqual({ currentTime: '2026-01-05T12:00:00.000Z' });
  expect(heartbeat.response?.(reply)).toMatchObject({ ok: true });
});

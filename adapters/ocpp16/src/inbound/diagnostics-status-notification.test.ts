import type { StationView } from '@plugga/kit';
import { expect, test } from 'vitest';
import { diagnosticsStatusNotification } from './diagnostics-status-notification.ts';

const view = {} as StationView;

test('DiagnosticsStatusNotification is kept and acknowledged, with a status of nobody’s list too', () => {
  const parsed = diagnosticsStatusNotification.request({ status: 'Thinking' });
  expect(parsed).toMatchObject({ ok: true, deviations: [{ code: 'unknown-value', path: '/status' }] });
  const { facts } = diagnosticsStatusNotification.read({ status: 'Thinking' }, view);
  expect(facts).toEqual([{ kind: 'progress', of: 'diagnostics', status: 'thinking' }]);
  expect(diagnosticsStatusNotification.reply({} as never, { status: 'Thinking' }, view)).toEqual({});
});

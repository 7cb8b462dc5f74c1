import type { StationView } from '@plugga/kit';
import { expect, test } from 'vitest';
import { firmwareStatusNotification } from './firmware-status-notification.ts';

const view = {} as StationView;

test('FirmwareStatusNotification is kept and acknowledged, with a status of nobody’s list too', () => {
  const parsed = firmwareStatusNotification.request({ status: 'Thinking' });
  expect(parsed).toMatchObject({ ok: true, deviations: [{ code: 'unknown-value', path: '/status' }] });
  const { facts } = firmwareStatusNotification.read({ status: 'Thinking' }, view);
  expect(facts).toEqual([{ kind: 'progress', of: 'firmware', status: 'thinking' }]);
  expect(firmwareStatusNotification.reply({} as never, { status: 'Thinking' }, view)).toEqual({});
});

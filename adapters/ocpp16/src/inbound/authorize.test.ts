import { instant, type AuthorizationStatus, type StationView } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { authorize } from './authorize.ts';

const now = instant(Date.UTC(2026, 0, 5, 12));
const view = {} as StationView;
const request = { idTag: '04A2B3C4D5' };

describe('Authorize', () => {
  test.each([
    ['accepted', 'Accepted'],
    ['blocked', 'Blocked'],
    ['expired', 'Expired'],
    ['invalid', 'Invalid'],
    ['concurrentTx', 'ConcurrentTx'],
    ['noCredit', 'Blocked'],
    ['notAtThisTime', 'Blocked'],
  ] satisfies [AuthorizationStatus, string][])('%s is answered %s', (status, expected) => {
    const reply = authorize.reply({ now, authorization: { status } }, request, view);
    expect(reply).toEqual({ idTagInfo: { status: expected } });
    expect(authorize.response?.(reply)).toMatchObject({ ok: true });
  });

  test('the group becomes the parentIdTag and the expiry is UTC', () => {
    const authorization = { status: 'accepted', group: { value: 'FLEET-7' }, expiresAt: instant(now + 1) } as const;
    const reply = authorize.reply({ now, authorization }, request, view);
    expect(reply).toEqual({
      idTagInfo: { status: 'Accepted', parentIdTag: 'FLEET-7', expiryDate: '2026-01-05T12:00:00.001Z' },
    });
    expect(authorize.response?.(reply)).toMatchObject({ ok: true });
  });

  test('a group that no parentIdTag can hold is left out, not cut', () => {
    const authorization = { status: 'accepted', group: { value: 'A'.repeat(21) } } as const;
    expect(authorize.reply({ now, authorization }, request, view)).toEqual({ idTagInfo: { status: 'Accepted' } });
  });

  test('no decision is no permission', () => {
    expect(authorize.reply({ now }, request, view)).toEqual({ idTagInfo: { status: 'Invalid' } });
  });
});

import { type AuthorizationStatus, instant, type StationView } from '@plugga/kit';
import { expect, test } from 'vitest';
import { idTokenInfo } from './id-token-info.ts';

const station = { protocol: 'ocpp2.0.1' } as StationView;

test.each([
  ['accepted', 'Accepted'],
  ['blocked', 'Blocked'],
  ['expired', 'Expired'],
  ['invalid', 'Invalid'],
  ['concurrentTx', 'ConcurrentTx'],
  ['noCredit', 'NoCredit'],
  ['notAtThisLocation', 'NotAtThisLocation'],
  ['notAtThisTime', 'NotAtThisTime'],
  ['notAtThisEvse', 'NotAllowedTypeEVSE'],
] satisfies [AuthorizationStatus, string][])('%s is %s', (status, told) =>
  expect(idTokenInfo({ status }, station)).toEqual({ status: told }),
);

test('a group that is too long is left out, and a message cut to what the version takes', () => {
  const said = { group: { value: 'x'.repeat(37) }, expiresAt: instant(0), message: 'm'.repeat(600) };
  expect(idTokenInfo({ status: 'accepted', ...said }, station)).toEqual({
    status: 'Accepted',
    cacheExpiryDateTime: '1970-01-01T00:00:00.000Z',
    personalMessage: { format: 'UTF8', content: 'm'.repeat(512) },
  });
});

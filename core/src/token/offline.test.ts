import { instant, type TenantId } from '@plugga/kit';
import { expect, test } from 'vitest';
import type { TokenDecision } from '../station/input.ts';
import type { Asked } from './authorize.ts';
import { offlineDecision } from './offline.ts';
import { lastKnownGoodForADay, offlinePolicyOf, type OfflinePolicy } from './offline-policy.ts';

const now = instant(Date.parse('2026-11-20T12:00:00Z'));
const hoursAgo = (hours: number) => instant(now - hours * 3_600_000);
type Purpose = Asked['purpose'];
type Known = {
  readonly type?: string;
  readonly status?: 'accepted' | 'blocked' | 'invalid';
  readonly good?: number;
  readonly expires?: number;
};

const decide = (policy: string, purpose: Purpose, own?: Known, plugin?: Known): TokenDecision => {
  const read = policy === '' ? lastKnownGoodForADay : offlinePolicyOf(policy);
  const expiresOf = (known: Known) => (known.expires === undefined ? null : hoursAgo(known.expires));
  return offlineDecision({
    known: {
      tokens: () =>
        own === undefined
          ? []
          : [
              {
                ...{ id: 'token-1', type: own.type ?? 'ISO14443', last4: '0001', group: 'fleet' },
                ...{ status: own.status ?? 'accepted', expiresAt: expiresOf(own), goodAt: hoursAgo(own.good ?? 0) },
              },
            ],
      accepted: () =>
        plugin && {
          decision: {
            ...{ status: 'accepted', by: 'plugin:ocpi', payer: 'emsp', reference: 'r1' },
            ref: { id: 'hash-1', type: plugin.type ?? 'eMAID', last4: '0002' },
            ...(plugin.expires === undefined ? {} : { expiresAt: hoursAgo(plugin.expires) }),
          },
          at: hoursAgo(plugin.good ?? 0),
        },
    },
    policy: read as OfflinePolicy,
    tenant: 'tenant' as TenantId,
    asked: { token: { value: 'X' }, station: 'station' as never, purpose },
    ...{ matchKey: 'X', key: 'key', now, ref: { id: 'hash-0', last4: 'X' } },
  });
};

/** Rule by rule: what Authorize, a start and a stop are told. */
const TABLE: readonly (readonly [string, string, Known | undefined, string, string, string])[] = [
  // the policy                  the token                          authorize    start       stop
  ['', 'good 23 h ago', { good: 23 }, 'accepted', 'accepted', 'accepted'],
  ['', 'good 24 h ago', { good: 24 }, 'invalid', 'accepted', 'accepted'],
  ['', 'blocked', { status: 'blocked' }, 'blocked', 'blocked', 'blocked'],
  ['', 'expired an hour ago', { expires: 1 }, 'expired', 'expired', 'expired'],
  ['', 'expires in an hour', { expires: -1 }, 'accepted', 'accepted', 'accepted'],
  ['', 'unknown', undefined, 'invalid', 'accepted', 'accepted'],
  ['ISO14443=48h', 'good 47 h ago', { good: 47 }, 'accepted', 'accepted', 'accepted'],
  ['iso14443=always', 'good a year ago', { good: 8_760 }, 'accepted', 'accepted', 'accepted'],
  ['default=always', 'blocked', { status: 'blocked' }, 'blocked', 'blocked', 'blocked'],
  ['default=always', 'expired', { expires: 1 }, 'expired', 'expired', 'expired'],
  ['Central=never', 'of that type', { type: 'central' }, 'invalid', 'invalid', 'accepted'],
  ['Central=never', 'of another type', { type: 'Local' }, 'accepted', 'accepted', 'accepted'],
  ['default=never', 'any', {}, 'invalid', 'invalid', 'accepted'],
  ['default=never,Local=1h', 'of that type', { type: 'Local' }, 'accepted', 'accepted', 'accepted'],
  ['unknown=never', 'unknown', undefined, 'invalid', 'invalid', 'accepted'],
  ['unknown=always', 'unknown', undefined, 'accepted', 'accepted', 'accepted'],
  ['unknown=always,default=never', 'known', {}, 'invalid', 'invalid', 'accepted'],
];

test.each(TABLE)('with "%s", a token that is %s', (policy, _, known, ...wanted) => {
  const purposes: readonly Purpose[] = ['authorize', 'start', 'stop'];
  const decisions = purposes.map((purpose) => decide(policy, purpose, known));
  expect(decisions.map(({ status }) => status)).toEqual(wanted);
  for (const decision of decisions) {
    expect(decision).toMatchObject({ by: 'offline', reason: expect.any(String) });
    expect(decision.ref.id).toBe(known === undefined ? 'hash-0' : 'token-1');
  }
});

test('what a plugin accepted last follows the rule of its type, with who pays', () => {
  expect(decide('', 'authorize', undefined, { good: 23 })).toMatchObject({
    ...{ status: 'accepted', by: 'offline', payer: 'emsp', reference: 'r1', ref: { id: 'hash-1' } },
  });
  expect(decide('', 'authorize', undefined, { good: 25 }).status).toBe('invalid');
  expect(decide('eMAID=48h', 'authorize', undefined, { good: 25 }).status).toBe('accepted');
  expect(decide('eMAID=never', 'start', undefined, {}).status).toBe('invalid');
  expect(decide('eMAID=always', 'start', undefined, { expires: 1 }).status).toBe('expired');
});

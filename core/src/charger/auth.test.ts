import type { StationId, TenantId } from '@plugga/kit';
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hashStationKey } from '../site/station-key.ts';
import { authenticate } from './auth.ts';
import type { StationCredentials } from './face.ts';
import { withoutSecrets } from './without-secrets.ts';

const pepper = randomBytes(32);
const random = { bytes: (count: number) => randomBytes(count) };
const [OLD, NEW, OTHER] = ['a1'.repeat(20), 'b2'.repeat(20), 'c3'.repeat(20)] as const;
const hashOf = (key: string) => hashStationKey(key, pepper, random);

const station = (o: Partial<StationCredentials> = {}): StationCredentials => {
  const { hash, salt } = hashOf(OLD);
  return {
    ...{ station: 's' as StationId, tenant: 't' as TenantId, identity: 'S1', securityProfile: 1 },
    ...{ allowInsecure: false, disabled: false, keyHash: hash, keySalt: salt, ...o },
  };
};
const come = (credentials: StationCredentials, key: string | Uint8Array | undefined, secure = false) =>
  authenticate(
    {
      ...{ identity: 'S1', credentials, transport: { address: '127.0.0.1', secure } },
      authorization:
        key === undefined
          ? undefined
          : `Basic ${Buffer.concat([Buffer.from('S1:'), Buffer.from(key as Uint8Array)]).toString('base64')}`,
    },
    { pepper, onboarding: 'closed' },
  );

describe('a station that was given another key', () => {
  const pending = { keys: [hashOf(OTHER), hashOf(NEW)] };
  test('is let in with its own until it has come with the new one', async () => {
    expect(await come(station({ pending }), OLD)).toEqual({ ok: true, securityProfile: 1 });
  });
  test.each([
    ['as hex text', NEW],
    ['as its raw bytes', Buffer.from(NEW, 'hex')],
  ])('is let in with the new one %s, and that is told', async (_, key) => {
    const verdict = await come(station({ pending }), key);
    expect(verdict).toMatchObject({ ok: true, renewed: { key: pending.keys[1] } });
  });
  test('is not let in with another', async () => {
    expect(await come(station({ pending }), 'd4'.repeat(20))).toMatchObject({ ok: false, status: 401 });
    expect(await come(station({ pending }), undefined)).toMatchObject({ ok: false, status: 401 });
  });
  test('and that had none before is let in with its first', async () => {
    const free = station({ securityProfile: 0, allowInsecure: true, keyHash: undefined, keySalt: undefined, pending });
    expect(await come(free, NEW)).toMatchObject({ ok: true, securityProfile: 1, renewed: { key: pending.keys[1] } });
    expect(await come(free, undefined)).toEqual({ ok: true, securityProfile: 0 });
  });
});

describe('a station that is to come by a higher profile', () => {
  const credentials = station({ pending: { keys: [], securityProfile: 2 } });
  test('is let in by its own until it has', async () => {
    expect(await come(credentials, OLD)).toEqual({ ok: true, securityProfile: 1 });
  });
  test('has come by the higher one over TLS', async () => {
    expect(await come(credentials, OLD, true)).toEqual({
      ok: true,
      securityProfile: 2,
      renewed: { securityProfile: 2 },
    });
  });
  test('has not come by it with a wrong key', async () => {
    expect(await come(credentials, NEW, true)).toMatchObject({ ok: false, status: 401 });
  });
});

test('a frame that carries a new key is kept without it', () => {
  const frame = '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"a1a1"}]';
  expect(Buffer.from(withoutSecrets(Buffer.from(frame))).toString()).toBe(frame.replace('a1a1', '***'));
  const other = Buffer.from('[2,"1","ChangeConfiguration",{"key":"HeartbeatInterval","value":"300"}]');
  expect(withoutSecrets(other)).toBe(other);
});

import { describe, expect, test } from 'vitest';
import { driftOf, type Known, writesOf } from './drift.ts';
import { isSecret, sameSetting } from './setting.ts';

describe('one setting in two texts', () => {
  test.each([
    ['true', 'True'],
    ['60', '60.0'],
    ['007', '7'],
    [' 60 ', '60'],
    ['Current.Import, Power.Active.Import', 'Power.Active.Import,Current.Import'],
    ['a,', 'a'],
  ])('%s is %s', (a, b) => {
    expect(sameSetting(a, b)).toBe(true);
    expect(sameSetting(b, a)).toBe(true);
  });

  test.each([
    ['true', 'false'],
    ['true', '1'],
    ['60', '600'],
    ['Core', 'core'],
    ['a,b', 'a,b,c'],
    ['a,a', 'a'],
    ['', '0'],
  ])('%s is not %s', (a, b) => {
    expect(sameSetting(a, b)).toBe(false);
    expect(sameSetting(b, a)).toBe(false);
  });

  test('passwords are no settings', () => {
    expect(['AuthorizationKey', 'BasicAuthPassword', 'HeartbeatInterval'].map(isSecret)).toEqual([true, true, false]);
  });
});

describe('the drift of a station', () => {
  const at = new Date('2026-01-05T12:00:00Z');
  const known = (name: string, value: string | null, more: Partial<Known> = {}): Known => ({
    ...{ name, value, readonly: false, supported: true, readAt: at, written: undefined, ...more },
  });
  const stateOf = (wanted: string, it: Known | undefined, bootedAt: Date | null = null) =>
    driftOf({ Key: wanted }, it === undefined ? [] : [it], bootedAt)[0]!.state;

  test('is told setting by setting', () => {
    expect(stateOf('300', known('key', '300'))).toBe('same');
    expect(stateOf('300', known('key', '60'))).toBe('differs');
    expect(stateOf('300', known('key', null))).toBe('differs');
    expect(stateOf('300', undefined)).toBe('unread');
    expect(stateOf('300', known('key', null, { supported: false }))).toBe('unsupported');
    expect(stateOf('300', known('key', '60', { readonly: true }))).toBe('readonly');
  });

  test('waits for the boot where the station said so, and for no longer', () => {
    const written = { value: '300', status: 'rebootRequired' as const, at };
    const it = known('key', '60', { written });
    expect(stateOf('300', it)).toBe('afterReboot');
    expect(stateOf('300', it, new Date(at.getTime() - 1))).toBe('afterReboot');
    expect(stateOf('300', it, new Date(at.getTime() + 1))).toBe('differs');
    expect(stateOf('600', it)).toBe('differs');
    expect(stateOf('300', known('key', '60', { written: { ...written, status: 'rejected' } }))).toBe('differs');
  });

  test('is mended by writing what differs or is not known, by the station’s own spelling', () => {
    const drift = driftOf(
      { heartbeatinterval: '300', Other: '1', Same: 'x', Fixed: '2', None: '3' },
      [
        known('HeartbeatInterval', '60'),
        known('Same', 'x'),
        known('Fixed', '1', { readonly: true }),
        known('None', null, { supported: false }),
      ],
      null,
    );
    expect(writesOf(drift)).toEqual({ HeartbeatInterval: '300', Other: '1' });
  });
});

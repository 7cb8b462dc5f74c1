import { describe, expect, test } from 'vitest';
import { localList } from './local-list.ts';

const aList = (o: { enabled?: boolean; most?: number; mostAtOnce?: number } = {}) =>
  localList(() => ({ enabled: true, most: 3, mostAtOnce: 2, ...o }));
const accepted = (idTag: string) => ({ idTag, idTagInfo: { status: 'Accepted' } });
const send = (listVersion: number, updateType: string, localAuthorizationList?: unknown) => ({
  listVersion,
  updateType,
  ...(localAuthorizationList === undefined ? {} : { localAuthorizationList }),
});

describe('the local list', () => {
  test('a full list replaces all, whatever its version; without tokens it empties', () => {
    const list = aList();
    expect(list.version()).toBe(0);
    expect(list.send(send(7, 'Full', [accepted('A'), accepted('B')]))).toBe('Accepted');
    expect(list.send(send(3, 'Full', [accepted('C')]))).toBe('Accepted');
    expect([list.version(), list.find('A'), list.find('c')?.status]).toEqual([3, undefined, 'Accepted']);
    expect(list.send(send(4, 'Full'))).toBe('Accepted');
    expect(list.find('C')).toBeUndefined();
  });

  test('an update adds, changes and removes, and must be newer', () => {
    const list = aList();
    list.send(send(5, 'Full', [accepted('A'), accepted('B')]));
    const update = [{ idTag: 'a' }, { idTag: 'B', idTagInfo: { status: 'Blocked', parentIdTag: 'P' } }];
    expect(list.send(send(5, 'Differential', update))).toBe('VersionMismatch');
    expect(list.find('A')?.status).toBe('Accepted');
    expect(list.send(send(6, 'Differential', update))).toBe('Accepted');
    expect([list.find('A'), list.find('B')]).toEqual([undefined, { status: 'Blocked', parentIdTag: 'P' }]);
  });

  test.each([
    ['two of one token', send(2, 'Full', [accepted('A'), accepted('a')])],
    ['a full list with an entry to remove', send(2, 'Full', [{ idTag: 'A' }])],
    ['more at once than SendLocalListMaxLength', send(2, 'Full', [accepted('A'), accepted('B'), accepted('C')])],
    ['a version that is not positive', send(0, 'Full', [accepted('A')])],
    ['more in all than LocalAuthListMaxLength', send(2, 'Differential', [accepted('C'), accepted('D')])],
    ['no list', send(2, 'Full', 'A')],
  ])('%s fails and changes nothing', (_, payload) => {
    const list = aList();
    list.send(send(1, 'Full', [accepted('X'), accepted('Y')]));
    expect(list.send(payload)).toBe('Failed');
    expect([list.version(), list.find('X')?.status, list.find('A')]).toEqual([1, 'Accepted', undefined]);
  });

  test('switched off it is not supported, has version -1 and knows nobody', () => {
    const list = aList({ enabled: false });
    expect(list.send(send(1, 'Full', [accepted('A')]))).toBe('NotSupported');
    expect([list.version(), list.find('A')]).toEqual([-1, undefined]);
  });

  test('what it keeps it is again after a power cut', () => {
    const list = aList();
    list.send(send(9, 'Full', [accepted('A')]));
    const again = localList(() => ({ enabled: true, most: 3, mostAtOnce: 2 }), list.keep());
    expect([again.version(), again.find('A')?.status]).toEqual([9, 'Accepted']);
  });
});

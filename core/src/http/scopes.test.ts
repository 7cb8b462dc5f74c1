import { expect, test } from 'vitest';
import { allows, scopeOf } from './scopes.ts';

test('the first word of the path is the resource: reading and changing it are scopes of their own', () => {
  expect(scopeOf('GET', '/stations/CP1')).toBe('stations:read');
  expect(scopeOf('POST', '/stations/CP1/calls')).toBe('stations:write');
  expect(scopeOf('DELETE', '/tariffs/t1')).toBe('tariffs:write');
  expect(scopeOf('POST', '/tariffs/price')).toBe('tariffs:read');
  expect(scopeOf('POST', '/tariffs/lint')).toBe('tariffs:read');
  expect(scopeOf('GET', '/tenants')).toBe('installation');
  expect(scopeOf('GET', '/me')).toBeUndefined();
  expect(scopeOf('GET', '/ui')).toBeUndefined();
});

test.each([
  ['*', 'stations:write', true],
  ['*', 'installation', false],
  ['installation', 'installation', true],
  ['read', 'stations:read', true],
  ['read', 'stations:write', false],
  ['stations:write', 'stations:read', true],
  ['stations:read', 'stations:write', false],
  ['stations:write', 'tokens:read', false],
])('a key with %s asking for %s: %s', (scope, needed, allowed) => {
  expect(allows([scope], needed)).toBe(allowed);
});

import { expect, test } from 'vitest';
import { advisoriesIn } from './advisory.ts';

const osv = (affected: object, more: object = {}): string =>
  JSON.stringify({
    id: 'GHSA-aaaa-bbbb-cccc',
    modified: '2026-01-01T00:00:00Z',
    summary: 'reads what it must not',
    database_specific: { severity: 'HIGH' },
    affected: [{ package: { ecosystem: 'npm', name: 'left' }, ...affected }],
    ...more,
  });
const range = (...events: object[]) => ({ ranges: [{ type: 'SEMVER', events }] });
const only = (text: string) => {
  const [advisory, ...more] = advisoriesIn(text);
  expect(more).toEqual([]);
  return advisory!;
};

test.each([
  [
    'from the first version on',
    range({ introduced: '0' }, { fixed: '1.2.0' }),
    ['0.0.1', '1.1.9', '0.0.0-a'],
    ['1.2.0'],
  ],
  [
    'a pre-release of the fix is still hit',
    range({ introduced: '1.0.0' }, { fixed: '1.2.0' }),
    ['1.2.0-rc.1'],
    ['1.0.0-rc.1'],
  ],
  [
    'fixed, broken again, fixed again',
    range({ introduced: '1.0.0' }, { fixed: '1.1.0' }, { introduced: '2.0.0' }, { fixed: '2.0.4' }),
    ['1.0.9', '2.0.3'],
    ['1.1.0', '1.9.9', '2.0.4'],
  ],
  [
    'events in any order',
    range({ fixed: '2.0.4' }, { introduced: '2.0.0' }, { fixed: '1.1.0' }, { introduced: '1.0.0' }),
    ['1.0.9', '2.0.3'],
    ['1.1.0', '2.0.4'],
  ],
  [
    'the last affected version is hit, the next is not',
    range({ introduced: '0' }, { last_affected: '3.1.0' }),
    ['3.1.0'],
    ['3.1.1'],
  ],
  ['a limit ends what no fix has ended', range({ introduced: '1.0.0' }, { limit: '2.0.0' }), ['1.9.9'], ['2.0.0']],
  ['never fixed', range({ introduced: '4.0.0' }), ['99.0.0'], ['3.9.9']],
  [
    'single versions beside ranges',
    { ...range({ introduced: '5.0.0' }), versions: ['1.0.1'] },
    ['1.0.1', '5.0.0'],
    ['1.0.0', '1.0.2'],
  ],
  ['commits say nothing of versions', { ranges: [{ type: 'GIT', events: [{ introduced: 'abc' }] }] }, [], ['1.0.0']],
  ['a version that cannot be compared', range({ introduced: '1.0.0' }), ['workspace'], []],
] as const)('%s', (_, affected, hit, safe) => {
  const advisory = only(osv(affected));
  expect(hit.filter((version) => !advisory.hits(version))).toEqual([]);
  expect(safe.filter((version) => advisory.hits(version))).toEqual([]);
});

test('the fix that is named is the next one above the version, not one of another line', () => {
  const advisory = only(
    osv({
      ranges: [
        { type: 'SEMVER', events: [{ introduced: '1.0.0' }, { fixed: '1.4.2' }] },
        { type: 'SEMVER', events: [{ introduced: '2.0.0' }, { fixed: '2.1.0' }] },
      ],
    }),
  );
  expect(advisory.fixedAfter('1.0.0')).toBe('1.4.2');
  expect(advisory.fixedAfter('2.0.9')).toBe('2.1.0');
  expect(only(osv(range({ introduced: '0' }))).fixedAfter('1.0.0')).toBeUndefined();
});

test('what was withdrawn, of another ecosystem, or of no package is said as it is', () => {
  expect(only(osv(range({ introduced: '0' }), { withdrawn: '2026-02-01T00:00:00Z' })).withdrawn).toBe(true);
  expect(advisoriesIn(osv({ package: { ecosystem: 'PyPI', name: 'left' }, ...range({ introduced: '0' }) }))).toEqual(
    [],
  );
  expect(advisoriesIn('[]')).toEqual([]);
  expect(advisoriesIn('{}')).toEqual([]);
  expect(advisoriesIn(JSON.stringify({ id: 'X-1', modified: '', affected: null }))).toEqual([]);
});

test.each([
  [{ database_specific: { severity: 'CRITICAL' } }, 'critical'],
  [{ database_specific: { severity: 'MEDIUM' } }, 'moderate'],
  [{ database_specific: {}, severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N' }] }, 'unknown'],
])('severity %o is %s', (more, severity) => {
  expect(only(osv(range({ introduced: '0' }), more)).severity).toBe(severity);
});

test('the bulk answer of npm audit is understood', () => {
  const advisory = only(
    JSON.stringify({
      left: [
        {
          id: 1098,
          url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
          title: 'reads what it must not',
          severity: 'low',
          vulnerable_versions: '>=1.0.0 <1.4.2 || >=2.0.0-0 <2.1.0',
        },
      ],
    }),
  );
  expect(advisory).toMatchObject({ id: 'GHSA-aaaa-bbbb-cccc', package: 'left', severity: 'low' });
  expect(['1.0.0', '1.4.1', '2.0.0-rc.1'].every((version) => advisory.hits(version))).toBe(true);
  expect(['0.9.0', '1.4.2', '2.1.0'].some((version) => advisory.hits(version))).toBe(false);
});

test.each([
  ['{ "id": ', 'is no JSON'],
  ['"text"', 'holds no advisories'],
  [osv({ ranges: [{ type: 'SEMVER', events: [{ introduced: '1.x' }] }] }), 'affected.0.ranges.0.events.0'],
  [osv({ ranges: [{ type: 'SEMVER', events: [] }] }), 'affected.0.ranges.0.events'],
  [JSON.stringify([{ id: 'X-1', affected: [] }, { affected: [] }]), '1.id'],
  ['{ "left": [{ "id": 1, "vulnerable_versions": "<<1" }] }', 'left.0.vulnerable_versions'],
  ['{ "vulnerabilities": { "left": {} } }', 'vulnerabilities'],
])('%s is refused, and it is said where', (text, where) => {
  expect(() => advisoriesIn(text)).toThrow(where);
});

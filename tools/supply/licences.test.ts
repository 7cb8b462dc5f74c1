import { expect, test } from 'vitest';
import type { Bom, Component, Licence } from './bom.ts';
import { bundledIn } from './bundled.ts';
import { licensedIn, policy, refusedOf } from './licences.ts';
import { reportOf } from './licence-report.ts';

const bomWith = (name: string, licenses?: readonly Licence[], more: Partial<Component> = {}): Bom =>
  ({
    components: [{ type: 'library', name, version: '1.0.0', 'bom-ref': name, purl: name, licenses, ...more }],
  }) as unknown as Bom;
const refused = (expression: string | undefined): readonly string[] =>
  refusedOf(licensedIn([bomWith('left', expression === undefined ? undefined : [{ expression }])], policy), policy);

test.each(['MIT', '(MIT OR GPL-3.0-only)', 'MIT AND Zlib', '(GPL-2.0-only OR (ISC AND Apache-2.0))'])(
  '%s may be shipped',
  (licence) => expect(refused(licence)).toEqual([]),
);

test.each(['GPL-3.0-only', 'MIT AND GPL-3.0-only', 'AGPL-3.0-or-later', 'Apache-2.0 WITH LLVM-exception', 'MIT+'])(
  '%s may not, and the package is named',
  (licence) => expect(refused(licence)).toEqual([`left@1.0.0: ${licence} is not among the allowed licences`]),
);

test('a package without a licence, or with a text of its own, is named', () => {
  expect(refused(undefined)).toEqual(['left@1.0.0 states no licence']);
  expect(refused('SEE LICENSE IN file')).toEqual(['left@1.0.0: "SEE LICENSE IN file" is no SPDX expression']);
  expect(refusedOf(licensedIn([bomWith('left', [{ license: { name: 'Ours' } }])], policy), policy)).toHaveLength(1);
});

test('our statement stands where the package says nothing', () => {
  const stated = { ...policy, stated: { left: 'MIT' } };
  expect(refusedOf(licensedIn([bomWith('left')], stated), stated)).toEqual([]);
});

test('the report lists what others made, once, and says what is copied', () => {
  const boms = [
    bomWith('left', [{ license: { id: 'MIT' } }]),
    bomWith('left', [{ license: { id: 'MIT' } }], { properties: [{ name: 'plugga:bundled', value: 'true' }] }),
    bomWith('kit', [{ license: { id: 'Apache-2.0' } }], { group: '@plugga' }),
  ];
  const rows = reportOf(licensedIn(boms, policy))
    .split('\n')
    .filter((line) => line.startsWith('| left') || line.includes('plugga/'));
  expect(rows).toEqual(['| left | 1.0.0 | MIT | copied into the console |']);
});

test('what Vite copied into the pages is read from its note', () => {
  const note = '# Licenses\n\n## @base-ui/react - 1.9.0 (MIT)\n\n## Not a package\n\n## moo - 0.5.3 (BSD-3-Clause)\n';
  expect(bundledIn(note)).toEqual(['@base-ui/react@1.9.0', 'moo@0.5.3']);
});

import { personalities } from '@plugga/simulator';
import { quirks } from '@plugga/quirks';
import { expect, test } from 'vitest';
import { idle, left, makes } from './makes.ts';

test('each make of the simulator is mixed in, or it is said why not', () => {
  const named = [...makes.map(({ make }) => make.id), ...Object.keys(left)];
  expect(named.toSorted()).toEqual(Object.keys(personalities).toSorted());
});

test('each quirk that repairs, rewrites or denies is set off by a make', () => {
  const hooked = quirks.filter((it) => it.text ?? it.inbound ?? it.outbound ?? it.plan ?? it.deny);
  const wanted = new Set(makes.flatMap((it) => it.quirks));
  expect(hooked.map(({ id }) => id).filter((id) => !wanted.has(id))).toEqual(Object.keys(idle));
});

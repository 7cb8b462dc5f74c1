import type { Case } from '../script/case.ts';
import { list, type Listed } from './list.ts';

/** What a case that has no script waits for. */
const waits: Readonly<Record<string, string>> = {};

/** Cases that a CSMS passes by its frames although it answers everybody the same and does nothing. */
export const stubPasses: readonly string[] = ['001', '004_2', '024'];

export type State =
  | { readonly kind: 'passes' }
  | { readonly kind: 'waits'; readonly for: string }
  | { readonly kind: 'noScript' };

/** Where each case of the list stands. That one with a script passes is what the tests hold it to. */
export const stateOf = (it: Listed, cases: readonly Case[]): State => {
  if (cases.some(({ id }) => id === it.id)) return { kind: 'passes' };
  const what = waits[it.id];
  return what === undefined ? { kind: 'noScript' } : { kind: 'waits', for: what };
};

/** Waits that are over, or that name nothing of the list. */
export const idleWaits = (cases: readonly Case[]): readonly string[] =>
  Object.keys(waits).filter((id) => !list.some((it) => it.id === id) || cases.some((it) => it.id === id));

import { list as before } from '../ocpp201/list.ts';
import { nameOf } from '../script/listed.ts';
import { added, cases } from './cases/index.ts';
import { additions, STUB_PASSES } from './list.ts';

const twins = added.reduce((sum, it) => sum + it.twins.length, 0);
const share = ((100 * STUB_PASSES.length) / additions.length).toFixed(1);
const passed = STUB_PASSES.length === 0 ? '' : `: ${STUB_PASSES.join(', ')}`;
const stateOf = (id: string): string => (added.some((it) => it.id === id) ? 'passes' : 'no script yet');

/** The part of docs/conformance.md on 2.1. */
export const page21 = (): string => `## OCPP 2.1

The ${before.length} cases of 2.0.1 are cases of 2.1 by the same ids and titles, and the same scripts are played in 2.1: ${cases.length - added.length} pass.
Each of the ${additions.length} messages that 2.1 adds has a case of its own; where a public case is about it, that one's id is named: ${added.length} pass,
with ${twins} twins. \`pnpm conformance --ocpp 2.1\` runs them all.

A CSMS that answers schema-valid constants and does nothing passes ${STUB_PASSES.length} of the ${additions.length} (${share} %)${passed}.

| case | about | state |
| --- | --- | --- |
${additions.map(({ id, about, group }) => `| ${nameOf(id)} | ${group}: ${about} | ${stateOf(id)} |`).join('\n')}
`;

import { cases } from './cases/index.ts';
import { list, STUB_PASSES } from './list.ts';

const passing = (id: string): boolean => cases.some((it) => it.id === id);
const twins = cases.reduce((sum, it) => sum + it.twins.length, 0);
const share = ((100 * STUB_PASSES.length) / list.length).toFixed(1);

/** The part of docs/conformance.md on 1.6. */
export const page16 = (): string => `## OCPP 1.6

The ${list.length} cases for a CSMS by their public ids: ${list.filter(({ id }) => passing(id)).length} pass, with ${twins} twins.

A CSMS that answers schema-valid constants and does nothing passes ${STUB_PASSES.length} of ${list.length} by its frames (${share} %): ${STUB_PASSES.map((id) => `TC_${id}`).join(', ')}. Their
answers hold nothing to tell it by; what makes them pass here is the state that follows.

| case | about | state |
| --- | --- | --- |
${list.map(({ id, about, group }) => `| TC_${id} | ${group}: ${about} | ${passing(id) ? 'passes' : 'no script yet'} |`).join('\n')}
`;

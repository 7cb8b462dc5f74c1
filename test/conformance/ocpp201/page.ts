import { cases } from './cases/index.ts';
import { BLOCKS, core, list, STUB_PASSES } from './list.ts';

const twins = cases.reduce((sum, it) => sum + it.twins.length, 0);
const share = ((100 * STUB_PASSES.length) / list.length).toFixed(1);
const passing = (of: readonly { readonly id: string }[]): number =>
  of.filter(({ id }) => cases.some((it) => it.id === id)).length;
const known = (block: string): number => list.filter(({ id }) => id.startsWith(`${block}_`)).length;
const unknown = Object.entries(BLOCKS)
  .map(([block, count]) => ({ block, count: count - known(block) }))
  .filter(({ count }) => count > 0);
const missing =
  unknown.length === 0
    ? 'Each case of a public suite has a script.'
    : `Of a public suite, ${unknown.map(({ block, count }) => `${block} ${count}`).join(' and ')} have no script.`;

/** The part of docs/conformance.md on 2.0.1. */
export const page201 = (): string => `## OCPP 2.0.1

${core.length} cases of the core for a CSMS, the highest in value, by their public ids and titles: ${passing(core)} pass. Of ${list.length - core.length} more whose titles are public
${passing(list) - passing(core)} pass. The rules are those of 1.6: frames of our own, schemas, the state that an operator sees, and ${twins} twins. \`pnpm conformance --ocpp 2.0.1\` runs them.

A CSMS that answers schema-valid constants and does nothing passes ${STUB_PASSES.length} of ${list.length} by its frames (${share} %): ${STUB_PASSES.map((id) => `TC_${id}`).join(', ')}.

${missing} The station of I_01, the cost shown while it charges, also hears what the CSMS sends by
itself; that begins 30 s after its connection, and so this case takes as long.

| case | about | state |
| --- | --- | --- |
${list.map(({ id, about, group }) => `| TC_${id} | ${group}: ${about} | ${cases.some((it) => it.id === id) ? 'passes' : 'no script yet'} |`).join('\n')}
`;

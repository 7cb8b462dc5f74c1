import { fail } from '@plugga/kit';
import type { Replayed, ReplayedFrame } from './replay.ts';

/** Files by their path below the folder of quirks. */
export type QuirkFiles = Readonly<Record<string, string>>;

/** Of one kind of deviation one frame is enough; a fixture is read by people. */
const MOST_FRAMES = 8;

const camel = (name: string): string => name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
const quoted = (text: string): string => `'${text.replaceAll(/[\\']/g, '\\$&')}'`;

/** Deviations that a core without any quirk shows: what a new quirk would be about. */
const odd = ({ direction, kind, deviations, refused }: ReplayedFrame): boolean =>
  direction === 'in' && kind !== 'result' && kind !== 'error' && (deviations.length > 0 || refused !== undefined);

const symptomOf = (frame: ReplayedFrame): string =>
  `${frame.action ?? frame.kind} ${frame.deviations.map(({ code, path }) => `${code}${path ?? ''}`).join(' ')} ${frame.refused ?? ''}`;

/**
 * A quirk to begin from, and its fixture: the frames of the recording that are odd, with what they mean now. The fixture is
 * red until somebody has said there what they must mean, and in the quirk how they come to mean it. Throws `invalid-input`
 * for a name that cannot be one, and where nothing is odd.
 */
export function makeQuirk(replayed: Replayed, name: string): QuirkFiles {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40)
    throw fail('invalid-input', `"${name}" cannot be the name of a quirk: kebab-case, such as acme-power`);
  const { vendor, model, firmware } = replayed.make;
  if (vendor === undefined)
    throw fail('invalid-input', 'the station never boots in this recording: its make is not known');
  const frames = new Map<string, ReplayedFrame>();
  for (const frame of replayed.frames)
    if (odd(frame) && !frames.has(symptomOf(frame)) && frames.size < MOST_FRAMES) frames.set(symptomOf(frame), frame);
  const refusals = replayed.frames.flatMap(({ learnt, action }) =>
    learnt?.includes('is unsupported') === true && action !== undefined ? [action] : [],
  );
  if (frames.size === 0 && refusals.length === 0)
    throw fail('invalid-input', 'nothing in this recording deviates: there is nothing to make a quirk of');
  const id = `${name}-as-recorded`;
  const make = { vendor, ...(model !== undefined && { model }), ...(firmware !== undefined && { firmware }) };
  const lines = [
    ...[...frames].map(([symptom, frame]) => ({
      ...{ title: `say what it must mean: ${symptom.trim()}`, quirk: id, make, text: frame.text },
      facts: frame.facts,
    })),
    ...(refusals.length === 0
      ? []
      : [{ title: 'what it does not support is not sent', quirk: id, make, denied: [...new Set(refusals)] }]),
  ];
  return {
    [`src/${name}.ts`]: sourceOf(name, id, make, [...frames.values()], [...new Set(refusals)]),
    [`fixtures/${id}.jsonl`]: `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`,
  };
}

function sourceOf(
  name: string,
  id: string,
  { vendor, model }: { readonly vendor: string; readonly model?: string },
  frames: readonly ReplayedFrame[],
  refusals: readonly string[],
): string {
  const symptoms = [...new Set(frames.map(symptomOf))].map((symptom) => symptom.trim().replaceAll('\n', ' '));
  const actions = [...new Set(frames.flatMap(({ kind, action }) => (kind === 'call' && action ? [action] : [])))];
  const broken = frames.some(({ kind }) => kind === 'unreadable');
  const match = [
    `vendor: /^${escaped(vendor)}$/i`,
    ...(model === undefined || model === '' ? [] : [`model: /^${escaped(model)}/i`]),
  ];
  return [
    "import { defineQuirk } from '@plugga/kit';",
    '',
    `/** ${vendor}${model === undefined ? '' : ` ${model}`}, as it was recorded. */`,
    `export const ${camel(name)} = defineQuirk({`,
    `  id: ${quoted(id)},`,
    `  // Say what the station does, and where that was reported (#…).`,
    `  why: ${quoted(symptoms.join('; ').slice(0, 200))},`,
    `  match: { ${match.join(', ')} },`,
    "  protocols: ['ocpp1.6'],",
    ...(broken ? ['  text: (raw) => raw,'] : []),
    ...(actions.length === 0
      ? []
      : ['  inbound: {', ...actions.map((action) => `    ${action}: (payload) => payload,`), '  },']),
    ...(refusals.length === 0 ? [] : [`  deny: [${refusals.map(quoted).join(', ')}],`]),
    '});',
    '',
  ].join('\n');
}

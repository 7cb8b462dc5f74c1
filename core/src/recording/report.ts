import { type Fact, iso } from '@plugga/kit';
import type { SessionRow } from '../ports.ts';
import type { Replayed, ReplayedFrame } from './replay.ts';

/** A replay for people: each frame, what it means, and the sessions that it changed. */
export function reportOf(replayed: Replayed): string {
  const { frames, sessions, make, quirks } = replayed;
  const made = [make.vendor, make.model, make.firmware].filter((it) => it !== undefined && it !== '').join(' ');
  return [
    ...frames.flatMap(linesOf),
    '',
    `make: ${made === '' ? 'it never booted' : made}; quirks: ${quirks.length === 0 ? 'none' : quirks.join(', ')}`,
    ...tallied(frames),
    sessions.length === 0 ? 'no session' : 'sessions, half an hour after the last frame:',
    ...sessions.map((row) => `  ${sessionOf(row)}`),
  ].join('\n');
}

function linesOf(frame: ReplayedFrame): readonly string[] {
  const { line, at, direction, kind, action, facts, quirks, deviations, refused, instead, learnt, sessions } = frame;
  return [
    `${String(line).padStart(5)}  ${iso(at)}  ${direction.padEnd(3)}  ${action ?? kind}${action !== undefined && kind !== 'call' ? ` (${kind})` : ''}`,
    ...quirks.map(({ id, hook }) => indented('quirk', `${id} (${hook})`)),
    ...(instead === undefined ? [] : [indented('instead', JSON.stringify(instead))]),
    ...deviations.map(({ code, path, detail, quirk }) =>
      indented('deviation', [code, path, detail, quirk].filter((it) => it !== undefined).join(' ')),
    ),
    ...(refused === undefined ? [] : [indented('refused', refused)]),
    ...(kind === 'unreadable' ? [indented('text', frame.text.slice(0, 300))] : []),
    ...facts.map((fact) => indented('fact', factOf(fact))),
    ...(learnt === undefined ? [] : [indented('learnt', learnt)]),
    ...sessions.map((row) => indented('session', sessionOf(row))),
  ];
}

const indented = (what: string, text: string): string => `         ${what.padEnd(10)} ${text}`;

const factOf = ({ kind, ...said }: Fact): string => `${kind} ${JSON.stringify(said)}`;

const sessionOf = (row: SessionRow): string =>
  [
    `evse ${row.evse ?? '-'}`,
    row.status,
    row.energyWh === null ? undefined : `${row.energyWh} Wh`,
    row.transactionId === null ? undefined : `transaction ${row.transactionId}`,
    row.startedAt === null ? undefined : `from ${iso(row.startedAt)}`,
    row.endedAt === null ? undefined : `to ${iso(row.endedAt)}`,
    row.stopReason ?? undefined,
    row.flags.length === 0 ? undefined : `[${row.flags.join(', ')}]`,
  ]
    .filter((it) => it !== undefined)
    .join(' · ');

/** Each kind of deviation and each quirk, with how often. */
function tallied(frames: readonly ReplayedFrame[]): readonly string[] {
  const counts = new Map<string, number>();
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  for (const { action = '-', deviations, quirks, refused } of frames) {
    for (const { id, hook } of quirks) count(`quirk ${id} (${hook}) at ${action}`);
    for (const { code, path = '' } of deviations) count(`${code} ${path} in ${action}`);
    if (refused !== undefined) count(`refused: ${refused} (${action})`);
  }
  return [...counts].map(([what, times]) => `  ${String(times).padStart(5)} x ${what}`);
}

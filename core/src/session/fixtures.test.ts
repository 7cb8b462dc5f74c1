import { readdirSync, readFileSync } from 'node:fs';
import type { Fact } from '@plugga/kit';
import { expect, it } from 'vitest';
import type { Input } from '../station/input.ts';
import { aStation } from './story.test-station.ts';

/** One line a message, as it was seen of a public client; `$1` is the id that we gave to its first start. */
type Line = {
  readonly at: string;
  readonly facts?: readonly Fact[];
  readonly input?: Input;
  readonly online?: boolean;
};
interface Expected {
  readonly sessions: readonly Record<string, unknown>[];
  readonly corrections?: number;
  readonly effects?: readonly string[];
  readonly states?: readonly (readonly string[])[];
}

const folder = new URL('fixtures/', import.meta.url);
const fixtures = readdirSync(folder).map((name) => {
  const lines = readFileSync(new URL(name, folder), 'utf8').trim().split('\n');
  const [head, ...rest] = lines.map((line) => JSON.parse(line) as unknown);
  return {
    ...(head as { client: string; why: string }),
    lines: rest.slice(0, -1) as Line[],
    expected: (rest.at(-1) as { expect: Expected }).expect,
  };
});

it.each(fixtures)('$client: $why', ({ lines, expected }) => {
  const story = aStation();
  const given: string[] = [];
  for (const line of lines) {
    story.at(line.at);
    if (line.online !== undefined) story.online(line.online);
    if (line.input !== undefined) story.put(line.input);
    if (line.facts === undefined) continue;
    const named = JSON.stringify(line.facts).replace(/\$(\d)/g, (_, n: string) => given[Number(n) - 1]!);
    const facts = JSON.parse(named) as readonly Fact[];
    const { transaction } = story.hear(...facts).outcome;
    if (transaction !== undefined && !given.includes(transaction.id)) given.push(transaction.id);
  }
  const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString().replace('.000', ''));
  const shown = story.rows().map((row) => ({ ...row, startedAt: iso(row.startedAt), endedAt: iso(row.endedAt) }));
  expect(shown).toMatchObject(expected.sessions);
  expect(shown).toHaveLength(expected.sessions.length);
  if (expected.corrections !== undefined) expect(story.corrected()).toHaveLength(expected.corrections);
  if (expected.effects !== undefined) expect(story.effects.map((it) => it.kind)).toEqual(expected.effects);
  if (expected.states !== undefined)
    expect(story.closed().map((it) => it.billable.states.map(({ state }) => state))).toEqual(expected.states);
});

import { readdirSync, readFileSync } from 'node:fs';
import type { Adapter, Answer, Call, CommandName, CommandTable, Quirk } from '@plugga/kit';
import { ocpp16 } from '@plugga/ocpp16';
import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { quirks } from '@plugga/quirks';
import { testDialect } from '@plugga/testing';
import { describe, expect, test } from 'vitest';

interface Fixture {
  readonly title: string;
  /** The quirk that it proves. */
  readonly quirk: string;
  readonly make: { readonly vendor: string; readonly model?: string; readonly firmware?: string };
  /** What the station says, and the facts that it must give. */
  readonly text?: string;
  readonly facts?: readonly unknown[];
  /** What we send, and what goes out. */
  readonly call?: Call;
  readonly sent?: Call;
  readonly command?: { readonly name: CommandName; readonly value: CommandTable[CommandName] };
  readonly answers?: readonly Answer[];
  readonly calls?: readonly Call[];
  readonly done?: unknown;
  readonly denied?: readonly string[];
  readonly timing?: unknown;
  /** Text that is no CALL, as the quirk repairs it. */
  readonly repaired?: string;
  /** What the operator is told to set at the station. */
  readonly advice?: readonly string[];
  /** Why what it measures is not billed by itself. */
  readonly inexact?: string;
  /** Of the station's location. */
  readonly timeZone?: string;
}

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/** What a station of that make shows of everything that the fixture expects. */
const shown = (fixture: Fixture, adapter: Adapter, loaded: readonly Quirk[]): unknown => {
  const { make, timeZone } = fixture;
  const station = testDialect({ adapter, quirks: loaded, make, ...(timeZone && { timeZone }) });
  const heard = fixture.facts === undefined ? undefined : station.hear(fixture.text!);
  const { command, answers = [] } = fixture;
  const ran = command && station.run(command.name, command.value as never, answers);
  return plain({
    ...(fixture.facts && { facts: heard?.ok ? heard.facts : heard }),
    ...(fixture.repaired !== undefined && { repaired: station.repair(fixture.text!) }),
    ...(fixture.advice && { advice: station.dialect.advice }),
    ...(fixture.inexact && { inexact: station.dialect.inexact }),
    ...(fixture.call && { sent: station.send(fixture.call) }),
    ...(ran && { calls: ran.calls, done: ran.done }),
    ...(fixture.denied && { denied: [...station.dialect.denied] }),
    ...(fixture.timing !== undefined && { timing: station.dialect.timing }),
  });
};

const folder = new URL('../../adapters/quirks/fixtures/', import.meta.url);
const fixtures = readdirSync(folder).flatMap((file) =>
  readFileSync(new URL(file, folder), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => ({ file, ...(JSON.parse(line) as Fixture) })),
);

/** Each fixture in every protocol of its quirk. */
const runs = fixtures.flatMap((fixture) =>
  (quirks.find(({ id }) => id === fixture.quirk)?.protocols ?? ['ocpp1.6']).map((protocol) => ({
    ...{ fixture, protocol, file: fixture.file, title: fixture.title },
    adapter: [ocpp16, ocpp201, ocpp21].find((it) => it.protocol === protocol),
  })),
);

describe('quirks', () => {
  test.each(runs)('$file, $protocol: $title', ({ fixture, adapter }) => {
    expect(adapter).toBeDefined();
    const { facts, sent, calls, done, denied, timing, repaired, advice, inexact } = fixture;
    const expected = plain({ facts, sent, calls, done, denied, timing, repaired, advice, inexact });
    expect(shown(fixture, adapter!, quirks)).toEqual(expected);
    // Without its quirk the same station is not understood: the fixture proves the quirk, not the adapter.
    expect(
      shown(
        fixture,
        adapter!,
        quirks.filter(({ id }) => id !== fixture.quirk),
      ),
    ).not.toEqual(expected);
  });

  test('every quirk has a fixture that proves it, and says why it is there', () => {
    expect([...new Set(fixtures.map(({ quirk }) => quirk))].toSorted()).toEqual(quirks.map(({ id }) => id).toSorted());
    for (const { why } of quirks) expect(why).toMatch(/#\d+| src\/\S+\.ts/);
  });

  test('a station of another make, or whose firmware has been repaired, is left alone', () => {
    const ids = (make: Fixture['make']) => testDialect({ adapter: ocpp16, quirks, make }).dialect.quirks;
    expect(ids({ vendor: 'ABB', model: 'CDT_TACW11::NET_WIFI', firmware: 'TAC3Z9119006710273::V1.8.32' })).toEqual([
      'abb-terra-ac-stack-level',
    ]);
    expect(ids({ vendor: 'ABB', model: 'Terra 54', firmware: 'V1.2.3' })).toEqual([]);
    expect(ids({ vendor: '', model: 'Unknown' })).toEqual([]);
    // On 1.6 it speaks as it should.
    expect(ids({ vendor: 'FoxESS', model: 'A022KP1', firmware: '1.10' })).toEqual([]);
  });
});

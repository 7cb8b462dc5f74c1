import { readdirSync, readFileSync } from 'node:fs';
import type { Deviation, StationView } from '@plugga/kit';
import { ocpp16 } from '@plugga/ocpp16';
import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { describe, expect, test } from 'vitest';

interface Fixture {
  readonly title: string;
  readonly frame: readonly [2, string, string, unknown];
  readonly facts?: readonly unknown[];
  readonly ask?: unknown;
  readonly deviations?: readonly string[];
  readonly error?: string;
}

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
const shown = ({ code, path = '' }: Deviation) => `${code} ${path}`;

describe.each([
  ['ocpp16', ocpp16],
  ['ocpp201', ocpp201],
  ['ocpp21', ocpp21],
])('%s', (name, adapter) => {
  const folder = new URL(`../../adapters/${name}/fixtures/`, import.meta.url);
  const view: StationView = {
    id: 'station' as StationView['id'],
    identity: 'S1',
    protocol: adapter.protocol,
    variable: () => undefined,
    transactionOn: () => undefined,
  };

  describe.each(readdirSync(folder))('%s', (file) => {
    const lines = readFileSync(new URL(file, folder), 'utf8').trimEnd().split('\n');
    test.each(lines.map((line) => JSON.parse(line) as Fixture))('$title', (fixture) => {
      const [, , action, payload] = fixture.frame;
      const entry = adapter.inbound[action]!;
      const parsed = entry.request(payload);
      if (!parsed.ok) {
        expect(parsed.error).toBe(fixture.error);
        return;
      }
      expect(fixture.error).toBeUndefined();
      const { facts, ask } = entry.read(parsed.payload, view);
      expect(plain(facts)).toEqual(fixture.facts);
      expect(plain(ask)).toEqual(fixture.ask);
      expect(parsed.deviations.map(shown).toSorted()).toEqual((fixture.deviations ?? []).toSorted());
    });
  });
});

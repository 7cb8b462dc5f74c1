import { readFileSync } from 'node:fs';
import { ocpp16 } from '@plugga/ocpp16';
import { testDialect } from '@plugga/testing';
import { expect, test } from 'vitest';
import { hello } from './index.ts';

const fixtures = readFileSync(new URL('../fixtures/hello-idle.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

test.each(fixtures.map((line) => JSON.parse(line)))('$title', ({ make, text, facts }) => {
  const heard = (quirks: readonly (typeof hello)[]) => testDialect({ adapter: ocpp16, quirks, make }).hear(text);
  expect(heard([hello])).toMatchObject({ ok: true, facts });
  // Without the quirk the same station is not understood: the fixture proves the quirk, not the adapter.
  expect(heard([])).not.toMatchObject({ ok: true, facts });
});

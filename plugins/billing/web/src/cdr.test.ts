import { expect, test } from 'vitest';
import { heldByReason, standing, type Cdr } from './cdr.ts';

const cdr = (o: Partial<Cdr>): Cdr => ({
  ...{
    id: 'a',
    session: 's',
    revision: 1,
    kind: 'cdr',
    credits: null,
    status: 'issued',
    heldReasons: [],
    offer: 't@1',
  },
  ...{ energyWh: 1000, currency: 'SEK', exclVat: '1', vat: '0', inclVat: '1', lines: [], limit: null, notes: [] },
  ...{ taxIncluded: false, signed: null, startedAt: '', endedAt: '', meterStartWh: null, meterStopWh: null },
  ...{ locationName: null, createdAt: '' },
  ...o,
});

test('held ones are counted by what they are held for alone; what has no price or several reasons cannot be billed at once', () => {
  const held = (...heldReasons: string[]) => cdr({ status: 'held', heldReasons });
  expect(
    heldByReason([
      held('orphan'),
      held('longSession: 80.0 h, above 72 h'),
      held('longSession: 90.0 h, above 72 h'),
      held('longSession: 99.0 h, above 72 h', 'orphan'),
      { ...held('unpriced'), currency: null },
      cdr({}),
    ]),
  ).toEqual([
    { reason: 'longSession', count: 2 },
    { reason: 'orphan', count: 1 },
  ]);
});

test('of a corrected session the newest CDR stands, and none of one that was taken back whole', () => {
  const [first, credit, second] = [
    cdr({ id: 'first' }),
    cdr({ id: 'credit', kind: 'credit', credits: 'first' }),
    cdr({ id: 'second', revision: 2 }),
  ];
  expect(standing([second, credit, first])?.id).toBe('second');
  expect(standing([credit, first])).toBeUndefined();
});

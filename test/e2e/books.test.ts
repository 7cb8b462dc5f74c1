import type { LedgerEntry } from '@plugga/simulator';
import { expect, test } from 'vitest';
import type { Api } from './api.ts';
import { audit, checkBooks } from './books.ts';

const at = Date.parse('2026-03-01T12:00:00Z');
const charge: LedgerEntry = {
  identity: 'CS1',
  number: 1,
  connector: 1,
  idTag: 'TOKEN1',
  meterStartWh: 1_000,
  startedAt: at,
  meterStopWh: 6_000,
  stoppedAt: at + 600_000,
  transactionId: 7,
  messages: [{ id: 'm1', action: 'MeterValues', at, wh: 3_000, acknowledged: true }],
};
const session = {
  id: 's1',
  status: 'closed',
  station: 'CS1',
  transactionId: '7',
  energyWh: 5_000,
  meterStartWh: 1_000,
  meterStopWh: 6_000,
  flags: [] as string[],
};
const cdr = { id: 'c1', session: 's1', kind: 'cdr', status: 'issued', energyWh: 5_000 };
const bill = { number: '1', session: 's1', energyWh: 5_000 };
const good = {
  sessions: [session],
  cdrs: [cdr],
  invoices: [bill],
  'sessions/s1/readings': [{ at: new Date(at).toISOString() }],
};

/** An API that shows what it is given. */
const shows = (lists: Partial<Record<keyof typeof good, readonly object[]>>): Api =>
  ({ all: (path: keyof typeof good) => Promise.resolve({ ...good, ...lists }[path] ?? []) }) as unknown as Api;

test('books that equal the meters balance', async () => {
  const books = await checkBooks({ operator: shows({}), ledger: [charge], withinMs: 0 });
  expect(books).toEqual({
    transactions: 1,
    lost: [],
    doubled: [],
    differing: [],
    meteredWh: 5_000,
    soldWh: 5_000,
  });
});

test.each([
  ['lost', 'a session', { sessions: [] }],
  ['lost', 'a CDR', { cdrs: [] }],
  ['lost', 'a bill', { invoices: [] }],
  ['lost', 'an acknowledged reading', { 'sessions/s1/readings': [] }],
  ['doubled', 'a session', { sessions: [session, { ...session, id: 's2' }] }],
  ['doubled', 'a session that no meter knows', { sessions: [session, { ...session, transactionId: '8', id: 's2' }] }],
  ['doubled', 'a CDR', { cdrs: [cdr, { ...cdr, id: 'c2' }] }],
  ['doubled', 'a bill', { invoices: [bill, { ...bill, number: '2' }] }],
  ['differing', 'the energy of a session', { sessions: [{ ...session, energyWh: 4_999 }] }],
  ['differing', 'the register at a stop', { sessions: [{ ...session, meterStopWh: null }] }],
  ['differing', 'the energy of a CDR', { cdrs: [{ ...cdr, energyWh: 5_001 }] }],
  ['differing', 'the energy of a bill', { invoices: [{ ...bill, energyWh: 5_001 }] }],
  ['differing', 'a session that is not closed', { sessions: [{ ...session, status: 'ended' }] }],
  ['differing', 'a CDR that is held', { cdrs: [{ ...cdr, status: 'held' }] }],
  ['differing', 'a flag', { sessions: [{ ...session, flags: ['estimatedEnd'] }] }],
] as const)('%s: %s', async (kind, _, lists) => {
  const o = { operator: shows(lists as never), ledger: [charge] };
  expect((await audit(o))[kind]).toHaveLength(1);
  await expect(checkBooks({ ...o, withinMs: 0 })).rejects.toThrow('do not balance');
});

test('flags that are allowed are no difference', async () => {
  const operator = shows({ sessions: [{ ...session, flags: ['estimatedEnd'] }] });
  expect((await audit({ operator, ledger: [charge], flags: ['estimatedEnd'] })).differing).toEqual([]);
});

test('a message that was never acknowledged is told', async () => {
  const messages = [{ ...charge.messages[0]!, acknowledged: false }];
  expect((await audit({ operator: shows({}), ledger: [{ ...charge, messages }] })).differing).toHaveLength(1);
});

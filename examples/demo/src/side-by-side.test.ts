import { expect, test } from 'vitest';
import { type Billed, differences, sideBySide } from './side-by-side.ts';

const billed = (identity: string, flowedWh: number, o: { cdr?: number; receipt?: number } = {}): Billed => ({
  identity,
  protocol: 'ocpp2.1',
  flowedWh,
  cdrWh: o.cdr ?? flowedWh,
  bill: { number: '000003', energyWh: o.receipt ?? flowedWh, inclVat: '48.20', currency: 'SEK' },
});

test('a CDR or a receipt that is a watt-hour off is named', () => {
  expect(
    differences([billed('A', 9_000), billed('B', 9_000, { cdr: 9_001 }), billed('C', 9_000, { receipt: 8_999 })]),
  ).toEqual([
    '9000 Wh flowed to the car of B, its CDR says 9001 Wh',
    '9000 Wh flowed to the car of C, its receipt says 8999 Wh',
  ]);
});

test('what flowed, CDR and receipt stand beside each other', () => {
  expect(sideBySide([billed('DEMO-21', 9_142)])).toEqual([
    'Station   Version    Flowed       CDR   Receipt',
    'DEMO-21   ocpp2.1   9142 Wh   9142 Wh   9142 Wh   000003: 48.20 SEK',
  ]);
});

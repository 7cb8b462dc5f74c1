import type { Outcome, RunningCost, StationView } from '@plugga/kit';
import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { expect, test } from 'vitest';

const running: RunningCost = { currency: 'SEK', value: '12.50', final: false };
const final: RunningCost = { ...running, final: true };

const viewOf = (protocol: string, variables: Readonly<Record<string, string>> = {}): StationView => ({
  ...{ id: 'station' as StationView['id'], identity: 'S1', protocol, transactionOn: () => undefined },
  variable: (name) => variables[name],
});
const answer = (adapter: typeof ocpp201, eventType: string, outcome: Partial<Outcome>, view?: StationView): unknown => {
  const message = adapter.inbound['TransactionEvent']!;
  const reply = message.reply(
    { now: 0 as Outcome['now'], ...outcome },
    { eventType },
    view ?? viewOf(adapter.protocol),
  );
  expect(message.response?.(reply)).toMatchObject({ ok: true });
  return reply;
};

test.each([
  ['Started', {}],
  ['Updated', { totalCost: 12.5 }],
  ['Ended', {}],
])('what %s hears of a running cost: in 2.0.1 nothing', (eventType, in21) => {
  expect(answer(ocpp201, eventType, { cost: running })).toEqual({});
  expect(answer(ocpp21, eventType, { cost: running })).toEqual(in21);
});

test('an end hears the final cost', () => {
  expect(answer(ocpp201, 'Ended', { cost: final })).toEqual({ totalCost: 12.5 });
  expect(answer(ocpp21, 'Ended', { cost: final })).toEqual({ totalCost: 12.5 });
});

test.each([
  ['shows no cost', { 'TariffCostCtrlr/Enabled.Cost': 'false' }],
  ['shows another currency', { 'TariffCostCtrlr/Currency': 'EUR' }],
])('a station that %s hears none', (_, variables) => {
  expect(answer(ocpp201, 'Ended', { cost: final }, viewOf('ocpp2.0.1', variables))).toEqual({});
  expect(answer(ocpp21, 'Updated', { cost: running }, viewOf('ocpp2.1', variables))).toEqual({});
});

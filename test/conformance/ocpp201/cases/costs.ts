import { answersOther, asksOther, type Case } from '../../script/case.ts';
import { matching, oneOf } from '../../script/fit.ts';
import type { Payload } from '../../script/station.ts';
import { charging, wh } from './plays.ts';

/** A station that shows what it costs, in SEK, whatever else it may be asked for. */
const shows = (asked: Payload): Payload => ({
  getVariableResult: (asked['getVariableData'] as readonly Payload[]).map((it) => {
    const variable = it['variable'] as { readonly name: string };
    const value = { Enabled: 'true', Currency: 'SEK' }[variable.name];
    return value === undefined
      ? { ...it, attributeStatus: 'UnknownVariable' }
      : { ...it, attributeStatus: 'Accepted', attributeValue: value };
  }),
});

export const costs: readonly Case[] = [
  {
    // 0.4 kWh for 4.00 SEK and 25 % VAT, told while it charges (I02).
    id: 'I_01',
    unasked: true,
    run: async (t) => {
      const group = t.strange();
      await t.tariff(group);
      const at = await t.station({ unasked: true });
      at.allows({ GetVariables: shows });
      at.declines({ but: ['CostUpdated'] });
      const { s, tx } = await charging(t, { group, at });
      // Nobody need price a reading that follows another at once.
      await t.passes(1_000);
      await tx.says('Updated', 'MeterValuePeriodic', { meterValue: wh(1_400) });
      await t.comes('the cost of the session', `sessions?station=${s.identity}`, {
        items: [{ cost: { currency: 'SEK', inclVat: matching(/[1-9]/), final: false } }],
      });
      const costs = (totalCost: unknown) => ({ totalCost, transactionId: tx.id });
      // Before that it may be told of the beginning, which costs nothing.
      const first = await t.hearsUnasked(s, 'CostUpdated', costs(oneOf(0, 2)), {});
      if (first['totalCost'] === 0) await t.hearsUnasked(s, 'CostUpdated', costs(2), {});
    },
    twins: [
      asksOther('CostUpdated', { totalCost: 1.6 }, 'the cost is told without VAT'),
      asksOther('CostUpdated', { transactionId: 'T-0' }, 'it is told of another transaction'),
      {
        ...{ breaks: 'ten watt-hours more', who: 'station says', action: 'TransactionEvent', nth: 3 },
        change: { meterValue: wh(1_410) },
        fails: 'CostUpdated comes',
      },
    ],
  },
  {
    // 0.4 kWh for 4.00 SEK and 25 % VAT: the answer to the end says what it comes to (I03.FR.02).
    id: 'I_02',
    run: async (t) => {
      const group = t.strange();
      await t.tariff(group);
      const { s, tx } = await charging(t, { group });
      await tx.says('Ended', 'StopAuthorized', {
        ...{ info: { stoppedReason: 'Local' }, meterValue: wh(1_400, 'Transaction.End') },
        wanted: { totalCost: 2 },
      });
      await t.session(s, { energyWh: 400 });
    },
    twins: [
      {
        ...answersOther(
          'TransactionEvent',
          ({ totalCost: _, ...rest }) => rest,
          'no cost, as of a session that is free',
        ),
        nth: 3,
      },
      {
        ...{ breaks: 'ten watt-hours more', who: 'station says', action: 'TransactionEvent', nth: 3 },
        change: { meterValue: wh(1_410, 'Transaction.End') },
        fails: 'the answer to TransactionEvent',
      },
    ],
  },
];

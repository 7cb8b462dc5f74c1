import { answersOther, type Case } from '../../script/case.ts';
import { charging, wh } from './plays.ts';

export const costs: readonly Case[] = [
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

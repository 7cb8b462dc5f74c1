import type { CommandResult, CommandTable, Outbound } from '@plugga/kit';
import { resultOf } from '@plugga/wire';
import { COST_VARIABLES, isItsCurrency, showsCost } from '../cost.ts';
import type { Wire2 } from '../schema.ts';
import { wantedFirst } from './wanted-first.ts';

const ACCEPTED: CommandResult = { status: 'accepted' };

/**
 * CostUpdated, to a station that says it shows the cost and in that currency.
 * [2,"id","CostUpdated",{"totalCost":12.5,"transactionId":"T1"}]
 */
export const tellCost = (wire: Wire2): Outbound<CommandTable['tellCost']> =>
  wantedFirst(wire, {
    names: COST_VARIABLES,
    unwanted: ({ total }, station) => {
      const shows = showsCost(station);
      if (shows === undefined) return undefined;
      if (!shows) return ['it does not show what a transaction costs'];
      return isItsCurrency(station, total) ? [] : [`it shows another currency than ${total.currency}`];
    },
    start: ({ transaction, total }) =>
      wire.send('CostUpdated', { totalCost: Number(total.value), transactionId: transaction }, undefined),
    next: (_, answer) => ({ done: resultOf(answer, () => ACCEPTED) }),
  });

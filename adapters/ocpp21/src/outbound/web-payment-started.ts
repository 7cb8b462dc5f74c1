import type { CommandResult, CommandTable, Outbound } from '@plugga/kit';
import { resultOf } from '@plugga/wire';
import type { Wire21 } from '../schema.ts';

const ACCEPTED: CommandResult = { status: 'accepted' };

/** NotifyWebPaymentStarted: whoever stands there is told that somebody pays. [2,"id","NotifyWebPaymentStarted",{"evseId":1,"timeout":300}] */
export const webPaymentStarted = (wire: Wire21): Outbound<CommandTable['webPaymentStarted']> => ({
  start: ({ evse, seconds }) => wire.send('NotifyWebPaymentStarted', { evseId: evse, timeout: seconds }, undefined),
  next: (_, answer) => ({ done: resultOf(answer, () => ACCEPTED) }),
});

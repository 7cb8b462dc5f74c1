import { asksOther, stationOther, type Case } from '../../script/case.ts';
import { oneOf } from '../../script/fit.ts';
import type { Stage } from '../../script/stage.ts';
import type { Station } from '../../script/station.ts';
import { charging, type Told, wh } from './plays.ts';

const queued = { offline: true };
const read = (tx: Told): Promise<unknown> =>
  tx.says('Updated', 'MeterValuePeriodic', { meterValue: wh(1_200), ...queued });
const ends = (tx: Told): Promise<unknown> =>
  tx.says('Ended', 'StopAuthorized', {
    info: { stoppedReason: 'Local' },
    ...{ meterValue: wh(1_500, 'Transaction.End'), ...queued },
  });

/** Away while it charges, and back; its messages of that time it still has, or they are told. */
const back = async (t: Stage, s: Station): Promise<Station> => {
  s.loses();
  await s.closed;
  return t.station({ identity: s.identity });
};

/** The operator asks how a transaction stands, or whether any messages wait; those that wait are then told (E14). */
const asks = (
  id: string,
  o: {
    /** Of that transaction, which goes on or not; undefined: of any. */
    readonly ongoing?: boolean;
    readonly messagesInQueue: boolean;
  },
): Case => ({
  id,
  run: async (t) => {
    const begun = await charging(t);
    const { tx } = begun;
    const s = await back(t, begun.s);
    const { ongoing, messagesInQueue } = o;
    const told = tx.over(s);
    if (!messagesInQueue) await read(told);
    const named = ongoing !== undefined;
    const command = await t.asks(s, { type: 'transactionStatus', ...(named && { transaction: tx.id }) });
    const answer = { messagesInQueue, ...(named && { ongoingIndicator: ongoing }) };
    await s.hears('GetTransactionStatus', named ? { transactionId: tx.id } : {}, answer);
    await command.ends({
      status: 'accepted',
      result: { transaction: { messagesInQueue, ...(named && { ongoing }) } },
    });
    await t.session(s, { status: 'active', transactionId: tx.id, energyWh: messagesInQueue ? 0 : 200 });
    if (!messagesInQueue) return s.quiet();
    await read(told);
    if (ongoing === false) {
      await ends(told);
      await t.session(s, { status: oneOf('ended', 'closed'), transactionId: tx.id, energyWh: 500 });
    } else await t.session(s, { status: 'active', transactionId: tx.id, energyWh: 200 });
  },
  twins: [
    asksOther(
      'GetTransactionStatus',
      { transactionId: 'another' },
      o.ongoing === undefined ? 'of one transaction alone' : 'of another transaction',
    ),
    stationOther(
      'station answers',
      'GetTransactionStatus',
      { messagesInQueue: !o.messagesInQueue },
      { breaks: 'of messages the contrary is told', fails: 'the command' },
    ),
    ...(o.ongoing === undefined
      ? []
      : [
          stationOther(
            'station answers',
            'GetTransactionStatus',
            { ongoingIndicator: !o.ongoing },
            { breaks: 'of the transaction the contrary is told', fails: 'the command' },
          ),
        ]),
  ],
});

export const transactionStatus: readonly Case[] = [
  asks('E_29', { ongoing: true, messagesInQueue: true }),
  asks('E_30', { ongoing: true, messagesInQueue: false }),
  asks('E_31', { ongoing: false, messagesInQueue: true }),
  asks('E_33', { messagesInQueue: true }),
  asks('E_34', { messagesInQueue: false }),
];

import { answersOther, stationOther, type Case } from '../../script/case.ts';
import { now, oneOf, positive } from '../../script/fit.ts';
import { ACCEPTED, booted, idTokenOf, transaction, wh } from './plays.ts';

const customData = { vendorId: 'org.example.conformance', note: 'of our own', deep: { list: [1, 2] } };

export const dataTransfer: readonly Case[] = [
  {
    id: 'P_02',
    run: async (t) => {
      const s = await booted(t);
      const said = { vendorId: 'org.example.nobody', messageId: 'hello', data: { any: 'JSON' } };
      // What nobody here understands is not taken as if somebody did.
      await s.says('DataTransfer', said, { status: oneOf('Rejected', 'UnknownMessageId', 'UnknownVendorId') });
    },
    twins: [answersOther('DataTransfer', { status: 'Accepted' }, 'what nobody understands is taken')],
  },
  {
    id: 'P_03',
    run: async (t) => {
      const token = await t.token();
      const s = await booted(t);
      const chargingStation = { vendorName: 'Conformance', model: 'Two sockets', customData };
      const taken = { status: 'Accepted', currentTime: now, interval: positive };
      await s.says('BootNotification', { reason: 'PowerUp', chargingStation, customData }, taken);
      await s.says('Authorize', { idToken: { ...idTokenOf(token), customData }, customData }, ACCEPTED);
      const tx = transaction(s);
      await tx.says('Started', 'Authorized', {
        info: { customData },
        evse: { id: 1, connectorId: 1, customData },
        ...{ idToken: idTokenOf(token), meterValue: wh(1_000, 'Transaction.Begin', { customData }), customData },
        wanted: ACCEPTED,
      });
      const last = { meterValue: wh(1_500, 'Transaction.End'), customData };
      await tx.says('Ended', 'StopAuthorized', { info: { stoppedReason: 'Local', customData }, ...last });
      await t.session(s, { status: oneOf('ended', 'closed'), evse: 1, transactionId: tx.id, energyWh: 500 });
    },
    twins: [
      answersOther('Authorize', { idTokenInfo: { status: 'Invalid' } }, 'a known token is refused'),
      stationOther(
        'station says',
        'TransactionEvent',
        (payload) => ({ ...payload, meterValue: wh(1_501, 'Transaction.End') }),
        { breaks: 'a watt-hour more', fails: 'the session', nth: 2 },
      ),
    ],
  },
];

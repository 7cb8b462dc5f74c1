import { answersOther, stationOther, type Case } from '../../script/case.ts';
import type { Payload } from '../../script/station.ts';
import { ACCEPTED, authorizes, booted, charging, idTokenOf, transaction, wh } from './plays.ts';

const signed: Payload = {
  signedMeterValue: {
    ...{ signedMeterData: 'T0NNRnx7fXx7fQ==', signingMethod: '', encodingMethod: 'OCMF', publicKey: '' },
  },
};
const later = (nth: number, value: number) =>
  stationOther('station says', 'TransactionEvent', (payload) => ({ ...payload, meterValue: wh(value) }), {
    breaks: 'a watt-hour more',
    fails: 'the session',
    nth,
  });
/** In a transaction: a reading of that context, and what it comes to. */
const updates = (id: string, triggerReason: string, context: string, more: Payload = {}): Case => ({
  id,
  run: async (t) => {
    const { s, tx } = await charging(t);
    await tx.says('Updated', triggerReason, { meterValue: wh(1_300, context, more) });
    await t.session(s, { status: 'active', energyWh: 300 });
  },
  twins: [later(3, 1_301)],
});
const endsWith = (id: string, triggerReason: string, context: string): Case => ({
  id,
  run: async (t) => {
    const { s, tx } = await charging(t);
    const meterValue = [...wh(1_400, context), ...wh(1_500, 'Transaction.End')];
    await tx.says('Ended', triggerReason, { info: { stoppedReason: 'Local' }, meterValue });
    await t.session(s, { meterStopWh: 1_500, energyWh: 500 });
  },
  twins: [later(3, 1_501)],
});

export const metering: readonly Case[] = [
  {
    id: 'J_01',
    run: async (t) => {
      const s = await booted(t);
      await s.says('MeterValues', { evseId: 1, meterValue: wh(2_000, 'Sample.Clock') }, {});
      await t.sees('its sessions', `sessions?station=${s.identity}`, { items: [] });
      s.quiet();
    },
    twins: [answersOther('MeterValues', { status: 'No' }, 'an answer that is none')],
  },
  updates('J_02', 'MeterValueClock', 'Sample.Clock'),
  endsWith('J_03', 'StopAuthorized', 'Sample.Clock'),
  updates('J_04', 'MeterValueClock', 'Sample.Clock', signed),
  {
    id: 'J_07',
    run: async (t) => {
      const token = await t.token();
      const s = await booted(t);
      const tx = transaction(s);
      await tx.says('Started', 'Authorized', {
        ...{ idToken: idTokenOf(token), meterValue: wh(1_000, 'Transaction.Begin'), wanted: ACCEPTED },
      });
      await t.session(s, { status: 'active', evse: 1, meterStartWh: 1_000 });
    },
    twins: [{ ...later(1, 1_001) }],
  },
  {
    // The first reading comes with the event that tells the EVSE.
    id: 'J_08',
    run: async (t) => {
      const token = await t.token();
      const s = await booted(t);
      await authorizes(s, token);
      const tx = transaction(s, 'not chosen');
      await tx.says('Started', 'Authorized', { idToken: idTokenOf(token), wanted: ACCEPTED });
      await tx.says('Updated', 'CablePluggedIn', {
        evse: { id: 2, connectorId: 1 },
        ...{ info: { chargingState: 'EVConnected' }, meterValue: wh(1_000, 'Transaction.Begin') },
      });
      await t.session(s, { status: 'active', evse: 2, meterStartWh: 1_000, transactionId: tx.id });
    },
    twins: [
      later(2, 1_001),
      stationOther(
        'station says',
        'TransactionEvent',
        { evse: { id: 1, connectorId: 1 } },
        { breaks: 'another EVSE', fails: 'the session', nth: 2 },
      ),
    ],
  },
  updates('J_09', 'MeterValuePeriodic', 'Sample.Periodic'),
  endsWith('J_10', 'StopAuthorized', 'Sample.Periodic'),
  updates('J_11', 'MeterValuePeriodic', 'Sample.Periodic', signed),
];

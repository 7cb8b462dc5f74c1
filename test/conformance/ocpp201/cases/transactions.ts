import { answersOther, stationOther, type Case } from '../../script/case.ts';
import { oneOf } from '../../script/fit.ts';
import type { Stage } from '../../script/stage.ts';
import type { Payload, Station } from '../../script/station.ts';
import { ACCEPTED, authorizes, booted, charging, idTokenOf, noCable, tells, transaction, wh } from './plays.ts';

const ended = oneOf('ended', 'closed');
const refused = (payload: Payload): Payload =>
  payload['idTokenInfo'] === undefined ? payload : { idTokenInfo: { status: 'Invalid' } };
const refusedToken = answersOther('TransactionEvent', refused, 'a known token is refused');
const moreAtTheEnd = (nth: number) =>
  stationOther(
    'station says',
    'TransactionEvent',
    (payload) => ({ ...payload, meterValue: wh(1_501, 'Transaction.End') }),
    { breaks: 'a watt-hour more', fails: 'the session', nth },
  );

/** A transaction begins in its own way; then it charges 500 Wh and ends. */
const startsAt = (
  id: string,
  begins: (s: Station, token: string) => Promise<ReturnType<typeof transaction>>,
  lastEvent: number,
): Case => ({
  id,
  run: async (t) => {
    const token = await t.token();
    const s = await booted(t);
    const tx = await begins(s, token);
    await t.session(s, { status: 'active', transactionId: tx.id, evse: 1, token: { last4: token.slice(-4) } });
    await tx.says('Ended', 'StopAuthorized', {
      info: { stoppedReason: 'Local' },
      ...{ idToken: idTokenOf(token), meterValue: wh(1_500, 'Transaction.End'), wanted: ACCEPTED },
    });
    await t.session(s, { status: ended, transactionId: tx.id, energyWh: 500, stopReason: 'Local' });
  },
  twins: [refusedToken, moreAtTheEnd(lastEvent)],
});

const begun = { meterValue: wh(1_000, 'Transaction.Begin') };

/** Charging at EVSE 1; then it ends in its own way, with 500 Wh. */
const stopsAt = (
  id: string,
  reason: string,
  ends: (o: { s: Station; token: string; tx: ReturnType<typeof transaction> }) => Promise<unknown>,
  lastEvent: number,
  goes?: (s: Station) => Promise<unknown>,
): Case => ({
  id,
  run: async (t: Stage) => {
    const { s, token, tx } = await charging(t);
    await ends({ s, token, tx });
    await t.session(s, { status: ended, energyWh: 500, stopReason: reason, transactionId: tx.id });
    await goes?.(s);
  },
  twins: [moreAtTheEnd(lastEvent)],
});

const last = { meterValue: wh(1_500, 'Transaction.End') };

export const transactions: readonly Case[] = [
  startsAt(
    'E_01',
    async (s, token) => {
      await tells(s, 1, 'Occupied');
      await authorizes(s, token);
      const tx = transaction(s);
      await tx.says('Started', 'ChargingStateChanged', {
        info: { chargingState: 'EVConnected' },
        ...{ ...begun, idToken: idTokenOf(token), wanted: ACCEPTED },
      });
      await tx.says('Updated', 'ChargingStateChanged', { info: { chargingState: 'Charging' } });
      return tx;
    },
    3,
  ),
  startsAt(
    'E_02',
    async (s, token) => {
      await tells(s, 1, 'Occupied');
      await authorizes(s, token);
      const tx = transaction(s);
      await tx.says('Started', 'ChargingStateChanged', {
        info: { chargingState: 'Charging' },
        ...{ ...begun, idToken: idTokenOf(token), wanted: ACCEPTED },
      });
      return tx;
    },
    2,
  ),
  startsAt(
    'E_03',
    async (s, token) => {
      await tells(s, 1, 'Occupied');
      const tx = transaction(s);
      await tx.says('Started', 'CablePluggedIn', { info: { chargingState: 'EVConnected' }, ...begun });
      await authorizes(s, token);
      await tx.says('Updated', 'Authorized', { idToken: idTokenOf(token), wanted: ACCEPTED });
      await tx.says('Updated', 'ChargingStateChanged', { info: { chargingState: 'Charging' } });
      return tx;
    },
    4,
  ),
  startsAt(
    'E_04',
    async (s, token) => {
      await authorizes(s, token);
      const tx = transaction(s);
      await tx.says('Started', 'Authorized', { ...begun, idToken: idTokenOf(token), wanted: ACCEPTED });
      await tells(s, 1, 'Occupied');
      await tx.says('Updated', 'CablePluggedIn', { info: { chargingState: 'EVConnected' } });
      await tx.says('Updated', 'ChargingStateChanged', { info: { chargingState: 'Charging' } });
      return tx;
    },
    4,
  ),
  startsAt(
    'E_09',
    async (s, token) => {
      await tells(s, 1, 'Occupied');
      const tx = transaction(s);
      await tx.says('Started', 'CablePluggedIn', { info: { chargingState: 'EVConnected' }, ...begun });
      await tx.says('Updated', 'Authorized', { idToken: idTokenOf(token), wanted: ACCEPTED });
      return tx;
    },
    3,
  ),
  startsAt(
    'E_10',
    async (s, token) => {
      await authorizes(s, token);
      const tx = transaction(s);
      await tx.says('Started', 'Authorized', { ...begun, idToken: idTokenOf(token), wanted: ACCEPTED });
      return tx;
    },
    2,
  ),
  startsAt(
    'E_11',
    async (s, token) => {
      await tells(s, 1, 'Occupied');
      await authorizes(s, token);
      const tx = transaction(s);
      await tx.says('Started', 'SignedDataReceived', { ...begun, idToken: idTokenOf(token), wanted: ACCEPTED });
      return tx;
    },
    2,
  ),
  startsAt(
    'E_12',
    async (s, token) => {
      const tx = transaction(s);
      await tx.says('Started', 'EVDetected', begun);
      await tells(s, 1, 'Occupied');
      await tx.says('Updated', 'Authorized', { idToken: idTokenOf(token), wanted: ACCEPTED });
      return tx;
    },
    3,
  ),
  stopsAt(
    'E_07',
    'Local',
    ({ token, tx }) =>
      tx.says('Ended', 'StopAuthorized', {
        info: { stoppedReason: 'Local', chargingState: 'EVConnected' },
        ...{ ...last, idToken: idTokenOf(token), wanted: ACCEPTED },
      }),
    3,
  ),
  stopsAt(
    'E_15',
    'Local',
    ({ token, tx }) =>
      tx.says('Ended', 'StopAuthorized', {
        info: { stoppedReason: 'Local' },
        ...{ ...last, idToken: idTokenOf(token), wanted: ACCEPTED },
      }),
    3,
  ),
  stopsAt(
    'E_14',
    'EVDisconnected',
    async ({ s, token, tx }) => {
      await tx.says('Updated', 'StopAuthorized', { idToken: idTokenOf(token), wanted: ACCEPTED });
      await tells(s, 1, 'Available');
      await tx.says('Ended', 'EVCommunicationLost', {
        info: { stoppedReason: 'EVDisconnected', chargingState: 'Idle' },
        ...last,
      });
    },
    4,
  ),
  stopsAt(
    'E_17',
    'DeAuthorized',
    async ({ tx }) => {
      await tx.says('Updated', 'Deauthorized', { info: { chargingState: 'SuspendedEVSE' } });
      await tx.says('Ended', 'EVCommunicationLost', { info: { stoppedReason: 'DeAuthorized' }, ...last });
    },
    4,
  ),
  stopsAt(
    'E_19',
    'Local',
    async ({ tx }) => {
      await tx.says('Updated', 'EVCommunicationLost', { info: { chargingState: 'Idle' } });
      await tx.says('Ended', 'EVDeparted', { info: { stoppedReason: 'Local' }, ...last });
    },
    4,
  ),
  stopsAt(
    'E_20',
    'EVDisconnected',
    ({ tx }) =>
      tx.says('Ended', 'EVCommunicationLost', {
        info: { stoppedReason: 'EVDisconnected', chargingState: 'Idle' },
        ...last,
      }),
    3,
  ),
  stopsAt(
    'E_22',
    'StoppedByEV',
    ({ tx }) =>
      tx.says('Ended', 'ChargingStateChanged', {
        info: { stoppedReason: 'StoppedByEV', chargingState: 'SuspendedEV' },
        ...last,
      }),
    3,
  ),
  stopsAt(
    'E_08',
    'Local',
    async ({ s, token, tx }) => {
      await authorizes(s, token);
      await tx.says('Updated', 'StopAuthorized', { idToken: idTokenOf(token), wanted: ACCEPTED });
      await tx.says('Ended', 'ChargingStateChanged', {
        info: { stoppedReason: 'Local', chargingState: 'EVConnected' },
        ...last,
      });
    },
    4,
  ),
  {
    id: 'E_16',
    run: async (t) => {
      const s = await booted(t);
      const token = t.strange();
      const tx = transaction(s);
      await tx.says('Started', 'Authorized', {
        ...{ ...begun, idToken: idTokenOf(token), wanted: { idTokenInfo: { status: oneOf('Invalid', 'Unknown') } } },
      });
      await tx.says('Ended', 'Deauthorized', { info: { stoppedReason: 'DeAuthorized' }, ...last });
      await t.session(s, { status: ended, transactionId: tx.id, stopReason: 'DeAuthorized' });
    },
    twins: [
      answersOther(
        'TransactionEvent',
        (payload) => (payload['idTokenInfo'] === undefined ? payload : ACCEPTED),
        'a strange token is taken',
      ),
    ],
  },
  {
    id: 'E_26',
    run: async (t) => {
      const { s, tx } = await charging(t);
      await tx.says('Updated', 'EVCommunicationLost', { info: { chargingState: 'Idle' }, meterValue: wh(1_200) });
      await t.session(s, { status: 'active', transactionId: tx.id, energyWh: 200 });
      await tx.says('Updated', 'CablePluggedIn', { info: { chargingState: 'EVConnected' } });
      await tx.says('Ended', 'StopAuthorized', { info: { stoppedReason: 'Local' }, ...last });
      await t.session(s, { status: ended, energyWh: 500, transactionId: tx.id });
    },
    twins: [moreAtTheEnd(5)],
  },
  {
    id: 'E_38',
    run: async (t) => {
      const token = await t.token();
      const s = await booted(t);
      const tx = transaction(s);
      await tx.says('Started', 'Authorized', { ...begun, idToken: idTokenOf(token), wanted: ACCEPTED });
      await tx.says('Updated', 'ChargingStateChanged', { info: { chargingState: 'SuspendedEV' } });
      await t.session(s, { status: 'active', transactionId: tx.id });
    },
    twins: [refusedToken],
  },
  {
    id: 'E_39',
    run: async (t) => {
      const token = await t.token();
      const s = await booted(t);
      await authorizes(s, token);
      const tx = transaction(s);
      await tx.says('Started', 'Authorized', { ...begun, idToken: idTokenOf(token), wanted: ACCEPTED });
      await t.session(s, { status: 'active', transactionId: tx.id });
      await tx.says('Ended', 'EVConnectTimeout', noCable);
      await t.session(s, { status: ended, transactionId: tx.id, stopReason: 'Timeout', energyWh: 0 });
    },
    twins: [refusedToken, moreAtTheEnd(2)],
  },
  {
    id: 'E_53',
    run: async (t) => {
      const { s, token, tx } = await charging(t);
      await tx.says('Ended', 'StopAuthorized', { info: { stoppedReason: 'Local' }, ...last });
      const next = transaction(s);
      await next.says('Started', 'Authorized', {
        ...{ meterValue: wh(1_500, 'Transaction.Begin'), idToken: idTokenOf(token), wanted: ACCEPTED },
      });
      await t.sees('its sessions', `sessions?station=${s.identity}`, {
        items: [
          { status: 'active', transactionId: next.id },
          { transactionId: tx.id, energyWh: 500 },
        ],
      });
    },
    twins: [refusedToken],
  },
];

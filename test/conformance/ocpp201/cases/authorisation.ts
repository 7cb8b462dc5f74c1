import { answersOther, asksOther, contrary, stationOther, type Case } from '../../script/case.ts';
import { oneOf } from '../../script/fit.ts';
import type { Stage } from '../../script/stage.ts';
import { onList, writesList } from './local-list.ts';
import { ACCEPTED, authorizes, booted, idTokenOf, tells, transaction, wh } from './plays.ts';

const anyway = answersOther('Authorize', { idTokenInfo: { status: 'Accepted' } }, 'it is taken all the same');
const refuses = (id: string, word: unknown, token: 'blocked' | 'expired' | 'strange'): Case => ({
  id,
  run: async (t) => {
    const value =
      token === 'strange'
        ? t.strange()
        : await t.token(token === 'blocked' ? { status: 'blocked' } : { expiresAt: '2020-01-01T00:00:00Z' });
    const s = await booted(t);
    await s.says('Authorize', { idToken: idTokenOf(value) }, { idTokenInfo: { status: word } });
  },
  twins: [anyway],
});

const clears = (id: string, status: 'Accepted' | 'Rejected'): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const command = await t.asks(s, { type: 'clearCache' });
    await s.hears('ClearCache', {}, { status });
    await command.ends(status === 'Accepted' ? { status: 'accepted' } : { status: 'rejected', detail: 'Rejected' });
  },
  twins: [
    contrary('ClearCache', status === 'Accepted' ? 'Rejected' : 'Accepted'),
    asksOther('ClearCache', { evseId: 1 }, 'of an EVSE'),
  ],
});

const ended = oneOf('ended', 'closed');
const INVALID = { idTokenInfo: { status: oneOf('Invalid', 'Unknown') } };

/** Two drivers charge; whoever holds a token of the group MasterPassGroupId ends the transactions at those EVSEs (C16). */
const masterPass = (id: string, ends: readonly number[]): Case => ({
  id,
  run: async (t: Stage) => {
    const group = `MASTER${t.strange()}`;
    const pass = await t.token({ group });
    const s = await booted(t);
    const running = new Map<number, ReturnType<typeof transaction>>();
    for (const evse of [1, 2]) {
      const token = await t.token();
      const tx = transaction(s, { id: evse, connectorId: 1 });
      await tells(s, evse, 'Occupied');
      const begun = { meterValue: wh(1_000 * evse, 'Transaction.Begin'), wanted: ACCEPTED };
      await tx.says('Started', 'Authorized', { ...begun, idToken: idTokenOf(token) });
      running.set(evse, tx);
    }
    const member = { status: 'Accepted', groupIdToken: { idToken: group } };
    await s.says('Authorize', { idToken: idTokenOf(pass) }, { idTokenInfo: member });
    for (const evse of ends)
      await running.get(evse)!.says('Ended', 'StopAuthorized', {
        info: { stoppedReason: 'MasterPass' },
        ...{ idToken: idTokenOf(pass), meterValue: wh(1_000 * evse + 500, 'Transaction.End'), wanted: ACCEPTED },
      });
    for (const [evse, { id }] of running) {
      const wanted = ends.includes(evse)
        ? { status: ended, stopReason: 'MasterPass', energyWh: 500 }
        : { status: 'active' };
      await t.sees('the session', `sessions?station=${s.identity}&transactionId=${id}`, {
        items: [{ evse, ...wanted }],
      });
    }
  },
  twins: [
    answersOther('Authorize', { idTokenInfo: { status: 'Accepted' } }, 'the group is not told'),
    stationOther(
      'station says',
      'TransactionEvent',
      (payload) => ({
        ...payload,
        transactionInfo: { ...(payload['transactionInfo'] as object), stoppedReason: 'Local' },
      }),
      { breaks: 'it ends otherwise', fails: 'the session', nth: 3 },
    ),
  ],
});

/** One begins, and another of the group ends it; both are on the station's list, so that it need not ask (C09). */
const byGroup = (id: string, asks: boolean): Case => ({
  id,
  run: async (t) => {
    const group = `G${t.strange()}`;
    const [token, other] = [await t.token({ group }), await t.token({ group })];
    const s = await booted(t);
    if (!asks) {
      const list = { tokens: [token, other], sent: [onList(token, group), onList(other, group)] };
      await writesList(t, s, { mode: 'full', has: 0, ...list });
    }
    const wanted = { idTokenInfo: { status: 'Accepted', groupIdToken: { idToken: group } } };
    await tells(s, 1, 'Occupied');
    const tx = transaction(s);
    const begun = { info: { chargingState: 'EVConnected' }, meterValue: wh(1_000, 'Transaction.Begin') };
    await tx.says('Started', 'Authorized', { ...begun, idToken: idTokenOf(token), wanted });
    await tx.says('Updated', 'ChargingStateChanged', { info: { chargingState: 'Charging' } });
    if (asks) await s.says('Authorize', { idToken: idTokenOf(other) }, wanted);
    const stopped = { info: { chargingState: 'EVConnected' }, idToken: idTokenOf(other), wanted };
    await tx.says('Updated', 'StopAuthorized', stopped);
    await tx.says('Ended', 'EVCommunicationLost', {
      ...{ info: { stoppedReason: 'Local' }, meterValue: wh(1_500, 'Transaction.End') },
    });
    await t.session(s, { status: ended, transactionId: tx.id, stopReason: 'Local', energyWh: 500 });
  },
  twins: [
    answersOther(
      'TransactionEvent',
      (payload) => (payload['idTokenInfo'] === undefined ? payload : ACCEPTED),
      'the group is not told',
    ),
    answersOther(
      'TransactionEvent',
      (payload) => (payload['idTokenInfo'] === undefined ? payload : { idTokenInfo: { status: 'Invalid' } }),
      'another of the group is refused',
    ),
  ],
});

export const authorisation: readonly Case[] = [
  refuses('C_02', oneOf('Invalid', 'Unknown'), 'strange'),
  refuses('C_06', 'Blocked', 'blocked'),
  refuses('C_07', 'Expired', 'expired'),
  {
    id: 'C_08',
    run: async (t) => {
      const token = await t.token();
      const s = await booted(t);
      await authorizes(s, token);
      const tx = transaction(s);
      await tx.says('Started', 'Authorized', {
        ...{ idToken: idTokenOf(token), meterValue: wh(1_000, 'Transaction.Begin'), wanted: ACCEPTED },
      });
      await t.session(s, { status: 'active', transactionId: tx.id });
    },
    twins: [answersOther('Authorize', { idTokenInfo: { status: 'Invalid' } }, 'a known token is refused')],
  },
  {
    // The station knew the token from its cache; the CSMS looks at it all the same (C12.FR.03).
    id: 'C_20',
    run: async (t) => {
      const s = await booted(t);
      await tells(s, 1, 'Occupied');
      const tx = transaction(s);
      const begun = { info: { chargingState: 'EVConnected' }, meterValue: wh(1_000, 'Transaction.Begin') };
      await tx.says('Started', 'CablePluggedIn', begun);
      await tx.says('Updated', 'Authorized', { idToken: idTokenOf(t.strange()), wanted: INVALID });
      const last = { info: { stoppedReason: 'DeAuthorized' }, meterValue: wh(1_010, 'Transaction.End') };
      await tx.says('Ended', 'Deauthorized', last);
      await t.session(s, { status: ended, transactionId: tx.id, stopReason: 'DeAuthorized', energyWh: 10 });
    },
    twins: [
      answersOther(
        'TransactionEvent',
        (payload) => (payload['idTokenInfo'] === undefined ? payload : ACCEPTED),
        'what a cache says is good enough',
      ),
    ],
  },
  clears('C_37', 'Accepted'),
  clears('C_38', 'Rejected'),
  {
    id: 'C_39',
    run: async (t) => {
      const group = `G${t.strange()}`;
      const token = await t.token({ group });
      const s = await booted(t);
      const member = { status: 'Accepted', groupIdToken: { idToken: group } };
      await s.says('Authorize', { idToken: idTokenOf(token) }, { idTokenInfo: member });
      const other = await t.token({ group });
      await s.says('Authorize', { idToken: idTokenOf(other) }, { idTokenInfo: member });
    },
    twins: [answersOther('Authorize', { idTokenInfo: { status: 'Accepted' } }, 'the group is not told')],
  },
  byGroup('C_40', false),
  byGroup('C_43', true),
  masterPass('C_47', [1, 2]),
  masterPass('C_48', [1]),
  masterPass('C_49', [1, 2]),
];

import { answersOther, asksOther, stationOther, type Case } from '../../script/case.ts';
import { now, oneOf } from '../../script/fit.ts';
import { ACCEPTED, authorizes, boots, booted, idTokenOf, transaction, wh } from './plays.ts';

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
    stationOther(
      'station answers',
      'ClearCache',
      { status: status === 'Accepted' ? 'Rejected' : 'Accepted' },
      { breaks: 'the station says the contrary', fails: 'the command' },
    ),
    asksOther('ClearCache', { evseId: 1 }, 'of an EVSE'),
  ],
});

export const authorisation: readonly Case[] = [
  {
    id: 'A_01',
    run: async (t) => {
      const key = 'conformance-2x-key-0001';
      const s = await t.station({ identity: await t.known(key), key });
      await boots(s);
    },
    twins: [answersOther('BootNotification', { status: 'Rejected' }, 'a known station is not taken')],
  },
  {
    id: 'A_03',
    run: async (t) => {
      const identity = await t.known('conformance-2x-key-0001');
      t.must('the handshake with another key', await t.knocks(identity, 'not-the-key-at-all-0001'), 401);
    },
    twins: [{ ...answersOther('Upgrade', { status: 101 }, 'it is let in'), fails: 'the handshake' }],
  },
  {
    id: 'B_01',
    run: async (t) => {
      const s = await t.station();
      await boots(s);
      await s.says('Heartbeat', {}, { currentTime: now });
      await t.comes('the station', `stations/${s.identity}`, { online: true, vendor: 'Conformance' });
      await t.connector(s, 1, 'available');
      s.quiet();
    },
    twins: [
      answersOther('BootNotification', { status: 'Rejected' }, 'a known station is not taken'),
      answersOther('Heartbeat', { currentTime: '2020-01-01T00:00:00Z' }, 'the time is not told'),
      stationOther(
        'station says',
        'StatusNotification',
        { connectorStatus: 'Faulted' },
        { breaks: 'a state that is not told', fails: 'connector' },
      ),
    ],
  },
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
];

import { asksOther, contrary, stationOther, type Case } from '../../script/case.ts';
import { oneOf, positive } from '../../script/fit.ts';
import type { Payload, Station } from '../../script/station.ts';
import { ACCEPTED, authorizes, booted, boots, charging, idTokenOf, noCable, tells, transaction, wh } from './plays.ts';

const ended = oneOf('ended', 'closed');
const begun = { meterValue: wh(1_000, 'Transaction.Begin') };
/** A remote start; what then happens is the case. */
const remoteStart = (
  id: string,
  before: (s: Station) => Promise<unknown>,
  after: (s: Station, token: string) => Promise<unknown>,
): Case => ({
  id,
  run: async (t) => {
    const token = await t.token();
    const s = await booted(t);
    await before(s);
    const command = await t.asks(s, { type: 'start', evse: 1, token });
    const asked = { evseId: 1, idToken: idTokenOf(token), remoteStartId: positive };
    const { remoteStartId } = await s.hears('RequestStartTransaction', asked, { status: 'Accepted' });
    await after(s, token);
    const tx = transaction(s);
    await tx.says('Started', 'RemoteStart', {
      info: { remoteStartId },
      ...{ ...begun, idToken: idTokenOf(token), wanted: ACCEPTED },
    });
    await tx.says('Updated', 'ChargingStateChanged', { info: { chargingState: 'Charging' } });
    await command.ends({ status: 'accepted' });
    await t.session(s, { status: 'active', transactionId: tx.id, token: { last4: token.slice(-4) } });
  },
  twins: [
    asksOther('RequestStartTransaction', { idToken: idTokenOf('ANOTHER') }, 'another token is named'),
    contrary('RequestStartTransaction', 'Rejected'),
  ],
});

const resets = (
  id: string,
  kind: 'soft' | 'hard',
  type: 'OnIdle' | 'Immediate',
  o: { readonly status: 'Accepted' | 'Scheduled'; readonly session: boolean },
): Case => ({
  id,
  run: async (t) => {
    const begun = o.session ? await charging(t) : undefined;
    const s = begun?.s ?? (await booted(t));
    const command = await t.asks(s, { type: 'reset', kind });
    await s.hears('Reset', { type }, { status: o.status });
    await command.taken();
    await begun?.tx.says('Ended', 'ResetCommand', {
      info: { stoppedReason: 'ImmediateReset' },
      meterValue: wh(1_500, 'Transaction.End'),
    });
    s.loses();
    await s.closed;
    const again = await t.station({ identity: s.identity });
    await boots(again, 'RemoteReset');
    await command.ends({ status: 'accepted', effect: 'booted' });
    if (begun !== undefined) await t.session(again, { status: ended, energyWh: 500, transactionId: begun.tx.id });
  },
  twins: [asksOther('Reset', { type: type === 'OnIdle' ? 'Immediate' : 'OnIdle' }, 'the other kind of reset')],
});

/** One EVSE alone restarts: the station goes on, and what charged there has ended. */
const resetsEvse = (id: string, type: 'OnIdle' | 'Immediate', o: { readonly session: boolean }): Case => ({
  id,
  run: async (t) => {
    const begun = o.session ? await charging(t) : undefined;
    const s = begun?.s ?? (await booted(t));
    const command = await t.asks(s, { type: 'reset', kind: type === 'OnIdle' ? 'soft' : 'hard', evse: 1 });
    const status = o.session && type === 'OnIdle' ? 'Scheduled' : 'Accepted';
    await s.hears('Reset', { type, evseId: 1 }, { status });
    await command.taken();
    await begun?.tx.says('Ended', type === 'OnIdle' ? 'EVCommunicationLost' : 'ResetCommand', {
      info: { stoppedReason: type === 'OnIdle' ? 'EVDisconnected' : 'ImmediateReset' },
      meterValue: wh(1_500, 'Transaction.End'),
    });
    await tells(s, 1, 'Unavailable');
    await tells(s, 1, 'Available');
    await command.ends({ status: 'accepted', effect: 'available' });
    if (begun !== undefined) await t.session(s, { status: ended, energyWh: 500, transactionId: begun.tx.id });
  },
  twins: [
    asksOther('Reset', { type: type === 'OnIdle' ? 'Immediate' : 'OnIdle' }, 'the other kind of reset'),
    asksOther('Reset', ({ evseId: _, ...rest }) => rest, 'the whole station'),
    contrary('Reset', 'Rejected'),
  ],
});

const available = (
  id: string,
  where: Payload,
  evse: Payload,
  o: { readonly operative: boolean; readonly status?: 'Scheduled' },
): Case => ({
  id,
  run: async (t) => {
    const s = o.status === undefined ? await booted(t) : (await charging(t)).s;
    const { operative, status = 'Accepted' } = o;
    const command = await t.asks(s, { type: 'availability', ...where, operative });
    const operationalStatus = operative ? 'Operative' : 'Inoperative';
    await s.hears('ChangeAvailability', { operationalStatus, ...evse }, { status });
    await command.taken();
    if (status !== 'Scheduled') for (const n of [1, 2]) await tells(s, n, operative ? 'Available' : 'Unavailable');
    if (status !== 'Scheduled') await command.ends({ status: 'accepted' });
    if (status !== 'Scheduled') await t.connector(s, 1, operative ? 'available' : 'unavailable');
  },
  twins: [
    asksOther(
      'ChangeAvailability',
      { operationalStatus: o.operative ? 'Inoperative' : 'Operative' },
      'the contrary is asked for',
    ),
  ],
});

const EVSE = { evse: { id: 1 } };
const CONNECTOR = { evse: { id: 1, connectorId: 1 } };

export const remote: readonly Case[] = [
  resets('B_20', 'soft', 'OnIdle', { status: 'Accepted', session: false }),
  resets('B_21', 'soft', 'OnIdle', { status: 'Scheduled', session: true }),
  resets('B_22', 'hard', 'Immediate', { status: 'Accepted', session: true }),
  resetsEvse('B_25', 'OnIdle', { session: false }),
  resetsEvse('B_26', 'OnIdle', { session: true }),
  resetsEvse('B_27', 'Immediate', { session: true }),
  remoteStart('F_01', (s) => tells(s, 1, 'Occupied'), authorizes),
  remoteStart('F_02', async () => undefined, authorizes),
  remoteStart(
    'F_03',
    async () => undefined,
    async () => undefined,
  ),
  {
    id: 'E_21',
    run: async (t) => {
      const { s, tx } = await charging(t);
      const command = await t.asks(s, { type: 'stop', transactionId: tx.id });
      await s.hears('RequestStopTransaction', { transactionId: tx.id }, { status: 'Accepted' });
      await tx.says('Ended', 'RemoteStop', {
        ...{ info: { stoppedReason: 'Remote' }, meterValue: wh(1_500, 'Transaction.End') },
      });
      await command.ends({ status: 'accepted' });
      await t.session(s, { status: ended, stopReason: 'Remote', energyWh: 500 });
    },
    twins: [
      asksOther('RequestStopTransaction', { transactionId: 'another' }, 'another transaction'),
      contrary('RequestStopTransaction', 'Rejected'),
    ],
  },
  {
    id: 'F_04',
    run: async (t) => {
      const token = await t.token();
      const s = await booted(t);
      const command = await t.asks(s, { type: 'start', evse: 1, token });
      const asked = { evseId: 1, idToken: idTokenOf(token), remoteStartId: positive };
      const { remoteStartId } = await s.hears('RequestStartTransaction', asked, { status: 'Accepted' });
      const tx = transaction(s);
      await tx.says('Started', 'RemoteStart', {
        info: { remoteStartId },
        ...{ ...begun, idToken: idTokenOf(token), wanted: ACCEPTED },
      });
      await tx.says('Ended', 'EVConnectTimeout', noCable);
      await command.ends({ status: 'accepted' });
      await t.session(s, { status: ended, transactionId: tx.id, stopReason: 'Timeout', energyWh: 0 });
    },
    twins: [
      asksOther('RequestStartTransaction', { idToken: idTokenOf('ANOTHER') }, 'another token is named'),
      stationOther(
        'station says',
        'TransactionEvent',
        (payload) => ({ ...payload, meterValue: wh(1_001, 'Transaction.End') }),
        { breaks: 'a watt-hour more', fails: 'the session', nth: 2 },
      ),
    ],
  },
  {
    id: 'F_20',
    run: async (t) => {
      const s = await booted(t);
      const command = await t.asks(s, { type: 'trigger', message: 'heartbeat' });
      await s.hears('TriggerMessage', { requestedMessage: 'Heartbeat' }, { status: 'Accepted' });
      await command.taken();
      await s.says('Heartbeat');
      await command.ends({ status: 'accepted', effect: 'Heartbeat' });
    },
    twins: [asksOther('TriggerMessage', { requestedMessage: 'BootNotification' }, 'another message')],
  },
  {
    id: 'F_27',
    run: async (t) => {
      const s = await booted(t);
      const command = await t.asks(s, { type: 'trigger', message: 'logStatus' });
      await s.hears('TriggerMessage', { requestedMessage: 'LogStatusNotification' }, { status: 'NotImplemented' });
      await command.ends({ status: 'rejected', detail: 'NotImplemented' });
      s.quiet();
    },
    twins: [
      asksOther('TriggerMessage', { requestedMessage: 'BootNotification' }, 'another message'),
      contrary('TriggerMessage', 'Accepted'),
    ],
  },
  available('G_03', { evse: 1 }, EVSE, { operative: false }),
  available('G_04', { evse: 1 }, EVSE, { operative: true }),
  available('G_05', {}, {}, { operative: false }),
  available('G_06', {}, {}, { operative: true }),
  available('G_07', { evse: 1, connector: 1 }, CONNECTOR, { operative: false }),
  available('G_08', { evse: 1, connector: 1 }, CONNECTOR, { operative: true }),
  available('G_11', { evse: 1 }, EVSE, { operative: false, status: 'Scheduled' }),
  available('G_14', {}, {}, { operative: false, status: 'Scheduled' }),
  available('G_17', { evse: 1, connector: 1 }, CONNECTOR, { operative: false, status: 'Scheduled' }),
];

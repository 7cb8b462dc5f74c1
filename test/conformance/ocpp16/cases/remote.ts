import { asksOther, stationOther, type Case } from '../../script/case.ts';
import { oneOf } from '../../script/fit.ts';
import { authorizes, booted, boots, charging, starts, stops, tells } from './plays.ts';

const ended = oneOf('ended', 'closed');
const otherToken = asksOther('RemoteStartTransaction', { idTag: 'ANOTHER' }, 'another token is named');
const refuses = (action: string, status = 'Rejected') =>
  stationOther('station answers', action, { status }, { breaks: 'the station refuses', fails: 'the command' });
const takes = (action: string, status = 'Accepted') =>
  stationOther('station answers', action, { status }, { breaks: 'the station obeys', fails: 'the command' });

const resets = (id: string, kind: 'hard' | 'soft', type: 'Hard' | 'Soft'): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const command = await t.asks(s, { type: 'reset', kind });
    await s.hears('Reset', { type }, { status: 'Accepted' });
    await command.taken();
    s.loses();
    await s.closed;
    const again = await t.station({ identity: s.identity });
    await boots(again);
    await command.ends({ status: 'accepted', effect: 'booted' });
    await t.connector(again, 1, 'available');
  },
  twins: [asksOther('Reset', { type: type === 'Hard' ? 'Soft' : 'Hard' }, 'the other kind of reset')],
});

const unlocks = (id: string, status: string, connectorId = 1): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const command = await t.asks(s, { type: 'unlock', evse: connectorId });
    await s.hears('UnlockConnector', { connectorId }, { status });
    await command.ends(status === 'Unlocked' ? { status: 'accepted' } : { status: 'rejected', detail: status });
  },
  twins: [
    asksOther('UnlockConnector', { connectorId: 2 }, 'another connector'),
    status === 'Unlocked' ? refuses('UnlockConnector', 'UnlockFailed') : takes('UnlockConnector', 'Unlocked'),
  ],
});

export const remote: readonly Case[] = [
  {
    id: '010',
    run: async (t) => {
      const idTag = await t.token();
      const s = await booted(t);
      await tells(s, 1, 'Preparing');
      const command = await t.asks(s, { type: 'start', evse: 1, token: idTag });
      await s.hears('RemoteStartTransaction', { connectorId: 1, idTag }, { status: 'Accepted' });
      await authorizes(s, idTag);
      const id = await starts(s, idTag);
      await tells(s, 1, 'Charging');
      await command.ends({ status: 'accepted' });
      await t.session(s, { status: 'active', transactionId: String(id) });
    },
    twins: [otherToken, refuses('RemoteStartTransaction')],
  },
  {
    id: '011_1',
    run: async (t) => {
      const idTag = await t.token();
      const s = await booted(t);
      const command = await t.asks(s, { type: 'start', evse: 1, token: idTag });
      await s.hears('RemoteStartTransaction', { connectorId: 1, idTag }, { status: 'Accepted' });
      await authorizes(s, idTag);
      await tells(s, 1, 'Preparing');
      const id = await starts(s, idTag);
      await tells(s, 1, 'Charging');
      await command.ends({ status: 'accepted' });
      // One session: the request, the plug and the start are the same driver's.
      await t.session(s, { status: 'active', transactionId: String(id) });
    },
    twins: [otherToken, asksOther('RemoteStartTransaction', { connectorId: 2 }, 'another connector')],
  },
  {
    id: '011_2',
    run: async (t) => {
      const idTag = await t.token();
      const s = await booted(t);
      const command = await t.asks(s, { type: 'start', evse: 1, token: idTag });
      await s.hears('RemoteStartTransaction', { connectorId: 1, idTag }, { status: 'Accepted' });
      await authorizes(s, idTag);
      await tells(s, 1, 'Preparing');
      await tells(s, 1, 'Available');
      await command.ends({ status: 'accepted' });
      await t.connector(s, 1, 'available');
      // The request itself waits out the station's time for plugging in.
      await t.session(s, { status: oneOf('pending', 'void'), transactionId: null });
    },
    twins: [otherToken, refuses('RemoteStartTransaction')],
  },
  {
    id: '012',
    run: async (t) => {
      const { s, id, idTag } = await charging(t);
      const command = await t.asks(s, { type: 'stop', transactionId: String(id) });
      await s.hears('RemoteStopTransaction', { transactionId: id }, { status: 'Accepted' });
      await stops(s, id, { reason: 'Remote', idTag });
      await tells(s, 1, 'Finishing');
      await tells(s, 1, 'Available');
      await command.ends({ status: 'accepted' });
      await t.session(s, { status: ended, stopReason: 'Remote', energyWh: 500 });
    },
    twins: [
      asksOther('RemoteStopTransaction', { transactionId: 7 }, 'another transaction'),
      refuses('RemoteStopTransaction'),
    ],
  },
  resets('013', 'hard', 'Hard'),
  resets('014', 'soft', 'Soft'),
  unlocks('017_1', 'Unlocked'),
  unlocks('017_2', 'NotSupported'),
  {
    id: '018_1',
    run: async (t) => {
      const { s, id } = await charging(t);
      const command = await t.asks(s, { type: 'unlock', evse: 1 });
      await s.hears('UnlockConnector', { connectorId: 1 }, { status: 'Unlocked' });
      await tells(s, 1, 'Finishing');
      await stops(s, id, { reason: 'UnlockCommand' });
      await tells(s, 1, 'Available');
      await command.ends({ status: 'accepted' });
      await t.session(s, { status: ended, stopReason: 'UnlockCommand', energyWh: 500 });
    },
    twins: [
      asksOther('UnlockConnector', { connectorId: 2 }, 'another connector'),
      stationOther(
        'station says',
        'StopTransaction',
        { reason: 'Local' },
        { breaks: 'another reason', fails: 'the session' },
      ),
    ],
  },
  {
    id: '026',
    run: async (t) => {
      const idTag = await t.token();
      const s = await booted(t);
      const command = await t.asks(s, { type: 'start', evse: 1, token: idTag });
      await s.hears('RemoteStartTransaction', { connectorId: 1, idTag }, { status: 'Rejected' });
      await command.ends({ status: 'rejected', detail: 'Rejected' });
    },
    twins: [otherToken, takes('RemoteStartTransaction')],
  },
  {
    id: '028',
    run: async (t) => {
      const { s, id } = await charging(t);
      const command = await t.asks(s, { type: 'stop', transactionId: String(id) });
      await s.hears('RemoteStopTransaction', { transactionId: id }, { status: 'Rejected' });
      await command.ends({ status: 'rejected', detail: 'Rejected' });
      await t.session(s, { status: 'active' });
    },
    twins: [
      asksOther('RemoteStopTransaction', { transactionId: 7 }, 'another transaction'),
      takes('RemoteStopTransaction'),
    ],
  },
  unlocks('030', 'UnlockFailed'),
  unlocks('031', 'NotSupported', 3),
];

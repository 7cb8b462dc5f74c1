import { answersOther, stationOther, type Case } from '../../script/case.ts';
import { now, oneOf } from '../../script/fit.ts';
import { authorizes, booted, boots, charging, hasAnother, make, starts, stops, tells, time } from './plays.ts';

const ended = oneOf('ended', 'closed');
const otherId = (n = 1) => answersOther('StartTransaction', { transactionId: -n }, 'a transaction without an id');

export const bootAndSession: readonly Case[] = [
  {
    id: '001',
    run: async (t) => {
      const s = await t.station();
      await boots(s);
      await s.says('Heartbeat', {}, { currentTime: now });
      await t.sees('the station', `stations/${s.identity}`, { online: true, vendor: make['chargePointVendor'] });
      await t.connector(s, 1, 'available');
      await t.connector(s, 2, 'available');
      s.quiet();
    },
    twins: [
      answersOther('BootNotification', { status: 'Rejected' }, 'a known station is not taken'),
      answersOther('Heartbeat', { currentTime: '2020-01-01T00:00:00Z' }, 'the time is not told'),
      stationOther(
        'station says',
        'StatusNotification',
        { status: 'Faulted' },
        { breaks: 'a state that is not told', fails: 'connector' },
      ),
    ],
  },
  {
    id: '003',
    run: async (t) => {
      const { s, id } = await charging(t);
      await t.session(s, { status: 'active', transactionId: String(id), meterStartWh: 1_000, evse: 1 });
      await t.connector(s, 1, 'charging');
      await stops(s, id, { reason: 'Local' });
      await tells(s, 1, 'Finishing');
      await tells(s, 1, 'Available');
      await t.session(s, { status: ended, energyWh: 500, stopReason: 'Local' });
      await hasAnother(t, s, id);
    },
    twins: [
      otherId(),
      stationOther(
        'station says',
        'StopTransaction',
        { meterStop: 1_501 },
        { breaks: 'a watt-hour more', fails: 'the session' },
      ),
    ],
  },
  {
    id: '004_1',
    run: async (t) => {
      const idTag = await t.token();
      const s = await booted(t);
      await authorizes(s, idTag);
      await tells(s, 1, 'Preparing');
      const id = await starts(s, idTag);
      await tells(s, 1, 'Charging');
      await t.session(s, { status: 'active', transactionId: String(id), token: { last4: idTag.slice(-4) } });
      await hasAnother(t, s, id);
    },
    twins: [answersOther('Authorize', { idTagInfo: { status: 'Invalid' } }, 'a known token is refused'), otherId()],
  },
  {
    id: '004_2',
    run: async (t) => {
      const idTag = await t.token();
      const s = await booted(t);
      await authorizes(s, idTag);
      await tells(s, 1, 'Preparing');
      await tells(s, 1, 'Available');
      await t.connector(s, 1, 'available');
      await t.session(s, { status: 'void', transactionId: null, energyWh: null });
    },
    twins: [
      answersOther('Authorize', { idTagInfo: { status: 'Blocked' } }, 'a known token is refused'),
      stationOther(
        'station says',
        'StatusNotification',
        { status: 'Preparing' },
        { breaks: 'the driver stays plugged in', fails: 'connector 1', nth: 5 },
      ),
    ],
  },
  {
    id: '005_1',
    run: async (t) => {
      const { s, id, idTag } = await charging(t);
      await tells(s, 1, 'SuspendedEV');
      await stops(s, id, { reason: 'EVDisconnected', idTag });
      await tells(s, 1, 'Finishing');
      await tells(s, 1, 'Available');
      await t.session(s, { status: ended, stopReason: 'EVDisconnected', energyWh: 500 });
      await t.connector(s, 1, 'available');
      await hasAnother(t, s, id);
    },
    twins: [
      answersOther('StopTransaction', { idTagInfo: { status: 'No' } }, 'an answer that is none'),
      stationOther(
        'station says',
        'StopTransaction',
        { reason: 'Other' },
        { breaks: 'another reason', fails: 'the session' },
      ),
    ],
  },
  {
    id: '007',
    run: async (t) => {
      // The station knows the token from its cache: no Authorize comes before.
      const idTag = await t.token();
      const s = await booted(t);
      await tells(s, 1, 'Preparing');
      const id = await starts(s, idTag);
      await tells(s, 1, 'Charging');
      await t.session(s, { status: 'active', transactionId: String(id), token: { last4: idTag.slice(-4) } });
      await hasAnother(t, s, id);
    },
    twins: [
      answersOther(
        'StartTransaction',
        (payload) => ({ ...payload, idTagInfo: { status: 'Invalid' } }),
        'a known token is refused at the start',
      ),
    ],
  },
  {
    id: '032_1',
    run: async (t) => {
      const { s, id } = await charging(t);
      s.loses();
      await s.closed;
      const again = await t.station({ identity: s.identity });
      await boots(again, ['Available', 'Finishing', 'Available']);
      await stops(again, id, { reason: 'PowerLoss' });
      await t.session(again, { status: ended, stopReason: 'PowerLoss', energyWh: 500 });
      await t.connector(again, 1, 'finishing');
      await hasAnother(t, again, id);
    },
    twins: [
      answersOther('BootNotification', { status: 'Pending' }, 'it is not taken again'),
      stationOther(
        'station says',
        'StopTransaction',
        { meterStop: 1_501 },
        { breaks: 'a watt-hour more', fails: 'the session' },
      ),
    ],
  },
  {
    id: '037_1',
    run: async (t) => {
      const idTag = await t.token();
      const s = await booted(t);
      const id = await starts(s, idTag, { timestamp: time(-4 * 3_600_000) });
      await tells(s, 1, 'Charging', { timestamp: time(-4 * 3_600_000 + 1_000) });
      await t.session(s, { status: 'active', transactionId: String(id) });
      await hasAnother(t, s, id);
    },
    twins: [
      otherId(),
      answersOther(
        'StartTransaction',
        (payload) => ({ ...payload, idTagInfo: { status: 'ConcurrentTx' } }),
        'a start that was made offline is refused',
      ),
    ],
  },
  {
    id: '037_3',
    run: async (t) => {
      const s = await booted(t);
      const begun = { connectorId: 1, idTag: t.strange(), meterStart: 1_000, timestamp: time(-4 * 3_600_000) };
      // The energy that was given is kept, and so has a transaction, whoever took it.
      const { transactionId: id } = await s.says('StartTransaction', begun, { idTagInfo: { status: 'Invalid' } });
      t.must('the answer to StartTransaction: an id', Number.isInteger(id) && (id as number) > 0, true);
      await stops(s, id as number, { reason: 'DeAuthorized', idTag: begun.idTag });
      await tells(s, 1, 'Finishing');
      await t.session(s, { status: ended, energyWh: 500, stopReason: 'DeAuthorized' });
    },
    twins: [
      answersOther('StartTransaction', { idTagInfo: { status: 'Accepted' } }, 'a strange token is taken'),
      otherId(),
    ],
  },
  {
    id: '039',
    run: async (t) => {
      const idTag = await t.token();
      const s = await booted(t);
      const id = await starts(s, idTag, { timestamp: time(-4 * 3_600_000) });
      await stops(s, id, { timestamp: time(-3 * 3_600_000), idTag, reason: 'Local' });
      await t.session(s, { status: ended, energyWh: 500, transactionId: String(id) });
      await hasAnother(t, s, id);
    },
    twins: [
      otherId(),
      stationOther(
        'station says',
        'StartTransaction',
        { meterStart: 999 },
        { breaks: 'a watt-hour more', fails: 'the session', nth: 1 },
      ),
    ],
  },
];

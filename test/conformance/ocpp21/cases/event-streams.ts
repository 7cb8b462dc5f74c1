import { answersOther, asksOther, contrary, stationOther, type Case } from '../../script/case.ts';
import type { Stage } from '../../script/stage.ts';
import type { Payload, Station } from '../../script/station.ts';
import { booted } from '../../ocpp201/cases/plays.ts';

const stream = (interval: number) => ({ id: 3, variableMonitoringId: 7, params: { interval, values: 2 } });
const OPENED = { topic: 'stream.opened', data: { id: 3, monitor: 7, interval: 2, values: 2 } };

const opens = (s: Station): Promise<Payload> =>
  s.says('OpenPeriodicEventStream', { constantStreamData: stream(2) }, { status: 'Accepted' });

/** The operator asks which streams there are. */
async function reads(t: Stage, s: Station, streams: readonly ReturnType<typeof stream>[]): Promise<void> {
  const command = await t.asks(s, { type: 'readStreams' });
  await s.hears('GetPeriodicEventStream', {}, streams.length === 0 ? {} : { constantStreamData: streams });
  const data = streams.map(({ id, variableMonitoringId: monitor, params }) => ({
    ...{ id, monitor, seconds: params.interval, values: params.values },
  }));
  await command.ends({ status: 'accepted', result: { data } });
}
async function adjusts(t: Stage, s: Station): Promise<void> {
  const command = await t.asks(s, { type: 'adjustStream', id: 3, seconds: 5, values: 2 });
  const asked = { id: 3, params: { interval: 5, values: 2 } };
  await s.hears('AdjustPeriodicEventStream', asked, { status: 'Accepted' });
  await command.ends({ status: 'accepted' });
}

const refused = answersOther('OpenPeriodicEventStream', { status: 'Rejected' }, 'the stream is not taken');
const other = stationOther(
  'station says',
  'OpenPeriodicEventStream',
  { constantStreamData: stream(9) },
  { breaks: 'another rate', fails: 'station.noted' },
);
const otherRate = asksOther('AdjustPeriodicEventStream', { params: { interval: 1 } }, 'another rate');

export const eventStreams: readonly Case[] = [
  {
    id: 'OpenPeriodicEventStream',
    run: async (t) => {
      const s = await booted(t);
      await opens(s);
      await reads(t, s, [stream(2)]);
      await t.told(s, 'station.noted', [OPENED]);
    },
    twins: [refused, other],
  },
  {
    id: 'ClosePeriodicEventStream',
    run: async (t) => {
      const s = await booted(t);
      await opens(s);
      await s.says('ClosePeriodicEventStream', { id: 3 });
      await reads(t, s, []);
      await t.told(s, 'station.noted', [OPENED, { topic: 'stream.closed', data: { id: 3 } }]);
    },
    twins: [
      answersOther('ClosePeriodicEventStream', { status: 'Accepted' }, 'an answer that is none'),
      stationOther(
        'station says',
        'ClosePeriodicEventStream',
        { id: 4 },
        { breaks: 'another is closed', fails: 'station.noted' },
      ),
    ],
  },
  {
    id: 'AdjustPeriodicEventStream',
    run: async (t) => {
      const s = await booted(t);
      await opens(s);
      await adjusts(t, s);
    },
    twins: [
      otherRate,
      asksOther('AdjustPeriodicEventStream', { id: 4 }, 'another stream'),
      contrary('AdjustPeriodicEventStream', 'Rejected'),
    ],
  },
  {
    id: 'GetPeriodicEventStream',
    run: async (t) => {
      const s = await booted(t);
      await opens(s);
      await reads(t, s, [stream(2), { ...stream(10), id: 4 }]);
    },
    twins: [
      asksOther('GetPeriodicEventStream', { id: 3 }, 'of one alone'),
      stationOther(
        'station answers',
        'GetPeriodicEventStream',
        { constantStreamData: [stream(2)] },
        { breaks: 'one is not told', fails: 'the command' },
      ),
    ],
  },
  {
    id: 'NotifyPeriodicEventStream',
    run: async (t) => {
      const s = await booted(t);
      await opens(s);
      await adjusts(t, s);
      const base = '2026-01-05T12:00:00.000Z';
      const values = [0, 5].map((at) => ({ t: at, v: String(230 + at) }));
      s.sends('NotifyPeriodicEventStream', { id: 3, pending: 0, basetime: base, data: values });
      await s.says('Heartbeat');
      await t.told(s, 'station.noted', [OPENED, { topic: 'stream.values', data: { id: 3, base, pending: 0, values } }]);
      s.quiet();
    },
    twins: [
      otherRate,
      stationOther(
        'station says',
        'NotifyPeriodicEventStream',
        { data: [{ t: 0, v: '0' }] },
        { breaks: 'other values', fails: 'station.noted' },
      ),
    ],
  },
];

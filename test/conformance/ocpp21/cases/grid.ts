import { asksOther, contrary, stationOther, type Case } from '../../script/case.ts';
import { positive } from '../../script/fit.ts';
import type { Stage } from '../../script/stage.ts';
import type { Payload, Station } from '../../script/station.ts';
import { booted } from '../../ocpp201/cases/plays.ts';

const time = '2026-01-05T12:00:00.000Z';
const curve = {
  ...{ priority: 1, yUnit: 'PctMaxW' },
  curveData: [
    { x: 100, y: 100 },
    { x: 110, y: 0 },
  ],
};
const fixedVar = { priority: 2, setpoint: 5, unit: 'PctMaxVar' };

/** The operator gives the station a curve to follow. */
async function sets(t: Stage, s: Station): Promise<void> {
  const command = await t.asks(s, { type: 'setDerControl', id: 'C1', control: 'VoltWatt', values: curve });
  const asked = { controlId: 'C1', controlType: 'VoltWatt', isDefault: true, curve };
  await s.hears('SetDERControl', asked, { status: 'Accepted' });
  await command.ends({ status: 'accepted' });
}

/** The operator asks which there are; gives the request of the report. */
async function reads(t: Stage, s: Station): Promise<unknown> {
  const command = await t.asks(s, { type: 'readDerControls', isDefault: true });
  const { requestId } = await s.hears(
    'GetDERControl',
    { requestId: positive, isDefault: true },
    { status: 'Accepted' },
  );
  await command.ends({ status: 'accepted' });
  return requestId;
}

const der = (t: Stage, s: Station, wanted: Payload): Promise<void> =>
  t.sees('the rules of the grid', `stations/${s.identity}/charging`, { der: wanted });
const said = (action: string, change: Payload, breaks: string, nth = 1) =>
  stationOther('station says', action, change, { breaks, fails: 'the rules of the grid', nth });

export const grid: readonly Case[] = [
  {
    id: 'SetDERControl',
    run: async (t) => {
      const s = await booted(t);
      await sets(t, s);
      s.quiet();
    },
    twins: [
      asksOther('SetDERControl', { controlType: 'VoltVar' }, 'another control'),
      asksOther('SetDERControl', { curve: { ...curve, curveData: [{ x: 1, y: 1 }] } }, 'another curve'),
      contrary('SetDERControl', 'Rejected'),
    ],
  },
  {
    id: 'GetDERControl',
    run: async (t) => {
      const s = await booted(t);
      await reads(t, s);
      const none = await t.asks(s, { type: 'readDerControls', id: 'C9' });
      await s.hears('GetDERControl', { requestId: positive, controlId: 'C9' }, { status: 'NotFound' });
      await none.ends({ status: 'rejected', detail: 'NotFound' });
    },
    twins: [
      asksOther('GetDERControl', { isDefault: false }, 'the scheduled ones are asked for'),
      contrary('GetDERControl', 'Rejected', 1),
      contrary('GetDERControl', 'Accepted', 2),
    ],
  },
  {
    id: 'ReportDERControl',
    run: async (t) => {
      const s = await booted(t);
      const requestId = await reads(t, s);
      const one = { isDefault: true, isSuperseded: false };
      const first = { id: 'C1', ...one, curveType: 'VoltWatt', curve };
      await s.says('ReportDERControl', { requestId, tbc: true, curve: [first] });
      await s.says('ReportDERControl', { requestId, fixedVar: [{ id: 'C2', ...one, fixedVar }] });
      await der(t, s, {
        controls: [
          { id: 'C1', control: 'VoltWatt', values: curve },
          { id: 'C2', control: 'FixedVar', values: fixedVar },
        ],
      });
    },
    twins: [
      asksOther('GetDERControl', { isDefault: false }, 'the scheduled ones are asked for'),
      said('ReportDERControl', { fixedVar: undefined }, 'one is not reported', 2),
    ],
  },
  {
    id: 'ClearDERControl',
    run: async (t) => {
      const s = await booted(t);
      const command = await t.asks(s, { type: 'clearDerControl', id: 'C1', isDefault: false });
      await s.hears('ClearDERControl', { controlId: 'C1', isDefault: false }, { status: 'Accepted' });
      await command.ends({ status: 'accepted' });
    },
    twins: [
      asksOther('ClearDERControl', { controlId: 'C2' }, 'another is cleared'),
      asksOther('ClearDERControl', { isDefault: true }, 'a default one is cleared'),
      contrary('ClearDERControl', 'NotFound'),
    ],
  },
  {
    id: 'NotifyDERAlarm',
    run: async (t) => {
      const s = await booted(t);
      await sets(t, s);
      const alarm = { controlType: 'VoltWatt', gridEventFault: 'OverVoltage', timestamp: time };
      await s.says('NotifyDERAlarm', alarm);
      await der(t, s, { alarms: [{ control: 'VoltWatt', fault: 'OverVoltage' }] });
      await s.says('NotifyDERAlarm', { ...alarm, alarmEnded: true });
      await der(t, s, { alarms: [] });
    },
    twins: [
      said('NotifyDERAlarm', { gridEventFault: 'UnderVoltage' }, 'another fault'),
      said('NotifyDERAlarm', { alarmEnded: false }, 'it does not end', 2),
      asksOther('SetDERControl', { controlId: 'C2' }, 'another control'),
    ],
  },
  {
    id: 'NotifyDERStartStop',
    run: async (t) => {
      const s = await booted(t);
      await sets(t, s);
      await s.says('NotifyDERStartStop', { controlId: 'C1', started: true, timestamp: time });
      await der(t, s, { following: [{ id: 'C1' }] });
      await s.says('NotifyDERStartStop', { controlId: 'C1', started: false, timestamp: time });
      await der(t, s, { following: [] });
    },
    twins: [
      said('NotifyDERStartStop', { controlId: 'C2' }, 'another control'),
      said('NotifyDERStartStop', { started: true }, 'it does not stop', 2),
      asksOther('SetDERControl', { controlId: 'C2' }, 'another control is set'),
    ],
  },
];

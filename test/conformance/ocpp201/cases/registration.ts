import { answersOther, asksOther, contrary, stationOther, type Case } from '../../script/case.ts';
import { now, positive } from '../../script/fit.ts';
import type { Stage } from '../../script/stage.ts';
import type { Payload, Station } from '../../script/station.ts';
import { boots, chargingStation, tells, time } from './plays.ts';
import { HEARTBEAT, OFFLINE, reported } from './reports.ts';

const boot = { reason: 'PowerUp', chargingStation };
const state = { ...{ timestamp: time(), connectorStatus: 'Available' }, evseId: 1, connectorId: 1 };

/** It has booted, and is not let in. */
async function heldBack(t: Stage, as: 'pending' | 'rejected'): Promise<Station> {
  const identity = await t.known();
  await t.registers(identity, as);
  const s = await t.station({ identity });
  const status = as === 'pending' ? 'Pending' : 'Rejected';
  await s.says('BootNotification', boot, { status, currentTime: now, interval: positive });
  return s;
}

const letIn = answersOther('BootNotification', { status: 'Accepted' }, 'it is let in at once');
const stays = answersOther('BootNotification', { status: 'Pending' }, 'it is never let in');
const answered = (action: string) =>
  answersOther(action, (): Payload => ({}), 'who is not let in is answered as any other');

export const registration: readonly Case[] = [
  {
    id: 'B_02',
    run: async (t) => {
      const s = await heldBack(t, 'pending');
      const read = await t.asks(s, { type: 'readVariables', names: [OFFLINE.name] });
      const value = { attributeStatus: 'Accepted', attributeValue: '60', ...OFFLINE.wire };
      await s.hears('GetVariables', { getVariableData: [OFFLINE.wire] }, { getVariableResult: [value] });
      await read.ends({ status: 'accepted', result: { variables: [{ name: OFFLINE.name, value: '60' }] } });
      const write = await t.asks(s, { type: 'writeVariables', values: { [HEARTBEAT.name]: '120' } });
      await s.hears(
        'SetVariables',
        { setVariableData: [{ attributeValue: '120', ...HEARTBEAT.wire }] },
        { setVariableResult: [{ attributeStatus: 'Accepted', ...HEARTBEAT.wire }] },
      );
      await write.ends({ status: 'accepted' });
      const report = await t.asks(s, { type: 'baseReport', base: 'full' });
      const asked = { requestId: positive, reportBase: 'FullInventory' };
      const { requestId } = await s.hears('GetBaseReport', asked, { status: 'Accepted' });
      await report.taken();
      await s.says('NotifyReport', {
        ...{ requestId, generatedAt: time(), seqNo: 0, tbc: false },
        reportData: [reported(OFFLINE.wire, '60')],
      });
      await report.ends({ status: 'accepted', effect: 'reported in 1 parts' });
      s.quiet();
      await t.registers(s.identity, 'accepted');
      await boots(s);
      await s.says('Heartbeat', {}, { currentTime: now });
      await t.connector(s, 1, 'available');
    },
    twins: [
      { ...letIn, nth: 1 },
      { ...stays, nth: 2 },
      asksOther('SetVariables', { setVariableData: [] }, 'nothing is written'),
      stationOther(
        'station answers',
        'GetVariables',
        { getVariableResult: [{ attributeStatus: 'Rejected', ...OFFLINE.wire }] },
        { breaks: 'it tells nothing', fails: 'the command' },
      ),
    ],
  },
  {
    id: 'B_30',
    run: async (t) => {
      for (const as of ['pending', 'rejected'] as const) {
        const s = await heldBack(t, as);
        await s.isRefused('StatusNotification', state, 'SecurityError');
        await s.isRefused('Heartbeat', {}, 'SecurityError');
        await t.registers(s.identity, 'accepted');
        await boots(s);
        await tells(s, 1, 'Occupied');
        await t.connector(s, 1, 'occupied');
      }
    },
    twins: [
      { ...answered('StatusNotification'), nth: 1 },
      { ...answered('Heartbeat'), nth: 2 },
      { ...letIn, nth: 3 },
    ],
  },
  {
    id: 'B_31',
    run: async (t) => {
      const s = await heldBack(t, 'pending');
      await t.registers(s.identity, 'accepted');
      const command = await t.asks(s, { type: 'trigger', message: 'boot' });
      await s.hears('TriggerMessage', { requestedMessage: 'BootNotification' }, { status: 'Accepted' });
      await command.taken();
      await boots(s, 'Triggered');
      await command.ends({ status: 'accepted', effect: 'BootNotification' });
      await t.connector(s, 1, 'available');
    },
    twins: [
      { ...letIn, nth: 1 },
      { ...stays, nth: 2 },
      asksOther('TriggerMessage', { requestedMessage: 'Heartbeat' }, 'another message'),
      contrary('TriggerMessage', 'Rejected'),
    ],
  },
];

import { asksOther, stationOther, type Case } from '../../script/case.ts';
import type { Payload } from '../../script/station.ts';
import { booted, make, status, time } from './plays.ts';

interface Triggered {
  readonly command: Payload;
  readonly action: string;
  readonly says: () => Payload;
}

const reading = (): Payload => ({
  connectorId: 1,
  meterValue: [{ timestamp: time(), sampledValue: [{ value: '1000', context: 'Trigger' }] }],
});

const messages: readonly Triggered[] = [
  { command: { message: 'meterValues', evse: 1 }, action: 'MeterValues', says: reading },
  { command: { message: 'heartbeat' }, action: 'Heartbeat', says: () => ({}) },
  { command: { message: 'status', evse: 1 }, action: 'StatusNotification', says: () => status(1, 'Available') },
  {
    command: { message: 'diagnosticsStatus' },
    action: 'DiagnosticsStatusNotification',
    says: () => ({ status: 'Idle' }),
  },
  { command: { message: 'firmwareStatus' }, action: 'FirmwareStatusNotification', says: () => ({ status: 'Idle' }) },
  { command: { message: 'boot' }, action: 'BootNotification', says: () => make },
];

export const trigger: readonly Case[] = [
  {
    id: '054',
    run: async (t) => {
      const s = await booted(t);
      for (const { command: asked, action, says } of messages) {
        const command = await t.asks(s, { type: 'trigger', ...asked });
        const { evse } = asked;
        const where = evse === undefined ? {} : { connectorId: evse };
        await s.hears('TriggerMessage', { requestedMessage: action, ...where }, { status: 'Accepted' });
        await command.taken();
        await s.says(action, says());
        await command.ends({ status: 'accepted', effect: action });
      }
    },
    twins: [
      { ...asksOther('TriggerMessage', { requestedMessage: 'Heartbeat' }, 'readings are not asked for'), nth: 1 },
      {
        ...asksOther('TriggerMessage', { requestedMessage: 'Heartbeat' }, 'the last is not asked for'),
        nth: messages.length,
      },
    ],
  },
  {
    id: '055',
    run: async (t) => {
      const s = await booted(t);
      const command = await t.asks(s, { type: 'trigger', message: 'meterValues', evse: 1 });
      await s.hears('TriggerMessage', { requestedMessage: 'MeterValues', connectorId: 1 }, { status: 'Rejected' });
      await command.ends({ status: 'rejected', detail: 'Rejected' });
    },
    twins: [
      asksOther('TriggerMessage', { connectorId: 2 }, 'of another connector'),
      stationOther(
        'station answers',
        'TriggerMessage',
        { status: 'Accepted' },
        { breaks: 'it is taken', fails: 'the command' },
      ),
    ],
  },
];

import type { CommandTable, TriggerName } from '@plugga/kit';
import { oneCall } from './one-call.ts';

const MESSAGE = {
  boot: 'BootNotification',
  heartbeat: 'Heartbeat',
  status: 'StatusNotification',
  meterValues: 'MeterValues',
  diagnosticsStatus: 'DiagnosticsStatusNotification',
  firmwareStatus: 'FirmwareStatusNotification',
} as const satisfies Record<TriggerName, string>;

/** TriggerMessage. Without a connector the station answers for all that it has (1.6 section 5.17). */
export const trigger = oneCall<CommandTable['trigger']>({
  action: 'TriggerMessage',
  payload: ({ message, evse }) => ({
    requestedMessage: MESSAGE[message],
    ...(evse !== undefined && evse > 0 && { connectorId: evse }),
  }),
  statuses: { Accepted: 'accepted', Rejected: 'rejected', NotImplemented: 'unsupported' },
});

import type { CommandTable, Outbound, Step, TriggerName } from '@plugga/kit';
import { byStatus, resultOf } from '@plugga/wire';
import { send } from '../schema.ts';

/** What TriggerMessage can ask for, and what ExtendedTriggerMessage of the security extension can. */
const MESSAGE: Partial<Record<TriggerName, string>> = {
  boot: 'BootNotification',
  heartbeat: 'Heartbeat',
  status: 'StatusNotification',
  meterValues: 'MeterValues',
  diagnosticsStatus: 'DiagnosticsStatusNotification',
  firmwareStatus: 'FirmwareStatusNotification',
};
const EXTENDED: Partial<Record<TriggerName, string>> = {
  boot: 'BootNotification',
  heartbeat: 'Heartbeat',
  status: 'StatusNotification',
  meterValues: 'MeterValues',
  firmwareStatus: 'FirmwareStatusNotification',
  logStatus: 'LogStatusNotification',
  signCertificate: 'SignChargePointCertificate',
};

type Trigger = CommandTable['trigger'];
interface State {
  readonly wanted: Trigger;
  readonly extended: boolean;
}

const ask = (state: State): Step => {
  const { evse, message } = state.wanted;
  const requestedMessage = (state.extended ? EXTENDED : MESSAGE)[message];
  if (requestedMessage === undefined)
    return { done: { status: 'unsupported', detail: `OCPP 1.6 cannot ask for ${message}` } };
  return send(
    state.extended ? 'ExtendedTriggerMessage' : 'TriggerMessage',
    {
      requestedMessage,
      ...(evse !== undefined && evse > 0 && { connectorId: evse }),
    },
    state,
  );
};

const read = byStatus({ Accepted: 'accepted', Rejected: 'rejected', NotImplemented: 'unsupported' });

/**
 * TriggerMessage, without a connector for all that the station has (1.6 section 5.17); ExtendedTriggerMessage for what only
 * that one knows, and for a station that has not implemented the other.
 */
export const trigger: Outbound<Trigger> = {
  start: (wanted) => ask({ wanted, extended: MESSAGE[wanted.message] === undefined }),
  next: (state, answer) => {
    const { wanted, extended } = state as State;
    const result = resultOf(answer, read);
    return result.status === 'unsupported' && !extended && EXTENDED[wanted.message] !== undefined
      ? ask({ wanted, extended: true })
      : { done: result };
  },
};

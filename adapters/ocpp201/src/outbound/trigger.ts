import type { CommandTable, Outbound, Step, TriggerName } from '@plugga/kit';
import { byStatus, meaningOf, refuse, resultOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';
import { evseOf } from './evse-of.ts';

const MESSAGE: Readonly<Record<Exclude<TriggerName, 'signV2g20Certificate' | 'custom'>, string>> = {
  boot: 'BootNotification',
  heartbeat: 'Heartbeat',
  status: 'StatusNotification',
  meterValues: 'MeterValues',
  diagnosticsStatus: 'LogStatusNotification',
  firmwareStatus: 'FirmwareStatusNotification',
  logStatus: 'LogStatusNotification',
  signCertificate: 'SignChargingStationCertificate',
  transaction: 'TransactionEvent',
  publishStatus: 'PublishFirmwareStatusNotification',
  signV2gCertificate: 'SignV2GCertificate',
  signCombinedCertificate: 'SignCombinedCertificate',
};
const MESSAGE_21 = { ...MESSAGE, signV2g20Certificate: 'SignV2G20Certificate', custom: 'CustomTrigger' } as const;

type Trigger = CommandTable['trigger'];
interface State {
  readonly wanted: Trigger;
  readonly requestedMessage: string;
  /** Asked of one EVSE after the other, because the station does not tell all at once. */
  readonly walks: boolean;
  readonly heard: boolean;
}

/** No station has more; one that accepts whatever it is asked ends here. */
const MOST_EVSES = 100;
const read = byStatus({ Accepted: 'accepted', Rejected: 'rejected', NotImplemented: 'unsupported' });

/**
 * TriggerMessage. The status of a connector must name it (F06.FR.12), and some stations tell all that they have when none is
 * named: asked for the whole station, one that refuses is asked EVSE by EVSE until it knows no further one.
 */
export const trigger = (wire: Wire2): Outbound<Trigger> => {
  const ask = (state: State): Step => {
    const { message, evse, connector = message === 'status' ? 1 : undefined, custom } = state.wanted;
    const where = evseOf({ ...(evse !== undefined && { evse }), ...(connector !== undefined && { connector }) });
    const { requestedMessage } = state;
    return wire.send(
      'TriggerMessage',
      { requestedMessage, ...where, ...(message === 'custom' && { customTrigger: custom }) },
      state,
    );
  };
  return {
    start: (wanted, { protocol }) => {
      const { message, custom } = wanted;
      const words: Readonly<Record<string, string>> = protocol === 'ocpp2.0.1' ? MESSAGE : MESSAGE_21;
      const requestedMessage = meaningOf(words, message);
      if (requestedMessage === undefined)
        return { done: { status: 'unsupported', detail: `OCPP 2.0.1 cannot ask for ${message}` } };
      if ((message === 'custom') !== (custom !== undefined)) return refuse('a custom message is named, and no other');
      return ask({ wanted, requestedMessage, walks: false, heard: false });
    },
    next: (raw, answer) => {
      const { wanted, requestedMessage, walks, heard } = raw as State;
      const result = resultOf(answer, read);
      const { evse = 0 } = wanted;
      const more = walks ? result.status === 'accepted' && evse < MOST_EVSES : result.status === 'rejected';
      if (more && wanted.message === 'status' && (walks || evse === 0))
        return ask({ wanted: { ...wanted, evse: evse + 1 }, requestedMessage, walks: true, heard: walks });
      return { done: heard && result.status === 'rejected' ? { status: 'accepted' } : result };
    },
  };
};

import type { Answered } from '../wire/calls.ts';
import type { Connector } from './connector.ts';
import { heartbeat } from './messages/heartbeat.ts';
import type { IdleReadings } from './idle-readings.ts';
import type { Registration } from './registration.ts';
import type { States } from './states.ts';
import type { Transactions } from '../dialect.ts';
import type { Upkeep } from './upkeep.ts';

/** Sends the message that a trigger asks for. */
export const triggers = (o: {
  readonly tx: Transactions;
  readonly connectors: readonly Connector[];
  readonly call: (action: string, payload: Record<string, unknown>) => Promise<Answered>;
  readonly registered: Registration;
  readonly shown: States;
  readonly readings: IdleReadings;
  readonly care: Upkeep;
}): ((message: string, number: number | undefined) => void) => {
  const { care } = o;
  return (message, number) => {
    const status = care.maintenance.statusOf(message);
    if (status !== undefined) return care.notices.push(message, status);
    const chosen = o.connectors.filter((one) => number === undefined || one.number === number);
    if (message === 'BootNotification') void o.registered.boot();
    else if (message === 'Heartbeat') void o.call('Heartbeat', heartbeat());
    else if (message === 'SignChargePointCertificate') void care.security.request();
    else if (message === 'StatusNotification') chosen.forEach(o.shown.tell);
    else for (const one of chosen) if (!o.tx.meter(one, 'Trigger')) o.readings.tell(one, 'Trigger');
  };
};

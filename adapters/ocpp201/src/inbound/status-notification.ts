import type { ConnectorStatus, Inbound } from '@plugga/kit';
import { meaningOf, wordOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';
import { whereOf } from './where.ts';

interface Request {
  readonly timestamp?: string;
  readonly connectorStatus: string;
  readonly evseId: number;
  readonly connectorId?: number;
}

const STATUS: Readonly<Record<string, ConnectorStatus>> = {
  available: 'available',
  occupied: 'occupied',
  reserved: 'reserved',
  unavailable: 'unavailable',
  faulted: 'faulted',
  // OCPP 1.6, still said by stations that were updated from it.
  preparing: 'preparing',
  charging: 'charging',
  suspendedev: 'suspendedEV',
  suspendedevse: 'suspendedEVSE',
  finishing: 'finishing',
};

/** [2,"id","StatusNotification",{"timestamp":"…","connectorStatus":"Occupied","evseId":1,"connectorId":1}] */
export const statusNotification = (wire: Wire2): Inbound<Request, Readonly<Record<string, never>>> => ({
  request: wire.tolerant('StatusNotificationRequest', { kind: 'plain', harmless: ['timestamp', 'connectorId'] }),
  response: wire.strict('StatusNotificationResponse'),
  read: (p) => {
    const status = meaningOf(STATUS, p.connectorStatus.trim().toLowerCase());
    const where = whereOf(p.evseId, p.connectorId);
    // A state that we do not know, or of no EVSE, changes none that we do.
    if (status === undefined || where.evse === undefined)
      return { facts: [{ kind: 'noted', topic: 'status.unknown', data: p }] };
    const { evse, connector } = where;
    return {
      facts: [
        {
          ...{ kind: 'status', evse, status, raw: p.connectorStatus, time: wordOf(p.timestamp) },
          ...(connector !== undefined && { connector }),
        },
      ],
    };
  },
  reply: () => ({}),
});

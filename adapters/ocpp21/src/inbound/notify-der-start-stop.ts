import type { Inbound } from '@plugga/kit';
import { clip } from '@plugga/wire';
import type { Wire21 } from '../schema.ts';

interface Payload {
  readonly controlId: string;
  readonly started: boolean;
  readonly timestamp?: string;
  readonly supersededIds?: readonly string[];
}

/** That one control may take the place of. */
const MOST = 24;

/** [2,"id","NotifyDERStartStop",{"controlId":"C1","started":true,"timestamp":"2026-01-05T12:00:00Z"}] */
export const notifyDerStartStop = (wire: Wire21): Inbound<Payload, Readonly<Record<string, never>>> => ({
  request: wire.tolerant('NotifyDERStartStopRequest', { kind: 'plain', harmless: ['timestamp'] }),
  response: wire.strict('NotifyDERStartStopResponse'),
  read: ({ controlId, started, timestamp, supersededIds = [] }) => ({
    facts: [
      {
        kind: 'derActive',
        id: clip(controlId, 50),
        active: started,
        time: timestamp,
        superseded: supersededIds.slice(0, MOST),
      },
    ],
  }),
  reply: () => ({}),
});

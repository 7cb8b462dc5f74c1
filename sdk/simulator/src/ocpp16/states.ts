import type { StationEvent } from '../events.ts';
import type { Answered } from '../wire/calls.ts';
import type { Connector, Status } from './connector.ts';
import { heartbeat } from './messages/heartbeat.ts';
import { statusNotification } from './messages/status-notification.ts';

/** The states of the connectors, and what the CSMS has heard of them. */
export interface States {
  show(connector: Connector, status: Status): void;
  tell(connector: Connector): void;
  /** In service again: what the CSMS has not heard. */
  resume(): void;
  restarted(): void;
}

/** Changes that a station keeps while it is offline. */
const MOST_HISTORY = 200;

export const states = (o: {
  readonly connectors: readonly Connector[];
  readonly ready: () => boolean;
  readonly now: () => number;
  readonly stamp: (at: number) => string;
  readonly call: (action: string, payload: Record<string, unknown>) => Promise<Answered>;
  readonly emit: (event: StationEvent) => void;
  /** Tells every change that it went through offline, with its time, where most tell only what is now. */
  readonly replays: boolean;
  /** What the CSMS is told of a status: where two sound alike, a change from one to the other is none. */
  readonly spoken: (status: Status) => string;
}): States => {
  let history: { readonly number: number; readonly status: Status; readonly at: number }[] = [];

  const tell = (connector: Connector): void => {
    const { number, status, fault: errorCode } = connector;
    if (!o.ready()) {
      if (o.replays) history = [...history, { number, status, at: o.now() }].slice(-MOST_HISTORY);
      return;
    }
    const payload = statusNotification({ connectorId: number, status, errorCode, timestamp: o.stamp(o.now()) });
    void o.call('StatusNotification', payload).then((answer) => {
      if (answer.kind === 'result') connector.told = status;
    });
  };
  const replay = (): void => {
    for (const { number, status, at } of history) {
      const payload = statusNotification({ connectorId: number, status, timestamp: o.stamp(at) });
      void o.call('StatusNotification', payload);
    }
    for (const connector of o.connectors) connector.told = connector.status;
    history = [];
    void o.call('Heartbeat', heartbeat());
  };

  return {
    tell,
    show(connector, status) {
      if (connector.status === status) return;
      const same = o.spoken(connector.status) === o.spoken(status);
      connector.status = status;
      o.emit({ kind: 'status', connector: connector.number, status });
      if (!same) tell(connector);
    },
    resume() {
      if (history.length > 0) replay();
      for (const connector of o.connectors) {
        if (connector.told === undefined || o.spoken(connector.told) !== o.spoken(connector.status)) tell(connector);
      }
    },
    restarted() {
      history = [];
      for (const connector of o.connectors) delete connector.told;
    },
  };
};

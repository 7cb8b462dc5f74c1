import type { Watch } from './events.ts';
import type { Connector } from './ocpp16/connector.ts';
import type { IdleReadings } from './ocpp16/idle-readings.ts';
import type { StationOptions } from './station.ts';
import type { Answered } from './wire/calls.ts';

/** Habits of makes that hang on what happens to the station, beside those that stand where they are done otherwise. */
export interface Habits {
  /** The CSMS has accepted it; fresh: for the first time since it was switched on. */
  inService(fresh: boolean): void;
}

export const habits = (o: {
  readonly options: StationOptions;
  readonly watch: (listener: Watch) => void;
  readonly ready: () => boolean;
  readonly call: (action: string, payload: Record<string, unknown>) => Promise<Answered>;
  readonly readings: IdleReadings;
  readonly connector: (number: number) => Connector;
  readonly now: () => string;
}): Habits => {
  const { options } = o;
  /** Tokens that were held to it without a line. */
  const swiped: string[] = [];
  o.watch((event) => {
    if (event.kind === 'authorized' && options.replaysTokens && !o.ready()) swiped.push(event.idTag);
    if (event.kind === 'metered' && options.metersBeside && o.ready())
      o.readings.tell(o.connector(event.entry.connector), 'Sample.Periodic');
  });
  return {
    inService(fresh) {
      for (const idTag of swiped.splice(0)) void o.call('Authorize', { idTag });
      if (!fresh || !options.tellsStation) return;
      const payload = { connectorId: 0, status: 'Available', errorCode: 'NoError', timestamp: o.now() };
      void o.call('StatusNotification', payload);
    },
  };
};

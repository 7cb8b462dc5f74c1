import {
  type DataOf,
  type RunningCost,
  type SessionId,
  type StationId,
  sessionPriced,
  tariffChanged,
} from '@plugga/kit';
import type { Emitted } from '../db/emitted.ts';
import { afterCommit, type EmitHooks } from '../db/transactions.ts';
import type { Bus } from '../ports.ts';
import { keepSaid } from '../site/signed.ts';
import type { Registry } from '../station/registry.ts';
import { shown } from '../station/running-cost.ts';

const PRICED = 'session.priced';
const CHANGED = 'tariff.changed';

/** A hint: one that is lost costs a station the time until the next price. */
interface Priced {
  readonly station: StationId;
  readonly session: SessionId;
  readonly cost: RunningCost;
}

const pricedOf = ({ station, session, data }: Emitted): readonly Priced[] => {
  if (station === undefined || session === undefined) return [];
  const { total, final } = data as DataOf<typeof sessionPriced>;
  return [{ station, session, cost: shown({ currency: total.currency, value: total.inclVat }, final) }];
};

/** What the core keeps of what plugins say, and each node hears of the prices once they are committed: one message a batch. */
export const tellPrices = (bus: Pick<Bus, 'publish'>): EmitHooks => ({
  ...keepSaid,
  [sessionPriced.type]: async (tx, events) => {
    await keepSaid[sessionPriced.type]?.(tx, events);
    const last = new Map(events.map((event) => [event.session, event]));
    afterCommit(tx, () => bus.publish(PRICED, [...last.values()].flatMap(pricedOf)));
  },
  [tariffChanged.type]: async (tx) => afterCommit(tx, () => bus.publish(CHANGED, tx.tenant)),
});

/** Whoever holds a station tells it. Returns how to stop. */
export function hearPrices(bus: Pick<Bus, 'subscribe'>, registry: Pick<Registry, 'live' | 'held'>): () => void {
  const stops = [
    bus.subscribe(PRICED, (message) => {
      for (const { station, session, cost } of message as readonly Priced[])
        registry.live(station)?.priced(session, cost);
    }),
    bus.subscribe(CHANGED, (tenant) => {
      for (const station of registry.held().keys()) registry.live(station)?.tariffsChanged(tenant as string);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

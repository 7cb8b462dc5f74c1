import type { StationClock } from '../clock.ts';
import type { Authorizer } from './authorization/authorizer.ts';
import { type Connector, isFree, restingStatus, type Status } from './connector.ts';
import { type Asking, reservations, type Reservation, type Reservations } from './reservations.ts';

/** Which connectors are kept for whom. */
export interface Keeping {
  readonly reservations: Reservations;
  /** What the connector shows without a transaction. */
  resting(connector: Connector): Status;
  kept(connector: Connector, by: Asking): boolean;
  usable(connector: Connector, idTag: string): boolean;
  /** The number of the reservation that the token uses there, used up. */
  take(connector: Connector, idTag: string): number | undefined;
  /** A reservation has come, gone or changed: shown, and looked at again when the next expires. */
  changed(): void;
  stop(): void;
}

export const keeping = (o: {
  readonly clock: StationClock;
  readonly connectors: readonly Connector[];
  readonly authorizer: Authorizer;
  readonly show: (connector: Connector, status: Status) => void;
  readonly save: () => void;
  readonly expired: (reservation: Reservation) => void;
  readonly past: readonly Reservation[] | undefined;
}): Keeping => {
  const held = reservations(o.clock.now, o.past);
  let cancel: () => void = () => undefined;

  const resting = (connector: Connector): Status => restingStatus(connector, held.on(connector.number) !== undefined);
  const parentOf = (idTag: string): string | undefined => o.authorizer.known(idTag)?.parentIdTag;
  const kept = (connector: Connector, by: Asking): boolean => {
    const free = o.connectors.filter((one) => isFree(one) && held.on(one.number) === undefined);
    return held.keptFrom(connector.number, by, free.length);
  };
  const changed = (): void => {
    cancel();
    for (const one of o.connectors) {
      if (one.status === 'Available' || one.status === 'Reserved') o.show(one, resting(one));
    }
    o.save();
    for (const one of held.takeExpired()) o.expired(one);
    const next = Math.min(...held.all().map((one) => one.expiresAt));
    if (Number.isFinite(next)) cancel = o.clock.after(next - o.clock.now(), changed);
  };

  return {
    reservations: held,
    resting,
    kept,
    changed,
    usable: (connector, idTag) => isFree(connector) && !kept(connector, { idTag, parentIdTag: parentOf(idTag) }),
    take(connector, idTag) {
      const found = held.usable(connector.number, { idTag, parentIdTag: parentOf(idTag) });
      if (found === undefined) return undefined;
      held.cancel(found.id);
      changed();
      return found.id;
    },
    stop: () => cancel(),
  };
};

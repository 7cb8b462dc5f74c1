import { tokenKey } from './authorization/local-list.ts';

/** A connector, or with connector 0 any of them, kept for one token until it expires. */
export interface Reservation {
  readonly id: number;
  readonly connector: number;
  readonly idTag: string;
  readonly parentIdTag?: string;
  readonly expiresAt: number;
}

/** Who asks for a connector. */
export interface Asking {
  readonly idTag: string;
  readonly parentIdTag?: string | undefined;
}

/** The station's reservations (OCPP 1.6 section 5.13 and 3.10). Those that have expired are gone by themselves. */
export interface Reservations {
  /** Takes it, in place of the one with its id. */
  add(reservation: Reservation): void;
  cancel(id: number): Reservation | undefined;
  on(connector: number): Reservation | undefined;
  byId(id: number): Reservation | undefined;
  /** The reservation that this token may use on that connector. */
  usable(connector: number, by: Asking): Reservation | undefined;
  /** Whether the connector is kept for somebody else; `free` counts the connectors that nobody uses or has reserved. */
  keptFrom(connector: number, by: Asking, free: number): boolean;
  all(): readonly Reservation[];
  /** Those that have expired since it was last asked. */
  takeExpired(): readonly Reservation[];
}

export const reservations = (now: () => number, past: readonly Reservation[] = []): Reservations => {
  let held = [...past];
  let expired: Reservation[] = [];
  const all = (): Reservation[] => {
    expired.push(...held.filter((one) => one.expiresAt <= now()));
    return (held = held.filter((one) => one.expiresAt > now()));
  };
  const mayUse = (one: Reservation, by: Asking): boolean =>
    tokenKey(one.idTag) === tokenKey(by.idTag) ||
    (one.parentIdTag !== undefined &&
      by.parentIdTag !== undefined &&
      tokenKey(one.parentIdTag) === tokenKey(by.parentIdTag));
  const usable = (connector: number, by: Asking): Reservation | undefined =>
    all().find((one) => one.connector === connector && mayUse(one, by)) ??
    all().find((one) => one.connector === 0 && mayUse(one, by));

  return {
    all,
    takeExpired() {
      all();
      const taken = expired;
      expired = [];
      return taken;
    },
    add(reservation) {
      held = [...all().filter((one) => one.id !== reservation.id), reservation];
    },
    cancel(id) {
      const found = all().find((one) => one.id === id);
      held = held.filter((one) => one !== found);
      return found;
    },
    on: (connector) => all().find((one) => one.connector === connector),
    byId: (id) => all().find((one) => one.id === id),
    usable,
    keptFrom(connector, by, free) {
      const here = all().find((one) => one.connector === connector);
      if (here !== undefined) return !mayUse(here, by);
      if (usable(connector, by) !== undefined) return false;
      const anywhere = all().filter((one) => one.connector === 0).length;
      return anywhere > 0 && anywhere >= free;
    },
  };
};

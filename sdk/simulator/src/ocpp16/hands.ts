import type { Transactions } from '../dialect.ts';
import type { Answered } from '../wire/calls.ts';
import type { Authorizer } from './authorization/authorizer.ts';
import type { LocalList } from './authorization/local-list.ts';
import type { Hands } from './command.ts';
import type { Device } from './device.ts';
import type { Driver } from './driver.ts';
import type { IdleReadings } from './idle-readings.ts';
import type { Keeping } from './keeping.ts';
import type { Power } from './power.ts';
import type { Registration } from './registration.ts';
import type { States } from './states.ts';
import { triggers } from './triggers.ts';
import type { Upkeep } from './upkeep.ts';

/** What commands may do with the works of the station. */
export const handsOf = (o: {
  readonly own: Device;
  readonly vendor: string;
  readonly now: () => number;
  readonly stamp: (at: number) => string;
  readonly tokens: Authorizer;
  readonly list: LocalList;
  readonly kept: Keeping;
  readonly care: Upkeep;
  readonly people: Driver;
  readonly tx: Transactions;
  readonly shown: States;
  readonly readings: IdleReadings;
  readonly registered: Registration;
  readonly power: Power;
  readonly call: (action: string, payload: Record<string, unknown>) => Promise<Answered>;
  readonly whenIdle: (run: () => void) => void;
  /** Dials anew with the credentials that it has by now. */
  readonly redial: () => void;
  readonly save: () => void;
}): Hands => {
  const { own, kept, care, tx, shown, readings, registered } = o;
  const { connectors, configuration, charging } = own;
  return {
    ...{ connectors, configuration, charging },
    vendor: o.vendor,
    now: o.now,
    stamp: o.stamp,
    authorizer: o.tokens,
    localList: o.list,
    reservations: kept.reservations,
    maintenance: care.maintenance,
    security: care.security,
    usable: kept.usable,
    remoteStart: o.people.remoteStart,
    stop: (connector, reason) => void tx.end(connector, { reason }),
    show: shown.show,
    resting: (connector) => shown.show(connector, kept.resting(connector)),
    whenIdle: o.whenIdle,
    restart(kind) {
      care.stop();
      o.power.restart(kind);
    },
    trigger: triggers({ tx, connectors, call: o.call, registered, shown, readings, care }),
    configured(key) {
      registered.beat();
      readings.align();
      o.save();
      if (!/^(authorizationkey|securityprofile)$/i.test(key)) return;
      o.redial();
      care.security.event('ReconfigurationOfSecurityParameters', key);
    },
    reserved: kept.changed,
    save: o.save,
  };
};

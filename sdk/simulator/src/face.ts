import type { StationClock } from './clock.ts';
import type { Transactions } from './dialect.ts';
import { nextEvent, type Watch } from './events.ts';
import type { LedgerEntry } from './ledger.ts';
import type { LocalList } from './ocpp16/authorization/local-list.ts';
import type { Device } from './ocpp16/device.ts';
import type { Driver } from './ocpp16/driver.ts';
import { faultsOf } from './ocpp16/faults.ts';
import type { Keeping } from './ocpp16/keeping.ts';
import type { Line } from './ocpp16/line.ts';
import type { Outbox } from './ocpp16/outbox.ts';
import type { Power } from './ocpp16/power.ts';
import type { Stamps } from './ocpp16/stamps.ts';
import type { Upkeep } from './ocpp16/upkeep.ts';
import type { StationOptions, VirtualStation } from './station.ts';

/** What fleets, scenarios and tests see of the works of a station. */
export const faceOf = (o: {
  readonly options: StationOptions;
  readonly clock: StationClock;
  readonly ledger: readonly LedgerEntry[];
  readonly watch: (listener: Watch) => () => void;
  readonly emit: Watch;
  readonly ready: () => boolean;
  readonly own: Device;
  readonly tx: Transactions;
  readonly people: Driver;
  readonly power: Power;
  readonly kept: Keeping;
  readonly care: Upkeep;
  readonly line: Line;
  readonly outbox: Outbox;
  readonly stamps: Stamps;
  readonly list: LocalList;
  readonly firmware: () => string;
}): VirtualStation => {
  const { options, watch, own, tx, people, power, care, line } = o;
  const { identity } = options;
  return {
    identity,
    ledger: o.ledger,
    get online() {
      return o.ready();
    },
    get undelivered() {
      return o.outbox.length;
    },
    get firmwareVersion() {
      return o.firmware();
    },
    get localListVersion() {
      return o.list.version();
    },
    watch,
    next: (kind, wanted) => nextEvent(watch, kind, { ...wanted, step: `${identity}: ${wanted.step ?? kind}` }),
    async start(limit = {}) {
      const withinMs = limit.withinMs ?? 20_000;
      // One that does not boot by itself is there once it is connected.
      const there =
        (options.boots ?? 'always') === 'always'
          ? nextEvent(watch, 'booted', {
              withinMs,
              step: `${identity}: boot accepted`,
              where: (event) => event.status === 'Accepted',
            })
          : nextEvent(watch, 'connected', { withinMs, step: `${identity}: connected` });
      power.on();
      await there;
    },
    plugIn: people.plugIn,
    unplug: people.unplug,
    present: people.present,
    hurry: (connector, on) => o.emit({ kind: 'hurried', connector: own.connector(connector).number, on }),
    begin: (number, idTag) => tx.begin(own.connector(number), idTag),
    end: (number, how = {}) => tx.end(own.connector(number), how),
    charge: people.charge,
    settled: (limit = {}) => o.outbox.settled(identity, limit.withinMs ?? 30_000),
    registerWh(number) {
      const connector = own.connector(number);
      connector.outlet.advance(o.clock.now());
      return connector.outlet.registerWh();
    },
    securityEvent: care.security.event,
    requestCertificate: care.security.request,
    call: line.call,
    close() {
      power.cut();
      o.kept.stop();
      o.outbox.stop();
      line.socket.close();
    },
    faults: faultsOf({
      line: line.socket,
      url: options.url,
      losing: line.losing,
      stamps: o.stamps,
      powerOff: power.cut,
      powerOn: power.on,
      say: line.say,
      reuseIds: line.reuseIds,
      breakDown: power.breakDown,
      breakInstall: care.firmware.breakInstall,
      limitFromOutside({ watts, source = 'EMS', connector = 0, gridCritical, localGeneration }) {
        own.charging.external(source, connector, watts, localGeneration);
        o.emit({
          ...{ kind: 'limited', connector, source },
          ...(watts === undefined ? {} : { watts }),
          ...(gridCritical === undefined ? {} : { gridCritical }),
          ...(localGeneration === undefined ? {} : { localGeneration }),
        });
      },
    }),
  };
};

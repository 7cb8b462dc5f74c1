import type { Context } from '../commands/context.ts';
import type { Streams } from '../commands/streams.ts';
import type { Modelled } from '../device-model.ts';
import type { Events, Noticed } from './events.ts';
import { factoryMonitors } from './factory.ts';
import { firedBy, isPeriodic, type Monitor } from './monitor.ts';

export type MonitoringBase = 'All' | 'FactoryDefault' | 'HardWiredOnly';

/** The monitors of the station. They are looked at while something changes, and told by their periods. */
export interface Monitors {
  all(): readonly Monitor[];
  find(id: number): Monitor | undefined;
  /** One of that id is replaced. */
  set(monitor: Monitor): void;
  clear(id: number): void;
  base(base: MonitoringBase): void;
  nextId(): number;
}

/** How often values are read while a car charges, station time; at high speeds no oftener than ten times a second. */
const LOOK_MS = 1_000;
const LOOK_REAL_MS = 100;

export const monitors = (
  { hands, beside, options }: Context,
  o: { readonly model: readonly Modelled[]; readonly events: Events; readonly streams: Streams },
): Monitors => {
  const { configuration } = hands;
  const factory = factoryMonitors(o.model);
  const own = new Map<number, Monitor>(factory.map((one) => [one.id, one]));
  const periods = new Map<number, () => void>();
  const faults = new Map<number, string>();
  let given = 0;

  const transactionAt = ({ component }: Modelled): string | undefined => {
    const entry = hands.connectors.find(
      (one) => one.running !== undefined && (component.evse === undefined || component.evse.id === one.number),
    )?.running?.entry;
    return entry?.transactionId === undefined ? undefined : String(entry.transactionId);
  };
  /** What there is to tell of it; undefined while it only watches transactions and none runs. */
  const notice = (one: Monitor, trigger: Noticed['trigger'], value: string, cleared?: boolean): Noticed | undefined => {
    const transactionId = transactionAt(one.target);
    if (one.transaction && transactionId === undefined) return undefined;
    one.last = value;
    return {
      ...{ about: one.target, trigger, value, severity: one.severity, kind: one.kind, monitor: one.id },
      ...(cleared === undefined ? {} : { cleared }),
      ...(transactionId === undefined ? {} : { transactionId }),
    };
  };
  const advance = (): void => {
    for (const one of hands.connectors) one.outlet.advance(hands.now());
  };
  const look = (): void => {
    if (!configuration.on('MonitoringCtrlr.Enabled')) return;
    advance();
    const noticed = [...own.values()].flatMap((one) => {
      const value = one.target.read();
      const fired = firedBy(one, value);
      if (fired === undefined) return [];
      const told = notice(one, fired.trigger, value, fired.trigger === 'Alerting' ? fired.cleared : undefined);
      if (told === undefined) return [];
      if (fired.trigger === 'Alerting') one.beyond = !fired.cleared;
      return [told];
    });
    o.events.tell(noticed);
  };
  const period = (one: Monitor): void => {
    if (!configuration.on('MonitoringCtrlr.Enabled')) return;
    advance();
    const value = one.target.read();
    if (o.streams.push(one.id, value)) return;
    const told = notice(one, 'Periodic', value);
    if (told !== undefined) o.events.tell([told]);
  };
  /** A fault of a connector is told whatever is monitored. */
  const problem = (number: number): void => {
    const connector = hands.connectors.find((one) => one.number === number);
    const about = o.model.find(
      ({ component, variable }) =>
        component.name === 'Connector' && component.evse?.id === number && variable.name === 'Problem',
    );
    if (connector === undefined || about === undefined) return;
    const [before, now] = [faults.get(number), connector.fault];
    if (before === now) return;
    if (now === undefined) faults.delete(number);
    else faults.set(number, now);
    const techCode = now ?? before ?? '';
    o.events.tell([
      {
        ...{ about, trigger: 'Alerting', value: about.read(), severity: 1, kind: 'HardWiredNotification', techCode },
        cleared: now === undefined,
      },
    ]);
  };
  beside.watch((event) => {
    if (event.kind === 'status') problem(event.connector);
    if (event.kind === 'metered' || event.kind === 'status' || event.kind === 'stopped') look();
  });
  beside.every(Math.max(LOOK_MS, LOOK_REAL_MS * (options.speed ?? 1)), () => {
    if (hands.connectors.some((one) => one.running !== undefined)) look();
  });

  const clear = (id: number): void => {
    own.delete(id);
    periods.get(id)?.();
    periods.delete(id);
    o.streams.close(id);
  };
  return {
    all: () => [...own.values()],
    find: (id) => own.get(id),
    set(monitor) {
      clear(monitor.id);
      own.set(monitor.id, monitor);
      if (!isPeriodic(monitor)) return;
      const aligned = monitor.type === 'PeriodicClockAligned' ? 'aligned' : undefined;
      periods.set(
        monitor.id,
        beside.every(monitor.value * 1_000, () => period(monitor), aligned),
      );
    },
    clear,
    base(base) {
      configuration.set('MonitoringCtrlr.ActiveMonitoringBase', base);
      // All leaves those that were set; the others begin anew with what the factory gave (part 2, N05).
      for (const one of own.values()) {
        if (base === 'HardWiredOnly' && one.kind !== 'HardWiredMonitor') clear(one.id);
        if (base === 'FactoryDefault' && one.kind === 'CustomMonitor') clear(one.id);
      }
      if (base === 'HardWiredOnly') return;
      for (const one of factory) if (!own.has(one.id)) own.set(one.id, one);
    },
    nextId() {
      do given += 1;
      while (own.has(given));
      return given;
    },
  };
};

import { stationClock } from '../clock.ts';
import { eventSource, nextEvent } from '../events.ts';
import type { LedgerEntry } from '../ledger.ts';
import { seeded } from '../random.ts';
import type { StationOptions, VirtualStation } from '../station.ts';
import { errorText } from '../wire/frames.ts';
import { answering } from './answering.ts';
import { authorizer } from './authorization/authorizer.ts';
import { localList } from './authorization/local-list.ts';
import type { Hands } from './command.ts';
import { type Connector, idTagStatus } from './connector.ts';
import { device, withPersonality } from './device.ts';
import { driver } from './driver.ts';
import { faultsOf } from './faults.ts';
import { idleReadings } from './idle-readings.ts';
import { keeping } from './keeping.ts';
import { lineOf } from './line.ts';
import { type Item, outbox } from './outbox.ts';
import { powerOf } from './power.ts';
import { registration } from './registration.ts';
import { memoryText } from './remember.ts';
import { stamps } from './stamps.ts';
import { credentialsOf } from './security/credentials.ts';
import { states } from './states.ts';
import { type Around, begin, end, repeatStart } from './transactions.ts';
import { triggers } from './triggers.ts';
import { upkeep } from './upkeep.ts';

/** A virtual station that speaks OCPP 1.6 over JSON. */
export const station16 = (given: StationOptions): VirtualStation => {
  const options = withPersonality(given);
  const { identity, personality } = options;
  const speed = options.speed ?? 1;
  const clock = stationClock({
    speed,
    held: options.clockFrom === 'service',
    ...(options.behindMs === undefined ? {} : { behindMs: options.behindMs }),
  });
  const own = device(options, clock);
  const { connectors, configuration: settings, charging, past } = own;
  const vendor = options.vendor ?? 'Plugga';
  const serialNumber = options.serialNumber ?? identity.slice(0, 25);
  const ledger: LedgerEntry[] = [...(past?.ledger ?? [])];
  let powered = false;
  let firmwareVersion = past?.firmware ?? options.firmware ?? '1.0.0';

  const { emit, watch, once } = eventSource();
  const time = stamps({
    now: clock.now,
    atPowerUp: options.clockAtPowerUp ?? 'kept',
    form: personality?.stamp,
  });
  const ready = (): boolean => powered && line.socket.open && registered.accepted;
  const secureFrom = options.secureUrl ?? options.url.replace(/^ws:/, 'wss:');
  const urlNow = (): string => (settings.number('SecurityProfile') >= 2 ? secureFrom : options.url);

  const line = lineOf({
    options,
    url: urlNow(),
    random: seeded(options.seed ?? 1),
    emit,
    credentials: () => credentialsOf(settings, care, options.passwordAs),
    opened: () => registered.opened(),
    closed: () => registered.closed(),
    called: ({ id, action, payload }) =>
      void answer(id, action, payload).catch((error: unknown) =>
        line.say(errorText(id, 'InternalError', String(error))),
      ),
  });
  const { call, newId } = line;

  const save = (): void => {
    options.memory?.save(
      memoryText({
        registersWh: connectors.map((one) => one.outlet.rawWh()),
        ledger,
        undelivered: box.items(),
        configuration: settings.values(),
        localList: list.keep(),
        tokens: tokens.keep(),
        reservations: kept.reservations.all(),
        profiles: charging.keep(),
        certificates: care.store.keep(),
        own: care.security.keep(),
        firmware: firmwareVersion,
        inoperative: connectors.filter((one) => !one.operative).map((one) => one.number),
        key: { given: options.password ?? '', now: settings.text('AuthorizationKey') },
      }),
    );
  };
  const list = localList(
    () => ({
      enabled: settings.on('LocalAuthListEnabled'),
      most: settings.number('LocalAuthListMaxLength'),
      mostAtOnce: settings.number('SendLocalListMaxLength'),
    }),
    past?.localList,
  );
  const tokens = authorizer({
    configuration: settings,
    list,
    now: clock.now,
    online: ready,
    call,
    past: past?.tokens,
  });
  const shown = states({
    connectors,
    ready,
    now: clock.now,
    stamp: time.stamp,
    call,
    emit,
    replays: options.replaysStates === true,
  });
  const { show } = shown;
  const kept = keeping({ clock, connectors, authorizer: tokens, show, save: () => save(), past: past?.reservations });

  const acknowledged = (item: Item, payload: Record<string, unknown>): void => {
    const { entry } = item;
    tokens.learn(entry.idTag, payload['idTagInfo']);
    if (item.message.action === 'StopTransaction') emit({ kind: 'stopAnswered', entry });
    if (item.message.action !== 'StartTransaction') return;
    // Where a start stands for the stop, the id of that one is nobody's.
    if (!options.startsToStop || entry.transactionId === undefined)
      entry.transactionId = Number(payload['transactionId']);
    entry.startStatus = idTagStatus(payload);
    emit({ kind: 'startAnswered', entry, status: entry.startStatus });
    const connector = own.connector(entry.connector);
    const refused = entry.startStatus !== 'Accepted' && settings.on('StopTransactionOnInvalidId');
    if (refused && connector.running?.entry === entry) end(around, connector, { reason: 'DeAuthorized' });
  };
  const box = outbox({
    call: (message) => line.talk.call(message),
    ready,
    attempts: () => settings.number('TransactionMessageAttempts'),
    retrySeconds: () => settings.number('TransactionMessageRetryInterval'),
    newId,
    resendWith: options.resendWith ?? 'same-id',
    pipelined: options.pipelines === true,
    acknowledged,
    discarded: ({ entry, message }) => emit({ kind: 'discarded', entry, action: message.action }),
    changed: save,
  });
  const around: Around = {
    identity,
    clock,
    speed,
    configuration: settings,
    outbox: box,
    ledger,
    newId,
    emit,
    show,
    save,
    stamp: time.stamp,
    resting: kept.resting,
    advance: own.advance,
    takeReservation: kept.take,
    charging,
    stopsTwice: options.stopsTwice === true,
    freesFirst: options.freesFirst === true,
    ...(options.signedMeter === undefined ? {} : { signedMeter: options.signedMeter }),
    registerFrom: options.registerFrom ?? 'lifetime',
    startsToStop: options.startsToStop === true,
    tellsTransactions: options.tellsTransactions !== false,
  };
  const care = upkeep({
    options,
    clock,
    configuration: settings,
    serialNumber,
    stamp: time.stamp,
    ready,
    call,
    emit,
    past,
    async idle(signal) {
      while (!signal.aborted && connectors.some((one) => one.running !== undefined)) {
        await once((event) => event.kind === 'stopped', signal);
      }
    },
    async restart(version) {
      firmwareVersion = version ?? `${firmwareVersion}+`;
      const booted = once((event) => event.kind === 'booted' && event.status === 'Accepted');
      power.restart('Soft');
      await booted;
    },
    renewed() {
      save();
      if (settings.number('SecurityProfile') === 3) line.socket.move(urlNow(), 'goodbye');
    },
  });
  watch((event) => {
    if (event.kind !== 'sent' && event.kind !== 'received') return;
    // A log that goes to others holds no password.
    const text = event.text.includes('AuthorizationKey') ? '(AuthorizationKey)' : event.text;
    care.logbook.write(`${event.kind === 'sent' ? '>' : '<'} ${text}`);
  });
  const readings = idleReadings({ around, connectors, ready, call });
  const people = driver(around, {
    connectorOf: own.connector,
    authorizer: tokens,
    kept: kept.kept,
    carOnRemoteStart: options.carOnRemoteStart,
  });

  const registered = registration({
    call,
    configuration: settings,
    emit,
    boots: options.boots ?? 'always',
    about: () => ({
      chargePointSerialNumber: serialNumber,
      ...personality?.about,
      chargePointVendor: vendor,
      chargePointModel: options.model ?? 'Virtual 16',
      firmwareVersion,
    }),
    /** The states that the CSMS has not heard, then what waited. */
    inService() {
      clock.release();
      if (!time.setsLate) time.set();
      shown.resume();
      time.set();
      if (options.repeatsStarts && !fresh) for (const one of connectors) repeatStart(around, one);
      const { reopensAfterSeconds } = options;
      if (fresh && reopensAfterSeconds !== undefined)
        clock.after(reopensAfterSeconds * 1_000, () => line.socket.move(urlNow(), 'halfOpen'));
      fresh = false;
      care.notices.resume();
      box.resume();
    },
  });
  /** Not in service since it was switched on. */
  let fresh = true;

  const power = powerOf({
    own,
    around,
    kept,
    care,
    line,
    save,
    goesOn: options.afterPowerLoss === 'resume',
    switched(on) {
      powered = on;
      if (!on) {
        readings.stop();
        return registered.closed();
      }
      readings.align();
      fresh = true;
      registered.restarted();
      shown.restarted();
      time.poweredUp();
    },
  });

  const hands: Hands = {
    connectors,
    configuration: settings,
    vendor,
    now: clock.now,
    stamp: time.stamp,
    authorizer: tokens,
    localList: list,
    reservations: kept.reservations,
    charging,
    maintenance: care.maintenance,
    security: care.security,
    usable: kept.usable,
    remoteStart: people.remoteStart,
    stop: (connector: Connector, reason: string) => void end(around, connector, { reason }),
    show,
    resting: (connector) => show(connector, kept.resting(connector)),
    restart(kind) {
      care.stop();
      power.restart(kind);
    },
    trigger: triggers({ around, connectors, call, registered, shown, readings, care }),
    configured(key) {
      registered.beat();
      readings.align();
      save();
      if (!/^(authorizationkey|securityprofile)$/i.test(key)) return;
      line.socket.move(urlNow(), 'goodbye');
      care.security.event('ReconfigurationOfSecurityParameters', key);
    },
    reserved: kept.changed,
    save,
  };
  const answer = answering({ hands, personality, say: line.say, cut: () => line.socket.cut(), emit });

  for (const item of past?.undelivered ?? []) box.push(item);

  return {
    identity,
    ledger,
    get online() {
      return ready();
    },
    get undelivered() {
      return box.length;
    },
    get firmwareVersion() {
      return firmwareVersion;
    },
    get localListVersion() {
      return list.version();
    },
    watch,
    next: (kind, o) => nextEvent(watch, kind, { ...o, step: `${identity}: ${o.step ?? kind}` }),
    async start(o = {}) {
      const withinMs = o.withinMs ?? 20_000;
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
    begin: (number, idTag) => begin(around, own.connector(number), idTag),
    end: (number, how = {}) => end(around, own.connector(number), how),
    charge: people.charge,
    settled: (o = {}) => box.settled(identity, o.withinMs ?? 30_000),
    registerWh(number) {
      const connector = own.connector(number);
      connector.outlet.advance(clock.now());
      return connector.outlet.registerWh();
    },
    securityEvent: care.security.event,
    requestCertificate: care.security.request,
    call,
    close() {
      power.cut();
      kept.stop();
      box.stop();
      line.socket.close();
    },
    faults: faultsOf({
      line: line.socket,
      url: options.url,
      losing: line.losing,
      stamps: time,
      powerOff: power.cut,
      powerOn: power.on,
      say: line.say,
      reuseIds: line.reuseIds,
      breakDown: power.breakDown,
      breakInstall: care.firmware.breakInstall,
    }),
  };
};

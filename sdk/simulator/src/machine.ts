import { stationClock } from './clock.ts';
import { eventSource } from './events.ts';
import { habits } from './habits.ts';
import { faceOf } from './face.ts';
import { ticks } from './ticks.ts';
import type { LedgerEntry } from './ledger.ts';
import { seeded } from './random.ts';
import type { StationOptions, VirtualStation } from './station.ts';
import { errorText } from './wire/frames.ts';
import { answering } from './ocpp16/answering.ts';
import { authorizer } from './ocpp16/authorization/authorizer.ts';
import { localList } from './ocpp16/authorization/local-list.ts';
import { handsOf } from './ocpp16/hands.ts';
import { device, withPersonality } from './ocpp16/device.ts';
import { driver } from './ocpp16/driver.ts';
import { idleReadings } from './ocpp16/idle-readings.ts';
import { keeping } from './ocpp16/keeping.ts';
import { lineOf } from './ocpp16/line.ts';
import { outbox } from './ocpp16/outbox.ts';
import { powerOf } from './ocpp16/power.ts';
import { registration } from './ocpp16/registration.ts';
import { memoryText } from './ocpp16/remember.ts';
import { stamps } from './ocpp16/stamps.ts';
import { credentialsOf } from './ocpp16/security/credentials.ts';
import { states } from './ocpp16/states.ts';
import type { Dialect } from './dialect.ts';
import type { Around } from './ocpp16/transactions.ts';
import { waysOf } from './ocpp16/ways.ts';
import { upkeep } from './ocpp16/upkeep.ts';

/**
 * The works of a virtual station, the same for every version: connectors, meters, tokens, files, faults. What it tells is
 * worded by OCPP 1.6; the dialect puts it on the wire and answers commands.
 */
export const machine = (given: StationOptions, speaks: (given: StationOptions) => Dialect): VirtualStation => {
  const options = withPersonality(given);
  const dialect = speaks(options);
  const { identity, personality } = options;
  const speed = options.speed ?? 1;
  const clock = stationClock({
    speed,
    held: options.clockFrom === 'service',
    ...(options.behindMs === undefined ? {} : { behindMs: options.behindMs }),
  });
  const timed = ticks(clock);
  const own = device(options, clock, dialect.keys);
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
  let base = options.url;
  let secureBase = options.secureUrl;
  const secure = (): string => secureBase ?? base.replace(/^ws:/, 'wss:');
  const urlNow = (): string => (settings.number('SecurityProfile') >= 2 ? secure() : base);

  const line = lineOf({
    options,
    dialect,
    url: urlNow(),
    random: seeded(options.seed ?? 1),
    emit,
    credentials: () => credentialsOf(settings, care, options.passwordAs),
    opened: () => registered.opened(),
    closed() {
      registered.closed();
      if (!options.bootsEachTime) return;
      fresh = true;
      registered.restarted();
      shown.restarted();
    },
    called: ({ id, action, payload }) =>
      void answer(id, action, payload).catch((error: unknown) =>
        line.say(errorText(id, 'InternalError', String(error))),
      ),
  });
  const { tell: call, newId } = line;

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
    spoken: dialect.spoken,
  });
  const { show } = shown;
  const kept = keeping({
    clock,
    connectors,
    authorizer: tokens,
    show,
    save: () => save(),
    expired({ id: reservationId }) {
      if (dialect.tellsExpiry)
        care.notices.push('ReservationStatusUpdate', { reservationId, reservationUpdateStatus: 'Expired' });
    },
    past: past?.reservations,
  });

  const box = outbox({
    call: (message) => line.talk.call(message),
    ready,
    attempts: () => settings.number('TransactionMessageAttempts'),
    retrySeconds: () => settings.number('TransactionMessageRetryInterval'),
    newId,
    resendWith: options.resendWith ?? 'same-id',
    pipelined: options.pipelines === true,
    latestFirst: options.latestFirst === true,
    acknowledged: (item, payload) => tx.acknowledged(item, payload),
    payloadOf: dialect.payloadOf,
    known: dialect.known,
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
    costs(entry, cost) {
      entry.cost = cost;
      emit({ kind: 'cost', entry, ...cost });
      save();
    },
    online: ready,
    learn: tokens.learn,
    connectorOf: own.connector,
    ...waysOf(options),
  };
  const tx = dialect.transactions(around);
  const idle = async (signal?: AbortSignal): Promise<void> => {
    while (signal?.aborted !== true && connectors.some((one) => one.running !== undefined)) {
      await once((event) => event.kind === 'stopped', signal);
    }
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
    idle,
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
  const owned = habits({
    ...{ options, watch, ready, call, readings, connector: own.connector },
    now: () => time.stamp(clock.now()),
  });
  const people = driver(around, tx, {
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
      owned.inService(fresh);
      shown.resume();
      time.set();
      if (options.repeatsStarts && !fresh) for (const one of connectors) tx.repeatStart(one);
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
    tx,
    kept,
    care,
    line,
    save,
    goesOn: options.afterPowerLoss === 'resume',
    switched(on, why) {
      powered = on;
      timed.switched(on);
      if (on) dialect.starts(why);
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

  const hands = handsOf({
    ...{ own, vendor, tokens, list, kept, care, people, tx, shown, readings, registered, power, call, save },
    now: clock.now,
    stamp: time.stamp,
    whenIdle: (run) => void idle().then(() => powered && run()),
    redial: () => line.socket.move(urlNow(), 'goodbye'),
  });
  const answer = answering({
    commands: dialect.commands(hands, {
      call: line.call,
      send: (action, payload) => void line.say(JSON.stringify([6, newId(), action, payload])),
      notify: care.notices.push,
      watch,
      every: timed.every,
      present: people.present,
      online: ready,
      moveTo(url, answerMs) {
        base = url;
        secureBase = undefined;
        line.socket.move(urlNow(), 'goodbye', answerMs);
      },
      ledger,
      costs: around.costs,
      undelivered: () => box.items(),
    }),
    hands,
    personality,
    say: line.say,
    cut: () => line.socket.cut(),
    emit,
  });

  for (const item of past?.undelivered ?? []) box.push(item);

  return faceOf({
    options,
    clock,
    ledger,
    watch,
    emit,
    ready,
    own,
    tx,
    people,
    power,
    kept,
    care,
    line,
    outbox: box,
    stamps: time,
    list,
    firmware: () => firmwareVersion,
  });
};

import { randomUUID } from 'node:crypto';
import { stationClock } from '../clock.ts';
import { nextEvent, type StationEvent, type Watch } from '../events.ts';
import type { LedgerEntry } from '../ledger.ts';
import { outlet } from '../physics/outlet.ts';
import { seeded } from '../random.ts';
import type { StationOptions, VirtualStation } from '../station.ts';
import { calls } from '../wire/calls.ts';
import { errorText, readFrame, resultText } from '../wire/frames.ts';
import { socket } from '../wire/socket.ts';
import { commands, type Hands } from './commands.ts';
import { configuration } from './configuration.ts';
import { type Connector, idTagStatus, restingStatus, type Status } from './connector.ts';
import { driver } from './driver.ts';
import { type Item, outbox } from './outbox.ts';
import { memoryText, remembered } from './remember.ts';
import { registration } from './registration.ts';
import { meterValue } from './samples.ts';
import { type Around, begin, end, meter, resume } from './transactions.ts';

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
/** A virtual station that speaks OCPP 1.6 over JSON. */
export const station16 = (options: StationOptions): VirtualStation => {
  const { identity } = options;
  const random = seeded(options.seed ?? 1);
  const speed = options.speed ?? 1;
  const clock = stationClock({ speed, ...(options.behindMs === undefined ? {} : { behindMs: options.behindMs }) });
  const kept = options.memory?.load();
  const past = kept === undefined ? undefined : remembered(kept);
  const count = options.connectors ?? 1;
  const settings = configuration({
    NumberOfConnectors: String(count),
    ...options.configuration,
    ...past?.configuration,
  });
  const vendor = options.vendor ?? 'Plugga';
  const maxPowerW = options.maxPowerW ?? 11_000;
  const connectors: readonly Connector[] = range(count).map((number) => ({
    number,
    outlet: outlet({
      meterStartWh: past?.registersWh[number - 1] ?? (options.meterStartWh ?? 0) + (number - 1) * 100_000,
      maxPowerW,
      now: clock.now(),
    }),
    status: 'Available',
    operative: true,
  }));
  const ledger: LedgerEntry[] = [...(past?.ledger ?? [])];
  const listeners = new Set<Watch>();
  const losing = new Set<string>();

  let powered = false;

  const emit = (event: StationEvent): void => {
    for (const listener of [...listeners]) listener(event);
  };
  const watch = (listener: Watch): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const newId = (): string => randomUUID();
  const say = (text: string): boolean => {
    const sent = line.send(text);
    if (sent) emit({ kind: 'sent', text });
    return sent;
  };
  const talk = calls({ send: say, timeoutMs: options.callTimeoutMs ?? 30_000 });
  const call = (action: string, payload: Record<string, unknown>) => talk.call({ id: newId(), action, payload });
  const ready = (): boolean => powered && line.open && registered.accepted;

  const connectorOf = (number: number): Connector => {
    const found = connectors.find((one) => one.number === number);
    if (found === undefined) throw new Error(`${identity} has no connector ${number}`);
    return found;
  };
  const save = (): void => {
    options.memory?.save(
      memoryText({
        registersWh: connectors.map((one) => one.outlet.rawWh()),
        ledger,
        undelivered: box.items(),
        configuration: settings.values(),
      }),
    );
  };

  const tell = (connector: Connector): void => {
    if (!ready()) return;
    const { number, status } = connector;
    const timestamp = new Date(clock.now()).toISOString();
    void call('StatusNotification', { connectorId: number, errorCode: 'NoError', status, timestamp }).then((answer) => {
      if (answer.kind === 'result') connector.told = status;
    });
  };
  const show = (connector: Connector, status: Status): void => {
    if (connector.status === status) return;
    connector.status = status;
    emit({ kind: 'status', connector: connector.number, status });
    tell(connector);
  };

  const acknowledged = (item: Item, payload: Record<string, unknown>): void => {
    const { entry } = item;
    if (item.message.action === 'StopTransaction') emit({ kind: 'stopAnswered', entry });
    if (item.message.action !== 'StartTransaction') return;
    entry.transactionId = Number(payload['transactionId']);
    entry.startStatus = idTagStatus(payload);
    emit({ kind: 'startAnswered', entry, status: entry.startStatus });
    const connector = connectorOf(entry.connector);
    const refused = entry.startStatus !== 'Accepted' && settings.on('StopTransactionOnInvalidId');
    if (refused && connector.running?.entry === entry) end(around, connector, { reason: 'DeAuthorized' });
  };
  const box = outbox({
    call: (message) => talk.call(message),
    ready,
    attempts: () => settings.seconds('TransactionMessageAttempts'),
    retrySeconds: () => settings.seconds('TransactionMessageRetryInterval'),
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
  };

  const registered = registration({
    call,
    configuration: settings,
    emit,
    about: {
      chargePointVendor: vendor,
      chargePointModel: options.model ?? 'Virtual 16',
      chargePointSerialNumber: identity.slice(0, 25),
      firmwareVersion: options.firmware ?? '1.0.0',
    },
    /** The states that the CSMS has not heard, then what waited. */
    inService() {
      for (const connector of connectors) if (connector.told !== connector.status) tell(connector);
      box.resume();
    },
  });

  const line = socket({
    url: options.url,
    identity,
    protocol: 'ocpp1.6',
    password: options.password,
    backOff: options.backOff ?? { firstMs: 1_000, maxMs: 30_000 },
    random,
    opened() {
      emit({ kind: 'connected' });
      registered.opened();
    },
    closed(code, reason) {
      registered.closed();
      emit({ kind: 'disconnected', code, reason });
      talk.reset();
    },
    refused: (status) => emit({ kind: 'refused', status }),
    received(text) {
      const frame = readFrame(text);
      if (frame !== undefined && frame.type !== 2) {
        const action = talk.actionOf(frame.id);
        if (action !== undefined && losing.delete(action)) return line.cut();
      }
      emit({ kind: 'received', text });
      if (frame === undefined) return;
      if (frame.type === 2) answer(frame.id, frame.action, frame.payload);
      else talk.answered(frame);
    },
  });

  const people = driver(around, { connectorOf, ready, call, carOnRemoteStart: options.carOnRemoteStart });

  const powerOff = (): void => {
    if (!powered) return;
    powered = false;
    for (const connector of connectors) {
      connector.outlet.advance(clock.now());
      connector.outlet.deliver(false);
      for (const cancel of connector.running?.timers ?? []) cancel();
      connector.remote?.cancel();
      delete connector.remote;
    }
    save();
    registered.closed();
    line.cut('offline');
  };
  const powerOn = (o: { readonly reason: string; readonly goOn: boolean }): void => {
    powered = true;
    registered.restarted();
    for (const connector of connectors) {
      delete connector.told;
      connector.outlet.advance(clock.now());
      const open = ledger.find((entry) => entry.connector === connector.number && entry.stoppedAt === undefined);
      if (open === undefined) continue;
      const waiting = connector.running?.ended ?? [];
      resume(around, connector, open);
      connector.running?.ended.push(...waiting);
      if (!o.goOn) end(around, connector, { reason: o.reason });
    }
    line.dial();
  };

  /** A reading of a connector without a transaction: told, not queued. */
  const idleReading = ({ number, outlet }: Connector): void => {
    const at = clock.now();
    outlet.advance(at);
    const measurands = settings.list('MeterValuesSampledData');
    const value = meterValue({ outlet, measurands, at, context: 'Trigger' });
    void call('MeterValues', { connectorId: number, meterValue: [value] });
  };
  const hands: Hands = {
    connectors,
    configuration: settings,
    vendor,
    remoteStart: people.remoteStart,
    stop: (connector, reason) => void end(around, connector, { reason }),
    show,
    resting: (connector) => show(connector, restingStatus(connector)),
    restart(kind) {
      for (const connector of connectors) {
        if (connector.running !== undefined) end(around, connector, { reason: `${kind}Reset` });
      }
      powerOff();
      powerOn({ reason: 'PowerLoss', goOn: false });
    },
    trigger(message, number) {
      const chosen = connectors.filter((one) => number === undefined || one.number === number);
      if (message === 'BootNotification') void registered.boot();
      else if (message === 'Heartbeat') void call('Heartbeat', {});
      else if (message === 'StatusNotification') chosen.forEach(tell);
      else for (const one of chosen) if (!meter(around, one, 'Trigger')) idleReading(one);
    },
    configured() {
      registered.beat();
      save();
    },
  };
  const answer = (id: string, action: string, payload: Record<string, unknown>): void => {
    const command = Object.hasOwn(commands, action) ? commands[action] : undefined;
    const reply = command?.(payload, hands) ?? 'NotImplemented';
    if (typeof reply === 'string') {
      const why = reply === 'NotImplemented' ? `${action} is not known here` : 'a field is missing or wrong';
      say(errorText(id, reply, why));
      return emit({ kind: 'command', action, answer: reply });
    }
    say(resultText(id, reply.result));
    emit({ kind: 'command', action, answer: String(reply.result['status'] ?? 'Accepted') });
    reply.after?.();
  };

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
    watch,
    next: (kind, o) => nextEvent(watch, kind, { ...o, step: `${identity}: ${o.step ?? kind}` }),
    async start(o = {}) {
      const accepted = nextEvent(watch, 'booted', {
        withinMs: o.withinMs ?? 20_000,
        step: `${identity}: boot accepted`,
        where: (event) => event.status === 'Accepted',
      });
      powerOn({ reason: 'PowerLoss', goOn: options.afterPowerLoss === 'resume' });
      await accepted;
    },
    plugIn: people.plugIn,
    unplug: people.unplug,
    present: people.present,
    begin: (number, idTag) => begin(around, connectorOf(number), idTag),
    end: (number, how = {}) => end(around, connectorOf(number), how),
    charge: people.charge,
    async settled(o = {}) {
      const withinMs = o.withinMs ?? 30_000;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new Error(`stalled: ${identity} has ${box.length} undelivered messages after ${withinMs} ms`)),
          withinMs,
        );
      });
      await Promise.race([box.drained(), late]).finally(() => clearTimeout(timer));
    },
    registerWh(number) {
      const connector = connectorOf(number);
      connector.outlet.advance(clock.now());
      return connector.outlet.registerWh();
    },
    call,
    close() {
      powerOff();
      box.stop();
      line.close();
    },
    faults: {
      cutLine: () => line.cut(),
      offline: () => line.cut('offline'),
      online: () => line.dial(),
      loseAnswer: (action) => void losing.add(action),
      moveTo: (url, leave = 'goodbye') => line.move(url, leave),
      get leftOpen() {
        return line.leftOpen;
      },
      powerOff,
      powerOn: () => powerOn({ reason: 'PowerLoss', goOn: options.afterPowerLoss === 'resume' }),
      sendText: say,
    },
  };
};

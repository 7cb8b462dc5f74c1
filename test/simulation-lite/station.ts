import { type Fate, type Node, REFUSED, type Reply } from './node.ts';
import type { Random } from './random.ts';

/** One charge as the station knows it: what was given, and how much of the telling has reached us. */
export interface Charge {
  readonly connector: number;
  readonly token: string;
  readonly from: number;
  to: number;
  /** The id that the station goes by: 0 until it has one, -1 when it gave up on having one. */
  id: number;
  /** Every id that an answer has carried, arrived or not. */
  readonly ids: Set<number>;
  /** A StartTransaction was stored. */
  told: boolean;
  stop: 'none' | 'by id' | 'without id';
  /** Registers told by id. */
  highest: number;
  /** The register was set back while it charged. */
  reset: boolean;
}

interface Entry {
  readonly action: string;
  readonly payload: () => object;
  readonly charge: Charge;
  readonly heard: (reply: Reply | undefined) => void;
  readonly answered?: (reply: Reply) => void;
  tries: number;
}

interface Connector {
  readonly id: number;
  register: number;
  charge?: Charge | undefined;
  plugged: boolean;
}

/** How this station speaks, for its whole life. */
export interface Manners {
  readonly unit: 'Wh' | 'kWh' | 'none';
  readonly namesTransaction: boolean;
  readonly stopNamesToken: boolean;
  readonly statusFirst: boolean;
  readonly statusShuffled: boolean;
  readonly statusTimed: boolean;
  readonly twiceStopped: boolean;
  readonly keepsClock: boolean;
  readonly noId: number | null;
  readonly registerRestarts: boolean;
  /** How often it says a message before it gives up. */
  readonly tries: number;
}

export const manners = (random: Random): Manners => ({
  unit: random.pick(['Wh', 'kWh', 'none']),
  namesTransaction: random.chance(0.8),
  stopNamesToken: random.chance(0.6),
  statusFirst: random.chance(0.5),
  statusShuffled: random.chance(0.2),
  statusTimed: random.chance(0.8),
  twiceStopped: random.chance(0.2),
  keepsClock: random.chance(0.7),
  noId: random.pick([-1, -1, 0, null]),
  registerRestarts: random.chance(0.2),
  tries: random.pick([1, 2, 4, 4]),
});

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A virtual 1.6 station on a bad line, with a ledger of its own. It shares nothing with the engine but the wire. */
export function station(node: Node, random: Random, how: Manners, faulty: number) {
  const ledger: Charge[] = [];
  const trace: string[] = [];
  const connectors: Connector[] = [
    { id: 1, register: 1000, plugged: false },
    { id: 2, register: 700_000, plugged: false },
  ];
  let queue: Entry[] = [];
  let statuses: object[] = [];
  let online = false;
  let calm = false;
  let unseen: string | undefined;
  let clockAhead = 0;
  /** What was answered, with a time to be believed: some stations tell it again, hours later. */
  const answered: { readonly action: string; readonly payload: object; readonly heard: Entry['heard'] }[] = [];

  const clock = (): string => new Date(node.now + clockAhead).toISOString();
  const loseClock = () => {
    if (!how.keepsClock) clockAhead = random.below(1000) * SECOND - node.now;
  };

  const cut = () => {
    if (!online) return;
    online = false;
    unseen = undefined;
    node.disconnect();
  };

  /** The answer, or undefined when the line died; `heard` is told what was stored. */
  function send(action: string, payload: object, heard?: (reply: Reply | undefined) => void): Reply | undefined {
    if (unseen !== undefined) node.seen(unseen);
    unseen = undefined;
    const fault =
      calm || !random.chance(faulty)
        ? 'none'
        : random.pick(['request lost', 'answer lost', 'crash before', 'crash after', 'twice']);
    trace.push(
      `${new Date(node.now).toISOString().slice(11, 19)} ${action} ${JSON.stringify(payload)}${fault === 'none' ? '' : ` [${fault}]`}`,
    );
    if (fault === 'request lost') {
      cut();
      return undefined;
    }
    const fate: Fate =
      fault === 'crash before' ? 'crash before commit' : fault === 'crash after' ? 'crash after commit' : 'stored';
    const reply = node.call(action, payload, fate);
    if (fault === 'crash before' || fault === 'crash after') {
      online = false;
      if (fault === 'crash after') heard?.(undefined);
      return undefined;
    }
    heard?.(reply);
    if (fault === 'answer lost') {
      cut();
      return undefined;
    }
    unseen = node.lastMessage;
    if (fault === 'twice') {
      const again = node.call(action, payload);
      heard?.(again);
      unseen = node.lastMessage;
      return again;
    }
    return reply;
  }

  function drain(): void {
    while (online && queue.length > 0) {
      const entry = queue[0]!;
      const payload = entry.payload();
      const reply = send(entry.action, payload, entry.heard);
      if (reply !== undefined) {
        queue.shift();
        if (!JSON.stringify(payload).includes('"1970-')) answered.push({ ...entry, payload });
        entry.answered?.(reply);
        continue;
      }
      entry.tries += 1;
      if (entry.tries < how.tries) continue;
      queue.shift();
      if (entry.action === 'StartTransaction') entry.charge.id = -1;
    }
  }

  function drainStatuses(): void {
    if (how.statusShuffled) statuses.sort(() => random.below(3) - 1);
    while (online && statuses.length > 0) {
      const reply = send('StatusNotification', statuses[0]!);
      if (reply !== undefined) statuses.shift();
    }
  }

  function status(connector: number, word: string): void {
    const payload = {
      connectorId: connector,
      errorCode: 'NoError',
      status: word,
      ...(how.statusTimed && { timestamp: clock() }),
    };
    if (!online || !send('StatusNotification', payload)) if (how.statusTimed) statuses.push(payload);
  }

  const idOf = (charge: Charge) => (charge.id > 0 ? charge.id : how.noId);
  const reading = (register: number, time: string) => ({
    timestamp: time,
    sampledValue: [
      {
        value: how.unit === 'kWh' ? (register / 1000).toFixed(3) : String(register),
        measurand: 'Energy.Active.Import.Register',
        ...(how.unit !== 'none' && { unit: how.unit }),
      },
    ],
  });

  function start(connector: Connector): void {
    const token = random.pick(['ABCD', 'ABCD', 'WXYZ', REFUSED]);
    const charge: Charge = {
      connector: connector.id,
      token,
      from: connector.register,
      to: connector.register,
      id: 0,
      ids: new Set(),
      told: false,
      stop: 'none',
      highest: connector.register,
      reset: false,
    };
    if (random.chance(0.2) && token !== REFUSED && online) node.request(connector.id, token);
    if (!connector.plugged && random.chance(0.8)) status(connector.id, 'Preparing');
    connector.plugged = true;
    connector.charge = charge;
    ledger.push(charge);
    const payload = { connectorId: connector.id, idTag: token, meterStart: connector.register, timestamp: clock() };
    queue.push({
      action: 'StartTransaction',
      payload: () => payload,
      charge,
      tries: 0,
      heard: (reply) => {
        charge.told = true;
        if (reply !== undefined) charge.ids.add(Number(reply['transactionId']));
      },
      answered: (reply) => {
        charge.id = Number(reply['transactionId']);
      },
    });
    drain();
    if (random.chance(0.8)) status(connector.id, 'Charging');
  }

  function meter(connector: Connector): void {
    const { charge, register } = connector;
    if (charge === undefined) return;
    const time = clock();
    queue.push({
      action: 'MeterValues',
      payload: () => ({
        connectorId: connector.id,
        ...(how.namesTransaction && { transactionId: idOf(charge) ?? 0 }),
        meterValue: [reading(register, time)],
      }),
      charge,
      tries: 0,
      heard: () => {
        if (how.namesTransaction && charge.id > 0) charge.highest = Math.max(charge.highest, register);
      },
    });
    drain();
  }

  function stop(connector: Connector, reason: string): void {
    const { charge } = connector;
    if (charge === undefined) return;
    charge.to = connector.register;
    connector.charge = undefined;
    const time = clock();
    const early = random.chance(0.15);
    if (early) {
      status(connector.id, 'Available');
      connector.plugged = false;
    }
    const withData = random.chance(0.3);
    for (const why of how.twiceStopped ? [undefined, reason] : [reason]) {
      queue.push({
        action: 'StopTransaction',
        payload: () => ({
          transactionId: idOf(charge),
          meterStop: charge.to,
          timestamp: time,
          ...(why !== undefined && { reason: why }),
          ...(how.stopNamesToken && { idTag: charge.token }),
          ...(withData && { transactionData: [reading(charge.to, time)] }),
        }),
        charge,
        tries: 0,
        heard: () => {
          if (charge.stop !== 'by id') charge.stop = charge.id > 0 ? 'by id' : 'without id';
        },
      });
    }
    drain();
    if (early) return;
    if (random.chance(0.7)) status(connector.id, 'Finishing');
    if (random.chance(0.7)) unplug(connector);
  }

  function unplug(connector: Connector): void {
    if (!connector.plugged || connector.charge !== undefined) return;
    connector.plugged = false;
    status(connector.id, 'Available');
  }

  function boot(): void {
    const reply = send('BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
    if (reply !== undefined) clockAhead = 0;
  }

  function reconnect(withBoot: boolean): void {
    if (online) return;
    online = true;
    trace.push('connects');
    node.connect();
    if (withBoot || clockAhead !== 0) boot();
    if (how.statusFirst) drainStatuses();
    drain();
    drainStatuses();
  }

  function loseQueue(): void {
    queue = [];
    statuses = [];
    for (const connector of connectors) {
      if (connector.charge !== undefined) {
        connector.charge.to = connector.register;
      }
      connector.charge = undefined;
      if (how.registerRestarts) connector.register = 0;
    }
  }

  function loseMains(keepsQueue: boolean): void {
    trace.push(`power lost, queue ${keepsQueue ? 'kept' : 'lost'}`);
    cut();
    if (keepsQueue) {
      for (const connector of connectors) stop(connector, 'PowerLoss');
      loseClock();
    } else {
      loseQueue();
      loseClock();
    }
    wait(random.between(10, 600) * SECOND);
    reconnect(true);
    for (const connector of connectors) status(connector.id, connector.plugged ? 'Preparing' : 'Available');
  }

  /** Time goes on and what charges draws up to 22 kW. */
  function wait(ms: number): void {
    node.advance(node.now + ms);
    for (const connector of connectors) {
      if (connector.charge === undefined) continue;
      connector.register += random.between(0, Math.floor((22_000 * ms) / 3_600_000));
      connector.charge.to = connector.register;
    }
  }

  function step(): void {
    wait(random.pick([SECOND, 20 * SECOND, MINUTE, MINUTE, 5 * MINUTE, 20 * MINUTE]));
    const connector = random.pick(connectors);
    const roll = random.below(100);
    if (roll < 20 && !online) reconnect(random.chance(0.3));
    else if (roll < 60 && connector.charge !== undefined) meter(connector);
    else if (roll < 75) {
      if (connector.charge === undefined) start(connector);
      else stop(connector, 'Local');
    } else if (roll < 82) unplug(connector);
    else if (roll < 86) cut();
    else if (roll < 89) loseMains(random.chance(0.5));
    else if (roll < 92) status(0, 'Available');
    else if (roll < 94 && connector.charge !== undefined)
      status(connector.id, random.pick(['SuspendedEV', 'Charging']));
    else if (roll < 95 && online) node.call('Heartbeat', {});
    else if (roll < 97 && online && answered.length > 0) tellAgain();
    else if (roll < 98 && connector.charge !== undefined) {
      trace.push(`the register of ${connector.id} is set back`);
      connector.register = 0;
      connector.charge.reset = true;
    } else if (!online) reconnect(false);
  }

  function tellAgain(): void {
    const { action, payload, heard } = random.pick(answered);
    send(action, payload, action === 'StartTransaction' ? heard : undefined);
  }

  return {
    ledger,
    trace,
    step,
    /** Faults end, everything that is kept is told, everybody leaves. */
    calmDown: () => {
      calm = true;
      reconnect(true);
      for (let n = 0; n < 3; n += 1) {
        drain();
        drainStatuses();
      }
      for (const connector of connectors) {
        wait(MINUTE);
        stop(connector, 'Local');
        connector.plugged = false;
        status(connector.id, 'Available');
      }
      node.advance(node.now + 90 * SECOND);
      for (const connector of connectors) status(connector.id, 'Available');
      node.advance(node.now + 14 * 3_600_000);
    },
  };
}

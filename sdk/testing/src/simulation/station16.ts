import type { Chance } from './chance.ts';
import type { Faults } from './faults.ts';
import type { Charge, Ledger, Message } from './ledger.ts';
import type { Plug, PlugListener } from './line.ts';
import { manners, type Unit } from './manners.ts';
import { type Entry, outbox, type Reply } from './outbox.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';

/** A virtual station as the world moves it; 1.6 is one kind. */
export interface VirtualStation extends Ledger {
  readonly pongs: boolean;
  readonly said: number;
  /** Something happens there. */
  step(): void;
  /** Faults are over: it says what it still has, ends what charges and everybody leaves. */
  calm(): void;
  /** Says once more how its connectors are, now that nothing waits. */
  tellStates(): void;
  /** Nothing is left to be said. */
  readonly quiet: boolean;
  /** A frame of the node, seen on the wire. */
  answerLeft(socket: number, text: string): void;
  leave(): void;
  come(): void;
}

export interface StationWorld {
  readonly time: Timeline;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly trace: Trace;
  /** Opens a socket; undefined when nobody lets it in. */
  dial(identity: string, listener: PlugListener): Promise<Plug | undefined>;
}

interface Connector {
  readonly id: number;
  register: number;
  charge: Charge | undefined;
  plugged: boolean;
  movedAt: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** How long until something happens again at a station. */
const PACE = [SECOND, 5 * SECOND, 10 * SECOND, 20 * SECOND, MINUTE];
export const TOKENS = { own: ['ABCD01', 'WXYZ02'], refused: 'BLOCKED3', roaming: 'ROAM0004' } as const;
const POISON = 'POISON';
const HEARTBEAT_MS = 300 * SECOND;
const COMMON_MA = 22_000;

/** A virtual 1.6 station, with a ledger of its own. */
export function station16(world: StationWorld, identity: string): VirtualStation {
  const { time, chance, faults, trace } = world;
  const how = manners(chance);
  const charges: Charge[] = [];
  const messages: Message[] = [];
  const connectors: Connector[] = [1, 2].map((id) => ({
    id,
    register: chance.pick([0, 1_000, 700_000]) + chance.below(1_000),
    charge: undefined,
    plugged: false,
    movedAt: time.now,
  }));
  let unit: Unit = chance.pick(['Wh', 'kWh', 'none']);
  let firmware = 1;
  let plug: Plug | undefined;
  let dialling = false;
  let wanted = true;
  let powered = true;
  let calm = false;
  let clockAhead = 0;
  let said = 0;
  /** What was answered, with a time to be believed: some stations tell it again, hours later. */
  const told: Entry[] = [];

  const rare = (share = 1): boolean => !calm && faults.active && chance.of(faults.rates.world * share);
  const clock = (): string => new Date(Math.round(time.now + clockAhead)).toISOString();

  const out = outbox({
    chance,
    manners: how,
    after: (ms, run) => time.after(ms, run),
    gaveUpLine: () => plug?.close(),
  });

  // ---- the line ----

  const dial = (): void => {
    if (dialling || !powered || !wanted) return;
    dialling = true;
    let mine: Plug | undefined;
    void world
      .dial(identity, {
        message: (text) => {
          if (mine !== undefined && mine === plug) heard(text);
        },
        closed: () => {
          if (mine === undefined || mine !== plug) return;
          plug = undefined;
          out.line(undefined);
          time.after(chance.between(1, calm ? 3 : 40) * SECOND, dial);
        },
      })
      .then((opened) => {
        dialling = false;
        mine = opened;
        if (opened === undefined || !opened.open) {
          time.after(chance.between(2, calm ? 5 : 60) * SECOND, dial);
          return;
        }
        if (!powered) return opened.vanish();
        plug = opened;
        if (bootDue || clockAhead !== 0) out.first = boot();
        out.line({
          id: opened.id,
          send: (text) => {
            said += 1;
            opened.send(text);
          },
        });
      });
  };

  const heard = (text: string): void => {
    const frame = JSON.parse(text) as [number, string, ...unknown[]];
    if (frame[0] === 2) return obey(frame[1], frame[2] as string, frame[3] as Reply);
    out.heard(frame[1], frame[0] === 3 ? 'result' : 'error', frame[2] as Reply);
  };

  // ---- what it says ----

  let bootDue = true;
  const boot = (): Entry => ({
    of: 'state',
    action: 'BootNotification',
    payload: () => ({ chargePointVendor: 'V', chargePointModel: 'M', firmwareVersion: `1.${firmware}` }),
    answered: (reply) => {
      bootDue = false;
      clockAhead = Date.parse(String(reply['currentTime'])) - time.now;
      if (Math.abs(clockAhead) < SECOND) clockAhead = 0;
    },
    kept: true,
    tries: 0,
  });

  const status = (connector: number, word: string): void => {
    const payload = {
      connectorId: connector,
      errorCode: 'NoError',
      status: word,
      ...(how.statusTimed && { timestamp: clock() }),
    };
    if (plug === undefined && !how.statusTimed) return;
    out.say({ of: 'state', action: 'StatusNotification', payload: () => payload, kept: how.statusTimed, tries: 0 });
  };

  const poisoned = (): boolean => !calm && faults.active && chance.of(faults.rates.poison);
  /** An entry that is written down: what was sent, and what was acknowledged. */
  const noted = (entry: Entry): Entry => ({
    ...entry,
    sent: (payload, id) => {
      const content = JSON.stringify({ ...payload, transactionId: undefined });
      messages.push({ id, action: entry.action, content, acknowledged: false });
      entry.sent?.(payload, id);
    },
    stored: (reply, payload, id) => {
      const message = messages.findLast((it) => it.id === id);
      if (message !== undefined) message.acknowledged = true;
      entry.stored?.(reply, payload, id);
    },
  });

  const idOf = (charge: Charge) => (charge.id > 0 ? charge.id : how.noId);
  const reading = (register: number, at: string, poison = false) => ({
    timestamp: at,
    sampledValue: [
      {
        value: unit === 'kWh' ? (register / 1000).toFixed(3) : String(register),
        measurand: 'Energy.Active.Import.Register',
        ...(unit !== 'none' && { unit }),
        ...(poison && { context: POISON }),
      },
    ],
  });

  const giveUpId = (charge: Charge): void => {
    if (charge.id > 0) return;
    faults.happened('FI-22 no id');
    charge.id = -1;
  };

  const start = (connector: Connector, token: string): void => {
    move(connector);
    const charge: Charge = {
      connector: connector.id,
      token,
      from: connector.register,
      to: connector.register,
      ...{ id: 0, ids: new Set<number>(), start: 'no', stopById: 'no', stopWithoutId: 'no' },
      ...{ over: false, highest: connector.register, reset: false, poisoned: false, told: [] },
    };
    if (!connector.plugged && chance.of(0.8)) status(connector.id, 'Preparing');
    connector.plugged = true;
    connector.charge = charge;
    charges.push(charge);
    const payload = { connectorId: connector.id, idTag: token, meterStart: connector.register, timestamp: clock() };
    const entry = noted({
      of: 'transaction',
      action: 'StartTransaction',
      payload: () => payload,
      sent: (_, id) => {
        charge.told.push(id);
        if (charge.start === 'no') charge.start = 'sent';
      },
      stored: (reply) => {
        charge.start = 'stored';
        charge.ids.add(Number(reply['transactionId']));
      },
      answered: (reply) => {
        charge.id = Number(reply['transactionId']);
        remember(entry);
      },
      gaveUp: () => giveUpId(charge),
      kept: true,
      tries: 0,
    });
    if (rare(0.5)) {
      faults.happened('FI-20 start lost');
      giveUpId(charge);
    } else out.say(entry);
    if (chance.of(0.8)) status(connector.id, 'Charging');
  };

  const meter = (connector: Connector): void => {
    const { charge } = connector;
    if (charge === undefined) return;
    move(connector);
    const { register } = connector;
    const poison = poisoned();
    const value = reading(register, clock(), poison);
    const entry = noted({
      of: 'transaction',
      action: 'MeterValues',
      payload: () => ({
        connectorId: connector.id,
        ...(how.namesTransaction && { transactionId: idOf(charge) ?? 0 }),
        meterValue: [value],
      }),
      stored: (_, payload) => {
        if (poison) faults.happened('FI-25 poison');
        const named = Number((payload as { readonly transactionId?: number }).transactionId ?? 0);
        if (named > 0 && !poison) charge.highest = Math.max(charge.highest, register);
      },
      kept: true,
      tries: 0,
    });
    out.say(entry);
  };

  const stop = (connector: Connector, reason: string): void => {
    const { charge } = connector;
    if (charge === undefined) return;
    move(connector);
    charge.over = true;
    connector.charge = undefined;
    const at = clock();
    const poison = poisoned();
    const early = chance.of(0.15);
    if (early) {
      status(connector.id, 'Available');
      connector.plugged = false;
    }
    const data = chance.of(0.3) ? [reading(charge.to, at)] : undefined;
    for (const why of how.twiceStopped ? [undefined, reason] : [reason]) {
      const entry = noted({
        of: 'transaction',
        action: 'StopTransaction',
        payload: () => ({
          transactionId: idOf(charge),
          meterStop: charge.to,
          timestamp: at,
          ...(why !== undefined && { reason: poison ? POISON : why }),
          ...(how.stopNamesToken && { idTag: charge.token }),
          ...(data !== undefined && { transactionData: data }),
        }),
        sent: (payload, id) => {
          charge.told.push(id);
          if (named(payload) && charge.stopById === 'no') charge.stopById = 'sent';
          if (!named(payload) && charge.stopWithoutId === 'no') charge.stopWithoutId = 'sent';
        },
        stored: (_, payload) => {
          if (poison && why !== undefined) {
            faults.happened('FI-25 poison');
            charge.poisoned = true;
          }
          if (named(payload)) charge.stopById = 'stored';
          else charge.stopWithoutId = 'stored';
        },
        answered: () => remember(entry),
        kept: true,
        tries: 0,
      });
      out.say(entry);
    }
    if (early) return;
    if (chance.of(0.7)) status(connector.id, 'Finishing');
    if (chance.of(0.7)) unplug(connector);
  };
  const named = (payload: object): boolean => Number((payload as { transactionId?: number }).transactionId ?? 0) > 0;

  const remember = (entry: Entry): void => {
    if (!JSON.stringify(entry.payload()).includes('"1970-')) told.push(entry);
  };

  const unplug = (connector: Connector): void => {
    if (!connector.plugged || connector.charge !== undefined) return;
    connector.plugged = false;
    status(connector.id, 'Available');
  };

  /** What charges draws up to 22 kW. */
  const move = (connector: Connector): void => {
    const ms = time.now - connector.movedAt;
    connector.movedAt = time.now;
    if (connector.charge === undefined) return;
    connector.register += chance.between(0, Math.floor((COMMON_MA * ms) / 3_600_000));
    connector.charge.to = connector.register;
  };

  // ---- what it is told ----

  const obey = (id: string, action: string, payload: Reply): void => {
    if (how.obeys === 'never' && !calm) return;
    const answer = (reply: object): void => {
      const to = plug;
      const say = (): void => void (to === plug && to?.send(JSON.stringify([3, id, reply])));
      if (how.obeys === 'late' && !calm) time.after(chance.between(1, 40) * SECOND, say);
      else say();
    };
    switch (action) {
      case 'RemoteStartTransaction': {
        const free = connectors.find(
          (it) => it.charge === undefined && (payload['connectorId'] === undefined || payload['connectorId'] === it.id),
        );
        answer({ status: free === undefined ? 'Rejected' : 'Accepted' });
        if (free !== undefined) time.after(chance.between(1, 30) * SECOND, () => begin(free, String(payload['idTag'])));
        return;
      }
      case 'RemoteStopTransaction': {
        const it = connectors.find(({ charge }) => charge !== undefined && charge.id === payload['transactionId']);
        answer({ status: it === undefined ? 'Rejected' : 'Accepted' });
        if (it !== undefined) time.after(SECOND, () => stop(it, 'Remote'));
        return;
      }
      case 'Reset':
        answer({ status: 'Accepted' });
        time.after(2 * SECOND, () => losePower(true));
        return;
      case 'TriggerMessage':
        answer({ status: 'Accepted' });
        if (payload['requestedMessage'] === 'BootNotification') out.say({ ...boot(), kept: false });
        return;
      case 'UnlockConnector':
        return answer({ status: 'Unlocked' });
      default:
        return void plug?.send(JSON.stringify([4, id, 'NotSupported', '', {}]));
    }
  };

  const begin = (connector: Connector, token: string): void => {
    if (powered && connector.charge === undefined && !calm) start(connector, token);
  };

  // ---- what happens to it ----

  const losePower = (keepsQueue: boolean): void => {
    if (!powered || calm) return;
    trace.say(identity, `power lost, queue ${keepsQueue ? 'kept' : 'lost'}`);
    faults.happened(keepsQueue ? 'FI-19 reboot, queue kept' : 'FI-19 reboot, queue lost');
    powered = false;
    plug?.vanish();
    plug = undefined;
    out.line(undefined);
    out.rebooted();
    for (const connector of connectors) {
      if (keepsQueue) stop(connector, 'PowerLoss');
      else {
        move(connector);
        if (connector.charge !== undefined) connector.charge.over = true;
        connector.charge = undefined;
        if (how.registerRestarts) connector.register = 0;
      }
    }
    if (!keepsQueue) out.forget(() => true);
    if (!how.keepsClock) clockAhead = chance.below(1000) * SECOND - time.now;
    time.after(chance.between(10, 600) * SECOND, power);
  };

  const power = (): void => {
    if (powered) return;
    powered = true;
    bootDue = true;
    dial();
    for (const connector of connectors) status(connector.id, connector.plugged ? 'Preparing' : 'Available');
  };

  const changeRegister = (connector: Connector): void => {
    if (connector.charge === undefined) return;
    move(connector);
    faults.happened('FI-21 register');
    const { register } = connector;
    connector.register = chance.pick([0, Math.floor(register / 2), register + 3_000_000]);
    trace.say(identity, `the register of ${connector.id} goes from ${register} to ${connector.register}`);
    connector.charge.reset = true;
    connector.charge.to = connector.register;
  };

  const changeUnit = (): void => {
    faults.happened('FI-23 units');
    // A unit that is not said cannot be known to have changed.
    unit = unit === 'kWh' ? 'Wh' : 'kWh';
    firmware += 1;
    trace.say(identity, `firmware 1.${firmware} tells ${unit}`);
    bootDue = true;
    plug?.close();
  };

  const tellAgain = (): void => {
    if (told.length === 0) return;
    const entry = chance.pick(told);
    trace.say(identity, `tells ${entry.action} again`);
    out.say({ ...entry, payload: entry.payload, answered: () => undefined, tries: 0 });
  };

  const takeOver = (): void => {
    if (plug === undefined) return;
    faults.happened('FI-18 take-over');
    trace.say(identity, 'opens another socket');
    plug = undefined;
    out.line(undefined);
    dial();
  };

  const step = (): void => {
    if (calm || !powered) return;
    if (rare()) return losePower(chance.of(0.5));
    const connector = chance.pick(connectors);
    if (rare()) return changeRegister(connector);
    if (rare(0.5) && unit !== 'none') return changeUnit();
    if (rare()) return takeOver();
    if (rare(0.5)) return void plug?.stopReading(chance.between(5, 60) * SECOND);
    const roll = chance.below(100);
    if (roll < 45 && connector.charge !== undefined) meter(connector);
    else if (roll < 70) {
      if (connector.charge === undefined)
        start(connector, chance.pick([...TOKENS.own, ...TOKENS.own, TOKENS.refused, TOKENS.roaming]));
      else stop(connector, 'Local');
    } else if (roll < 78) unplug(connector);
    else if (roll < 81) status(0, 'Available');
    else if (roll < 85 && connector.charge !== undefined)
      status(connector.id, chance.pick(['SuspendedEV', 'Charging']));
    else if (roll < 87) out.say({ of: 'state', action: 'Heartbeat', payload: () => ({}), kept: false, tries: 0 });
    else if (roll < 90) tellAgain();
    else if (roll < 93 && connector.charge === undefined)
      out.say({
        of: 'state',
        action: 'Authorize',
        payload: () => ({ idTag: TOKENS.own[0] }),
        kept: false,
        tries: 0,
      });
    else if (roll < 95) plug?.close();
  };

  const beat = (): void => {
    if (plug !== undefined && out.idle)
      out.say({ of: 'state', action: 'Heartbeat', payload: () => ({}), kept: false, tries: 0 });
    time.after(HEARTBEAT_MS, beat);
  };
  const again = (): void => {
    if (calm) return;
    step();
    time.after(chance.pick(PACE), again);
  };
  time.after(chance.below(30 * SECOND), () => {
    dial();
    again();
    beat();
  });

  return {
    identity,
    charges,
    messages,
    pongs: how.pongs,
    get said() {
      return said;
    },
    step,
    calm: () => {
      calm = true;
      power();
      dial();
      for (const connector of connectors) {
        stop(connector, 'Local');
        connector.plugged = true;
        unplug(connector);
      }
    },
    tellStates: () => {
      for (const { id } of connectors) status(id, 'Available');
    },
    get quiet() {
      return out.idle && plug !== undefined;
    },
    answerLeft: (socket, text) => {
      const frame = JSON.parse(text) as [number, string, Reply];
      if (frame[0] === 3) out.answerLeft(socket, frame[1], frame[2]);
    },
    leave: () => {
      wanted = false;
      plug?.close();
    },
    come: () => {
      wanted = true;
      dial();
    },
  };
}

import { body as bodyOf, type Connector } from './body.ts';
import type { Chance } from './chance.ts';
import type { Protocol, Telling } from './dialect.ts';
import { dialects } from './dialects.ts';
import type { Faults } from './faults.ts';
import { TOKENS } from './furnish.ts';
import { type Ask, holeIn, type Ledger } from './ledger.ts';
import type { Plug, PlugListener } from './line.ts';
import { type Make, mannersOf, type MixedMake, type OddAnswer } from './make.ts';
import { type Manners, manners } from './manners.ts';
import { outbox, type Reply } from './outbox.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';

/** A virtual station as the world moves it, of whatever version. */
export interface VirtualStation extends Ledger {
  readonly protocol: Protocol;
  readonly pongs: boolean;
  readonly dropsOnPing: boolean;
  readonly said: number;
  /** From now on things happen there, as its seed has it. */
  live(): void;
  /** Faults are over: it says what it still has. */
  calm(): void;
  /** Ends what charges, and everybody unplugs. */
  part(): void;
  /** Says once more how its connectors are, now that nothing waits. */
  tellStates(): void;
  /** Nothing is left to be said. */
  readonly quiet: boolean;
  /** A frame of the node, seen on the wire. */
  answerLeft(socket: number, text: string): void;
  leave(): void;
  come(): void;
  /** For a story that is told by hand. */
  readonly hands: Hands;
}

export interface Hands extends Pick<Telling, 'authorize' | 'heartbeat' | 'again'> {
  plug(connector: 1 | 2): void;
  start(connector: 1 | 2, token: string): void;
  meter(connector: 1 | 2): void;
  /** A reading that it cannot keep: nobody hears of it. */
  loseReading(connector: 1 | 2): void;
  stop(connector: 1 | 2): void;
  unplug(connector: 1 | 2): void;
  losePower(queue: 'kept' | 'lost'): void;
  takeOver(): void;
}

export interface StationWorld {
  readonly time: Timeline;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly manners?: Manners;
  readonly protocol: Protocol;
  /** None: it has no deviations. */
  readonly mixed?: MixedMake | undefined;
  /** Opens a socket; undefined when nobody lets it in. */
  dial(identity: string, listener: PlugListener): Promise<Plug | undefined>;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** How long until something happens again at a station. */
const PACE = [SECOND, 5 * SECOND, 10 * SECOND, 20 * SECOND, MINUTE];
const HEARTBEAT_MS = 5 * MINUTE;

/** A make is met where it differs: its units, and what it says beside the register, are not left to the seed. */
const mannersAs = (mixed: MixedMake, drawn: Manners): Manners => ({
  ...drawn,
  ...{ unit: 'Wh', readsAll: true, stopsOtherwise: false, numbersNone: false },
  ...(mixed.asked !== undefined && { obeys: 'well' as const }),
  ...mannersOf(mixed),
});

/** A CALL as that make writes it, and what can be read from it. */
function written(make: Make | undefined, o: { readonly id: string; readonly action: string; readonly payload: Reply }) {
  const { id, action } = o;
  const payload = make?.sends?.[action]?.(o.payload) ?? o.payload;
  const frame = JSON.stringify([2, id, action, payload]);
  if (make?.text === undefined) return { text: frame, payload };
  const text = make.text(frame, action);
  const [, transactionId] = /"transactionId":(-?\d+)/.exec(text) ?? [];
  return { text, payload: { ...payload, transactionId: transactionId && Number(transactionId) } };
}

/** A virtual station, with a ledger of its own. */
export function virtualStation(world: StationWorld, identity: string): VirtualStation {
  const { time, chance, faults, trace } = world;
  const { mixed, protocol } = world;
  const make = mixed?.make;
  const dialect = dialects[protocol];
  const drawn = (): Manners => ({ ...manners(chance), ...dialect.manners(chance.fork('manners')) });
  const how = mixed === undefined ? (world.manners ?? drawn()) : mannersAs(mixed, drawn());
  const body = bodyOf(time, chance, {
    ...{ registerWh: mixed?.registerWh, unit: how.unit, stamp: make?.stamp },
  });
  const configuration: Record<string, string> = { ...dialect.configuration, ...make?.configuration };
  const { connectors } = body;
  let plug: Plug | undefined;
  let dialling = false;
  let wanted = true;
  let powered = true;
  let calm = false;
  let bootDue = true;
  let said = 0;
  const asks: Ask[] = [];

  const out = outbox({
    chance,
    manners: how,
    after: (ms, run) => time.after(ms, run),
    write: (id, action, payload) => written(make, { id, action, payload: payload as Reply }),
    gaveUpLine: () => plug?.close(),
  });
  const tell = dialect.telling({
    ...{ body, out, chance, faults, how, now: () => time.now },
    ...(make?.about === undefined ? {} : { about: make.about }),
    isOnline: () => plug !== undefined,
    isCalm: () => calm,
  });
  const boot = () => tell.boot(() => (bootDue = false));
  const obeys = dialect.obeying({
    ...{ body, chance, tell, out, make, configuration, boot },
    isIdle: () => powered && !calm,
    after: (ms, run) => void time.after(ms, run),
    restart: () => losePower(true),
  });
  const at = (id: number): Connector => connectors[id - 1]!;

  // ---- the line ----

  const dial = (): void => {
    if (dialling || !powered || !wanted || plug !== undefined) return;
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
        if (how.boots !== 'asked' && (bootDue || how.bootsEachTime === true || body.clockAhead !== 0))
          out.first = boot();
        out.line({
          id: opened.id,
          send: (text) => {
            said += 1;
            opened.send(text);
          },
        });
        if (how.repeatsStarts === true) tell.startsAgain();
        const { reopensAfterSeconds } = how;
        if (reopensAfterSeconds !== undefined && !calm)
          time.after(reopensAfterSeconds * SECOND, () => void (plug === opened && !calm && takeOver()));
      });
  };

  const heard = (text: string): void => {
    const frame = JSON.parse(text) as [number, string, ...unknown[]];
    if (frame[0] === 2) return obey(frame[1], frame[2] as string, frame[3] as Reply);
    out.heard(frame[1], frame[0] === 3 ? 'result' : 'error', frame[2] as Reply);
  };

  /** Nobody asks about what is whole. */
  const asked = (transaction: string): void => {
    const own = body.charges.filter(({ ids }) => ids.has(transaction));
    asks.push({ transaction, at: time.now, inVain: own.every((it) => holeIn(it) === 'none') });
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
    const odd = make?.answers?.[action]?.(payload, {
      ...{ configuration, charging: connectors.some(({ charge }) => charge !== undefined) },
    });
    if (odd !== undefined) return answerOddly(id, odd, answer);
    if (!obeys(action, payload, answer)) plug?.send(JSON.stringify([4, id, 'NotSupported', '', {}]));
  };

  const answerOddly = (id: string, odd: Exclude<OddAnswer, undefined>, answer: (reply: object) => void): void => {
    if (odd === 'silence') return;
    if (odd === 'drop') return losePower(true);
    if ('result' in odd) return answer(odd.result);
    plug?.send('text' in odd ? odd.text(id) : JSON.stringify([4, id, odd.error, odd.why, {}]));
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
      if (keepsQueue) tell.powerLost(connector);
      else {
        body.move(connector);
        if (connector.charge !== undefined) connector.charge.over = true;
        connector.charge = undefined;
        if (how.registerRestarts) connector.register = 0;
      }
    }
    if (!keepsQueue) {
      out.forget(() => true);
      tell.memoryLost();
    }
    if (!how.keepsClock) loseClock();
    time.after(chance.between(10, 600) * SECOND, power);
  };

  const loseClock = (): void => {
    const { clockAtPowerUp = '1970' } = how;
    body.unset = true;
    body.clockAhead = clockAtPowerUp === '1970' ? chance.below(1000) * SECOND - time.now : clockAtPowerUp;
  };

  const power = (): void => {
    if (powered) return;
    powered = true;
    bootDue = true;
    dial();
    for (const connector of connectors) {
      tell.status(connector.id, connector.plugged ? 'Preparing' : 'Available');
      tell.resumed(connector);
    }
  };

  const changeRegister = (connector: Connector): void => {
    if (connector.charge === undefined) return;
    body.move(connector);
    faults.happened('FI-21 register');
    const { register } = connector;
    connector.register = chance.pick([0, Math.floor(register / 2), register + 3_000_000]);
    trace.say(identity, `the register of ${connector.id} goes from ${register} to ${connector.register}`);
    connector.charge.reset = true;
    connector.charge.to = connector.register;
  };

  const changeUnit = (): void => {
    // A unit that is not said cannot be known to have changed.
    if (body.unit === 'none' || how.unit !== undefined) return;
    faults.happened('FI-23 units');
    body.unit = body.unit === 'kWh' ? 'Wh' : 'kWh';
    body.firmware += 1;
    trace.say(identity, `firmware 1.${body.firmware} tells ${body.unit}`);
    bootDue = true;
    plug?.close();
  };

  const takeOver = (): void => {
    if (plug === undefined) return;
    faults.happened('FI-18 take-over');
    trace.say(identity, 'opens another socket');
    plug = undefined;
    out.line(undefined);
    dial();
  };

  const rare = (share = 1): boolean => faults.active && chance.of(faults.rates.world * share);

  const step = (): void => {
    if (!powered) return;
    if (rare()) return losePower(chance.of(0.5));
    const connector = chance.pick(connectors);
    const charges = connector.charge !== undefined;
    if (rare()) return changeRegister(connector);
    if (rare(0.5)) return changeUnit();
    if (rare()) return takeOver();
    if (rare(0.5)) return void plug?.stopReading(chance.between(5, 60) * SECOND);
    const roll = chance.below(100);
    if (roll < 45 && charges) tell.meter(connector);
    else if (roll < 70) {
      if (charges) tell.stop(connector, 'Local');
      else startSomething(connector);
    } else if (roll < 78) tell.unplug(connector);
    else if (roll < 81) tell.status(0, 'Available');
    else if (roll < 85 && charges) tell.status(connector.id, chance.pick(['SuspendedEV', 'Charging']));
    else if (roll < 87) tell.heartbeat();
    else if (roll < 90) tellAgain();
    else if (roll < 93 && !charges) tell.authorize(TOKENS.own[0]);
    else if (roll < 95) plug?.close();
    else if (!charges) tell.meter(connector);
  };

  const startSomething = (connector: Connector): void => {
    const forgotten = rare(0.5);
    if (forgotten) faults.happened('FI-20 start lost');
    const token = chance.pick([...TOKENS.own, ...TOKENS.own, TOKENS.refused, TOKENS.roaming]);
    tell.start(connector, token, { forgotten });
  };

  const tellAgain = (): void => {
    const action = tell.again();
    if (action !== undefined) trace.say(identity, `tells ${action} again`);
  };

  const beat = (): void => {
    if (plug !== undefined && out.idle) tell.heartbeat();
    time.after(HEARTBEAT_MS, beat);
  };

  const goOn = (): void => {
    if (calm) return;
    step();
    time.after(chance.pick(PACE), goOn);
  };

  return {
    ...{ identity, protocol, mixed },
    charges: body.charges,
    messages: body.messages,
    asks,
    pongs: how.pongs,
    dropsOnPing: how.dropsOnPing === true,
    get said() {
      return said;
    },
    live: () =>
      void time.after(chance.below(30 * SECOND), () => {
        if (how.clockAtPowerUp !== undefined) loseClock();
        dial();
        goOn();
        beat();
      }),
    calm: () => {
      calm = true;
      power();
      dial();
      tell.heartbeat();
    },
    part: () => {
      for (const connector of connectors) {
        tell.stop(connector, 'Local');
        connector.plugged = true;
        tell.unplug(connector);
      }
    },
    tellStates: () => {
      for (const { id } of connectors) tell.status(id, 'Available');
    },
    get quiet() {
      return out.idle && plug !== undefined;
    },
    answerLeft: (socket, text) => {
      const frame = JSON.parse(text) as [number, string, Reply | string, Reply?];
      if (frame[0] === 3) out.answerLeft(socket, frame[1], frame[2] as Reply);
      else if (frame[2] === 'GetTransactionStatus') asked(String(frame[3]?.['transactionId']));
    },
    leave: () => {
      wanted = false;
      plug?.close();
    },
    come: () => {
      wanted = true;
      dial();
    },
    hands: {
      authorize: tell.authorize,
      heartbeat: tell.heartbeat,
      again: tell.again,
      plug: (connector) => tell.plug(at(connector)),
      start: (connector, token) => tell.start(at(connector), token),
      meter: (connector) => tell.meter(at(connector)),
      loseReading: (connector) => tell.meter(at(connector), 'untold'),
      stop: (connector) => tell.stop(at(connector), 'Local'),
      unplug: (connector) => tell.unplug(at(connector)),
      losePower: (queue) => losePower(queue === 'kept'),
      takeOver,
    },
  };
}

import type { Connector } from './body.ts';
import type { Protocol, Telling, TellingWorld } from './dialect.ts';
import { type Charge, holeIn, newCharge, noting } from './ledger.ts';
import type { Reply } from './outbox.ts';
import { retelling } from './retelling.ts';
import { POISON } from './telling16.ts';

type Payload = Readonly<Record<string, unknown>>;

/** One TransactionEvent, as it happens. */
interface Event {
  readonly type: 'Started' | 'Updated' | 'Ended';
  readonly trigger: string;
  readonly info?: Payload;
  readonly token?: string;
  /** The context of a reading that it brings. */
  readonly reads?: 'Transaction.Begin' | 'Sample.Periodic' | 'Transaction.End';
  /** The EVSE is not chosen yet. */
  readonly nowhere?: boolean;
  readonly untold?: boolean;
  /** Another register than where the charge ended. */
  readonly wh?: number;
}

/** What a make measures beside its register. */
const CURRENTS = ['L1', 'L2', 'L3'].map((phase) => ({
  ...{ measurand: 'Current.Import', phase, value: 16 },
  unitOfMeasure: { unit: 'A' },
}));
const BESIDE = [
  ...CURRENTS,
  { measurand: 'Power.Active.Import', value: 11_040, unitOfMeasure: { unit: 'W' } },
  { measurand: 'Frequency', value: 49.98 },
];
const STATES: Readonly<Record<string, string>> = { Available: 'Available', Preparing: 'Occupied' };
const CHARGING = new Set(['Charging', 'SuspendedEV', 'SuspendedEVSE']);
const STOPS: Readonly<Record<string, string>> = {
  Local: 'StopAuthorized',
  Remote: 'RemoteStop',
  PowerLoss: 'AbnormalCondition',
};
const SECOND = 1_000;
const DIGITS = '0123456789abcdef';

/** What a station of 2.0.1 or 2.1 says: events of transactions that it has numbered itself, in order or not. */
export function telling2x(protocol: Protocol, o: TellingWorld): Telling {
  const { body, out, chance, faults, how } = o;
  const { told, starts, again, startsAgain } = retelling(o);
  const noted = noting(body.messages);
  const numbers = new Map<Charge, number>();
  let numbered = 0;
  /** How many transactions it has numbered since it lost its memory. */
  let counted = 0;

  const poisoned = (): boolean => !o.isCalm() && faults.active && chance.of(faults.rates.poison);
  const newId = (): string =>
    how.countsTransactions === true
      ? String((counted += 1))
      : Array.from({ length: 32 }, () => chance.pick([...DIGITS])).join('');
  /** From 0 in each transaction, or on and on. */
  const numberOf = (charge: Charge): number => {
    const n = numbers.get(charge) ?? (how.numbersOn === true ? numbered : 0);
    numbers.set(charge, n + 1);
    numbered = Math.max(numbered, n + 1);
    return n;
  };

  const setClock = (reply: Reply): void => {
    body.unset = false;
    body.clockAhead = Date.parse(String(reply['currentTime'])) - o.now();
    if (Math.abs(body.clockAhead) < SECOND) body.clockAhead = 0;
  };

  const register = (wh: number): Payload => {
    if (body.unit === 'none') return { value: wh };
    if (body.unit === 'Wh') return { value: wh, unitOfMeasure: { unit: 'Wh' } };
    const unitOfMeasure = how.multiplies === true ? { unit: 'Wh', multiplier: 3 } : { unit: 'kWh' };
    return { value: wh / 1_000, unitOfMeasure };
  };
  const reading = (wh: number, at: string, context: string) => ({
    timestamp: at,
    sampledValue: [
      { ...register(wh), measurand: 'Energy.Active.Import.Register', context },
      ...(how.readsAll === true ? BESIDE : []),
    ],
  });
  const readings = (wh: number, at: string, context: string): object => {
    const own = reading(wh, at, context);
    const also = context === 'Transaction.End' && chance.of(0.3);
    return { meterValue: also ? [reading(wh, at, 'Sample.Periodic'), own] : [own] };
  };

  /** Whether this event names the EVSE: the first one that knows it must, the others may. */
  const names = (charge: Charge, { nowhere = false }: Event): boolean =>
    !nowhere && (how.namesEvse !== 'once' || !named.has(charge));
  const named = new Set<Charge>();

  const tell = (connector: Connector, charge: Charge, event: Event): void => {
    const { type, trigger, info, token, reads, untold = false, wh = charge.to } = event;
    const number = numberOf(charge);
    const isFirstStop = type === 'Ended' && wh === charge.to && charge.firstStop === 'no';
    const at = body.clock();
    const poison = type !== 'Started' && reads !== undefined && poisoned();
    const context = poison && type === 'Updated' ? POISON : reads;
    const isPlaced = names(charge, event);
    if (isPlaced) named.add(charge);
    const payload = {
      ...{ eventType: type, timestamp: at, triggerReason: trigger, seqNo: how.numbersNone === true ? 0 : number },
      ...(!o.isOnline() && { offline: true }),
      transactionInfo: {
        transactionId: charge.id,
        ...info,
        ...(poison && type === 'Ended' && { stoppedReason: POISON }),
      },
      ...(isPlaced && { evse: { id: connector.id, connectorId: 1 } }),
      ...(token !== undefined && { idToken: { idToken: token, type: 'ISO14443' } }),
      ...(context !== undefined && readings(wh, at, context)),
    };
    charge.events.set(number, 'no');
    const isTrusted = !body.unset;
    const entry = noted({
      ...{ of: 'transaction', action: 'TransactionEvent', transaction: charge.id!, payload: () => payload },
      sent: (said, message) => {
        charge.told.push(message);
        charge.seqNos.set(number, (said as { readonly seqNo: number }).seqNo);
        if (charge.events.get(number) === 'no') charge.events.set(number, 'sent');
        if (token !== undefined && charge.shown === 'no') charge.shown = 'sent';
        if (isFirstStop && charge.firstStop === 'no') charge.firstStop = 'sent';
        if (type === 'Started' && charge.start === 'no') charge.start = 'sent';
        if (type === 'Ended' && charge.stopById === 'no') charge.stopById = 'sent';
      },
      stored: () => {
        if (poison) {
          faults.happened('FI-25 poison');
          charge.poisoned ||= type === 'Ended';
          return;
        }
        charge.events.set(number, 'stored');
        const hole = holeIn(charge);
        if (hole === 'sure') charge.holeAt ??= o.now();
        else if (hole === 'none') delete charge.holeAt;
        if (token !== undefined) charge.shown = 'stored';
        if (isFirstStop) charge.firstStop = 'stored';
        charge.heard = true;
        charge.placed ||= isPlaced;
        if (type === 'Started') charge.start = 'stored';
        else if (type === 'Ended') charge.stopById = 'stored';
        else if (reads !== undefined) charge.highest = Math.max(charge.highest, wh);
      },
      answered: () => {
        if (!isTrusted) return;
        told.push(entry);
        if (type === 'Started' && !charge.over) starts.set(charge, entry);
      },
      gaveUp: () => faults.happened('FI-24 event lost'),
      kept: true,
      tries: 0,
    });
    if (!untold) out.say(entry);
    else if (type !== 'Started') faults.happened('FI-24 event lost');
  };

  /** A charge whose token was shown before, with or after its first event, and whose EVSE is known by then or not. */
  const begin = (
    connector: Connector,
    charge: Charge,
    o2: { readonly forgotten: boolean; readonly remoteStartId: number | undefined },
  ) => {
    const { forgotten, remoteStartId } = o2;
    const { token } = charge;
    const shown =
      how.showsToken ?? chance.pick(remoteStartId === undefined ? ['before', 'at', 'after'] : ['at', 'after']);
    const nowhere = chance.of(how.lateEvse ?? 0);
    const remote = remoteStartId !== undefined && { remoteStartId };
    const cause = remoteStartId === undefined ? 'Authorized' : 'RemoteStart';
    if (shown === 'before' && remoteStartId === undefined) self.authorize(token);
    const first = { type: 'Started', reads: 'Transaction.Begin', untold: forgotten, nowhere } as const;
    if (shown === 'after') {
      tell(connector, charge, { ...first, trigger: 'CablePluggedIn', info: { chargingState: 'EVConnected' } });
      const info = { chargingState: 'EVConnected', ...remote };
      tell(connector, charge, { type: 'Updated', trigger: cause, token, info });
      return;
    }
    const trigger = shown === 'before' && remoteStartId === undefined ? 'CablePluggedIn' : cause;
    tell(connector, charge, { ...first, trigger, token, info: { chargingState: 'EVConnected', ...remote } });
    if (nowhere) tell(connector, charge, { type: 'Updated', trigger: 'CablePluggedIn', info: {} });
  };

  const state = (connector: Connector, charge: Charge, chargingState: string, trigger = 'ChargingStateChanged'): void =>
    tell(connector, charge, { type: 'Updated', trigger, info: { chargingState } });

  const self: Telling = {
    boot: (done) => ({
      of: 'state',
      action: 'BootNotification',
      payload: () => ({
        reason: 'PowerUp',
        chargingStation: {
          vendorName: o.about?.['chargePointVendor'] ?? 'V',
          model: o.about?.['chargePointModel'] ?? 'M',
          firmwareVersion: o.about?.['firmwareVersion'] ?? `1.${body.firmware}`,
        },
      }),
      answered: (reply) => {
        done();
        setClock(reply);
      },
      kept: true,
      tries: 0,
    }),

    heartbeat: () =>
      out.say({
        ...{ of: 'state', action: 'Heartbeat', payload: () => ({}), kept: o.isCalm(), tries: 0 },
        // When faults are over everybody knows what time it is.
        answered: (reply) => {
          if (o.isCalm()) setClock(reply);
        },
      }),

    authorize: (idToken) => {
      const payload = { idToken: { idToken, type: 'ISO14443' } };
      const kept = how.replaysTokens === true;
      out.say({ of: 'state', action: 'Authorize', payload: () => payload, kept, tries: 0 });
    },

    status: (evseId, word) => {
      const { charge } = body.connectors[evseId - 1] ?? {};
      if (charge !== undefined && CHARGING.has(word)) return state(body.connectors[evseId - 1]!, charge, word);
      const connectorStatus = STATES[word];
      if (connectorStatus === undefined || (!o.isOnline() && !how.statusTimed)) return;
      if (evseId === 0 && how.tellsStation !== true) return;
      const where = { evseId, connectorId: Math.min(1, evseId) };
      const payload = { ...(how.statusTimed && { timestamp: body.clock() }), connectorStatus, ...where };
      out.say({ of: 'state', action: 'StatusNotification', payload: () => payload, kept: how.statusTimed, tries: 0 });
    },

    plug: (connector) => {
      if (connector.plugged) return;
      connector.plugged = true;
      self.status(connector.id, 'Preparing');
    },

    start: (connector, token, { forgotten = false, asked } = {}) => {
      body.move(connector);
      if (how.registerFrom === 'session') connector.register = 0;
      const charge = newCharge({ connector: connector.id, token, from: connector.register });
      charge.id = newId();
      charge.ids.add(charge.id);
      if (!body.unset) charge.startedAt = Date.parse(body.clock());
      if (asked !== undefined) charge.asked = { ...asked, isTimed: !body.unset };
      if (chance.of(0.8)) self.plug(connector);
      connector.plugged = true;
      connector.charge = charge;
      body.charges.push(charge);
      begin(connector, charge, { forgotten, remoteStartId: asked?.remoteStartId });
      if (chance.of(0.8)) state(connector, charge, 'Charging');
    },

    meter: (connector, kept) => {
      const { charge, register: before } = connector;
      body.move(connector);
      if (how.tellsReadings === false) return;
      // What the EVSE counts is told on the hour, whoever charges there.
      const isOnTheHour = charge === undefined || (kept !== 'untold' && chance.of(0.15));
      if (isOnTheHour || how.metersBeside === true) {
        const value = reading(charge === undefined ? before : connector.register, body.clock(), 'Sample.Clock');
        const payload = { evseId: connector.id, meterValue: [value] };
        out.say(noted({ of: 'transaction', action: 'MeterValues', payload: () => payload, kept: true, tries: 0 }));
      }
      if (isOnTheHour) return;
      const info = { chargingState: 'Charging' };
      const untold = kept === 'untold' || (!o.isOnline() && !o.isCalm() && chance.of(how.dropsReadings ?? 0));
      const event = { type: 'Updated', trigger: 'MeterValuePeriodic', info, reads: 'Sample.Periodic' } as const;
      tell(connector, charge, { ...event, untold });
    },

    stop: (connector, reason) => {
      const { charge } = connector;
      if (charge === undefined) return;
      body.move(connector);
      charge.over = true;
      connector.charge = undefined;
      starts.delete(charge);
      if (how.forgetsStops === true && !o.isOnline()) return;
      const early = how.freesFirst === true || chance.of(0.15);
      if (early) {
        connector.plugged = false;
        self.status(connector.id, 'Available');
      }
      const chargingState = early ? 'Idle' : 'EVConnected';
      const trigger = early ? 'EVCommunicationLost' : (STOPS[reason] ?? 'AbnormalCondition');
      if (how.twiceStopped && how.stopsOtherwise === true) charge.secondTo = Math.floor((charge.from + charge.to) / 2);
      for (const stoppedReason of how.twiceStopped ? [undefined, reason] : [reason])
        tell(connector, charge, {
          ...{ type: 'Ended', trigger, reads: 'Transaction.End' },
          ...(how.twiceStopped && stoppedReason !== undefined && { wh: charge.secondTo ?? charge.to }),
          info: { chargingState, ...(stoppedReason !== undefined && { stoppedReason }) },
          ...(how.stopNamesToken && reason === 'Local' && { token: charge.token }),
        });
      if (early) return;
      if (chance.of(0.1)) state(connector, charge, 'Idle', 'EVCommunicationLost');
      if (chance.of(0.7)) self.unplug(connector);
    },

    powerLost: (connector) => {
      if (how.resumes !== true) return self.stop(connector, 'PowerLoss');
      body.move(connector);
    },

    memoryLost: () => {
      // Where nobody believes the clock, one charge of that id cannot be told from the next.
      if (counted === 0 || !how.keepsClock || faults.rates.clock) return;
      faults.happened('FI-26 ids again');
      counted = 0;
      numbered = 0;
    },

    resumed: (connector) => {
      connector.movedAt = o.now();
      const { charge } = connector;
      if (charge !== undefined)
        state(connector, charge, 'Charging', protocol === 'ocpp2.1' ? 'TxResumed' : 'ChargingStateChanged');
    },

    unplug: (connector) => {
      if (!connector.plugged || connector.charge !== undefined) return;
      connector.plugged = false;
      self.status(connector.id, 'Available');
    },

    startsAgain,
    again,
  };
  return self;
}

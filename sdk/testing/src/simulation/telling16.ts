import type { Connector } from './body.ts';
import type { Telling, TellingWorld } from './dialect.ts';
import { type Charge, newCharge, noting } from './ledger.ts';
import type { Entry, Reply } from './outbox.ts';
import { retelling } from './retelling.ts';

/** What a make measures beside its register. */
const CURRENTS = ['L1', 'L2', 'L3'].map((phase) => ({ measurand: 'Current.Import', phase, value: '16.0', unit: 'A' }));
const BESIDE = [
  ...CURRENTS,
  { measurand: 'Power.Active.Import', value: '11040', unit: 'W' },
  { measurand: 'Frequency', value: '49.98' },
];

/** The database of the seeds refuses it. */
export const POISON = 'POISON';
const SECOND = 1_000;

/** What a station of 1.6 says. */
export function telling16(o: TellingWorld): Telling {
  const { body, out, chance, faults, how } = o;
  const { told, starts, again, startsAgain } = retelling(o);

  const poisoned = (): boolean => !o.isCalm() && faults.active && chance.of(faults.rates.poison);
  const idOf = (charge: Charge) => (charge.id === undefined ? how.noId : Number(charge.id));
  const isNamed = (payload: object): boolean => {
    const id = Number((payload as { transactionId?: number }).transactionId ?? 0);
    return id > 0 && id < 2 ** 31;
  };

  const noted = noting(body.messages);

  const reading = (register: number, at: string, poison = false) => ({
    timestamp: at,
    sampledValue: [
      {
        value: body.unit === 'kWh' ? (register / 1000).toFixed(3) : String(register),
        measurand: 'Energy.Active.Import.Register',
        ...(body.unit !== 'none' && { unit: body.unit }),
        ...(poison && { context: POISON }),
      },
      ...(how.readsAll === true ? BESIDE : []),
    ],
  });

  const giveUpId = (charge: Charge): void => {
    if (charge.id === undefined) faults.happened('FI-22 no id');
  };

  const setClock = (reply: Reply): void => {
    body.unset = false;
    body.clockAhead = Date.parse(String(reply['currentTime'])) - o.now();
    if (Math.abs(body.clockAhead) < SECOND) body.clockAhead = 0;
  };

  /** No stop: a start of the same token with nothing on its register, and the connector is free. */
  const startToStop = (connector: Connector, charge: Charge): void => {
    const payload = { connectorId: connector.id, idTag: charge.token, meterStart: 0, timestamp: body.clock() };
    const entry: Entry = {
      ...{ of: 'transaction', action: 'StartTransaction', kept: true, tries: 0, payload: () => payload },
      sent: (_, message) => void charge.told.push(message),
    };
    out.say(noted(entry));
    self.unplug(connector);
  };

  const self: Telling = {
    boot: (done) => ({
      of: 'state',
      action: 'BootNotification',
      payload: () => ({
        ...{ chargePointVendor: 'V', chargePointModel: 'M', firmwareVersion: `1.${body.firmware}` },
        ...o.about,
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

    authorize: (idTag) =>
      out.say({ of: 'state', action: 'Authorize', payload: () => ({ idTag }), kept: false, tries: 0 }),

    status: (connectorId, word) => {
      const time = how.statusTimed && { timestamp: body.clock() };
      const payload = { connectorId, errorCode: 'NoError', status: word, ...time };
      if (!o.isOnline() && !how.statusTimed) return;
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
      const { id, register } = connector;
      const charge = newCharge({ connector: id, token, from: register });
      charge.placed = true;
      if (asked !== undefined) charge.asked = { ...asked, isTimed: !body.unset };
      if (chance.of(0.8)) self.plug(connector);
      connector.plugged = true;
      connector.charge = charge;
      body.charges.push(charge);
      const payload = { connectorId: id, idTag: token, meterStart: register, timestamp: body.clock() };
      const isTrusted = !body.unset;
      const entry = noted({
        of: 'transaction',
        action: 'StartTransaction',
        payload: () => payload,
        sent: (_, message) => {
          charge.told.push(message);
          if (charge.start === 'no') charge.start = 'sent';
        },
        stored: (reply) => {
          charge.start = 'stored';
          charge.shown = 'stored';
          charge.ids.add(String(reply['transactionId']));
          charge.heard = true;
        },
        answered: (reply) => {
          charge.id = String(reply['transactionId']);
          if (!isTrusted) return;
          told.push(entry);
          starts.set(charge, entry);
        },
        gaveUp: () => giveUpId(charge),
        kept: true,
        tries: 0,
      });
      if (how.tellsTransactions !== false) {
        if (forgotten) giveUpId(charge);
        else out.say(entry);
      }
      if (chance.of(0.8) || how.tellsTransactions === false) self.status(id, 'Charging');
    },

    meter: (connector, kept) => {
      const { charge, id } = connector;
      if (charge === undefined) return;
      body.move(connector);
      if (kept === 'untold') return;
      const { register } = connector;
      const poison = poisoned();
      const value = reading(register, body.clock(), poison);
      out.say(
        noted({
          of: 'transaction',
          action: 'MeterValues',
          payload: () => ({
            connectorId: id,
            ...(how.namesTransaction && how.tellsTransactions !== false && { transactionId: idOf(charge) ?? 0 }),
            meterValue: [value],
          }),
          stored: (_, payload) => {
            if (poison) faults.happened('FI-25 poison');
            else if (isNamed(payload)) charge.highest = Math.max(charge.highest, register);
          },
          kept: true,
          tries: 0,
        }),
      );
    },

    stop: (connector, reason) => {
      const { charge } = connector;
      if (charge === undefined) return;
      body.move(connector);
      charge.over = true;
      connector.charge = undefined;
      starts.delete(charge);
      if (how.tellsTransactions === false) return self.unplug(connector);
      if (how.startsToStop === true) return startToStop(connector, charge);
      const at = body.clock();
      const isTrusted = !body.unset;
      const poison = poisoned();
      const early = how.freesFirst === true || chance.of(0.15);
      if (early) {
        self.status(connector.id, 'Available');
        connector.plugged = false;
      }
      const data = chance.of(0.3) ? [reading(charge.to, at)] : undefined;
      if (how.twiceStopped && how.stopsOtherwise === true) charge.secondTo = Math.floor((charge.from + charge.to) / 2);
      for (const why of how.twiceStopped ? [undefined, reason] : [reason]) {
        const isFirst = !how.twiceStopped || why === undefined;
        const entry = noted({
          of: 'transaction',
          action: 'StopTransaction',
          payload: () => ({
            transactionId: idOf(charge),
            // Of one that names nobody nobody would know that it is the second.
            meterStop: isFirst || charge.id === undefined ? charge.to : (charge.secondTo ?? charge.to),
            timestamp: at,
            ...(why !== undefined && { reason: poison ? POISON : why }),
            ...(how.stopNamesToken && { idTag: charge.token }),
            ...(data !== undefined && { transactionData: data }),
          }),
          sent: (payload, message) => {
            charge.told.push(message);
            const key = isNamed(payload) ? 'stopById' : 'stopWithoutId';
            if (charge[key] === 'no') charge[key] = 'sent';
            if (isFirst && charge.firstStop === 'no') charge.firstStop = 'sent';
          },
          stored: (_, payload) => {
            if (poison && why !== undefined) {
              faults.happened('FI-25 poison');
              charge.poisoned = true;
            }
            charge[isNamed(payload) ? 'stopById' : 'stopWithoutId'] = 'stored';
            if (isFirst && isNamed(payload)) charge.firstStop = 'stored';
          },
          answered: () => void (isTrusted && told.push(entry)),
          kept: true,
          tries: 0,
        });
        out.say(entry);
      }
      if (early) return;
      if (chance.of(0.7)) self.status(connector.id, 'Finishing');
      if (chance.of(0.7)) self.unplug(connector);
    },

    powerLost: (connector) => self.stop(connector, 'PowerLoss'),

    memoryLost: () => undefined,

    resumed: () => undefined,

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

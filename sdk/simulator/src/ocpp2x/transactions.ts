import { randomUUID } from 'node:crypto';
import type { Beginning, Transactions } from '../dialect.ts';
import type { LedgerEntry } from '../ledger.ts';
import type { Connector, Running } from '../ocpp16/connector.ts';
import type { Item } from '../ocpp16/outbox.ts';
import type { Around } from '../ocpp16/transactions.ts';
import type { End } from '../station.ts';
import { limitReached, type TransactionLimit } from './limits.ts';
import { readings } from './readings.ts';
import { stopWords } from './stop-words.ts';
import type { Speech } from './speech.ts';
import { costing } from './tariffs/costing.ts';
import type { Tariffs } from './tariffs/tariffs.ts';
import { telling } from './telling.ts';

type Given = Readonly<Record<string, unknown>>;

const plugPoints = ['EVConnected', 'ParkingBayOccupancy'];

/** Transactions as OCPP 2.x tells them: TransactionEvent, numbered by the station, begun and ended where its settings say. */
export const transactions2x = (around: Around, speech: Speech, tariffs: Tariffs): Transactions => {
  const { configuration, clock } = around;
  const startsAt = (points: readonly string[]): boolean =>
    configuration.list('TxCtrlr.TxStartPoint').some((point) => points.includes(point));
  const stopsAtPlugOnly = (): boolean => {
    const points = configuration.list('TxCtrlr.TxStopPoint');
    return points.length > 0 && points.every((point) => plugPoints.includes(point));
  };

  const { sampled, signedAt, tell, firstOf, forget } = telling(around, speech);
  const limits = new Map<LedgerEntry, TransactionLimit>();

  const costs = costing(around, tariffs, speech.evseKind);
  const { reckon, runningCost, begun, meter, run, ended } = readings({ around, speech, costs, sampled, tell });
  tariffs.watch((transactionId, tariff) => {
    const entry = around.ledger.find((one) => one.transactionId === transactionId);
    if (entry === undefined || entry.stoppedAt !== undefined) return;
    const at = clock.now();
    around.advance(at);
    reckon(around.connectorOf(entry.connector), entry, at);
    costs.change(entry, tariff);
    tell(entry, { type: 'Updated', trigger: 'TariffChanged', at, costDetails: runningCost(entry) });
  });

  const opened = (connector: Connector, idTag: string, at: number): LedgerEntry => {
    around.advance(at);
    if (around.registerFrom === 'session') connector.outlet.restart();
    const entry: LedgerEntry = {
      identity: around.identity,
      number: around.ledger.length + 1,
      connector: connector.number,
      idTag,
      transactionId: randomUUID(),
      meterStartWh: connector.outlet.registerWh(),
      startedAt: at,
      messages: [],
    };
    costs.assign(entry, at);
    around.ledger.push(entry);
    connector.open = entry;
    return entry;
  };
  const start = (connector: Connector, entry: LedgerEntry, trigger: string, at: number, o: Given): void => {
    const { idTag, ...info } = o;
    const token = typeof idTag === 'string' ? idTag : undefined;
    const values = [
      ...sampled(connector, 'SampledDataCtrlr.TxStartedMeasurands', at, 'Transaction.Begin'),
      ...(around.signsAtEnd ? [] : signedAt(entry, 'begin', at, entry.meterStartWh)),
    ];
    begun(connector, entry, at);
    const reservationId = token === undefined ? undefined : around.takeReservation(connector, token);
    tell(entry, { type: 'Started', trigger, at, info, idTag: token, values, as: 'StartTransaction', reservationId });
  };
  const remoteInfo = (how: Beginning): Given =>
    how.remoteStartId === undefined ? {} : { remoteStartId: how.remoteStartId };

  /** Whether what is offered has changed by more than LimitChangeSignificance, in percent. */
  const rateChanged = ({ offeredW }: Running, now: number): boolean =>
    offeredW !== undefined &&
    Math.abs(now - offeredW) * 100 > offeredW * configuration.number('SmartChargingCtrlr.LimitChangeSignificance');
  const look = (connector: Connector): void => {
    const { running, outlet } = connector;
    if (running === undefined) return;
    const now = clock.now();
    outlet.advance(now);
    const { entry, visit } = running;
    const wh = outlet.registerWh() - entry.meterStartWh;
    const full = (outlet.soc() ?? 1) >= 1;
    const before = connector.status;
    reckon(connector, entry, now);
    const after = full || outlet.waits() ? 'SuspendedEV' : outlet.offeredW() <= 0 ? 'SuspendedEVSE' : 'Charging';
    around.show(connector, after);
    if (before !== after) {
      tell(entry, { type: 'Updated', trigger: 'ChargingStateChanged', at: now, info: { chargingState: after } });
    } else if (after === 'Charging' && rateChanged(running, outlet.offeredW())) {
      tell(entry, { type: 'Updated', trigger: 'ChargingRateChanged', at: now, info: { chargingState: after } });
    }
    running.offeredW = outlet.offeredW();
    const seconds = (now - entry.startedAt) / 1_000;
    const reached = limitReached(limits.get(entry) ?? {}, {
      ...{ wh, seconds, soc: outlet.soc() ?? 0, costs: (most) => costs.reaches(entry, most) },
    });
    if (reached !== undefined) return void end(connector, { reason: reached });
    if (visit === undefined) return;
    const enough = visit.wh !== undefined && wh >= visit.wh;
    const late = visit.ms !== undefined && now - entry.startedAt >= visit.ms;
    if (enough || late || (full && visit.ms === undefined)) end(connector, { reason: 'Local', idTag: entry.idTag });
  };
  const deliver = (connector: Connector, entry: LedgerEntry): void => {
    const running: Running = { entry, timers: new Set(), collected: [], ended: [] };
    connector.running = running;
    connector.outlet.deliver(true);
    running.offeredW = connector.outlet.offeredW();
    run(connector, running, () => look(connector));
  };

  const begin: Transactions['begin'] = (connector, idTag, how = {}) => {
    if (connector.running !== undefined)
      throw new Error(`connector ${connector.number} of ${around.identity} is already charging`);
    const at = clock.now();
    around.advance(at);
    const waiting = connector.open?.stoppedAt === undefined ? connector.open : undefined;
    const cause = how.remote === true ? 'RemoteStart' : 'Authorized';
    const entry = waiting ?? opened(connector, idTag, at);
    if (waiting === undefined) {
      const chargingState = startsAt(['Authorized', ...plugPoints]) ? 'EVConnected' : 'Charging';
      // What made it begin is what came last (part 2, E03 and E02).
      const trigger = how.plugged === true && !startsAt(['Authorized']) ? 'CablePluggedIn' : cause;
      start(connector, entry, trigger, at, { chargingState, idTag, ...remoteInfo(how) });
      if (chargingState === 'EVConnected') state(entry, 'Charging', at);
    } else {
      const known = entry.idTag !== '';
      entry.idTag = idTag;
      if (!known) costs.assign(entry, at);
      reckon(connector, entry, at);
      const trigger = known ? 'CablePluggedIn' : cause;
      const info = { chargingState: 'EVConnected', ...(known ? {} : remoteInfo(how)) };
      tell(entry, { type: 'Updated', trigger, at, info, ...(known ? {} : { idTag }) });
      state(entry, 'Charging', at);
    }
    deliver(connector, entry);
    around.emit({ kind: 'started', entry });
    around.show(connector, 'Charging');
    around.save();
    return entry;
  };
  const state = (entry: LedgerEntry, chargingState: string, at: number): void =>
    tell(entry, { type: 'Updated', trigger: 'ChargingStateChanged', at, info: { chargingState } });

  /** The last event, as the station tells it: once, twice or never. */
  const close = (entry: LedgerEntry, how: End, at: number, words: { trigger: string; stopped: string }): void => {
    const connector = around.connectorOf(entry.connector);
    delete connector.open;
    forget(entry);
    limits.delete(entry);
    const costDetails = costs.details(entry, true);
    costs.forget(entry);
    if (how.withheld || !around.tellsTransactions || (speech.forgetsStops && !around.online())) {
      entry.stopWithheld = true;
      return;
    }
    const wh = entry.meterStopWh ?? entry.meterStartWh;
    const values = [
      ...ended(connector, entry, at),
      ...(around.signsAtEnd ? signedAt(entry, 'begin', entry.startedAt, entry.meterStartWh) : []),
      ...signedAt(entry, 'end', at, wh),
    ];
    const chargingState = connector.outlet.vehicle() === undefined ? 'Idle' : 'EVConnected';
    const told = (stoppedReason: string | undefined): void =>
      tell(entry, {
        type: 'Ended',
        trigger: words.trigger,
        at,
        info: { chargingState, ...(stoppedReason === undefined ? {} : { stoppedReason }) },
        idTag: how.idTag,
        values,
        as: 'StopTransaction',
        claimedId: how.claimedId,
        costDetails,
      });
    told(words.stopped);
    if (how.twice ?? around.stopsTwice) told(undefined);
  };
  const end: Transactions['end'] = (connector, how) => {
    const { running, outlet } = connector;
    const idle = connector.open?.stoppedAt === undefined ? connector.open : undefined;
    if (running === undefined && idle !== undefined) {
      const { trigger, stopped } = stopWords(how.reason ?? 'Local');
      giveUp(connector, trigger, stopped);
      return idle;
    }
    if (running === undefined) throw new Error(`connector ${connector.number} of ${around.identity} is not charging`);
    const { entry } = running;
    const at = clock.now();
    around.advance(at);
    reckon(connector, entry, at);
    outlet.deliver(false);
    for (const cancel of running.timers) cancel();
    delete connector.running;
    entry.meterStopWh = outlet.registerWh();
    entry.stoppedAt = at;
    entry.reason = how.reason ?? 'Local';
    const words = stopWords(entry.reason);
    const later = stopsAtPlugOnly() && outlet.vehicle() !== undefined && entry.reason !== 'EVDisconnected';
    const finish = (): void => {
      if (!later || how.withheld) return close(entry, how, at, words);
      tell(entry, {
        type: 'Updated',
        trigger: words.trigger,
        at,
        info: { chargingState: 'EVConnected' },
        idTag: how.idTag,
      });
    };
    if (!around.freesFirst) finish();
    around.charging.transactionEnded(connector.number);
    around.emit({ kind: 'stopped', entry });
    if (connector.scheduled !== undefined) {
      connector.operative = connector.scheduled === 'Operative';
      delete connector.scheduled;
    }
    const after = outlet.vehicle() === undefined ? around.resting(connector) : 'Finishing';
    around.show(connector, around.freesFirst ? 'Available' : after);
    if (!connector.operative) around.show(connector, 'Unavailable');
    if (around.freesFirst) finish();
    around.save();
    for (const told of running.ended) told(entry);
    return entry;
  };
  /** A transaction with nothing to deliver ends: nobody plugged, or nobody held a token to the reader. */
  const giveUp = (connector: Connector, trigger: string, stopped: string): void => {
    const entry = connector.open;
    if (entry === undefined || connector.running !== undefined) return;
    const at = clock.now();
    if (entry.stoppedAt === undefined) {
      entry.meterStopWh = connector.outlet.registerWh();
      entry.stoppedAt = at;
      entry.reason = stopped;
    }
    reckon(connector, entry, at);
    close(entry, {}, at, { trigger, stopped });
    around.save();
  };

  return {
    begin,
    end,
    meter,
    resume(connector, entry) {
      connector.open = entry;
      if (entry.idTag !== '') deliver(connector, entry);
    },
    repeatStart(connector) {
      const { running } = connector;
      const first = running === undefined ? undefined : firstOf(running.entry);
      if (running === undefined || first === undefined) return;
      const message = { ...running.entry.messages[0]!, id: around.newId(), acknowledged: false };
      running.entry.messages.push(message);
      around.outbox.push({ message, entry: running.entry, payload: first, attempts: 0 });
    },
    expected(connector, idTag, how) {
      if (!startsAt(['Authorized'])) return;
      const at = clock.now();
      const entry = opened(connector, idTag, at);
      const trigger = how.remote === true ? 'RemoteStart' : 'Authorized';
      start(connector, entry, trigger, at, { chargingState: 'Idle', idTag, ...remoteInfo(how) });
    },
    abandoned: (connector) => giveUp(connector, 'EVConnectTimeout', 'Timeout'),
    plugged(connector) {
      if (connector.open !== undefined || connector.running !== undefined || !startsAt(plugPoints)) return;
      const at = clock.now();
      start(connector, opened(connector, '', at), 'CablePluggedIn', at, { chargingState: 'EVConnected' });
    },
    unplugged: (connector) => giveUp(connector, 'EVCommunicationLost', 'EVDisconnected'),
    acknowledged({ entry, message }: Item, payload) {
      const info = speech.tokenInfo(payload['idTokenInfo']);
      if (info !== undefined) around.learn(entry.idTag, info);
      if (message.as === 'StopTransaction') around.emit({ kind: 'stopAnswered', entry });
      const status = String(info?.['status'] ?? 'Accepted');
      if (message.as === 'StartTransaction') {
        entry.startStatus = status;
        around.emit({ kind: 'startAnswered', entry, status });
      }
      const { totalCost } = payload;
      if (typeof totalCost === 'number')
        around.costs(entry, { total: totalCost, final: message.as === 'StopTransaction' });
      const connector = around.connectorOf(entry.connector);
      const limit = speech.limitOf(payload);
      if (limit !== undefined && entry.stoppedAt === undefined) {
        limits.set(entry, limit);
        const info = { transactionLimit: limit };
        tell(entry, { type: 'Updated', trigger: 'LimitSet', at: clock.now(), info });
      }
      const refused = status !== 'Accepted' && configuration.on('TxCtrlr.StopTxOnInvalidId');
      if (refused && connector.running?.entry === entry) end(connector, { reason: 'DeAuthorized' });
    },
  };
};

import type { StationClock } from '../clock.ts';
import type { Transactions } from '../dialect.ts';
import type { StationEvent } from '../events.ts';
import type { Cost, LedgerEntry, LedgerMessage } from '../ledger.ts';
import type { End } from '../station.ts';
import type { Configuration } from './configuration.ts';
import { type Connector, idTagStatus, type Running, type Status } from './connector.ts';
import { meterValues } from './messages/meter-values.ts';
import { startTransaction } from './messages/start-transaction.ts';
import { stopTransaction } from './messages/stop-transaction.ts';
import type { Item, Outbox } from './outbox.ts';
import { meterValue } from './samples.ts';
import type { SignedMeter } from './signed-meter.ts';
import type { Charging } from './smart-charging/charging.ts';

/** What a transaction touches of its station. */
export interface Around {
  readonly identity: string;
  readonly clock: StationClock;
  readonly speed: number;
  readonly configuration: Configuration;
  readonly outbox: Outbox;
  readonly ledger: LedgerEntry[];
  readonly newId: () => string;
  readonly emit: (event: StationEvent) => void;
  readonly show: (connector: Connector, status: Status) => void;
  readonly save: () => void;
  readonly stamp: (at: number) => string;
  /** What the connector shows without a transaction. */
  readonly resting: (connector: Connector) => Status;
  /** Integrates every meter up to that instant, or now: who begins or ends changes the others' share. */
  readonly advance: (at?: number) => void;
  /** The reservation that the token uses there, used up. */
  readonly takeReservation: (connector: Connector, idTag: string) => number | undefined;
  readonly charging: Charging;
  readonly stopsTwice: boolean;
  /** Shows the connector free before it tells of the stop. */
  readonly freesFirst: boolean;
  readonly signedMeter?: SignedMeter;
  /** In service with a line. */
  readonly online: () => boolean;
  /** What the CSMS has said about a token. */
  readonly learn: (idTag: string, idTagInfo: unknown) => void;
  /** What the CSMS has said that a transaction costs. */
  readonly costs: (entry: LedgerEntry, cost: Cost) => void;
  readonly connectorOf: (number: number) => Connector;
  /** Its meter's records of begin and end go out with the end. */
  readonly signsAtEnd: boolean;
  readonly registerFrom: 'lifetime' | 'session';
  readonly startsToStop: boolean;
  readonly tellsTransactions: boolean;
}

/** Real time between two looks at the car, so that hundreds of stations at high speed stay cheap. */
export const LOOK_REAL_MS = 100;

const queue = (
  around: Around,
  entry: LedgerEntry,
  action: LedgerMessage['action'],
  o: {
    readonly wh: number;
    readonly at: number;
    readonly payload: Record<string, unknown>;
    readonly claimedId?: number | null;
  },
): void => {
  const message: LedgerMessage = { id: around.newId(), action, at: o.at, wh: o.wh, acknowledged: false };
  entry.messages.push(message);
  const item: Item = { message, entry, payload: o.payload, attempts: 0 };
  around.outbox.push(o.claimedId === undefined ? item : { ...item, claimedId: o.claimedId });
};

export const every = (around: Around, running: Running, periodMs: number, run: () => void): void => {
  let cancel: () => void = () => undefined;
  const arm = (): void => {
    running.timers.delete(cancel);
    cancel = around.clock.after(periodMs, () => {
      run();
      if (running.entry.stoppedAt === undefined) arm();
    });
    running.timers.add(cancel);
  };
  arm();
};

/** Keeps a reading for the stop, where the configuration asks for it. */
const collect = (around: Around, { running, outlet }: Connector, at: number, context: string): void => {
  const key = context === 'Sample.Clock' ? 'StopTxnAlignedData' : 'StopTxnSampledData';
  const measurands = around.configuration.list(key);
  if (measurands.length === 0) return;
  running?.collected.push(meterValue({ outlet, measurands, timestamp: around.stamp(at), context }));
};

/** What the meter signs at that moment, for the stop. */
const collectSigned = (around: Around, running: Running, which: 'begin' | 'end', at: number): void => {
  const { connector, idTag, meterStartWh, meterStopWh } = running.entry;
  const wh = which === 'begin' ? meterStartWh : (meterStopWh ?? meterStartWh);
  const sampledValue = around.signedMeter?.[which]({ connector, at, wh, idTag }) ?? [];
  if (sampledValue.length > 0) running.collected.push({ timestamp: around.stamp(at), sampledValue });
};

/** One MeterValues of the running transaction, now; false when none runs. */
const meter = (around: Around, connector: Connector, context: string): boolean => {
  const { running, outlet } = connector;
  if (running === undefined) return false;
  const at = around.clock.now();
  outlet.advance(at);
  if (context !== 'Trigger') collect(around, connector, at, context);
  const aligned = context === 'Sample.Clock';
  const measurands = around.configuration.list(aligned ? 'MeterValuesAlignedData' : 'MeterValuesSampledData');
  if (measurands.length === 0) return true;
  const value = meterValue({ outlet, measurands, timestamp: around.stamp(at), context });
  const payload = meterValues({ connectorId: connector.number, meterValue: [value] });
  const wh = outlet.registerWh();
  queue(around, running.entry, 'MeterValues', { wh, at, payload });
  around.emit({ kind: 'metered', entry: running.entry, wh, powerW: outlet.powerW(), soc: outlet.soc() ?? 0 });
  return true;
};

const look = (around: Around, connector: Connector): void => {
  const { running, outlet } = connector;
  if (running === undefined) return;
  const now = around.clock.now();
  outlet.advance(now);
  const { entry } = running;
  // Without a car it waits for one, as one that is full does.
  const full = (outlet.soc() ?? 1) >= 1;
  const paused = outlet.offeredW() <= 0;
  around.show(connector, full ? 'SuspendedEV' : paused ? 'SuspendedEVSE' : 'Charging');
  const taken = outlet.registerWh() - entry.meterStartWh;
  const { visit } = running;
  if (visit === undefined) return;
  const enough = visit.wh !== undefined && taken >= visit.wh;
  const late = visit.ms !== undefined && now - entry.startedAt >= visit.ms;
  // A driver who said how long waits that long, full or not.
  if (enough || late || (full && visit.ms === undefined)) {
    end(around, connector, { reason: 'Local', idTag: entry.idTag });
  }
};

/** The timers of a transaction: its samples, clock-aligned readings and the look at the car. */
const run = (around: Around, connector: Connector, running: Running): void => {
  const sampled = around.configuration.number('MeterValueSampleInterval');
  if (sampled > 0) every(around, running, sampled * 1_000, () => meter(around, connector, 'Sample.Periodic'));
  const aligned = around.configuration.number('ClockAlignedDataInterval') * 1_000;
  if (aligned > 0) {
    const first = aligned - (around.clock.now() % aligned);
    running.timers.add(
      around.clock.after(first, () => {
        meter(around, connector, 'Sample.Clock');
        every(around, running, aligned, () => meter(around, connector, 'Sample.Clock'));
      }),
    );
  }
  every(around, running, Math.max(1_000, LOOK_REAL_MS * around.speed), () => look(around, connector));
};

const begin = (around: Around, connector: Connector, idTag: string): LedgerEntry => {
  if (connector.running !== undefined) {
    throw new Error(`connector ${connector.number} of ${around.identity} is charging already`);
  }
  const at = around.clock.now();
  around.advance(at);
  if (around.registerFrom === 'session') connector.outlet.restart();
  const wh = connector.outlet.registerWh();
  const entry: LedgerEntry = {
    identity: around.identity,
    number: around.ledger.length + 1,
    connector: connector.number,
    idTag,
    meterStartWh: wh,
    startedAt: at,
    messages: [],
  };
  around.ledger.push(entry);
  const running: Running = { entry, timers: new Set(), collected: [], ended: [] };
  connector.running = running;
  const reservationId = around.takeReservation(connector, idTag);
  const timestamp = around.stamp(at);
  const payload = startTransaction({ connectorId: connector.number, idTag, meterStart: wh, timestamp, reservationId });
  if (around.tellsTransactions) queue(around, entry, 'StartTransaction', { wh, at, payload });
  collect(around, connector, at, 'Transaction.Begin');
  collectSigned(around, running, 'begin', at);
  connector.outlet.deliver(true);
  around.emit({ kind: 'started', entry });
  around.show(connector, 'Charging');
  run(around, connector, running);
  return entry;
};

/** The start once more, as it was, under another message id: some do after each lost line. */
const repeatStart = (around: Around, { number, running }: Connector): void => {
  if (running?.entry.transactionId === undefined) return;
  const { entry } = running;
  const { idTag, meterStartWh: meterStart, startedAt: at } = entry;
  const payload = startTransaction({ connectorId: number, idTag, meterStart, timestamp: around.stamp(at) });
  queue(around, entry, 'StartTransaction', { wh: meterStart, at, payload });
};

/** A transaction that went on while the power was away carries on with its timers. */
const resume = (around: Around, connector: Connector, entry: LedgerEntry): void => {
  const running: Running = { entry, timers: new Set(), collected: [], ended: [] };
  connector.running = running;
  connector.outlet.deliver(true);
  run(around, connector, running);
};

/** The stop, as the station tells it: once, twice or never. */
const tellOfEnd = (around: Around, { entry, collected }: Running, how: End, at: number): void => {
  if (how.withheld || !around.tellsTransactions) {
    entry.stopWithheld = true;
    return;
  }
  const wh = entry.meterStopWh ?? entry.meterStartWh;
  if (around.startsToStop) {
    entry.stopWithheld = true;
    const { connector: connectorId, idTag } = entry;
    const payload = startTransaction({ connectorId, idTag, meterStart: 0, timestamp: around.stamp(at) });
    return queue(around, entry, 'StartTransaction', { wh: 0, at, payload });
  }
  const stop = (reason: string | undefined): void =>
    queue(around, entry, 'StopTransaction', {
      wh,
      at,
      payload: stopTransaction({
        meterStop: wh,
        timestamp: around.stamp(at),
        reason,
        idTag: how.idTag,
        ...(collected.length === 0 ? {} : { transactionData: collected }),
      }),
      ...(how.claimedId === undefined ? {} : { claimedId: how.claimedId }),
    });
  stop(entry.reason);
  // The second says no reason, as where it was seen.
  if (how.twice ?? around.stopsTwice) stop(undefined);
};

const end = (around: Around, connector: Connector, how: End): LedgerEntry => {
  const { running, outlet } = connector;
  if (running === undefined) throw new Error(`connector ${connector.number} of ${around.identity} is not charging`);
  const { entry } = running;
  const at = around.clock.now();
  around.advance(at);
  outlet.deliver(false);
  const wh = outlet.registerWh();
  collect(around, connector, at, 'Transaction.End');
  for (const cancel of running.timers) cancel();
  delete connector.running;
  entry.meterStopWh = wh;
  collectSigned(around, running, 'end', at);
  entry.stoppedAt = at;
  entry.reason = how.reason ?? 'Local';

  const tell = (): void => tellOfEnd(around, running, how, at);
  if (!around.freesFirst) tell();
  around.charging.transactionEnded(connector.number);
  around.emit({ kind: 'stopped', entry });
  if (connector.scheduled !== undefined) {
    connector.operative = connector.scheduled === 'Operative';
    delete connector.scheduled;
  }
  const after = outlet.vehicle() === undefined ? around.resting(connector) : 'Finishing';
  around.show(connector, around.freesFirst ? 'Available' : after);
  if (!connector.operative) around.show(connector, 'Unavailable');
  if (around.freesFirst) tell();
  around.save();
  for (const told of running.ended) told(entry);
  return entry;
};

/** Transactions as OCPP 1.6 tells them. */
export const transactions = (around: Around): Transactions => ({
  begin: (connector, idTag) => begin(around, connector, idTag),
  end: (connector, how) => end(around, connector, how),
  resume: (connector, entry) => resume(around, connector, entry),
  meter: (connector, context) => meter(around, connector, context),
  repeatStart: (connector) => repeatStart(around, connector),
  expected: () => undefined,
  abandoned: () => undefined,
  plugged: () => undefined,
  unplugged: () => undefined,
  acknowledged({ entry, message }, payload) {
    around.learn(entry.idTag, payload['idTagInfo']);
    if (message.action === 'StopTransaction') around.emit({ kind: 'stopAnswered', entry });
    if (message.action !== 'StartTransaction') return;
    // Where a start stands for the stop, the id of that one is nobody's.
    if (!around.startsToStop || entry.transactionId === undefined)
      entry.transactionId = Number(payload['transactionId']);
    entry.startStatus = idTagStatus(payload);
    around.emit({ kind: 'startAnswered', entry, status: entry.startStatus });
    const connector = around.connectorOf(entry.connector);
    const refused = entry.startStatus !== 'Accepted' && around.configuration.on('StopTransactionOnInvalidId');
    if (refused && connector.running?.entry === entry) end(around, connector, { reason: 'DeAuthorized' });
  },
});

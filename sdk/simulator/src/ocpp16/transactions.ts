import type { StationClock } from '../clock.ts';
import type { StationEvent } from '../events.ts';
import type { LedgerEntry, LedgerMessage } from '../ledger.ts';
import type { End } from '../station.ts';
import type { Configuration } from './configuration.ts';
import type { Connector, Running, Status } from './connector.ts';
import type { Item, Outbox } from './outbox.ts';
import { meterValue } from './samples.ts';

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
}

/** Real time between two looks at the car, so that hundreds of stations at high speed stay cheap. */
const LOOK_REAL_MS = 100;

const queue = (
  around: Around,
  entry: LedgerEntry,
  action: LedgerMessage['action'],
  o: {
    readonly wh: number;
    readonly at: number;
    readonly payload: Record<string, unknown>;
    readonly claimedId?: number;
  },
): void => {
  const message: LedgerMessage = { id: around.newId(), action, at: o.at, wh: o.wh, acknowledged: false };
  entry.messages.push(message);
  const item: Item = { message, entry, payload: o.payload, attempts: 0 };
  around.outbox.push(o.claimedId === undefined ? item : { ...item, claimedId: o.claimedId });
};

const every = (around: Around, running: Running, periodMs: number, run: () => void): void => {
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

/** One MeterValues of the running transaction, now; false when none runs. */
export const meter = (around: Around, connector: Connector, context: string): boolean => {
  const { running, outlet } = connector;
  if (running === undefined) return false;
  const at = around.clock.now();
  outlet.advance(at);
  const aligned = context === 'Sample.Clock';
  const measurands = around.configuration.list(aligned ? 'MeterValuesAlignedData' : 'MeterValuesSampledData');
  if (measurands.length === 0) return true;
  const payload = { connectorId: connector.number, meterValue: [meterValue({ outlet, measurands, at, context })] };
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
  const full = (outlet.soc() ?? 0) >= 1;
  if (full) around.show(connector, 'SuspendedEV');
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
  const sampled = around.configuration.seconds('MeterValueSampleInterval');
  if (sampled > 0) every(around, running, sampled * 1_000, () => meter(around, connector, 'Sample.Periodic'));
  const aligned = around.configuration.seconds('ClockAlignedDataInterval') * 1_000;
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

export const begin = (around: Around, connector: Connector, idTag: string): LedgerEntry => {
  if (connector.running !== undefined) {
    throw new Error(`connector ${connector.number} of ${around.identity} is charging already`);
  }
  const at = around.clock.now();
  connector.outlet.advance(at);
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
  const running: Running = { entry, timers: new Set(), ended: [] };
  connector.running = running;
  const timestamp = new Date(at).toISOString();
  queue(around, entry, 'StartTransaction', {
    wh,
    at,
    payload: { connectorId: connector.number, idTag, meterStart: wh, timestamp },
  });
  connector.outlet.deliver(true);
  around.emit({ kind: 'started', entry });
  around.show(connector, 'Charging');
  run(around, connector, running);
  return entry;
};

/** A transaction that went on while the power was away carries on with its timers. */
export const resume = (around: Around, connector: Connector, entry: LedgerEntry): void => {
  const running: Running = { entry, timers: new Set(), ended: [] };
  connector.running = running;
  connector.outlet.deliver(true);
  run(around, connector, running);
};

export const end = (around: Around, connector: Connector, how: End): LedgerEntry => {
  const { running, outlet } = connector;
  if (running === undefined) throw new Error(`connector ${connector.number} of ${around.identity} is not charging`);
  const { entry } = running;
  const at = around.clock.now();
  outlet.advance(at);
  outlet.deliver(false);
  const wh = outlet.registerWh();
  for (const cancel of running.timers) cancel();
  delete connector.running;
  entry.meterStopWh = wh;
  entry.stoppedAt = at;
  entry.reason = how.reason ?? 'Local';

  const measurands = around.configuration.list('StopTxnSampledData');
  const transactionData =
    measurands.length === 0
      ? {}
      : {
          transactionData: [meterValue({ outlet, measurands, at, context: 'Transaction.End' })],
        };
  queue(around, entry, 'StopTransaction', {
    wh,
    at,
    payload: {
      meterStop: wh,
      timestamp: new Date(at).toISOString(),
      reason: entry.reason,
      ...(how.idTag === undefined ? {} : { idTag: how.idTag }),
      ...transactionData,
    },
    ...(how.claimedId === undefined ? {} : { claimedId: how.claimedId }),
  });
  around.emit({ kind: 'stopped', entry });
  around.show(connector, outlet.vehicle() === undefined ? 'Available' : 'Finishing');
  if (connector.scheduled !== undefined) {
    connector.operative = connector.scheduled === 'Operative';
    delete connector.scheduled;
    if (!connector.operative) around.show(connector, 'Unavailable');
  }
  around.save();
  for (const tell of running.ended) tell(entry);
  return entry;
};

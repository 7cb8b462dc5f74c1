import type { LedgerEntry } from '../ledger.ts';
import type { Connector, Running } from '../ocpp16/connector.ts';
import type { MeterValue } from '../ocpp16/samples.ts';
import { type Around, every, LOOK_REAL_MS } from '../ocpp16/transactions.ts';
import type { Speech } from './speech.ts';
import type { Costing } from './tariffs/costing.ts';
import type { Telling } from './telling.ts';

type Given = Readonly<Record<string, unknown>>;

/** What is read, and reckoned, while a transaction runs: each collector of the device model by itself (part 2, J02). */
export interface Readings {
  /** What it has come to by now, or by its end; the car took nothing where that is said. */
  reckon(connector: Connector, entry: LedgerEntry, at: number): void;
  runningCost(entry: LedgerEntry): Given | undefined;
  /** The transaction has begun: what is collected for its end begins too. */
  begun(connector: Connector, entry: LedgerEntry, at: number): void;
  /** One reading of the running transaction, now; false when none runs. */
  meter(connector: Connector, context: string): boolean;
  /** The timers of a transaction that delivers; `look` is the one at the car. */
  run(connector: Connector, running: Running, look: () => void): void;
  /** All that was collected for the last event, and the reading of the end. */
  ended(connector: Connector, entry: LedgerEntry, at: number): MeterValue[];
}

export const readings = (
  o: Pick<Telling, 'sampled' | 'tell'> & {
    readonly around: Around;
    readonly speech: Speech;
    readonly costs: Costing;
  },
): Readings => {
  const { around, costs, sampled, tell } = o;
  const { configuration, clock } = around;
  const kept = new Map<LedgerEntry, MeterValue[]>();

  const reckon: Readings['reckon'] = (connector, entry, at) => {
    const wh = (entry.meterStopWh ?? connector.outlet.registerWh()) - entry.meterStartWh;
    const idle = connector.running === undefined || connector.status === 'SuspendedEV';
    costs.advance(entry, { at, wh, idle });
  };
  const runningCost: Readings['runningCost'] = (entry) =>
    configuration.on('TariffCostCtrlr.Enabled(RunningCost)') ? costs.details(entry, false) : undefined;
  const milliseconds = (key: string): number => configuration.number(key) * 1_000;
  const tellCost = (connector: Connector, entry: LedgerEntry): void => {
    const at = clock.now();
    connector.outlet.advance(at);
    reckon(connector, entry, at);
    const costDetails = runningCost(entry);
    if (costDetails !== undefined) tell(entry, { type: 'Updated', trigger: 'RunningCost', at, costDetails });
  };
  const meter: Readings['meter'] = (connector, context) => {
    const { running, outlet } = connector;
    if (running === undefined) return false;
    const at = clock.now();
    outlet.advance(at);
    const aligned = context === 'Sample.Clock';
    const key = aligned ? 'AlignedDataCtrlr.Measurands' : 'SampledDataCtrlr.TxUpdatedMeasurands';
    const values = sampled(connector, key, at, context);
    if (values.length === 0) return true;
    const trigger = aligned ? 'MeterValueClock' : context === 'Trigger' ? 'Trigger' : 'MeterValuePeriodic';
    const info = { chargingState: o.speech.chargingState(connector.status) };
    reckon(connector, running.entry, at);
    const costDetails = milliseconds('TariffCostCtrlr.Interval(Cost)') > 0 ? undefined : runningCost(running.entry);
    tell(running.entry, { type: 'Updated', trigger, at, info, values, as: 'MeterValues', costDetails });
    const [wh, powerW, soc] = [outlet.registerWh(), outlet.powerW(), outlet.soc() ?? 0];
    around.emit({ kind: 'metered', entry: running.entry, wh, powerW, soc });
    return true;
  };
  const collect = (connector: Connector, entry: LedgerEntry, key: string, context: string, at = clock.now()): void => {
    connector.outlet.advance(at);
    kept.set(entry, [...(kept.get(entry) ?? []), ...sampled(connector, key, at, context)]);
  };

  return {
    reckon,
    runningCost,
    meter,
    begun(connector, entry, at) {
      // Without an interval only the end is read for it.
      if (milliseconds('SampledDataCtrlr.TxEndedInterval') === 0) return;
      collect(connector, entry, 'SampledDataCtrlr.TxEndedMeasurands', 'Transaction.Begin', at);
    },
    run(connector, running, look) {
      const { entry } = running;
      const periodic = (periodMs: number, what: () => void): void => {
        if (periodMs > 0) every(around, running, periodMs, what);
      };
      const onTheClock = (periodMs: number, what: () => void): void => {
        if (periodMs === 0) return;
        const first = (): void => {
          what();
          every(around, running, periodMs, what);
        };
        running.timers.add(clock.after(periodMs - (clock.now() % periodMs), first));
      };
      const forEnd = (key: string, context: string) => () => collect(connector, entry, key, context);
      periodic(milliseconds('SampledDataCtrlr.TxUpdatedInterval'), () => meter(connector, 'Sample.Periodic'));
      periodic(
        milliseconds('SampledDataCtrlr.TxEndedInterval'),
        forEnd('SampledDataCtrlr.TxEndedMeasurands', 'Sample.Periodic'),
      );
      onTheClock(milliseconds('AlignedDataCtrlr.Interval'), () => meter(connector, 'Sample.Clock'));
      onTheClock(
        milliseconds('AlignedDataCtrlr.TxEndedInterval'),
        forEnd('AlignedDataCtrlr.TxEndedMeasurands', 'Sample.Clock'),
      );
      periodic(milliseconds('TariffCostCtrlr.Interval(Cost)'), () => tellCost(connector, entry));
      every(around, running, Math.max(1_000, LOOK_REAL_MS * around.speed), look);
    },
    ended(connector, entry, at) {
      const values = kept.get(entry) ?? [];
      kept.delete(entry);
      return [...values, ...sampled(connector, 'SampledDataCtrlr.TxEndedMeasurands', at, 'Transaction.End')];
    },
  };
};

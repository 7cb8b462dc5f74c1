import type { Answered } from '../wire/calls.ts';
import type { Connector } from './connector.ts';
import { meterValues } from './messages/meter-values.ts';
import { meterValue } from './samples.ts';
import type { Around } from './transactions.ts';

/** Readings of connectors without a transaction: told, not queued, as nothing is lost with them. */
export interface IdleReadings {
  tell(connector: Connector, context: 'Trigger' | 'Sample.Clock' | 'Sample.Periodic'): void;
  /** From now on at each multiple of ClockAlignedDataInterval (OCPP 1.6 section 3.16.3); 0 is never. */
  align(): void;
  stop(): void;
}

export const idleReadings = (o: {
  readonly around: Pick<Around, 'clock' | 'configuration' | 'stamp'>;
  readonly connectors: readonly Connector[];
  readonly ready: () => boolean;
  readonly call: (action: string, payload: Record<string, unknown>) => Promise<Answered>;
}): IdleReadings => {
  const { clock, configuration, stamp } = o.around;
  let cancel: () => void = () => undefined;

  const tell: IdleReadings['tell'] = ({ number, outlet }, context) => {
    const at = clock.now();
    outlet.advance(at);
    const measurands = configuration.list(
      context === 'Sample.Clock' ? 'MeterValuesAlignedData' : 'MeterValuesSampledData',
    );
    const value = meterValue({ outlet, measurands, timestamp: stamp(at), context });
    if (value.sampledValue.length === 0) return;
    void o.call('MeterValues', meterValues({ connectorId: number, meterValue: [value] }));
  };
  const align = (): void => {
    cancel();
    const period = configuration.number('ClockAlignedDataInterval') * 1_000;
    if (period <= 0) return;
    cancel = clock.after(period - (clock.now() % period), () => {
      if (o.ready()) for (const one of o.connectors) if (one.running === undefined) tell(one, 'Sample.Clock');
      align();
    });
  };
  return { tell, align, stop: () => cancel() };
};

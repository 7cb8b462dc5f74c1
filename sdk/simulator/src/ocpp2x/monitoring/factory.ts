import type { Modelled } from '../device-model.ts';
import type { Monitor } from './monitor.ts';

/** Ids of these are far from those that the station gives to monitors that are set. */
const FIRST_ID = 9_001;

/** Monitors that a station has from its factory: too hot is an error that nobody can switch off, warm is an alert. */
export const factoryMonitors = (model: readonly Modelled[]): Monitor[] => {
  let id = FIRST_ID;
  return model
    .filter((one) => one.component.name === 'TemperatureSensor')
    .flatMap((target) =>
      ([['HardWiredMonitor', 70, 2] as const, ['PreconfiguredMonitor', 55, 5] as const] as const).map(
        ([kind, value, severity]): Monitor => ({
          ...{ id: id++, target, type: 'UpperThreshold', value, severity, transaction: false, kind },
          last: target.read(),
          beyond: false,
        }),
      ),
    );
};

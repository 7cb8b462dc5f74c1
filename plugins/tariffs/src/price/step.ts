import type { CompiledTariff, Component, Dimension } from './compile.ts';
import type { Line } from './price.ts';
import { ceil, isZero, minus, over, plus, times, whole, zero, type Ratio } from './ratio.ts';

const KILO = whole(1000);

/**
 * Rounds volumes up to the step of the last component that priced them, at its price: energy once; charging and idle time
 * together once, the idle time where any was priced (`parked`); the reservation on its own. Only what was priced counts; `lastUsed` is of
 * the session's last tariff, the only one that rounds (OCPI 2.2.1 section 11.4.5 and mod_cdrs, step_size).
 */
export function stepped(
  lines: ReadonlyMap<Component, Line>,
  lastUsed: ReadonlyMap<Dimension, Component>,
  parked: boolean,
): void {
  const sum = (dimension: Dimension, tariff: CompiledTariff): Ratio =>
    [...lines.values()].reduce(
      (all, { component, volume }) =>
        component.dimension === dimension && component.tariff === tariff ? plus(all, volume) : all,
      zero,
    );
  const round = (component: Component | undefined, perUnit: Ratio): void => {
    const line = component === undefined ? undefined : lines.get(component);
    if (component === undefined || line === undefined || component.step === 0) return;
    const total = times(sum(component.dimension, component.tariff), perUnit);
    const step = BigInt(component.step);
    const extra = minus(whole(ceil(over(total, whole(step))) * step), total);
    if (!isZero(extra)) line.volume = plus(line.volume, over(extra, perUnit));
  };
  round(lastUsed.get('ENERGY'), KILO);
  round(lastUsed.get(parked ? 'PARKING_TIME' : 'TIME'), whole(1));
  for (const { component } of lines.values())
    if (component.dimension === 'RESERVATION_TIME') round(component, whole(1));
}

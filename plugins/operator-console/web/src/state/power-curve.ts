import type { Reading, Sample } from '../api/types.ts';

export interface Curve {
  /** Seconds since 1970, ascending: what uPlot takes. */
  readonly at: readonly number[];
  readonly watts: readonly number[];
}

const scale: Readonly<Record<string, number>> = { W: 1, kW: 1000, Wh: 1, kWh: 1000 };
const scaled = ({ value, unit }: Sample, fallback: string): number =>
  Number(value) * (scale[unit ?? fallback] ?? Number.NaN);

/** The vehicle's side is not what the station delivers to it. */
const atOutlet = ({ location }: Sample): boolean => location === null || location === 'Outlet';

function powerIn(samples: readonly Sample[]): number | undefined {
  const power = samples.filter((it) => it.measurand === 'Power.Active.Import' && atOutlet(it));
  const total = power.find(({ phase }) => phase === null);
  if (total !== undefined) return scaled(total, 'W');
  const phases = power.filter(({ phase }) => phase !== null && /^L[123](-N)?$/.test(phase));
  return phases.length === 0 ? undefined : phases.reduce((sum, it) => sum + scaled(it, 'W'), 0);
}

const registerIn = (samples: readonly Sample[]): number | undefined => {
  const register = samples.find(
    (it) => it.measurand === 'Energy.Active.Import.Register' && it.phase === null && atOutlet(it),
  );
  return register === undefined ? undefined : scaled(register, 'Wh');
};

/** Power over time: as it was measured, else the mean between two readings of the register. */
export function powerCurve(readings: readonly Reading[]): Curve {
  const measured = readings.flatMap(({ at, samples }) => {
    const watts = powerIn(samples);
    return watts === undefined || !Number.isFinite(watts) ? [] : [{ at: Date.parse(at) / 1000, watts }];
  });
  const points = measured.length > 0 ? measured : meanPower(readings);
  const ascending = points.toSorted((a, b) => a.at - b.at);
  return { at: ascending.map(({ at }) => at), watts: ascending.map(({ watts }) => watts) };
}

function meanPower(readings: readonly Reading[]): { at: number; watts: number }[] {
  const registers = readings
    .flatMap(({ at, samples }) => {
      const wh = registerIn(samples);
      return wh === undefined || !Number.isFinite(wh) ? [] : [{ at: Date.parse(at) / 1000, wh }];
    })
    .toSorted((a, b) => a.at - b.at);
  return registers.flatMap(({ at, wh }, index) => {
    const before = registers[index - 1];
    if (before === undefined || at <= before.at) return [];
    return [{ at, watts: ((wh - before.wh) * 3600) / (at - before.at) }];
  });
}

import type { Outlet } from '../physics/outlet.ts';

/** A SampledValue of OCPP 1.6; every value is text there. */
export interface SampledValue {
  readonly value: string;
  readonly measurand: string;
  readonly unit?: string;
  readonly phase?: string;
  readonly context?: string;
  readonly format?: 'SignedData';
}

export interface MeterValue {
  readonly timestamp: string;
  readonly sampledValue: readonly SampledValue[];
}

const VOLTAGE = 230;
const phases = ['L1', 'L2', 'L3'];

/** Warmer the more it delivers. */
export const temperatureOf = (outlet: Outlet): number => 20 + outlet.powerW() / 1_000;

const amps = (outlet: Outlet): number => outlet.powerW() / VOLTAGE / (outlet.vehicle()?.phases ?? 3);

const readers: Readonly<Record<string, (outlet: Outlet) => Omit<SampledValue, 'measurand' | 'context'>[]>> = {
  'Energy.Active.Import.Register': (outlet) => [{ value: String(outlet.registerWh()), unit: 'Wh' }],
  'Power.Active.Import': (outlet) => [{ value: String(outlet.powerW()), unit: 'W' }],
  'Power.Offered': (outlet) => [{ value: String(Math.round(outlet.offeredW())), unit: 'W' }],
  'Current.Import': (outlet) =>
    phases
      .slice(0, outlet.vehicle()?.phases ?? 3)
      .map((phase) => ({ value: amps(outlet).toFixed(1), unit: 'A', phase })),
  'Current.Offered': (outlet) => [
    { value: (outlet.offeredW() / VOLTAGE / (outlet.vehicle()?.phases ?? 3)).toFixed(1), unit: 'A' },
  ],
  Frequency: () => [{ value: '50.00' }],
  SoC: (outlet) => {
    const soc = outlet.soc();
    return soc === undefined ? [] : [{ value: (soc * 100).toFixed(1), unit: 'Percent' }];
  },
  Temperature: (outlet) => [{ value: temperatureOf(outlet).toFixed(1), unit: 'Celsius' }],
  Voltage: () => phases.map((phase) => ({ value: VOLTAGE.toFixed(1), unit: 'V', phase: `${phase}-N` })),
};

/** One MeterValue with those measurands, in that order; a measurand that the station does not have is left out. */
export const meterValue = (o: {
  readonly outlet: Outlet;
  readonly measurands: readonly string[];
  readonly timestamp: string;
  readonly context: string;
}): MeterValue => ({
  timestamp: o.timestamp,
  sampledValue: o.measurands.flatMap((measurand) =>
    (readers[measurand]?.(o.outlet) ?? []).map((sampled) => ({ ...sampled, measurand, context: o.context })),
  ),
});

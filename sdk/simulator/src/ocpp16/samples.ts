import type { Outlet } from '../physics/outlet.ts';

/** A SampledValue of OCPP 1.6; every value is text there. */
export interface SampledValue {
  readonly value: string;
  readonly measurand: string;
  readonly unit?: string;
  readonly phase?: string;
  readonly context?: string;
}

const VOLTAGE = 230;

const amps = (outlet: Outlet): number => outlet.powerW() / VOLTAGE / (outlet.vehicle()?.phases ?? 3);

const readers: Readonly<Record<string, (outlet: Outlet) => Omit<SampledValue, 'measurand' | 'context'>[]>> = {
  'Energy.Active.Import.Register': (outlet) => [{ value: String(outlet.registerWh()), unit: 'Wh' }],
  'Power.Active.Import': (outlet) => [{ value: String(outlet.powerW()), unit: 'W' }],
  'Current.Import': (outlet) =>
    ['L1', 'L2', 'L3']
      .slice(0, outlet.vehicle()?.phases ?? 3)
      .map((phase) => ({ value: amps(outlet).toFixed(1), unit: 'A', phase })),
  Voltage: () => ['L1-N', 'L2-N', 'L3-N'].map((phase) => ({ value: VOLTAGE.toFixed(1), unit: 'V', phase })),
  SoC: (outlet) => {
    const soc = outlet.soc();
    return soc === undefined ? [] : [{ value: (soc * 100).toFixed(1), unit: 'Percent' }];
  },
};

/** One MeterValue with those measurands, in that order; a measurand that the station does not have is left out. */
export const meterValue = (o: {
  readonly outlet: Outlet;
  readonly measurands: readonly string[];
  readonly at: number;
  readonly context: string;
}): { timestamp: string; sampledValue: SampledValue[] } => ({
  timestamp: new Date(o.at).toISOString(),
  sampledValue: o.measurands.flatMap((measurand) =>
    (readers[measurand]?.(o.outlet) ?? []).map((sampled) => ({ ...sampled, measurand, context: o.context })),
  ),
});

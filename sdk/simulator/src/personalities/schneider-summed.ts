import type { Personality } from '../personality.ts';
import { eachReading } from './samples.ts';

type Members = Readonly<Record<string, unknown>>;
const isCurrent = ({ measurand, phase }: Members): boolean => measurand === 'Current.Import' && phase !== undefined;

export const schneiderSummed: Personality = {
  id: 'schneider-summed',
  what: 'Gives the sum of its phases as a current without a phase, beside the phases.',
  source: 'sap-labs-france/ev-server OCPPUtils.ts',
  about: { chargePointVendor: 'Schneider Electric', chargePointModel: 'EV.2S22P44', firmwareVersion: '3.3.0.12' },
  configuration: { MeterValuesSampledData: 'Energy.Active.Import.Register,Current.Import' },
  sends: {
    MeterValues: eachReading((samples) => {
      const phases = samples.filter(isCurrent);
      if (phases.length === 0) return samples;
      const { phase: _, ...first } = phases[0]!;
      const sum = phases.reduce((total, { value }) => total + Number(value), 0);
      return [...samples, { ...first, value: sum.toFixed(1) }];
    }),
  },
};

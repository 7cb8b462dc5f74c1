import { defineQuirk } from '@plugga/kit';
import type { Members } from './members.ts';
import { onSamples } from './samples.ts';

const isCurrent = (sample: Members): boolean => sample['measurand'] === 'Current.Import';

/** The sum over the phases stands for no current that flows anywhere: where the phases are there, they say it all. */
const withoutSum = (samples: readonly Members[]): readonly Members[] =>
  samples.some((sample) => isCurrent(sample) && sample['phase'] !== undefined) &&
  samples.some((sample) => isCurrent(sample) && sample['phase'] === undefined)
    ? samples.filter((sample) => !isCurrent(sample) || sample['phase'] !== undefined)
    : samples;

/** Schneider Electric EVlink. */
export const schneider = defineQuirk({
  id: 'schneider-summed-current',
  why: 'Current.Import without a phase is the sum of the three phases (sap-labs-france/ev-server OCPPUtils.ts). EVlink also sends serials of 26 and 33 characters (lbbrhzn/ocpp #213) and a start instead of a stop (ChargeTimeEU/Java-OCA-OCPP #74), which the core takes as they are.',
  match: { vendor: /^schneider/i },
  protocols: ['ocpp1.6'],
  inbound: onSamples(withoutSum),
});

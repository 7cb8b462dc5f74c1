import type { Reading, Sample } from '@plugga/kit';
import { isMembers, type Members } from './members.ts';
import { wordOf } from './values.ts';

/** The readings of a list of meter values, in the station's order, units as they came. What is not readable is left out. */
export const readingsBy =
  (sampleOf: (raw: Members) => Sample | undefined) =>
  (meterValues: unknown): readonly Reading[] => {
    if (!Array.isArray(meterValues)) return [];
    const readings: Reading[] = [];
    for (const entry of meterValues) {
      if (!isMembers(entry) || !Array.isArray(entry['sampledValue'])) continue;
      const samples: Sample[] = [];
      for (const raw of entry['sampledValue']) {
        const sample = isMembers(raw) ? sampleOf(raw) : undefined;
        if (sample) samples.push(sample);
      }
      if (samples.length > 0) readings.push({ time: wordOf(entry['timestamp']), samples });
    }
    return readings;
  };

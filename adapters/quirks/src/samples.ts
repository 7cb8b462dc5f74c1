import type { ByAction } from '@plugga/kit';
import { isMembers, type Members } from './members.ts';

const inReadings =
  (name: string, change: (samples: readonly Members[]) => readonly Members[]) =>
  (payload: Members): Members => {
    const readings = payload[name];
    if (!Array.isArray(readings)) return payload;
    let changed = false;
    const next = readings.map((reading: unknown) => {
      if (!isMembers(reading) || !Array.isArray(reading['sampledValue'])) return reading;
      const before = reading['sampledValue'].filter(isMembers);
      const after = change(before);
      if (after === before) return reading;
      changed = true;
      return { ...reading, sampledValue: after };
    });
    return changed ? { ...payload, [name]: next } : payload;
  };

/** Rewrites the samples of each reading, wherever readings stand; what is returned as it came changes nothing. */
export const onSamples = (change: (samples: readonly Members[]) => readonly Members[]): ByAction => ({
  MeterValues: inReadings('meterValue', change),
  StopTransaction: inReadings('transactionData', change),
});

/** The samples with some of them changed; the very list when none is. */
export const eachSample =
  (change: (sample: Members) => Members) =>
  (samples: readonly Members[]): readonly Members[] => {
    const after = samples.map(change);
    return after.some((sample, n) => sample !== samples[n]) ? after : samples;
  };

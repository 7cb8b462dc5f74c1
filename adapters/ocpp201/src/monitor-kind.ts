import type { MonitorKind } from '@plugga/kit';

/** OCPP's words for the kinds of monitors; the last two are of 2.1. */
export const KIND: Readonly<Record<MonitorKind, string>> = {
  upper: 'UpperThreshold',
  lower: 'LowerThreshold',
  delta: 'Delta',
  periodic: 'Periodic',
  clockAligned: 'PeriodicClockAligned',
  targetDelta: 'TargetDelta',
  targetDeltaRelative: 'TargetDeltaRelative',
};
const kinds = new Map(Object.entries(KIND).map(([kind, word]) => [word, kind as MonitorKind]));

export const kindOf = (word: unknown): MonitorKind | undefined => kinds.get(String(word));

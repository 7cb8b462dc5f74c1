import { instantOf, type Instant } from '@plugga/kit';
import type { StationState } from './state.ts';

/** When a reservation that the station has taken is over, and by when the effect of a command is to be seen; by timer key. */
export const takenTimers = ({
  reservations = [],
  awaited = [],
}: StationState): readonly (readonly [string, Instant])[] => [
  ...reservations.map((it) => [`reservation:${it.reservation}`, instantOf(it.expiresAt)] as const),
  ...awaited.map((it) => [`effect:${it.command}`, instantOf(it.until)] as const),
];

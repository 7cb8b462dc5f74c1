import { instantOf, type Instant } from '@plugga/kit';
import { floodEnds } from './floods.ts';
import type { StationState } from './state.ts';

/** When a reservation that the station has taken is over, by when the effect of a command is to be seen, and when a flood is told; by timer key. */
export const takenTimers = ({
  reservations = [],
  awaited = [],
  floods,
  network,
}: StationState): readonly (readonly [string, Instant])[] => [
  ...reservations.map((it) => [`reservation:${it.reservation}`, instantOf(it.expiresAt)] as const),
  ...awaited.map((it) => [`effect:${it.command}`, instantOf(it.until)] as const),
  ...(network === undefined || network.late === true ? [] : [['network', instantOf(network.until)] as const]),
  ...[...floodEnds(floods)].map(([of, at]) => [`flood:${of}`, at] as const),
];

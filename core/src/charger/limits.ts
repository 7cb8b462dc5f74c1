import type { Bounds } from './storable.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Longest frames, in bytes after inflation. */
export const FRAME_BYTES = {
  /** A station that nobody knew before, until a CALL of it was answered. */
  unknown: 128 * KIB,
  known: MIB,
  /** After a first 1009: a StopTransaction with twelve hours of transactionData is 0.9 MB and must be billed. */
  raised: 8 * MIB,
} as const;

const DEPTH = 32;
const NODES_PER_MIB = 100_000;

export const boundsOf = (frameBytes: number): Bounds => ({ depth: DEPTH, nodes: (NODES_PER_MIB * frameBytes) / MIB });

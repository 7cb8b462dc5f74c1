const LONG_AWAY_MS = 10 * 60_000;
const TIMES = 4;

/** The interval that a boot is answered with: longer while the database has been away for long, so that the journal grows slower. */
export const bootInterval = (heartbeatSeconds: number, awayMs: number): number =>
  awayMs > LONG_AWAY_MS ? heartbeatSeconds * TIMES : heartbeatSeconds;

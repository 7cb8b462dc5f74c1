/** A deviation of stations as it was reported, and what becomes of it here. */
export interface Row {
  readonly station: string;
  readonly does: string;
  readonly source: string;
  /** Ids of the quirks that deal with it. */
  readonly quirks?: readonly string[];
  /** Tests that hold the core or the adapter to taking it as it is: `[file, title]`. */
  readonly tests?: readonly (readonly [file: string, title: string])[];
  /** What is done here instead of taking it as it is. */
  readonly here?: string;
  /** What is not there yet. */
  readonly waits?: string;
}

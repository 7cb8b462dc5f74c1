/** Where a command writes, and how it is told to end. */
export interface Terminal {
  out(text: string): void;
  /** Progress and complaints. */
  err(text: string): void;
  /** Whether a line of progress can be written over. */
  readonly live: boolean;
  /** Calls back when the user wants to end. */
  interrupted(run: () => void): void;
}

import type { Deployment } from '@plugga/kit';

/** Documented in `plugga help`: scripts rely on them. */
export const exitCodes = {
  done: 0,
  failed: 1,
  /** The command line is not right. */
  usage: 2,
  /** No platform answers. */
  unreachable: 3,
  /** The platform refused: the key, the scope, or what was asked. */
  refused: 4,
  /** It was only looked, and something is left to do. */
  differs: 5,
} as const;

/** What a command is given: nothing of the process is reached otherwise. */
export interface Invocation {
  readonly args: readonly string[];
  readonly json: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Data, to standard output. */
  out(text: string): void;
  /** Progress and errors, to standard error. */
  err(text: string): void;
  /** plugga.config.ts of the folder that we work in. */
  deployment(): Promise<Deployment>;
  /** Resolves when the process is asked to end. */
  readonly ended: Promise<string>;
  /** From now on it is asked to read again what it can (SIGHUP), and no longer ended by that. */
  reload?(run: () => void): void;
}

export interface Command {
  readonly usage: string;
  readonly summary: string;
  run(invocation: Invocation): Promise<number>;
}

/** A wrong command line: printed with the command's usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

import type { StationOptions } from './station.ts';

type Payload = Readonly<Record<string, unknown>>;

/** What a make sees of its station when it answers otherwise. */
export interface SeenBy {
  readonly charging: boolean;
  readonly configuration: Readonly<Record<string, string>>;
}

/**
 * An answer other than the standard's: a result, a CALLERROR, none at all, a dropped line, or a text that is no frame.
 * Undefined leaves it to the standard.
 */
export type Deviation =
  | { readonly result: Record<string, unknown> }
  | { readonly error: string; readonly why: string }
  | { readonly text: (id: string) => string }
  | 'silence'
  | 'drop'
  | undefined;

/** How stations of one make differ from the standard: data, a file each, with the place where it was seen. */
export interface Personality {
  readonly id: string;
  /** What it does otherwise. */
  readonly what: string;
  /** Where that was read or measured. */
  readonly source: string;
  readonly about?: Readonly<Record<string, string>>;
  readonly options?: Partial<
    Pick<
      StationOptions,
      | 'afterPowerLoss'
      | 'boots'
      | 'bootsEachTime'
      | 'clockAtPowerUp'
      | 'currentSteps'
      | 'dropsOnPing'
      | 'forgetsStops'
      | 'freesFirst'
      | 'latestFirst'
      | 'messageIds'
      | 'metersBeside'
      | 'passwordAs'
      | 'pipelines'
      | 'protocol'
      | 'registerFrom'
      | 'reopensAfterSeconds'
      | 'repeatsStarts'
      | 'replaysStates'
      | 'replaysTokens'
      | 'resendWith'
      | 'signsAtEnd'
      | 'startsToStop'
      | 'stopsTwice'
      | 'subprotocol'
      | 'subprotocols'
      | 'tellsStation'
      | 'tellsTransactions'
    >
  >;
  readonly configuration?: Readonly<Record<string, string>>;
  /** Keys that it has otherwise; undefined: it lacks them. */
  readonly keys?: Readonly<
    Record<string, { readonly value?: string; readonly readonly?: true; readonly reboot?: true } | undefined>
  >;
  /** How it writes a time. */
  readonly stamp?: (at: number) => string;
  /** How it fills a message. */
  readonly sends?: Readonly<Record<string, (payload: Payload) => Payload>>;
  /** How it garbles the text of a message. */
  readonly text?: (text: string, action: string) => string;
  /** How it writes the result of a command that it answers as the standard says. */
  readonly rewrites?: Readonly<Record<string, (result: Payload) => Record<string, unknown>>>;
  readonly answers?: Readonly<Record<string, (payload: Payload, seen: SeenBy) => Deviation>>;
  /** Left out of a mixed fleet: it never charges, or never tells what it charged. */
  readonly mixed?: false;
}

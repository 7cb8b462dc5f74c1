import type { CommandName } from '@plugga/kit';
import type { Protocol } from './dialect.ts';
import type { Manners } from './manners.ts';

type Payload = Readonly<Record<string, unknown>>;

/** An answer other than the standard's: a result, a CALLERROR, none at all, a dropped line, or a text that is no frame. */
export type OddAnswer =
  | { readonly result: Readonly<Record<string, unknown>> }
  | { readonly error: string; readonly why: string }
  | { readonly text: (id: string) => string }
  | 'silence'
  | 'drop'
  | undefined;

/**
 * How stations of one make differ from the standard, as data. The makes of `@plugga/simulator` have this shape; nothing of
 * them is imported here, so that what a station does and what is made of it share nothing.
 */
export interface Make {
  readonly id: string;
  readonly about?: Readonly<Record<string, string>>;
  readonly options?: {
    /** 'asked': boots only when it is triggered. */
    readonly boots?: 'always' | 'asked' | 'never';
    /** Its clock at power-up, until a boot is answered: right, at 1970, or that many milliseconds ahead. */
    readonly clockAtPowerUp?: 'kept' | '1970' | number;
    readonly dropsOnPing?: boolean;
    readonly freesFirst?: boolean;
    readonly messageIds?: 'random' | 'numbers';
    readonly repeatsStarts?: boolean;
    readonly replaysStates?: boolean;
    readonly stopsTwice?: boolean;
    readonly reopensAfterSeconds?: number;
    /** 1.6 where it is not said. */
    readonly protocol?: Protocol;
    readonly bootsEachTime?: boolean;
    readonly forgetsStops?: boolean;
    readonly latestFirst?: boolean;
    readonly metersBeside?: boolean;
    readonly replaysTokens?: boolean;
    readonly tellsStation?: boolean;
    readonly registerFrom?: 'lifetime' | 'boot' | 'session';
    readonly startsToStop?: boolean;
    readonly tellsTransactions?: boolean;
  };
  readonly configuration?: Readonly<Record<string, string>>;
  readonly stamp?: (at: number) => string;
  readonly sends?: Readonly<Record<string, (payload: Payload) => Payload>>;
  readonly text?: (text: string, action: string) => string;
  readonly rewrites?: Readonly<Record<string, (result: Payload) => Readonly<Record<string, unknown>>>>;
  readonly answers?: Readonly<
    Record<
      string,
      (
        payload: Payload,
        seen: { readonly charging: boolean; readonly configuration: Readonly<Record<string, string>> },
      ) => OddAnswer
    >
  >;
}

/** A make as it is mixed in, and what must come of it. */
export interface MixedMake {
  readonly make: Make;
  /** Which reported deviations it stands for. */
  readonly rows: string;
  /** Quirks that must have made a difference once it has been there for a while. */
  readonly quirks: readonly string[];
  /**
   * 'fair': each charge is billed as any other station's. Else it cannot be billed fairly: whatever has energy must end held,
   * with one of these flags.
   */
  readonly billed: 'fair' | readonly string[];
  /** What was billed all the same is not held where this flag says why it is fair. */
  readonly fairWith?: string;
  /** Local time there, where the make writes none. */
  readonly timeZone?: string;
  /** What an operator asks of it now and then. */
  readonly asked?: readonly Asked[];
  /** What is not left to the seed. */
  readonly manners?: Partial<Manners>;
  /** Where its registers stand at first. */
  readonly registerWh?: number;
}

export interface Asked {
  readonly name: CommandName;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Those of 2.x, and those that every version can have. */
const whatIsSaid = ({ options = {}, configuration = {} }: Make): Partial<Manners> => {
  const { bootsEachTime, forgetsStops, latestFirst, metersBeside, replaysTokens, tellsStation } = options;
  return {
    ...(bootsEachTime === true && { bootsEachTime }),
    ...(forgetsStops === true && { forgetsStops }),
    ...(latestFirst === true && { latestFirst }),
    ...(metersBeside === true && { metersBeside }),
    ...(replaysTokens === true && { replaysTokens }),
    ...(tellsStation === true && { tellsStation }),
    ...(configuration['SampledDataCtrlr.TxUpdatedInterval'] === '0' && { tellsReadings: false }),
  };
};

/** How a make's options are the manners of a station. */
export const mannersOf = ({ make, manners }: MixedMake): Partial<Manners> => {
  const { boots, clockAtPowerUp, dropsOnPing, freesFirst, messageIds, repeatsStarts, replaysStates, stopsTwice } =
    make.options ?? {};
  const { registerFrom, reopensAfterSeconds, startsToStop, tellsTransactions } = make.options ?? {};
  return {
    ...(boots === 'asked' && { boots }),
    ...(clockAtPowerUp !== undefined && clockAtPowerUp !== 'kept' && { clockAtPowerUp, keepsClock: false }),
    ...(dropsOnPing === true && { dropsOnPing }),
    ...(freesFirst === true && { freesFirst }),
    ...(messageIds === 'numbers' && { reusesIds: true }),
    ...(repeatsStarts === true && { repeatsStarts }),
    ...(reopensAfterSeconds !== undefined && { reopensAfterSeconds }),
    ...(replaysStates === true && { statusFirst: true, statusShuffled: false, statusTimed: true }),
    ...(stopsTwice === true && { twiceStopped: true }),
    ...(registerFrom !== undefined && { registerRestarts: registerFrom !== 'lifetime', registerFrom }),
    ...(startsToStop === true && { startsToStop }),
    ...(tellsTransactions === false && { tellsTransactions }),
    ...whatIsSaid(make),
    ...manners,
  };
};

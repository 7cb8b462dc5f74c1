import type {
  CertificateHash,
  CertificateOwn,
  CommandName,
  CommandResult,
  CommandTable,
  InstalledProfile,
  Setpoints,
} from './command.ts';
import type { Instant, Iso, StationId } from './domain.ts';
import type { ChargingNeeds, Fact, TokenInput } from './facts.ts';
import type { Amount } from './money.ts';
import type { StationTariff } from './station-tariff.ts';

/** What an adapter may know of a station. A value: adapters are pure. */
export interface StationView {
  readonly id: StationId;
  readonly identity: string;
  readonly protocol: string;
  readonly vendor?: string;
  readonly model?: string;
  readonly firmware?: string;
  readonly timeZone?: string;
  /** The value of a variable (1.6 configuration key), case-insensitive, if it has been read. */
  variable(name: string): string | undefined;
  /** The open transaction on that EVSE, if any. */
  transactionOn(evse: number): string | undefined;
  /** Charging profiles that it has accepted from us. */
  readonly profiles?: readonly InstalledProfile[];
}

/** What must be known before the station can be answered. */
export type Ask =
  | {
      readonly question: 'authorize';
      readonly token: TokenInput;
      readonly evse?: number;
      readonly purpose: 'authorize' | 'start' | 'stop';
      readonly time?: string;
      /** What the vehicle showed beside it (ISO 15118): charging is allowed only if that is good too. */
      readonly contract?: ShownContract;
      /** The station takes a tariff of the driver's own with the answer. */
      readonly tariff?: true;
    }
  | {
      readonly question: 'dataTransfer';
      readonly vendorId: string;
      readonly messageId?: string;
      readonly data?: unknown;
    }
  /** Is this VAT number in force, and whose is it? */
  | { readonly question: 'vatNumber'; readonly vatNumber: string }
  /** Does anybody plan how this vehicle is charged? */
  | { readonly question: 'chargingNeeds'; readonly evse: number; readonly needs: ChargingNeeds }
  /** Is what the vehicle means to take within what it was given? `time`: what its periods count from. */
  | ({ readonly question: 'vehicleSchedule' } & Pick<
      Extract<Fact, { kind: 'vehicleSchedule' }>,
      'evse' | 'schedule' | 'selected' | 'time'
    >)
  /** What does a dynamic profile of ours hold now? */
  | { readonly question: 'dynamicSchedule'; readonly profile: number }
  /** A vehicle asks for a contract certificate; `exi` is its own, base64. */
  | {
      readonly question: 'contractCertificate';
      readonly schema: string;
      readonly action: 'install' | 'update';
      readonly exi: string;
      readonly mostChains?: number;
      readonly emaids?: readonly string[];
    }
  /** Are these certificates still good, by those who issued them? */
  | { readonly question: 'certificateStatus'; readonly certificates: readonly AskedCertificate[] }
  /** Will anybody sign this CSR? */
  | { readonly question: 'signCertificate'; readonly csr: string; readonly use?: CertificateOwn };

/** The contract certificate of a vehicle, as the station passes it on: its chain as PEM, or the hashes of it, or both. */
export interface ShownContract {
  readonly chain?: string;
  readonly certificates: readonly AskedCertificate[];
}
/** What is said of the contract certificate of a vehicle, in OCPP's own senses. */
export type ContractStatus =
  | 'accepted'
  | 'signatureError'
  | 'expired'
  | 'revoked'
  | 'notAvailable'
  | 'chainError'
  | 'cancelled';

/** A certificate whose status is asked for, and where it can be had. */
export interface AskedCertificate {
  readonly certificate: CertificateHash;
  readonly source: 'ocsp' | 'crl';
  readonly urls: readonly string[];
}
/** What is said of one; what could not be found out has no status. `ocsp`: the OCSP response, DER as base64. */
export interface CertificateState {
  readonly status?: 'good' | 'revoked' | 'unknown';
  readonly nextUpdate?: Iso;
  readonly ocsp?: string;
}

/** The words of OCPP 2.0.1 (part 2, AuthorizationStatusEnumType); 1.6 has no other than the first five. */
export type AuthorizationStatus =
  | 'accepted'
  | 'blocked'
  | 'expired'
  | 'invalid'
  | 'concurrentTx'
  | 'noCredit'
  | 'notAtThisLocation'
  | 'notAtThisTime'
  | 'notAtThisEvse';

export interface Authorization {
  readonly status: AuthorizationStatus;
  readonly group?: TokenInput;
  readonly expiresAt?: Instant;
  readonly message?: string;
  /** How far a transaction of it may go: for stations that keep to it themselves (2.1). */
  readonly limits?: {
    readonly wh?: number;
    readonly amount?: string;
    readonly seconds?: number;
    readonly soc?: number;
  };
}

/** Whose a VAT number is, as registers tell it. */
export interface VatCompany {
  readonly name: string;
  readonly address1: string;
  readonly address2?: string;
  readonly city: string;
  readonly postalCode?: string;
  readonly country: string;
}

/** What a transaction costs, in whole minor units of the currency; `final`: nothing that it waits for changes it. */
export interface RunningCost extends Amount {
  readonly final: boolean;
}

/** What came of a message's facts: all that a reply may need. */
export interface Outcome {
  readonly now: Instant;
  readonly registration?: { readonly status: 'accepted' | 'pending' | 'rejected'; readonly intervalSeconds: number };
  readonly authorization?: Authorization;
  /** The transaction that the facts belong to, by the id the station knows it by. */
  readonly transaction?: { readonly id: string };
  /** What that transaction costs, tax included, where it is known by now. */
  readonly cost?: RunningCost;
  /** The driver's own, where one was asked for. */
  readonly tariff?: StationTariff;
  readonly dataTransfer?: {
    readonly status: 'accepted' | 'rejected' | 'unknownVendorId' | 'unknownMessageId';
    readonly data?: unknown;
  };
  readonly vatNumber?: { readonly valid: boolean; readonly company?: VatCompany };
  readonly signCertificate?: { readonly accept: boolean; readonly reason?: string };
  /** None of these where nobody answered in time. */
  readonly chargingNeeds?: { readonly decision: 'accept' | 'later' | 'refuse'; readonly reason?: string };
  readonly vehicleSchedule?: { readonly decision: 'accept' | 'refuse'; readonly reason?: string };
  readonly dynamicSchedule?: Setpoints;
  /** Without `exi` it was refused. */
  readonly contractCertificate?: {
    readonly exi?: string;
    readonly remaining?: number;
    readonly reason?: string;
  };
  /** In the order in which they were asked for. */
  readonly certificateStatus?: readonly CertificateState[];
  /** Where a vehicle showed a contract. */
  readonly contract?: ContractStatus;
}

/** A departure from the specification that was tolerated: counted and shown for the station. */
export interface Deviation {
  readonly code: string;
  readonly path?: string;
  readonly detail?: string;
}

/**
 * What a schema makes of a payload: the typed payload, always when the message is readable, and what was tolerated.
 * `ok: false` is for what cannot be read at all; `error` is the OCPP error code in the adapter's own spelling.
 */
export type Parsed<P> =
  | { readonly ok: true; readonly payload: P; readonly deviations: readonly Deviation[] }
  | { readonly ok: false; readonly error: string; readonly detail: string };

/** Tolerant on the way in (lengths, unknown enum values, extra members become deviations), strict on the way out. */
export type Schema<P> = (payload: unknown) => Parsed<P>;

/** One message from the station. Pure: no I/O, no clock. All facts of one message are one unit. */
export interface Inbound<P, R> {
  readonly request: Schema<P>;
  /** Checks what we send; a failing answer is a fault of ours, never of the station. */
  readonly response?: Schema<R>;
  read(
    payload: P,
    station: StationView,
  ): {
    readonly facts: readonly Fact[];
    readonly ask?: Ask;
    /** The answer takes what the transaction that ends here costs for good. */
    readonly finalCost?: true;
  };
  reply(outcome: Outcome, payload: P, station: StationView): R;
  /**
   * What the station hears when `reply` fails by a fault of ours. Every message of a transaction has one: a station
   * that hears CALLERROR retries a few times and then throws the energy away (1.6 section 3.7.1, 2.0.1 E13).
   */
  readonly lastResort?: R;
}

export interface Call {
  readonly action: string;
  readonly payload: unknown;
}

/** How a CALL of ours ended. */
export type Answer =
  | { readonly kind: 'result'; readonly payload: unknown }
  | { readonly kind: 'error'; readonly code: string; readonly description: string; readonly details: unknown }
  | { readonly kind: 'timeout' }
  | {
      readonly kind: 'closed';
      /** The station ended the connection, and so long before that it was sent. */
      readonly droppedAfterMs?: number;
    };

/** The next thing to send, with what the plan must remember; or the end. */
export type Step = { readonly call: Call; readonly state: unknown } | { readonly done: CommandResult };

/** One command as a plan of CALLs: lists, retries and clear-then-set are possible. Pure. */
export interface Outbound<C> {
  start(command: C, station: StationView): Step;
  next(state: unknown, answer: Answer): Step;
}

export type Plans = { readonly [K in CommandName]?: Outbound<CommandTable[K]> };

// The tables hold messages of many payload types under one key; each entry was type-checked where it was made.
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyInbound = Inbound<any, any>;

/** What a station has told of itself. What it has not told is undefined: never guessed. */
export interface Capabilities {
  /** The parts of the protocol that it has, in its own words. */
  readonly profiles: readonly string[] | undefined;
  readonly evses: number | undefined;
  readonly measurands: readonly string[] | undefined;
  readonly alignedMeasurands: readonly string[] | undefined;
  readonly chargingRateUnits: readonly ('W' | 'A')[] | undefined;
  readonly maxStackLevel: number | undefined;
  readonly maxSchedulePeriods: number | undefined;
  readonly maxProfiles: number | undefined;
  readonly localListLength: number | undefined;
  readonly localListPerMessage: number | undefined;
  readonly variablesPerRead: number | undefined;
  readonly reservesWholeStation: boolean | undefined;
  readonly switchesPhases: boolean | undefined;
  readonly securityProfile: number | undefined;
}

export interface Adapter {
  /** The WebSocket subprotocol, such as `ocpp1.6`. */
  readonly protocol: string;
  /** Error codes in this version's own spelling. */
  readonly errors: { readonly formation: string; readonly occurrence: string };
  readonly inbound: Readonly<Record<string, AnyInbound>>;
  readonly outbound: Plans;
  /** Actions of the protocol that are known and not handled: answered NotSupported, all others NotImplemented. */
  readonly known: readonly string[];
  /**
   * What this version calls a setting that another may name otherwise, such as `HeartbeatInterval` and
   * `OCPPCommCtrlr/HeartbeatInterval`; undefined where it has none. Without it every name is its own.
   */
  settingName?(name: string): string | undefined;
  /** Read from the variables that a station has told. */
  capabilities?(station: StationView): Capabilities;
  /** Compiles what is otherwise compiled on first use. Called once, after listening. */
  warm?(): void;
}

/** How long, how often, how soon, for stations that need it otherwise. */
export interface Timing {
  readonly pingSeconds?: number | 'never';
  readonly bootTriggerSeconds?: number;
  readonly callTimeoutSeconds?: number;
  readonly callSpacingMs?: number;
}

/** Rewrites a payload by action; returns it, changed or not. Pure. */
export type ByAction = Readonly<
  Record<string, (payload: Readonly<Record<string, unknown>>, station: StationView) => unknown>
>;

/** Plans of a make: `start` gives undefined where the command is carried out as the adapter does. */
export type QuirkPlans = {
  readonly [K in CommandName]?: Pick<Outbound<CommandTable[K]>, 'next'> & {
    start(command: CommandTable[K], station: StationView): Step | undefined;
  };
};

/** A vendor's dialect as data: one file a vendor in adapters/quirks. The first that matches wins per hook. */
export interface Quirk {
  readonly id: string;
  /** What the station does, and where that was seen. */
  readonly why: string;
  readonly match: {
    readonly vendor: RegExp;
    readonly model?: RegExp;
    readonly firmware?: (version: string) => boolean;
  };
  /** Which protocols it applies to; all when left out. */
  readonly protocols?: readonly string[];
  /** Repairs text that is not JSON. Called only when parsing has failed. */
  readonly text?: (raw: string) => string;
  readonly inbound?: ByAction;
  readonly outbound?: ByAction;
  /** Replaces the whole plan of a command. */
  readonly plan?: QuirkPlans;
  /** Actions never sent unless asked for with a raw call. */
  readonly deny?: readonly string[];
  readonly timing?: Timing;
  /**
   * Why what these stations measure is not billed by itself: sessions of theirs are held with this reason until an operator
   * says so.
   */
  readonly inexact?: string;
  /** What no message can repair: what to set at the station itself, shown with the station. */
  readonly advice?: string;
}

export const defineQuirk = (quirk: Quirk): Quirk => quirk;

/** Another adapter as a base, by data: later entries replace. */
export const extendAdapter = (base: Adapter, changes: Partial<Adapter>): Adapter => ({
  ...base,
  ...changes,
  inbound: { ...base.inbound, ...changes.inbound },
  outbound: { ...base.outbound, ...changes.outbound },
  known: [...new Set([...base.known, ...(changes.known ?? [])])],
});

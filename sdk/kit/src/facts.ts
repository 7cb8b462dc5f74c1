import type { CertificateOwn, ChargingProfile, ChargingSchedule, DerControl, VariableValue } from './command.ts';
import type { Decimal } from './domain.ts';
import type { DeviceEvent, Monitor } from './monitor.ts';

/** An idToken as a station or partner presents it. The type is the field's own word, such as ISO14443, eMAID, Central; 1.6 has none. */
export interface TokenInput {
  readonly value: string;
  readonly type?: string;
}

/** Time as the station wrote it. Raw: the core judges it, keeps it, and falls back to the receive time. */
export type RawTime = string | undefined;

export type ConnectorStatus =
  | 'available'
  | 'preparing'
  | 'charging'
  | 'suspendedEV'
  | 'suspendedEVSE'
  | 'finishing'
  | 'reserved'
  | 'unavailable'
  | 'faulted'
  /** 2.x: plugged, nothing more is said. */
  | 'occupied';

/** What a connector or transaction says about the flow of energy; SuspendedEV and SuspendedEVSE stay apart, prices depend on it. */
export type ChargingState = 'plugged' | 'charging' | 'suspendedEV' | 'suspendedEVSE' | 'idle';

/** One value. Absent members mean what OCPP says they mean; `value` is the station's own decimal text. */
export interface Sample {
  readonly measurand?: string;
  readonly value: Decimal;
  readonly unit?: string;
  /** Power of ten (2.x unitOfMeasure.multiplier). */
  readonly multiplier?: number;
  readonly phase?: string;
  readonly location?: string;
  readonly context?: string;
  /** A signed record, byte for byte as it came; `value` is then empty unless the protocol gives both. */
  readonly signed?: string;
  /** What stands beside the record where the protocol has its members apart (2.x): how it is written, and its key. */
  readonly signedAs?: SignedAs;
}

/** What a station says of a signed record: told, not trusted. */
export interface SignedAs {
  readonly method?: string;
  readonly encoding?: string;
  readonly publicKey?: string;
}

/** The battery's state of charge in one reading, in percent; none where it is no percentage. */
export function socOf(samples: readonly Pick<Sample, 'measurand' | 'value' | 'multiplier'>[]): number | undefined {
  const said = samples.find(({ measurand }) => measurand === 'SoC');
  if (said === undefined || said.value.trim() === '') return undefined;
  const percent = Number(said.value) * 10 ** (said.multiplier ?? 0);
  return percent >= 0 && percent <= 100 ? percent : undefined;
}

export interface Reading {
  readonly time: RawTime;
  readonly samples: readonly Sample[];
}

/** The station's unit of charging. 1.6: the id that the CSMS gave; 2.x: the station's own, with an order of events. */
export interface TransactionRef {
  readonly id: string;
  readonly seqNo?: number;
  readonly offline?: boolean;
  /** Why the station tells it now, in its own word (2.x triggerReason). */
  readonly trigger?: string;
}

interface At {
  readonly time: RawTime;
}
interface Where {
  /** 0 is the station itself. */
  readonly evse: number;
  readonly connector?: number;
}

/** What a message says, in neutral words. All facts of one message are one unit: stored together or not at all. */
export type Fact =
  | {
      readonly kind: 'booted';
      readonly vendor: string;
      readonly model: string;
      readonly firmware?: string;
      readonly serial?: string;
      readonly meterType?: string;
      readonly meterSerial?: string;
      readonly iccid?: string;
      readonly imsi?: string;
      readonly reason?: string;
    }
  | { readonly kind: 'seen' }
  | ({
      readonly kind: 'status';
      readonly status: ConnectorStatus;
      readonly raw: string;
      readonly error?: StationError;
    } & At &
      Where)
  /** A token was presented without a transaction: an attempt on the station's stream. */
  | { readonly kind: 'attempted'; readonly token: TokenInput }
  | ({
      readonly kind: 'started';
      /** 2.x only; in 1.6 the core gives the id. */
      readonly transaction?: TransactionRef;
      readonly token?: TokenInput;
      /** Wh, as the station wrote it. */
      readonly meterStart?: Decimal;
      readonly remoteStartId?: number;
      readonly reservation?: number;
      /** 2.x: what tells one event from another of equal seqNo. 1.6: left out, the core builds its content key. */
      readonly content?: string;
    } & At &
      Where)
  /** 2.x: an event of a transaction that is neither its start nor its end; opens an estimated start when the id is unknown. */
  | ({
      readonly kind: 'updated';
      readonly transaction: TransactionRef;
      readonly token?: TokenInput;
      readonly remoteStartId?: number;
      readonly content?: string;
    } & At &
      Partial<Where>)
  | ({ readonly kind: 'state'; readonly transaction: TransactionRef; readonly state: ChargingState } & At &
      Partial<Where>)
  | ({ readonly kind: 'unplugged'; readonly transaction: TransactionRef } & At & Partial<Where>)
  | ({
      readonly kind: 'metered';
      readonly transaction?: TransactionRef;
      readonly readings: readonly Reading[];
    } & Partial<Where>)
  | ({
      readonly kind: 'ended';
      readonly transaction: TransactionRef;
      readonly token?: TokenInput;
      /** Wh, as the station wrote it. */
      readonly meterStop?: Decimal;
      readonly reason?: string;
      readonly content?: string;
    } & At &
      Partial<Where>)
  /** How far the station is with what it was asked to fetch or send; `status` is the protocol's own word, its first letter small. */
  | {
      readonly kind: 'progress';
      readonly of: 'firmware' | 'diagnostics' | 'log';
      readonly status: string;
      /** Of the command that asked for it, where the station says so. */
      readonly request?: number;
      /** The status with what the station says of why (2.1). */
      readonly detail?: string;
    }
  /** A part of a report that was asked for with that `request`; parts count from 0. */
  | { readonly kind: 'reported'; readonly report: ReportPart; readonly variables: readonly VariableValue[] }
  /** What the station keeps of a driver, a part of it. The text is for who asked, and is never in the log. */
  | { readonly kind: 'customerReported'; readonly report: ReportPart; readonly text: string }
  /** The same of its monitors. */
  | { readonly kind: 'monitorsReported'; readonly report: ReportPart; readonly monitors: readonly Monitor[] }
  /** A variable did what is to be told of: it passed a monitor's threshold, the hardware raised an alarm. */
  | ({ readonly kind: 'deviceEvent' } & DeviceEvent & At)
  /** A security event of the station, by its name in OCPP 2.x. */
  | ({ readonly kind: 'security'; readonly type: string; readonly info?: string } & At)
  /** Charging profiles that the station has at one EVSE from one source: a part of the answer to `readProfiles`. */
  | {
      readonly kind: 'profilesReported';
      readonly request: number;
      readonly evse: number;
      /** Who gave them; CSO is us. */
      readonly source: string;
      readonly profiles: readonly ChargingProfile[];
      readonly more: boolean;
    }
  /** The station wants a certificate for itself: PKCS#10, PEM. `request`: what the chain is to be delivered for. */
  | {
      readonly kind: 'certificateRequested';
      readonly csr: string;
      readonly use?: CertificateOwn;
      readonly request?: number;
    }
  /** The station has let a reservation go by itself. */
  | { readonly kind: 'reservationGone'; readonly reservation: number; readonly why: 'expired' | 'removed' }
  /** The grid or an energy manager holds an EVSE (0: the station) to a limit; `source` is OCPP's word, such as SO, EMS. */
  | {
      readonly kind: 'externalLimit';
      readonly evse: number;
      readonly source: string;
      readonly gridCritical?: boolean;
      readonly localGeneration?: boolean;
      readonly schedules: readonly ChargingSchedule[];
    }
  | { readonly kind: 'externalLimitCleared'; readonly evse: number; readonly source: string }
  /** What the vehicle at an EVSE asks for (ISO 15118). */
  | { readonly kind: 'chargingNeeds'; readonly evse: number; readonly needs: ChargingNeeds }
  /** How the vehicle means to charge within what it was given. */
  | ({
      readonly kind: 'vehicleSchedule';
      readonly evse: number;
      readonly schedule: ChargingSchedule;
      /** Which of the profile's schedules it chose, counted from 1. */
      readonly selected?: number;
      readonly toleranceAccepted?: boolean;
    } & At)
  /** Priority charging was switched at the station. */
  | { readonly kind: 'priorityCharging'; readonly transactionId: string; readonly active: boolean }
  /** What happened in the grid, and that it is over: `control` is the rule that reacted, both in OCPP's words. */
  | ({
      readonly kind: 'derAlarm';
      readonly control: string;
      readonly fault?: string;
      readonly ended: boolean;
      readonly info?: string;
    } & At)
  /** A rule of the grid code is followed from now on, or no longer. */
  | ({
      readonly kind: 'derActive';
      readonly id: string;
      readonly active: boolean;
      readonly superseded: readonly string[];
    } & At)
  /** Rules that the station has: a part of the answer to `readDerControls`. */
  | {
      readonly kind: 'derReported';
      readonly request: number;
      readonly controls: readonly DerControl[];
      readonly more: boolean;
    }
  /** Anything worth keeping that changes no state of ours, such as an answered DataTransfer. */
  | { readonly kind: 'noted'; readonly topic: string; readonly data: unknown };

export interface ReportPart {
  readonly request: number;
  readonly part: number;
  /** None follows by its number. */
  readonly last: boolean;
}

/** What a vehicle asks for. Words are OCPP's own; what it has not said is not there. */
export interface ChargingNeeds {
  /** Such as AC_three_phase, DC_BPT. */
  readonly transfer: string;
  readonly available?: readonly string[];
  readonly departureAt?: string;
  readonly energyWh?: number;
  readonly minAmperes?: number;
  readonly maxAmperes?: number;
  readonly maxVolts?: number;
  readonly maxWatts?: number;
  readonly capacityWh?: number;
  readonly soc?: number;
  readonly fullSoc?: number;
  readonly bulkSoc?: number;
  /** The most periods that it takes in a schedule. */
  readonly maxPeriods?: number;
  readonly controlMode?: string;
  readonly mobilityNeedsMode?: string;
  /** 2.1, as it came: what it can discharge, which grid rules it knows, what it offers. */
  readonly v2x?: Readonly<Record<string, unknown>>;
  readonly der?: Readonly<Record<string, unknown>>;
  readonly offer?: Readonly<Record<string, unknown>>;
}

export interface StationError {
  /** The protocol's code, such as GroundFailure; unknown codes are `OtherError` with the raw text in `info`. */
  readonly code: string;
  readonly vendor?: string;
  readonly vendorCode?: string;
  readonly info?: string;
}

import type { Iso } from './domain.ts';
import type { TokenInput } from './facts.ts';
import type { Amount } from './money.ts';
import type { Monitor, NewMonitor } from './monitor.ts';
import type { StationTariff } from './station-tariff.ts';
import type { NetworkProfile } from './network.ts';

/**
 * What can be asked of a station, in neutral words: 1.6, 2.0.1 and 2.1 each say it in their own. EVSE 0, or none, is the
 * station itself. What has an id of its own (`remoteStartId`, `request`, `reservation`) is given it by the core.
 */
export interface CommandTable {
  start: {
    readonly evse?: number;
    readonly connector?: number;
    readonly token: TokenInput;
    readonly remoteStartId: number;
    /** Whose the token is: who else may stop it. Given by the core. */
    readonly group?: TokenInput;
    /** Of purpose `tx`: holds for the transaction that this starts. */
    readonly profile?: ChargingProfile;
  };
  stop: { readonly transaction: string };
  /** 2.x: whether it goes on, and whether the station has messages of it that we have not heard; of any, where none is named. */
  transactionStatus: { readonly transaction?: string };
  /** 2.x: what the transaction costs so far, tax included; refused where the station does not show it, or in another currency. */
  tellCost: { readonly transaction: string; readonly total: Amount };
  unlock: { readonly evse: number; readonly connector?: number };
  /** `resume`: 2.1, at once, and what was charging goes on afterwards. */
  reset: { readonly kind: 'soft' | 'hard' | 'resume'; readonly evse?: number };
  availability: { readonly evse?: number; readonly connector?: number; readonly operative: boolean };
  /** `custom`: the word of the make for it, with the message of that name (2.1). */
  trigger: {
    readonly message: TriggerName;
    readonly evse?: number;
    readonly connector?: number;
    readonly custom?: string;
  };
  /** Without names all that there are: in 2.x as a report with that `request`, given by the core. */
  readVariables: { readonly names?: readonly string[]; readonly request?: number };
  writeVariables: { readonly values: Readonly<Record<string, string>> };
  /** What the station has of variables, in parts that come by themselves. */
  baseReport: { readonly base: 'configuration' | 'full' | 'summary'; readonly request: number };
  /** Of those components and variables, or of those components that are so. */
  variableReport: {
    readonly names?: readonly string[];
    readonly criteria?: readonly ('active' | 'available' | 'enabled' | 'problem')[];
    readonly request: number;
  };
  setMonitors: { readonly monitors: readonly NewMonitor[] };
  clearMonitors: { readonly ids: readonly number[] };
  /** The monitors that the station has, all or of those components and variables, in parts that come by themselves. */
  readMonitors: {
    readonly names?: readonly string[];
    readonly criteria?: readonly ('threshold' | 'delta' | 'periodic')[];
    readonly request: number;
  };
  /** Back to the monitors of the factory, or to those of the hardware alone; `all`: those of the factory beside its own. */
  setMonitoringBase: { readonly base: 'all' | 'factory' | 'hardWired' };
  /** Events that are less grave than that are not told. */
  setMonitoringLevel: { readonly severity: number };
  clearCache: Nothing;
  dataTransfer: { readonly vendorId: string; readonly messageId?: string; readonly data?: unknown };

  readLocalList: Nothing;
  /** Brings the station's list to `entries`. With `changes`, as a differential on top of version `base` where the station has that one. */
  writeLocalList: {
    readonly entries: readonly LocalListEntry[];
    readonly base?: number;
    readonly changes?: readonly LocalListEntry[];
  };

  reserve: {
    readonly reservation: number;
    readonly evse?: number;
    readonly connector?: number;
    /** 2.x: any that has such a connector, by OCPP's own words, such as cCCS2. */
    readonly connectorType?: string;
    readonly token: TokenInput;
    readonly group?: TokenInput;
    readonly expiresAt: Iso;
  };
  cancelReservation: { readonly reservation: number };

  setProfile: { readonly evse?: number; readonly profile: ChargingProfile };
  /** All profiles that fit what is named; all there are when nothing is. */
  clearProfile: ProfileFilter;
  /** Asks the station which profiles it has; it reports them in parts, and what we believe of it is put right. */
  readProfiles: ProfileFilter & {
    readonly request: number;
    /** Set by whom, by OCPP's own words, such as EMS; ours are of CSO. All where none is named. */
    readonly sources?: readonly string[];
  };
  compositeSchedule: { readonly evse?: number; readonly seconds: number; readonly unit?: RateUnit };
  /** Watts in total or amperes per phase, as a profile of ours; null lifts it. `at`: from when, given by the core. */
  limit: {
    readonly evse?: number;
    readonly watts?: number | null;
    readonly amperes?: number | null;
    readonly at?: Iso;
  };

  /** 2.1: what a transaction there costs for whoever has no tariff of their own; EVSE 0 is all of them. */
  setDefaultTariff: {
    readonly evse: number;
    readonly tariff: StationTariff;
    /** Of our own accord: only for stations that say they reckon by tariffs. */
    readonly unasked?: true;
  };
  /** Which tariffs it has: `data` of the result, as it came. */
  readTariffs: { readonly evse: number };
  /** Those, or all there are. */
  clearTariffs: { readonly evse?: number; readonly ids?: readonly string[] };
  /** The running transaction goes on at another price. */
  changeTransactionTariff: {
    readonly transaction: string;
    readonly tariff: StationTariff;
    /** Of our own accord: only for stations that say they reckon by tariffs. */
    readonly unasked?: true;
  };
  /** 2.1: somebody is paying for a start there, on a page; the EVSE is kept for them so long. */
  webPaymentStarted: { readonly evse: number; readonly seconds: number };

  /** 2.1: what a dynamic profile holds from now on. */
  updateDynamicSchedule: { readonly profile: number; readonly setpoints: Setpoints };
  /** 2.1: the transaction charges by its priority profile, or no longer. */
  priorityCharging: { readonly transaction: string; readonly active: boolean };
  /** 2.1: in which ways energy may flow in a transaction, by OCPP's words, such as AC_BPT. */
  allowEnergyTransfer: { readonly transaction: string; readonly modes: readonly string[] };
  /** 2.1: the signal of the frequency reserve (aFRR), which the signal curve of a profile turns into power. */
  frequencySignal: { readonly signal: number; readonly at: Iso };
  /** 2.1: a rule of the grid code; `control` and its `values` are OCPP's own, such as VoltWatt with its curve. */
  setDerControl: DerFilter & {
    readonly id: string;
    readonly control: string;
    readonly isDefault: boolean;
    readonly values: Readonly<Record<string, unknown>>;
  };
  /** Asks which there are; the station reports them in parts. */
  readDerControls: DerFilter & { readonly request: number };
  clearDerControl: DerFilter & { readonly isDefault: boolean };

  /** Signed where `signature` and `certificate` are given. */
  updateFirmware: Transfer & {
    readonly retrieveAt: Iso;
    readonly installAt?: Iso;
    /** Of the image, base64. */
    readonly signature?: string;
    /** PEM: whose key made the signature. */
    readonly certificate?: string;
  };
  getDiagnostics: Transfer & { readonly from?: Iso; readonly until?: Iso };
  getLog: Transfer & { readonly log: 'diagnostics' | 'security'; readonly from?: Iso; readonly until?: Iso };

  /** The station is to come with another key; its own and the new one are both good until it has. The key is given by the core. */
  rotateKey: { readonly key: string };
  /** The station is to come by a higher security profile; where its protocol has no setting for that, by another network profile. */
  raiseProfile: { readonly securityProfile: 1 | 2 | 3; readonly url?: string; readonly interface?: string };
  /** Writes it into a slot; what the station dials is the order of its slots. */
  setNetworkProfile: { readonly slot: number; readonly profile: NetworkProfile };
  /** Moves it to that profile, with what it has now to fall back to: several messages, a start anew, and what it comes by is seen. */
  moveNetwork: { readonly profile: NetworkProfile; readonly slot?: number; readonly drop?: boolean };

  /** The chain that a CSR of the station was answered with: PEM, the station's own first. */
  /** `use` and `request`: as the CSR was asked to be signed for; none is the one that it shows to us. */
  certificateSigned: { readonly chain: string; readonly use?: CertificateOwn; readonly request?: number };
  installCertificate: { readonly use: CertificateUse; readonly certificate: string };
  deleteCertificate: { readonly certificate: CertificateHash };
  /** 2.x: of every use where none is named, and of several at once. */
  listCertificates: { readonly use?: CertificateUse | readonly CertificateUse[] };
  /** To a local controller: it fetches the image, whose MD5 is `checksum`, for the stations behind it. */
  publishFirmware: Transfer & { readonly checksum: string };
  unpublishFirmware: { readonly checksum: string };
  /** What the station keeps of one driver: told in parts, which an operator takes once (`customerReported`). With `clear` it then goes. */
  readCustomer: CommandTable['eraseCustomer'] & { readonly clear?: boolean };
  /** What the station keeps of one driver is to go, by the token, what the operator knows the driver by, or the contract. */
  eraseCustomer: {
    readonly request: number;
    readonly token?: TokenInput;
    readonly customer?: string;
    readonly certificate?: CertificateHash;
  };
  setDisplayMessage: { readonly message: DisplayMessage };
  /** They come as `station.noted` of topic `display.messages` with that `request`. */
  readDisplayMessages: {
    readonly request: number;
    readonly ids?: readonly number[];
    readonly priority?: DisplayMessage['priority'];
    readonly state?: DisplayMessage['state'];
  };
  clearDisplayMessage: { readonly id: number };
  /** A stream of values that the station has opened: how often, and how many at once. */
  adjustStream: { readonly id: number; readonly seconds?: number; readonly values?: number };
  readStreams: Nothing;
  requestBatterySwap: { readonly request: number; readonly token: TokenInput };
}
export type CommandName = keyof CommandTable;
type Nothing = Readonly<Record<never, never>>;

/** Where the station fetches from or sends to; it says how far it is with that `request`. */
interface Transfer {
  readonly request: number;
  readonly url: string;
  readonly retries?: number;
  readonly retrySeconds?: number;
}

export type TriggerName =
  | 'boot'
  | 'heartbeat'
  | 'status'
  | 'meterValues'
  | 'diagnosticsStatus'
  | 'firmwareStatus'
  | 'logStatus'
  | 'signCertificate'
  // Of 2.x.
  | 'transaction'
  | 'publishStatus'
  | 'signV2gCertificate'
  | 'signV2g20Certificate'
  | 'signCombinedCertificate'
  | 'custom';

/** Without a status: the token is taken off the list. */
export interface LocalListEntry {
  readonly token: TokenInput;
  readonly status?: 'accepted' | 'blocked' | 'expired' | 'invalid';
  readonly expiresAt?: Iso;
  readonly group?: TokenInput;
}

export type RateUnit = 'A' | 'W';
/** `external`: what the grid or an energy manager holds the station to, never set by us; `priority` and `localGeneration`: 2.1. */
export type ProfilePurpose = 'stationMax' | 'txDefault' | 'tx' | 'external' | 'priority' | 'localGeneration';

export interface ChargingProfile {
  readonly id: number;
  readonly purpose: ProfilePurpose;
  readonly stackLevel: number;
  /** `dynamic`: 2.1, its limits are pushed or pulled while it holds. */
  readonly kind: 'absolute' | 'recurring' | 'relative' | 'dynamic';
  readonly recurrency?: 'daily' | 'weekly';
  readonly validFrom?: Iso;
  readonly validTo?: Iso;
  readonly schedule: ChargingSchedule;
  /** 2.x: up to two more that a vehicle may choose from instead (ISO 15118). */
  readonly alternatives?: readonly ChargingSchedule[];
  /** The station's, for one of purpose `tx`; the one that is running at the EVSE when left out. */
  readonly transaction?: string;
  /** 2.1: for how long it holds while the station is offline, and whether it comes back after that. */
  readonly maxOfflineSeconds?: number;
  readonly invalidAfterOffline?: boolean;
  /** 2.1, dynamic: how often the station asks for its limits; without it they are only pushed. */
  readonly updateSeconds?: number;
}
export interface ChargingSchedule {
  readonly unit: RateUnit;
  /** When it begins; not for relative ones. */
  readonly start?: Iso;
  readonly seconds?: number;
  readonly minRate?: number;
  /** 2.1: from that state of charge on, no more than that. */
  readonly atSoc?: { readonly soc: number; readonly limit: number };
  readonly powerTolerance?: number;
  readonly useLocalTime?: boolean;
  readonly randomizedDelay?: number;
  readonly periods: readonly SchedulePeriod[];
}
/** What the flow of energy is held to; 2.1 has each for one phase too, for discharging, and setpoints. In the schedule's unit. */
export interface Setpoints {
  /** Of one decimal. None only in 2.1, where a setpoint or another mode of operation says what holds. */
  readonly limit?: number;
  readonly limitL2?: number;
  readonly limitL3?: number;
  /** 0 or less. */
  readonly dischargeLimit?: number;
  readonly dischargeLimitL2?: number;
  readonly dischargeLimitL3?: number;
  readonly setpoint?: number;
  readonly setpointL2?: number;
  readonly setpointL3?: number;
  readonly setpointReactive?: number;
  readonly setpointReactiveL2?: number;
  readonly setpointReactiveL3?: number;
}
export interface SchedulePeriod extends Setpoints {
  /** Seconds from the schedule's own start, the first at 0. */
  readonly start: number;
  readonly phases?: number;
  /** 2.x: where one phase is charged with, which. */
  readonly phaseToUse?: number;
  readonly operationMode?: OperationMode;
  readonly preconditioning?: boolean;
  readonly evseSleep?: boolean;
  readonly baseline?: number;
  readonly freqWattCurve?: readonly { readonly frequency: number; readonly power: number }[];
  readonly signalWattCurve?: readonly { readonly signal: number; readonly power: number }[];
}
export type OperationMode =
  | 'idle'
  | 'chargingOnly'
  | 'centralSetpoint'
  | 'externalSetpoint'
  | 'externalLimits'
  | 'centralFrequency'
  | 'localFrequency'
  | 'localLoadBalancing';
/** A profile that the station has been given and has accepted. */
export interface InstalledProfile {
  readonly id: number;
  readonly evse: number;
  readonly purpose: ProfilePurpose;
  readonly stackLevel: number;
}
export interface ProfileFilter {
  readonly id?: number;
  readonly evse?: number;
  readonly purpose?: ProfilePurpose;
  readonly stackLevel?: number;
}
/** Which rules of the grid code are meant. */
interface DerFilter {
  readonly id?: string;
  readonly control?: string;
  readonly isDefault?: boolean;
}
/** A rule of the grid code that a station follows (distributed energy resource): `control` and `values` are OCPP 2.1's own. */
export interface DerControl {
  readonly id: string;
  readonly control: string;
  readonly isDefault?: boolean;
  readonly superseded?: boolean;
  readonly values: Readonly<Record<string, unknown>>;
}
export type ProfileChange = { readonly set: InstalledProfile } | { readonly cleared: ProfileFilter };

/** What a certificate in a station's store is for: roots it trusts, and `v2gChain`, what it shows to cars. */
export type CertificateUse = 'csmsRoot' | 'manufacturerRoot' | 'v2gRoot' | 'moRoot' | 'oemRoot' | 'v2gChain';
/** A certificate of the station's own: to us, and to cars by ISO 15118-2 or -20. */
export type CertificateOwn = 'station' | 'v2g' | 'v2g20';
export interface CertificateHash {
  readonly algorithm: 'SHA256' | 'SHA384' | 'SHA512';
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
}

/** 1.6: a configuration key. 2.x: `Component[.instance]/Variable[.instance][@evse[.connector]][#attribute]`. */
export interface VariableValue {
  readonly name: string;
  readonly value?: string;
  /** Undefined where the station has not said. */
  readonly readonly?: boolean;
  readonly mutability?: 'readOnly' | 'writeOnly' | 'readWrite';
  readonly characteristics?: VariableCharacteristics;
}

/** What a variable is, by the station's own words (2.x). */
export interface VariableCharacteristics {
  readonly dataType: string;
  readonly unit?: string;
  /** What it can be. */
  readonly values?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** It can be given a monitor. */
  readonly monitored: boolean;
}

/** What a station said to one variable that we wrote. */
export interface VariableOutcome {
  readonly name: string;
  readonly value: string;
  readonly status: 'accepted' | 'rebootRequired' | 'rejected' | 'unsupported';
}

/** A text of the station's display. 2.0.1 has one language, and neither QR codes nor the last two states. */
export interface DisplayMessage {
  readonly id: number;
  readonly priority: 'alwaysFront' | 'inFront' | 'normalCycle';
  readonly state?: 'charging' | 'faulted' | 'idle' | 'unavailable' | 'suspended' | 'discharging';
  readonly from?: Iso;
  readonly until?: Iso;
  /** By the id that the station knows it by; the message goes with it. */
  readonly transaction?: string;
  readonly content: DisplayContent;
  /** The same in other languages. */
  readonly others?: readonly DisplayContent[];
}
export interface DisplayContent {
  readonly format: 'ascii' | 'html' | 'uri' | 'utf8' | 'qrCode';
  readonly language?: string;
  readonly text: string;
}

export type CommandResult =
  | {
      readonly status: 'accepted' | 'scheduled' | 'rejected' | 'unsupported' | 'rebootRequired';
      readonly detail?: string;
      /** What a read gave. */
      readonly variables?: readonly VariableValue[];
      readonly unknown?: readonly string[];
      /** How each writing of a variable was taken. */
      readonly outcomes?: readonly VariableOutcome[];
      /** Monitors that it has taken, and the numbers of those that it has no more. */
      readonly monitors?: readonly Monitor[];
      readonly clearedMonitors?: readonly number[];
      /** All the monitors that it has of what was asked for, where no report follows. */
      readonly allMonitors?: readonly Monitor[];
      /** The version that the station's list has now. */
      readonly localListVersion?: number;
      readonly profiles?: readonly ProfileChange[];
      readonly schedule?: ChargingSchedule & { readonly evse: number };
      readonly certificates?: readonly (CertificateHash & { readonly use?: CertificateUse })[];
      /** What reading it back showed: whether it is as it was asked for. */
      readonly readBack?: { readonly seen: boolean; readonly detail: string };
      /** It took the place of one of its kind that was under way. */
      readonly supersedes?: true;
      /** What the station will call the file that it sends; none where it has nothing to send. */
      readonly fileName?: string;
      /** What the station says of a transaction. */
      readonly transaction?: { readonly ongoing?: boolean; readonly messagesInQueue: boolean };
      /** What the other side of a DataTransfer gave back, or what a list was asked for. */
      readonly data?: unknown;
    }
  | {
      readonly status: 'timeout' | 'failed';
      readonly detail: string;
      /** What it has said and taken before stands. */
      readonly variables?: readonly VariableValue[];
      readonly unknown?: readonly string[];
      readonly outcomes?: readonly VariableOutcome[];
      readonly monitors?: readonly Monitor[];
      readonly clearedMonitors?: readonly number[];
    };

import type { Beginning } from '../dialect.ts';
import type { LedgerEntry } from '../ledger.ts';
import type { Outlet } from '../physics/outlet.ts';
import type { MeterValue } from './samples.ts';

/** States of OCPP 1.6 section 7.7 that the virtual station takes. */
export type Status =
  | 'Available'
  | 'Preparing'
  | 'Charging'
  | 'SuspendedEV'
  | 'SuspendedEVSE'
  | 'Finishing'
  | 'Reserved'
  | 'Unavailable'
  | 'Faulted';

/** One running transaction of a connector. */
export interface Running {
  readonly entry: LedgerEntry;
  /** Takes back its timers. */
  readonly timers: Set<() => void>;
  /** Readings that its stop will carry (StopTxnSampledData, StopTxnAlignedData). */
  readonly collected: MeterValue[];
  /** Told once, when it has ended for whatever reason. */
  readonly ended: ((entry: LedgerEntry) => void)[];
  /** What was offered to the car when it was last looked at. */
  offeredW?: number;
  /** The driver leaves at whichever comes first, or when the battery is full; without it the transaction runs until it is stopped. */
  visit?: { readonly wh?: number; readonly ms?: number };
}

export interface Connector {
  readonly number: number;
  readonly outlet: Outlet;
  status: Status;
  /** Last status that the CSMS was told; undefined: none since boot. */
  told?: Status;
  operative: boolean;
  /** ChangeAvailability that waits for the transaction to end. */
  scheduled?: 'Operative' | 'Inoperative';
  running?: Running;
  /** A remote start that waits for the plug. */
  remote?: {
    readonly idTag: string;
    readonly profile: unknown;
    readonly how: Beginning;
    readonly cancel: () => void;
  };
  /** A transaction of OCPP 2.x that began before anything is delivered, or has not ended though nothing is any more. */
  open?: LedgerEntry;
  /** `errorCode` of a fault; the connector is out of service while it has one. */
  fault?: string;
}

/** What the connector shows when no transaction runs. */
export const restingStatus = (connector: Connector, reserved: boolean): Status => {
  if (connector.fault !== undefined) return 'Faulted';
  if (!connector.operative) return 'Unavailable';
  if (connector.outlet.vehicle() !== undefined) return 'Preparing';
  return reserved ? 'Reserved' : 'Available';
};

/** Whether a transaction could begin there. */
export const isFree = (connector: Connector): boolean =>
  connector.operative && connector.fault === undefined && connector.running === undefined;

/** `idTagInfo.status` of an answer; missing means accepted, as the answer to a stop. */
export const idTagStatus = (payload: Record<string, unknown>): string => {
  const info = payload['idTagInfo'];
  return typeof info === 'object' && info !== null && 'status' in info ? String(info.status) : 'Accepted';
};

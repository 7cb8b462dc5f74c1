/** When a station of 2.x tells of a variable by itself; the last two are of 2.1. */
export type MonitorKind =
  | 'upper'
  | 'lower'
  | 'delta'
  | 'periodic'
  | 'clockAligned'
  | 'targetDelta'
  | 'targetDeltaRelative';

/** A monitor as it is asked for; one with an `id` replaces the monitor that the station calls so. */
export interface NewMonitor {
  readonly id?: number;
  readonly variable: string;
  readonly kind: MonitorKind;
  /** The threshold, the change, or the seconds between two reports. */
  readonly value: number;
  /** 0 is danger, 9 debugging. */
  readonly severity: number;
  /** Only while a transaction lasts. */
  readonly transaction?: boolean;
  /** 2.1, periodic: its values come as a stream, every so many seconds or so many at once. */
  readonly stream?: { readonly seconds?: number; readonly values?: number };
}

/** A monitor that a station says it has, or has taken. */
export interface Monitor {
  /** The station's own number of it. */
  readonly id: number;
  readonly variable: string;
  readonly kind: MonitorKind;
  readonly value: number;
  readonly severity: number;
  readonly transaction: boolean;
  /** 2.1: who made it, in the words of eventNotificationType. */
  readonly origin?: string;
}

/** What a station tells of a variable by itself. */
export interface DeviceEvent {
  /** The station's own number of it. */
  readonly id?: number;
  readonly variable: string;
  readonly value?: string;
  readonly trigger: 'alerting' | 'delta' | 'periodic';
  /** What an earlier event told of is over. */
  readonly cleared?: boolean;
  /** The event that it follows from. */
  readonly cause?: number;
  readonly code?: string;
  readonly info?: string;
  readonly transactionId?: string;
  readonly monitor?: number;
  /** In the words of eventNotificationType. */
  readonly origin?: string;
  /** 2.1 says it; in 2.0.1 it is that of the monitor. */
  readonly severity?: number;
}

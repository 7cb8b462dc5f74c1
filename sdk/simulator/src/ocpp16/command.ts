import type { Authorizer } from './authorization/authorizer.ts';
import type { LocalList } from './authorization/local-list.ts';
import type { Configuration } from './configuration.ts';
import type { Connector, Status } from './connector.ts';
import type { Maintenance } from './maintenance/maintenance.ts';
import type { Reservations } from './reservations.ts';
import type { Security } from './security/security.ts';
import type { Charging } from './smart-charging/charging.ts';

/** What the CSMS's commands may do with the station. */
export interface Hands {
  readonly connectors: readonly Connector[];
  readonly configuration: Configuration;
  readonly vendor: string;
  readonly now: () => number;
  readonly stamp: (at: number) => string;
  readonly authorizer: Authorizer;
  readonly localList: LocalList;
  readonly reservations: Reservations;
  readonly charging: Charging;
  readonly maintenance: Maintenance;
  readonly security: Security;
  /** Whether a token may use that connector now: free, in service, and not kept for somebody else. */
  usable(connector: Connector, idTag: string): boolean;
  remoteStart(connector: Connector, idTag: string, profile: unknown, remoteStartId?: number): void;
  stop(connector: Connector, reason: string): void;
  show(connector: Connector, status: Status): void;
  resting(connector: Connector): void;
  restart(kind: 'Soft' | 'Hard'): void;
  /** Once nobody charges. */
  whenIdle(run: () => void): void;
  trigger(message: string, connector: number | undefined): void;
  configured(key: string): void;
  /** A reservation has come, gone or changed: shown, and looked at again when it expires. */
  reserved(): void;
  save(): void;
}

export type Payload = Readonly<Record<string, unknown>>;

/** The answer, and what happens once it has been sent. */
export interface Reply {
  readonly result: Record<string, unknown>;
  readonly after?: () => void;
}

/** A CALLERROR (OCPP-J 1.6 section 4.2.3). */
export interface Failure {
  readonly error: string;
  readonly why: string;
}

/** How the station answers one message of the CSMS. */
export type Command = (payload: Payload, hands: Hands) => Reply | Failure | Promise<Reply | Failure>;

export const malformed = (why: string): Failure => ({ error: 'FormationViolation', why });
export const status = (value: string, after?: () => void): Reply => ({
  result: { status: value },
  ...(after === undefined ? {} : { after }),
});
export const accepted = (after?: () => void): Reply => status('Accepted', after);

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
export const whole = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) ? value : undefined;
export const record = (value: unknown): Payload | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Payload) : undefined;
/** An instant in milliseconds. */
export const time = (value: unknown): number | undefined => {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
};

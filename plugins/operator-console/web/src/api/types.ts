/** What the console reads of the operator API's answers; /openapi.json has all of it. Instants are ISO 8601 in UTC, amounts decimal text. */

export type SessionStatus = 'pending' | 'active' | 'ended' | 'closed' | 'void';
export interface Cost {
  readonly currency: string;
  readonly exclVat: string;
  readonly vat: string;
  readonly inclVat: string;
  readonly final: boolean;
}
export interface Session {
  readonly id: string;
  readonly status: SessionStatus;
  readonly station: string;
  readonly evse: number | null;
  readonly connector: number | null;
  readonly evseId: string | null;
  readonly transactionId: string | null;
  readonly token: { readonly last4: string | null; readonly type: string | null } | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly energyWh: number | null;
  readonly meterStartWh: number | null;
  readonly meterStopWh: number | null;
  readonly powerW: number | null;
  readonly stopReason: string | null;
  readonly flags: readonly string[];
  readonly cost: Cost | null;
}

export interface Connector {
  readonly connector: number;
  readonly connectorId: string;
  readonly code: string;
  readonly type: string | null;
  readonly maxPowerW: number | null;
  readonly status: string;
  readonly statusAt: string | null;
  readonly error: { readonly code: string; readonly info?: string; readonly vendorCode?: string } | null;
}
export interface Evse {
  readonly evse: number;
  readonly evseId: string;
  readonly publicId: string;
  readonly connectors: readonly Connector[];
}
export interface Station {
  readonly id: string;
  readonly identity: string;
  readonly location: string | null;
  readonly online: boolean;
  readonly disabled: boolean;
  readonly protocol: string | null;
  readonly lastSeenAt: string | null;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly firmware: string | null;
  readonly serial: string | null;
  readonly credentials: { readonly securityProfile: number };
  readonly evses: readonly Evse[];
}
export interface Variable {
  readonly name: string;
  readonly value: string | null;
  readonly readonly: boolean;
  readonly updatedAt: string;
}
export type StationWithVariables = Station & { readonly variables: readonly Variable[] };
export interface Knocking {
  readonly identity: string;
  readonly address: string | null;
  readonly protocols: string | null;
  readonly times: number;
  readonly firstAt: string;
  readonly lastAt: string;
}
export interface Location {
  readonly id: string;
  readonly name: string;
}
export interface Token {
  readonly id: string;
  readonly type: string;
  readonly last4: string;
  readonly status: string;
}
export type CommandStatus = 'queued' | 'sent' | 'accepted' | 'rejected' | 'timeout' | 'failed' | 'done';
export interface Command {
  readonly id: string;
  readonly type: string;
  readonly status: CommandStatus;
  readonly detail: string | null;
  readonly effect: string | null;
  readonly actor: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}
export interface Frame {
  readonly id: string;
  readonly at: string;
  readonly direction: 'in' | 'out';
  readonly messageId: string | null;
  readonly action: string | null;
  readonly text: string;
}

export interface Sample {
  readonly measurand: string;
  readonly value: string;
  readonly unit: string | null;
  readonly phase: string | null;
  readonly location: string | null;
}
export interface Reading {
  readonly at: string;
  readonly samples: readonly Sample[];
}
export interface TimelineItem {
  readonly at: string;
  readonly kind: 'event' | 'price' | 'command' | 'frame';
  readonly id: string;
  readonly type: string;
  readonly actor: string | null;
  readonly data: unknown;
}

export interface BillLine {
  readonly text: string;
  readonly quantity: string;
  readonly unit: 'kWh' | 'h' | 'min' | 'session';
  readonly unitPrice: string;
  readonly net: string;
  readonly vatPercent: string;
}
export interface Invoice {
  readonly id: string;
  readonly number: string;
  readonly kind: 'invoice' | 'credit';
  readonly cdr: string;
  readonly session: string;
  /** Number of the bill that a credit note takes back. */
  readonly credits: string | null;
  readonly energyWh: number;
  readonly currency: string;
  readonly exclVat: string;
  readonly vat: string;
  readonly inclVat: string;
  readonly lines: readonly BillLine[];
  readonly vatByRate: readonly { readonly percent: string; readonly base: string; readonly amount: string }[];
  readonly issuedAt: string;
}
export interface Cdr {
  readonly id: string;
  readonly session: string;
  readonly status: 'issued' | 'held';
  readonly heldReasons: readonly string[];
  readonly offer: string | null;
  readonly energyWh: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly createdAt: string;
}
export interface RevenueDay {
  readonly date: string;
  readonly currency: string;
  readonly bills: number;
  readonly energyWh: number;
  readonly inclVat: string;
}

export interface Plugin {
  readonly name: string;
  readonly version: string;
  readonly state: string;
  readonly reason: string | null;
  readonly lag: number;
  readonly parked: number;
  readonly waitsFor: string | null;
  readonly work: { readonly waiting: number; readonly failed: number };
  readonly lastError: { readonly at: string; readonly where: string; readonly message: string } | null;
  readonly pausedQuestions: readonly string[];
}
export interface Parked {
  readonly key: string;
  readonly eventType: string;
  readonly attempts: number;
  readonly dueAt: string | null;
  readonly error: string;
}
export interface Change {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
}

/** As the API shows it. */
export const results = ['verified', 'failed', 'unverified', 'none'] as const;
export type Result = (typeof results)[number];

export interface Reason {
  readonly code: ReasonCode;
  readonly detail?: string;
}
export const reasonCodes = [
  ...(['no-key', 'unknown-format', 'unknown-algorithm', 'unreadable', 'tampered', 'wrong-key'] as const),
  ...(['begin-missing', 'end-missing', 'other-meter', 'other-session', 'energy-differs', 'counter-gap'] as const),
  ...(['clock', 'meter-status', 'error-flags'] as const),
] as const;
export type ReasonCode = (typeof reasonCodes)[number];

export interface Verdict {
  readonly session: string;
  readonly closing: string;
  readonly result: Result;
  readonly format: string | null;
  readonly meter: string | null;
  readonly energyWh: number | null;
  readonly billedWh: number;
  readonly reasons: readonly Reason[];
  readonly judgedAt: string;
}
export interface SignedRecord {
  readonly id: string;
  readonly format: string;
  readonly context: string | null;
  readonly at: string;
  readonly receivedAt: string;
  readonly meter: string | null;
  readonly pagination: string | null;
  readonly sha256: string;
  readonly value: string;
  readonly result: Result;
  readonly reasons: readonly Reason[];
  readonly publicKey: string | null;
  readonly fields: Readonly<Record<string, unknown>> | null;
}
export interface VerdictWhole extends Verdict {
  readonly records: readonly SignedRecord[];
}

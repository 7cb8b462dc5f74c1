/** What the demo reads of the platform, over its operator API and nothing else. */
export interface Reader {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  /** Events as they are logged, until the signal. Resolves when the stream is open: nothing that happens later is missed. */
  follow(heard: (event: LiveEvent) => void, until: AbortSignal): Promise<{ readonly ended: Promise<void> }>;
}

export interface LiveEvent {
  readonly type: string;
  /** Its OCPP identity. */
  readonly station: string | null;
  readonly session: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface SessionView {
  readonly id: string;
  readonly status: string;
  readonly station: string;
  readonly transactionId: string | null;
  readonly token: { readonly last4: string; readonly type: string | null } | null;
  readonly energyWh: number | null;
  readonly meterStartWh: number | null;
  readonly powerW: number | null;
  readonly stopReason: string | null;
  readonly cost: { readonly currency: string; readonly inclVat: string; readonly final: boolean } | null;
}

export interface BillLine {
  readonly text: string;
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice: string;
  readonly net: string;
  readonly vatPercent: string;
}

export interface InvoiceView {
  readonly number: string;
  readonly session: string;
  readonly energyWh: number;
  readonly currency: string;
  readonly exclVat: string;
  readonly vat: string;
  readonly inclVat: string;
  readonly lines: readonly BillLine[];
  readonly vatByRate: readonly { readonly percent: string; readonly base: string; readonly amount: string }[];
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** As the API shows it. */
export interface Invoice {
  readonly id: string;
  readonly number: string;
  readonly kind: 'invoice' | 'credit';
  readonly form: 'receipt' | 'invoice';
  readonly state: 'issued' | 'credited' | 'partlyCredited';
  /** Null where it is of a period. */
  readonly session: string | null;
  /** Number of the bill that a credit note takes back. */
  readonly credits: string | null;
  readonly creditedBy: readonly string[];
  readonly customer: string | null;
  readonly energyWh: number;
  readonly currency: string;
  readonly exclVat: string;
  readonly vat: string;
  readonly inclVat: string;
  readonly lines: readonly InvoiceLine[];
  readonly vatByRate: readonly { readonly percent: string; readonly base: string; readonly amount: string }[];
  readonly issuedAt: string;
  readonly dueAt: string | null;
  readonly period: { readonly from: string; readonly until: string } | null;
  readonly missing: readonly string[];
}
export interface InvoiceLine {
  readonly text: string;
  readonly quantity: string;
  readonly unit: 'kWh' | 'h' | 'min' | 'session';
  readonly unitPrice: string;
  readonly net: string;
  readonly vatPercent: string;
}
/** What one says beside what lists say. */
export interface InvoiceWhole extends Invoice {
  readonly buyer: { readonly name: string; readonly vatNumber?: string } | null;
  readonly verifyUrl: string | null;
  readonly cdrs: readonly { readonly id: string; readonly startedAt: string; readonly energyWh: number }[];
}
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** What is typed one a line, or with commas between. */
export const listOf = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(/[\n,]/)
      .map((it) => it.trim())
      .filter((it) => it !== ''),
  ),
];

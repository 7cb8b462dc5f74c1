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

/** The first moment of a month on this computer's clock: `from` of this one, `until` of it is the next one's. */
export const monthStart = (now: Date, months: number): string =>
  new Date(now.getFullYear(), now.getMonth() + months, 1).toISOString();

/** "2026-03-01" as the day begins on this computer's clock; undefined for no day. */
export function dayStart(day: string): string | undefined {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day);
  return found === null ? undefined : new Date(Number(found[1]), Number(found[2]) - 1, Number(found[3])).toISOString();
}

/** The day on this computer's clock, as an input of a date takes it. */
export function dayOf(iso: string): string {
  const at = new Date(iso);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
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

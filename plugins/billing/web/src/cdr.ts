/** As the API shows it. */
export interface Line {
  readonly dimension: 'energy' | 'time' | 'idle' | 'flat' | 'fee' | 'reservation' | 'congestion' | 'limit';
  readonly text: string;
  readonly quantity: string;
  readonly unit: 'kWh' | 'h' | 'min' | 'session';
  readonly unitPrice: string;
  readonly exclVat: string;
  readonly vatPercent: string;
  readonly tariff?: string;
  readonly from?: string;
  readonly to?: string;
  readonly why?: { readonly en: string; readonly sv: string } | null;
}
export interface Cdr {
  readonly id: string;
  readonly session: string;
  readonly revision: number;
  readonly kind: 'cdr' | 'credit';
  readonly credits: string | null;
  readonly status: 'issued' | 'held';
  readonly heldReasons: readonly string[];
  readonly offer: string | null;
  readonly energyWh: number;
  readonly currency: string | null;
  readonly exclVat: string | null;
  readonly vat: string | null;
  readonly inclVat: string | null;
  readonly lines: readonly Line[] | null;
  readonly limit: {
    readonly applied: 'min_price' | 'max_price';
    readonly before: { readonly exclVat: string; readonly inclVat: string };
  } | null;
  readonly taxIncluded: boolean;
  readonly notes: readonly { readonly code: string; readonly text: string }[];
  readonly signed: {
    readonly result: 'verified' | 'failed' | 'unverified' | 'none';
    readonly reasons: readonly string[];
  } | null;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly meterStartWh: number | null;
  readonly meterStopWh: number | null;
  readonly locationName: string | null;
  readonly createdAt: string;
}

/** "longSession: 80.0 h, above 72 h" is held for longSession. */
const codeOf = (reason: string): string => reason.split(':')[0] ?? '';

/** Held ones by their reason, those that are held for it alone: what can be billed at once. The commonest first. */
export function heldByReason(cdrs: readonly Cdr[]): readonly { readonly reason: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const { status, heldReasons, currency } of cdrs) {
    const [reason] = heldReasons;
    if (status !== 'held' || currency === null || reason === undefined || heldReasons.length > 1) continue;
    counts.set(codeOf(reason), (counts.get(codeOf(reason)) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => ({ reason, count })).toSorted((a, b) => b.count - a.count);
}

/** The one that stands: the newest that is no credit and that none takes back. The list is newest first. */
export const standing = (cdrs: readonly Cdr[]): Cdr | undefined =>
  cdrs.find(({ id, kind }) => kind === 'cdr' && !cdrs.some(({ credits }) => credits === id));

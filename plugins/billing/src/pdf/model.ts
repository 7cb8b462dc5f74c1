import { credited, type BillLine, type PriceLine, type Totals } from '@plugga/kit';
import type { CdrRow, DocumentRow, InvoiceRow } from '../db.ts';
import { totalsOfCdr } from '../totals.ts';

/** All that a document says, frozen when it was issued. */
export interface Printed {
  readonly invoice: InvoiceRow;
  readonly document: DocumentRow | undefined;
  readonly cdrs: readonly CdrRow[];
  /** Undefined where there is nothing that could confirm it. */
  readonly verifyUrl: string | undefined;
}

export interface PrintedLine extends BillLine {
  /** The priced line that it comes from; none of what a price limit or rounding adds. */
  readonly priced: PriceLine | undefined;
}

/** A session's lines on this document, as billed. */
export function linesOf(cdr: CdrRow, kind: InvoiceRow['kind']): readonly PrintedLine[] {
  const totals: Totals = kind === 'credit' ? credited(totalsOfCdr(cdr)) : totalsOfCdr(cdr);
  return totals.lines.map((line, at) => ({ ...line, priced: cdr.lines[at] }));
}

import { createHash } from 'node:crypto';
import type { Instant } from '@plugga/kit';
import type { BillingContext } from './context.ts';
import { json, type BillingDb, type InvoiceRow } from './db.ts';
import { cdrsOn } from './invoices.ts';
import { missingOf } from './parties.ts';
import type { Printed } from './pdf/model.ts';
import { legalEntityOf, type BillingSettings } from './settings.ts';
import { verifyUrl } from './verify.ts';

/** What a document says, read together. */
async function printedOf(db: BillingDb, invoice: InvoiceRow, publicUrl: string): Promise<Printed> {
  const document = await db.selectFrom('document').selectAll().where('invoice', '=', invoice.id).executeTakeFirst();
  return {
    ...{ invoice, document, cdrs: await cdrsOn(db, invoice) },
    verifyUrl: document === undefined ? undefined : verifyUrl(publicUrl, document),
  };
}

/** Bills were issued before the tenant said who sells: it is filled in once, before the first paper is made. */
async function completed(db: BillingDb, printed: Printed, settings: BillingSettings): Promise<Printed> {
  const { document, cdrs } = printed;
  if (document === undefined || document.seller !== null) return printed;
  const { seller } = legalEntityOf(settings, cdrs[0]?.billable.location);
  if (seller === undefined) return printed;
  const filled = await db
    .updateTable('document')
    .set({ seller: json(seller) })
    .where('invoice', '=', document.invoice)
    .where('seller', 'is', null)
    .returningAll()
    .executeTakeFirst();
  return filled === undefined ? printed : { ...printed, document: filled };
}

export interface MadeFile {
  readonly bytes: Buffer;
  readonly sha256: string;
  /** Kept: whoever asks again gets these very bytes. */
  readonly kept: boolean;
}

/** Makes a file of a document once and keeps it; one whose seller is missing is shown and not kept, as it is no document yet. */
export async function fileOf(
  context: Pick<BillingContext, 'db' | 'transaction' | 'clock' | 'publicUrl' | 'settings'>,
  o: {
    readonly tenant: Parameters<BillingContext['transaction']>[0];
    readonly invoice: InvoiceRow;
    readonly kind: 'pdf' | 'ubl';
    make(printed: Printed): Promise<Buffer>;
  },
): Promise<MadeFile> {
  const { db, transaction, clock, publicUrl, settings } = context;
  const kept = (id: string) => (of: BillingDb) =>
    of
      .selectFrom('document_file')
      .select(['bytes', 'sha256'])
      .where('invoice', '=', id)
      .where('kind', '=', o.kind)
      .executeTakeFirst();
  const known = await transaction(o.tenant, async (tx) => {
    const found = await kept(o.invoice.id)(db(tx));
    if (found !== undefined) return { found };
    const printed = await printedOf(db(tx), o.invoice, publicUrl);
    return { printed: await completed(db(tx), printed, await settings(tx)) };
  });
  if (known.found !== undefined) return { ...known.found, kept: true };
  // Made outside of a transaction: it takes its time.
  const bytes = await o.make(known.printed);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { document } = known.printed;
  if (document === undefined || missingOf(document.seller).length > 0) return { bytes, sha256, kept: false };
  return transaction(o.tenant, async (tx) => {
    await db(tx)
      .insertInto('document_file')
      .values({
        ...{ invoice: o.invoice.id, kind: o.kind, tenant: o.tenant, sha256, bytes },
        made_at: new Date(clock.now() satisfies Instant),
      })
      .onConflict((it) => it.columns(['invoice', 'kind']).doNothing())
      .execute();
    const stored = await kept(o.invoice.id)(db(tx));
    return { ...(stored ?? { bytes, sha256 }), kept: true };
  });
}

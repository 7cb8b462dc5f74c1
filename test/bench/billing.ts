import { testDatabase } from '@plugga/testing';
import { renderPdf } from '../../plugins/billing/src/pdf/render.ts';
import { aMonth, aReceipt } from '../../plugins/billing/src/pdf/sample.test-support.ts';
import { renderUbl } from '../../plugins/billing/src/ubl/ubl.ts';
import { migrated, openIssuers } from '../billing/issuing.ts';

const BATCH = 200;
const FOR_MS = 5_000;

const perSecond = async (run: () => Promise<number>): Promise<number> => {
  await run();
  const from = performance.now();
  let done = 0;
  while (performance.now() - from < FOR_MS) done += await run();
  return Math.round(done / ((performance.now() - from) / 1000));
};
const one = (made: Promise<unknown>): Promise<number> => made.then(() => 1);

/** `pnpm bench billing`: CDRs with their receipts a second, in batches as delivery makes them, and papers a second on one core. */
export async function benchBilling(say: (text: string) => void): Promise<void> {
  const database = await testDatabase('bench billing');
  await migrated(database.url);
  const issuers = openIssuers(database.url, 1);
  let n = 0;
  const cdrs = await perSecond(() => issuers.issue(Array.from({ length: BATCH }, () => `session-${n++}`)));
  say(`CDRs with receipts, ${BATCH} a transaction: ${cdrs} a second`);
  say(`PDFs of a receipt: ${await perSecond(() => one(renderPdf(aReceipt())))} a second`);
  say(`PDFs of a month of 50 sessions: ${await perSecond(() => one(renderPdf(aMonth(50))))} a second`);
  say(`e-invoices of a month of 50 sessions: ${await perSecond(() => one(renderUbl(aMonth(50))))} a second`);
  await issuers.close();
  await database.drop();
}

import { deliveredWhole, energyWh, type LedgerEntry } from '@plugga/simulator';
import type { Api, CdrView, InvoiceView, SessionView } from './api.ts';
import { eventually } from './process.ts';

/** What the meters of virtual stations and our books disagree about. All of it is empty when the books balance. */
export interface Books {
  readonly transactions: number;
  /** Transactions of a meter that are no session, no CDR or no bill; acknowledged readings that are not stored. */
  readonly lost: readonly string[];
  /** Sessions, CDRs or bills of a transaction beside the first, and sessions that no meter knows. */
  readonly doubled: readonly string[];
  /** Registers, energies and flags that differ, and what is not closed or not issued. */
  readonly differing: readonly string[];
  readonly meteredWh: number;
  /** Of the CDRs. */
  readonly soldWh: number;
}

export interface Audited {
  readonly operator: Api;
  /** Of all stations that ever charged there. */
  readonly ledger: readonly LedgerEntry[];
  /** Flags that the session of a transaction may carry; none when not given. */
  readonly flags?: readonly string[] | ((entry: LedgerEntry) => readonly string[]);
  /** The readings of each n-th transaction are compared one by one; 5 when not given. */
  readonly readingsOfEach?: number;
}

/** Waits until every transaction is closed and billed, and throws where the books and the meters differ in anything. */
export async function checkBooks(o: Audited & { readonly withinMs: number }): Promise<Books> {
  const stalled = await eventually('every session closed and billed', o.withinMs, () => allBilled(o)).then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  const books = await audit(o);
  const faults = [...books.lost, ...books.doubled, ...books.differing];
  if (books.soldWh !== books.meteredWh) faults.push(`${books.soldWh} Wh sold of ${books.meteredWh} Wh metered`);
  if (stalled !== undefined) faults.push(stalled.message);
  if (faults.length === 0) return books;
  const counts = `lost ${books.lost.length}, doubled ${books.doubled.length}, differing ${books.differing.length}`;
  throw new Error(`the books of ${books.transactions} transactions do not balance: ${counts}\n${faults.join('\n')}`);
}

async function allBilled({ operator, ledger }: Audited): Promise<void> {
  const invoices = await operator.all<InvoiceView>('invoices');
  if (invoices.length < ledger.length) throw new Error(`${invoices.length} bills of ${ledger.length}`);
  const sessions = await operator.all<SessionView>('sessions');
  const open = sessions.filter((one) => one.status !== 'closed' && one.status !== 'void');
  if (open.length > 0) throw new Error(`${open.length} sessions are not closed`);
}

/** Compares once, as things are now. */
export async function audit(o: Audited): Promise<Books> {
  const { operator, ledger, flags = [], readingsOfEach = 5 } = o;
  const allowed = (entry: LedgerEntry): readonly string[] => (typeof flags === 'function' ? flags(entry) : flags);
  const sessions = (await operator.all<SessionView>('sessions')).filter((one) => one.status !== 'void');
  const cdrs = Map.groupBy(await operator.all<CdrView>('cdrs'), (one) => one.session);
  const invoices = Map.groupBy(await operator.all<InvoiceView>('invoices'), (one) => one.session);
  const lost: string[] = [];
  const doubled: string[] = [];
  const differing: string[] = [];
  const known = new Set<string>();

  for (const [at, entry] of ledger.entries()) {
    const name = `transaction ${entry.transactionId} of ${entry.identity} (its number ${entry.number})`;
    if (!deliveredWhole(entry)) differing.push(`${name}: not all of its messages were acknowledged`);
    const [session, ...others] = sessions.filter((one) => isOf(one, entry));
    for (const other of others) doubled.push(`${name}: session ${other.id} beside ${session?.id}`);
    if (session === undefined) {
      lost.push(`${name}: no session`);
      continue;
    }
    for (const one of [session, ...others]) known.add(one.id);
    const same = (what: string, ours: unknown, meter: unknown): void => {
      if (ours !== meter) differing.push(`${name}: ${what} ${String(ours)}, the meter says ${String(meter)}`);
    };
    const wh = energyWh(entry);
    if (session.status !== 'closed') differing.push(`${name}: ${session.status}`);
    same('energy', session.energyWh, wh);
    same('register at the start', session.meterStartWh, entry.meterStartWh);
    same('register at the stop', session.meterStopWh, entry.meterStopWh);
    const odd = session.flags.filter((flag) => !allowed(entry).includes(flag));
    if (odd.length > 0) differing.push(`${name}: flagged ${odd.join(', ')}`);

    const [cdr, ...moreCdrs] = cdrs.get(session.id) ?? [];
    if (cdr === undefined) lost.push(`${name}: no CDR`);
    else {
      if (cdr.kind !== 'cdr' || cdr.status !== 'issued') differing.push(`${name}: a ${cdr.kind} that is ${cdr.status}`);
      same('energy of the CDR', cdr.energyWh, wh);
    }
    for (const one of moreCdrs) doubled.push(`${name}: ${one.kind} ${one.id} beside ${cdr?.id}`);
    const [invoice, ...moreInvoices] = invoices.get(session.id) ?? [];
    if (invoice === undefined) lost.push(`${name}: no bill`);
    else same('energy of the bill', invoice.energyWh, wh);
    for (const one of moreInvoices) doubled.push(`${name}: bill ${one.number} beside ${invoice?.number}`);
    if (at % readingsOfEach === 0)
      lost.push(...(await unstored(operator, session, entry)).map((it) => `${name}: ${it}`));
  }
  for (const one of sessions)
    if (!known.has(one.id))
      doubled.push(`session ${one.id} (${one.transactionId}) of ${one.station}: no meter knows it`);
  return {
    transactions: ledger.length,
    lost,
    doubled,
    differing,
    meteredWh: ledger.reduce((sum, entry) => sum + (energyWh(entry) ?? 0), 0),
    soldWh: [...cdrs.values()].flat().reduce((sum, one) => sum + one.energyWh, 0),
  };
}

async function unstored(operator: Api, session: SessionView, entry: LedgerEntry): Promise<readonly string[]> {
  const readings = await operator.all<{ readonly at?: string; readonly time?: string }>(
    `sessions/${session.id}/readings`,
  );
  const stored = new Set(readings.map((one) => Date.parse(one.at ?? one.time ?? '')));
  return entry.messages
    .filter((one) => one.action === 'MeterValues' && one.acknowledged && !stored.has(one.at))
    .map((one) => `the acknowledged reading of ${new Date(one.at).toISOString()} is not stored`);
}

const isOf = (session: SessionView, entry: LedgerEntry): boolean =>
  session.station === entry.identity && session.transactionId === String(entry.transactionId);

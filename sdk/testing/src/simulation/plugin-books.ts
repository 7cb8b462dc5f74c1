import { openDatabase } from '@plugga/core/database';
import { openWorkbench } from '@plugga/core/plugins';
import type { Deployment } from '@plugga/kit';
import { testClock } from '../clock.ts';

export interface PluginBooksOptions {
  /** A database in which seeds have run. */
  readonly url: string;
  /** Those of tariffs and of billing. */
  readonly plugins: Deployment['plugins'];
  /** How often their node is ended in the middle, its connections first. */
  readonly kills: number;
  readonly deadlineMs: number;
}

export interface PluginBooks {
  readonly sessions: number;
  readonly wh: number;
  readonly violations: readonly string[];
}

const KILL_AFTER_MS = 400;

/**
 * INV-03 and INV-04 with the real plugins: the log of many seeds is priced and billed by a host that is killed between and
 * within its batches, and what is in force at the end is compared with the sessions, to the watt-hour.
 */
export async function billSeeds(o: PluginBooksOptions): Promise<PluginBooks> {
  const { url, plugins, deadlineMs } = o;
  const clock = testClock('2026-01-08T12:00:00Z');
  const owner = openDatabase({ url, max: 1 });
  const open = () => openWorkbench({ url, clock, deployment: { plugins } });
  for (let n = 0; n < o.kills; n += 1) {
    const bench = await open();
    await new Promise((resolve) => setTimeout(resolve, KILL_AFTER_MS));
    await owner.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await bench.close();
  }
  const bench = await open();
  const parked = await bench.handled(deadlineMs);
  await bench.close();
  const { rows } = await owner.pool.query<Row>(inForce);
  await owner.close();
  return {
    sessions: rows.filter((row) => row.wanted === 1).length,
    wh: rows.reduce((sum, row) => sum + (row.invoiced_wh ?? 0), 0),
    violations: [
      ...parked.map(({ plugin, error }) => `INV-04 ${plugin} could not handle an event: ${error}`),
      ...rows.flatMap(violationsOf),
    ],
  };
}

interface Row {
  readonly id: string;
  readonly wanted: number;
  readonly energy_wh: number;
  readonly cdrs: number;
  readonly cdr_wh: number | null;
  readonly held: boolean | null;
  readonly invoices: number;
  readonly invoiced_wh: number | null;
}

/** Of each closed session: whether it is to have a CDR, and the CDRs and bills that no credit has taken back. */
const inForce = `
  with told as (
    select distinct on (session) session, coalesce((data ->> 'cdr')::boolean, true) as cdr from core.event_log
    where type in ('session.closed', 'session.corrected') order by session, id desc
  ),
  cdrs as (
    select session, count(*)::int as cdrs, sum(energy_wh)::int as cdr_wh, bool_or(status = 'held') as held from billing.cdr c
    where kind = 'cdr' and not exists (select from billing.cdr k where k.credits = c.id) group by session
  ),
  bills as (
    select session, count(*)::int as invoices, sum(energy_wh)::int as invoiced_wh from billing.invoice i
    where kind = 'invoice' and not exists (
      select from billing.invoice k where k.credits = i.number and k.tenant = i.tenant
    ) group by session
  )
  select s.id, t.cdr::int as wanted, s.energy_wh::float8 as energy_wh, coalesce(cdrs, 0) as cdrs, cdr_wh, held,
    coalesce(invoices, 0) as invoices, invoiced_wh
  from core.session_row s join told t on t.session = s.id
    left join cdrs on cdrs.session = s.id left join bills on bills.session = s.id`;

function violationsOf(row: Row): string[] {
  const { id, wanted, energy_wh, cdrs, cdr_wh, held, invoices, invoiced_wh } = row;
  if (cdrs !== wanted) return [`INV-04 ${id} of ${energy_wh} Wh has ${cdrs} CDRs in force`];
  if (wanted === 0) return invoices === 0 ? [] : [`INV-04 ${id} is billed ${invoices} times and has no CDR`];
  if (cdr_wh !== energy_wh) return [`INV-03 the CDR of ${id} says ${cdr_wh} of ${energy_wh} Wh`];
  if (invoices !== (held === true ? 0 : 1)) return [`INV-04 ${id} is billed ${invoices} times, held: ${held}`];
  return held !== true && invoiced_wh !== energy_wh
    ? [`INV-03 the bill of ${id} says ${invoiced_wh} of ${energy_wh} Wh`]
    : [];
}

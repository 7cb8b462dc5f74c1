import {
  ByClock,
  Choose,
  Confirmed,
  Empty,
  Link,
  Loaded,
  Mark,
  Moment,
  Pager,
  Panel,
  ProblemNotice,
  Table,
  useAct,
  useFormat,
  useRead,
  useSiteClock,
} from '@plugga/console';
import { useId, useState } from 'react';
import type { Customer } from './customer.ts';
import type { Page } from './invoice.ts';
import { useText } from './use-text.ts';

interface Run {
  readonly id: string;
  readonly from: string | null;
  readonly until: string;
  readonly customer: string | null;
  readonly startedAt: string;
  readonly invoices: number;
  readonly failed: readonly { readonly customer: string; readonly error: string }[];
  readonly state: 'running' | 'done' | 'failed';
}
interface Issued extends Run {
  readonly issued: readonly {
    readonly number: string;
    readonly customer: string | null;
    readonly inclVat: string;
    readonly currency: string;
  }[];
}
interface Draft {
  readonly customer: string;
  readonly currency: string;
  readonly cdrs: readonly string[];
  readonly energyWh: number;
  readonly exclVat: string;
  readonly vat: string;
  readonly inclVat: string;
}

const standings = { running: 'charging', done: 'free', failed: 'faulted' } as const;

function Drafts({ drafts, names }: { readonly drafts: readonly Draft[]; readonly names: ReadonlyMap<string, string> }) {
  const t = useText();
  const format = useFormat();
  return (
    <Table
      id="invoice-drafts"
      caption={t('preview')}
      rows={drafts}
      rowKey={(it) => `${it.customer} ${it.currency} ${it.cdrs[0]}`}
      columns={[
        {
          ...{ id: 'customer', header: t('buyer'), name: true },
          cell: ({ customer }) => (
            <Link to={`/p/billing/customers/${encodeURIComponent(customer)}`}>{names.get(customer) ?? customer}</Link>
          ),
        },
        { id: 'cdrs', header: t('title'), numeric: true, cell: ({ cdrs }) => format.whole(cdrs.length) },
        { id: 'energy', header: t('energy'), numeric: true, cell: ({ energyWh }) => format.energy(energyWh) },
        { id: 'excl', header: t('exclVat'), numeric: true, cell: (it) => format.money(it.exclVat, it.currency) },
        { id: 'vat', header: t('vat'), numeric: true, cell: (it) => format.money(it.vat, it.currency) },
        {
          id: 'incl',
          header: t('inclVat'),
          numeric: true,
          cell: (it) => <b>{format.money(it.inclVat, it.currency)}</b>,
        },
      ]}
    />
  );
}

/** What a run has issued, and of whom it could not. */
function Done({ run, names }: { readonly run: Issued; readonly names: ReadonlyMap<string, string> }) {
  const t = useText();
  const format = useFormat();
  return (
    <div role="status">
      <p className="banner">{t('issuedCount', { count: run.issued.length })}</p>
      <ul className="rows">
        {run.issued.map((it) => (
          <li key={it.number} className="row">
            <div className="row-text">
              <Link to={encodeURIComponent(it.number)}>{it.number}</Link> ·{' '}
              {it.customer === null ? '' : (names.get(it.customer) ?? it.customer)} ·{' '}
              {format.money(it.inclVat, it.currency)}
            </div>
          </li>
        ))}
      </ul>
      <Failures run={run} names={names} />
    </div>
  );
}

function Failures({ run, names }: { readonly run: Run; readonly names: ReadonlyMap<string, string> }) {
  if (run.failed.length === 0) return null;
  return (
    <ul>
      {run.failed.map(({ customer, error }) => (
        <li key={customer}>
          <Mark standing="faulted">
            {names.get(customer) ?? customer}: {error}
          </Mark>
        </li>
      ))}
    </ul>
  );
}

/** A period: what it would issue, and its issuing. Asked again it issues only what has come since. */
function NewRun({ customers }: { readonly customers: readonly Customer[] }) {
  const t = useText();
  const id = useId();
  const clock = useSiteClock();
  const [typedFrom, setFrom] = useState<string>();
  const [typedUntil, setUntil] = useState<string>();
  const [from, until] = [typedFrom ?? clock.month(-1), typedUntil ?? clock.month(0)];
  const [customer, setCustomer] = useState('');
  const [done, setDone] = useState<Issued>();
  const [start, end] = [clock.dayStart(from), clock.dayStart(until)];
  const period = {
    ...(start === undefined ? {} : { from: start }),
    until: end ?? '',
    ...(customer === '' ? {} : { customer }),
  };
  const isWhole = end !== undefined && (start === undefined || start < end);
  const drafts = useRead<Page<Draft>>(isWhole && clock.known ? '/invoices/drafts' : undefined, {
    ...{ query: period, on: ['invoice.', 'cdr.'], keep: true },
  });
  const run = useAct<void, Issued>((host) => host.api('/invoices/runs', { method: 'POST', body: period }), setDone);
  const names = new Map(customers.map((it) => [it.id, it.name]));
  const count = drafts.data?.items.length ?? 0;
  return (
    <Panel title={t('newRun')}>
      <p className="faint">{t('runText')}</p>
      <div className="filters">
        <div>
          <label htmlFor={`${id}from`}>{t('endedFrom')}</label>
          <input id={`${id}from`} type="date" value={from} onChange={({ target }) => setFrom(target.value)} />
        </div>
        <div>
          <label htmlFor={`${id}until`}>{t('endedBefore')}</label>
          <input id={`${id}until`} type="date" value={until} onChange={({ target }) => setUntil(target.value)} />
        </div>
        <Choose
          label={t('buyer')}
          value={customer}
          set={setCustomer}
          of={[['', t('everyCustomer')], ...customers.map((it) => [it.id, it.name] as const)]}
        />
      </div>
      <ByClock clock={clock} />
      <h3>{t('preview')}</h3>
      {isWhole ? (
        <Loaded read={drafts}>
          {({ items }) =>
            items.length === 0 ? <Empty title={t('nothingWaits')} /> : <Drafts drafts={items} names={names} />
          }
        </Loaded>
      ) : (
        <p className="field-error">{t('noPeriod')}</p>
      )}
      <div className="actions">
        <Confirmed
          trigger={
            <button type="button" className="button primary" disabled={!isWhole || count === 0 || run.busy}>
              {t('issueAll')}
            </button>
          }
          title={t('issueTitle', { count })}
          text={t('issueText')}
          action={t('issueAll')}
          danger={false}
          onConfirm={() => run.run()}
        />
      </div>
      {run.error === null ? null : <ProblemNotice problem={run.error} />}
      {done === undefined ? null : <Done run={done} names={names} />}
    </Panel>
  );
}

/** Runs of invoices: one to make, and those that were made. */
export function Runs({ cursor }: { readonly cursor: string | undefined }) {
  const t = useText();
  const format = useFormat();
  const customers = useRead<Page<Customer>>('/customers', { query: { limit: 200 } });
  const runs = useRead<Page<Run>>('/invoices/runs', { query: { cursor, limit: 50 }, keep: true });
  const { zone } = useSiteClock();
  const names = new Map(customers.data?.items.map((it) => [it.id, it.name]));
  const period = ({ from, until }: Run): string =>
    `${from === null ? '' : format.date(from, zone)} – ${format.date(until, zone)}`;
  return (
    <>
      <NewRun customers={customers.data?.items ?? []} />
      <Panel title={t('runs')}>
        <Loaded read={runs}>
          {({ items, next }) =>
            items.length === 0 ? (
              <Empty title={t('noRuns')} />
            ) : (
              <>
                <Table
                  id="invoice-runs"
                  caption={t('runs')}
                  rows={items}
                  rowKey={({ id }) => id}
                  columns={[
                    { id: 'at', header: t('made'), name: true, cell: (it) => <Moment at={it.startedAt} /> },
                    { id: 'period', header: t('period'), cell: period },
                    { id: 'count', header: t('bills'), numeric: true, cell: (it) => format.whole(it.invoices) },
                    {
                      ...{ id: 'state', header: t('state') },
                      cell: (it) => (
                        <>
                          <Mark standing={standings[it.state]}>{t(`run.${it.state}`)}</Mark>
                          <Failures run={it} names={names} />
                        </>
                      ),
                    },
                  ]}
                />
                <Pager cursor={cursor} next={next} />
              </>
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}

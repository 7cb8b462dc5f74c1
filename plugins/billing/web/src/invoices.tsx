import {
  ByClock,
  Empty,
  Loaded,
  page,
  PageHead,
  Pager,
  Panel,
  ProblemNotice,
  Tabs,
  useAct,
  usePlace,
  useRead,
  useSiteClock,
} from '@plugga/console';
import { useId, useState } from 'react';
import { InvoiceTable } from './invoice-table.tsx';
import type { Invoice, Page } from './invoice.ts';
import { OneInvoice } from './one-invoice.tsx';
import { Runs } from './runs.tsx';
import { useText } from './use-text.ts';

/** For bookkeeping: what was issued from one day to another. */
function Exports() {
  const t = useText();
  const id = useId();
  const clock = useSiteClock();
  const [typedFrom, setFrom] = useState<string>();
  const [typedUntil, setUntil] = useState<string>();
  const [from, until] = [typedFrom ?? clock.month(-1), typedUntil ?? clock.month(0)];
  const range = new URLSearchParams({ from: clock.dayStart(from) ?? '', until: clock.dayStart(until) ?? '' });
  const get = useAct<'csv' | 'sie'>((host, kind) =>
    host.download(`/invoices/${kind}?${range}`, `invoices-${from}-${until}.${kind === 'csv' ? 'csv' : 'se'}`),
  );
  const isWhole = from !== '' && until !== '' && from < until;
  return (
    <Panel title={t('exports')}>
      <div className="filters">
        <div>
          <label htmlFor={`${id}from`}>{t('from')}</label>
          <input id={`${id}from`} type="date" value={from} onChange={({ target }) => setFrom(target.value)} />
        </div>
        <div>
          <label htmlFor={`${id}until`}>{t('before')}</label>
          <input id={`${id}until`} type="date" value={until} onChange={({ target }) => setUntil(target.value)} />
        </div>
        <button type="button" className="button" disabled={!isWhole || get.busy} onClick={() => get.run('csv')}>
          CSV
        </button>
        <button type="button" className="button" disabled={!isWhole || get.busy} onClick={() => get.run('sie')}>
          SIE 4
        </button>
      </div>
      <ByClock clock={clock} />
      {get.error === null ? null : <ProblemNotice problem={get.error} />}
    </Panel>
  );
}

function List({ kind, cursor }: { readonly kind: string | undefined; readonly cursor: string | undefined }) {
  const t = useText();
  const bills = useRead<Page<Invoice>>('/invoices', {
    on: ['invoice.'],
    query: { kind, cursor, limit: 50 },
    keep: true,
  });
  return (
    <Panel title={t('bills')}>
      <Loaded read={bills}>
        {({ items, next }) =>
          items.length === 0 ? (
            <Empty title={t('noBills')}>
              <p>{t('noBillsText')}</p>
            </Empty>
          ) : (
            <>
              <InvoiceTable id="bills" rows={items} />
              <Pager cursor={cursor} next={next} />
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}

/** Bills and credit notes; the runs that invoice what waits for the end of a period. */
function Invoices() {
  const t = useText();
  const { path, search } = usePlace();
  if (path !== '') return <OneInvoice key={path} number={path} />;
  const kind = search['kind'] === 'credit' ? 'credit' : undefined;
  const isRuns = search['view'] === 'runs';
  return (
    <>
      <PageHead title={t('bills')} />
      <Tabs
        label={t('bills')}
        items={[
          { to: '', text: t('all'), current: !isRuns && kind === undefined },
          { to: '?kind=credit', text: t('creditNotes'), current: kind === 'credit' },
          { to: '?view=runs', text: t('runs'), current: isRuns },
        ]}
      />
      {isRuns ? (
        <Runs cursor={search['cursor']} />
      ) : (
        <>
          <List kind={kind} cursor={search['cursor']} />
          <Exports />
        </>
      )}
    </>
  );
}

export const mount = page(Invoices);

import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { queries } from '../api/queries.ts';
import type { Invoice } from '../api/types.ts';
import { money } from '../format/numbers.ts';
import { useText } from '../language/index.ts';
import { Moment } from '../parts/clock.tsx';
import { HeldPanel } from '../parts/held.tsx';
import { Empty, Loaded } from '../parts/notice.tsx';
import { Pager } from '../parts/pager.tsx';
import { Energy } from '../parts/session-cells.tsx';
import { DataTable, type Column } from '../parts/table.tsx';

const route = getRouteApi('/bills');

function Money({ value, currency }: { readonly value: string; readonly currency: string }) {
  const { language } = useText();
  return <>{money(language, value, currency)}</>;
}

function Kind({ kind }: Pick<Invoice, 'kind'>) {
  const { t } = useText();
  return <span className={kind === 'credit' ? 'tag tag-credit' : 'tag'}>{t(`bills.${kind}`)}</span>;
}

export const invoiceColumns: readonly Column<Invoice>[] = [
  {
    id: 'number',
    header: 'bills.number',
    name: true,
    cell: ({ number }) => (
      <Link to="/bills/$number" params={{ number }}>
        {number}
      </Link>
    ),
  },
  { id: 'kind', header: 'bills.kind', cell: ({ kind }) => <Kind kind={kind} /> },
  { id: 'issued', header: 'bills.issued', cell: ({ issuedAt }) => <Moment at={issuedAt} /> },
  { id: 'energy', header: 'sessions.energy', numeric: true, cell: ({ energyWh }) => <Energy wh={energyWh} /> },
  {
    id: 'excl',
    header: 'bills.excl',
    numeric: true,
    cell: ({ exclVat, currency }) => <Money value={exclVat} currency={currency} />,
  },
  {
    id: 'vat',
    header: 'bills.vat',
    numeric: true,
    cell: ({ vat, currency }) => <Money value={vat} currency={currency} />,
  },
  {
    id: 'incl',
    header: 'bills.incl',
    numeric: true,
    cell: ({ inclVat, currency }) => (
      <b>
        <Money value={inclVat} currency={currency} />
      </b>
    ),
  },
];

export function BillingAbsent() {
  const { t } = useText();
  return (
    <Empty title={t('bills.absent')}>
      <p>{t('bills.absentText')}</p>
    </Empty>
  );
}

/** Bills and credit notes, and what waits before it becomes one. */
export function BillsPage() {
  const { t } = useText();
  const { cursor } = route.useSearch();
  const invoices = useQuery(queries.invoices(cursor));
  return (
    <>
      <div className="page-head">
        <h1>{t('bills.title')}</h1>
      </div>
      <HeldPanel />
      <section className="panel" aria-label={t('bills.title')}>
        <Loaded read={invoices} absent={<BillingAbsent />}>
          {({ items, next }) =>
            items.length === 0 ? (
              <Empty title={t('bills.none')}>
                <p>{t('bills.noneText')}</p>
              </Empty>
            ) : (
              <>
                <DataTable
                  id="bills"
                  caption={t('bills.title')}
                  columns={invoiceColumns}
                  rows={items}
                  rowKey={({ id }) => id}
                  rowClass={({ kind }) => (kind === 'credit' ? 'row-credit' : undefined)}
                />
                <Pager cursor={cursor} next={next} />
              </>
            )
          }
        </Loaded>
      </section>
    </>
  );
}

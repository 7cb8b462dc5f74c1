import { Link, Moment, Table, useFormat, type Column } from '@plugga/console';
import type { Invoice } from './invoice.ts';
import { useText } from './use-text.ts';

/** Bills and credit notes in rows; those that take back are told by word and colour. */
export function InvoiceTable({ id, rows }: { readonly id: string; readonly rows: readonly Invoice[] }) {
  const t = useText();
  const format = useFormat();
  const money = (name: 'exclVat' | 'vat', header: string): Column<Invoice> => ({
    ...{ id: name, header, numeric: true, cell: (it) => format.money(it[name], it.currency) },
  });
  return (
    <Table
      id={id}
      caption={t('bills')}
      rows={rows}
      rowKey={(it) => it.id}
      rowClass={({ kind }) => (kind === 'credit' ? 'row-credit' : undefined)}
      columns={[
        {
          ...{ id: 'number', header: t('number'), name: true },
          cell: ({ number }) => <Link to={`/p/billing/invoices/${encodeURIComponent(number)}`}>{number}</Link>,
        },
        {
          ...{ id: 'kind', header: t('kind') },
          cell: ({ kind, form, state }) => (
            <>
              <span className={kind === 'credit' ? 'tag tag-credit' : 'tag'}>
                {t(kind === 'credit' ? 'creditNote' : form)}
              </span>
              {state === 'issued' ? null : <span className="tag">{t(state)}</span>}
            </>
          ),
        },
        { id: 'issued', header: t('issuedAt'), cell: ({ issuedAt }) => <Moment at={issuedAt} /> },
        { id: 'energy', header: t('energy'), numeric: true, cell: ({ energyWh }) => format.energy(energyWh) },
        money('exclVat', t('exclVat')),
        money('vat', t('vat')),
        {
          ...{ id: 'inclVat', header: t('inclVat'), numeric: true },
          cell: ({ inclVat, currency }) => <b>{format.money(inclVat, currency)}</b>,
        },
      ]}
    />
  );
}

import {
  Choose,
  Confirmed,
  Empty,
  Link,
  Loaded,
  Mark,
  page,
  PageHead,
  Pager,
  Panel,
  ProblemNotice,
  Table,
  useAct,
  useFormat,
  useHost,
  usePlace,
  useRead,
  Overtaken,
} from '@plugga/console';
import { useId, useState } from 'react';
import { customerOf, emptyCustomer, formOfCustomer, type Customer, type CustomerForm } from './customer.ts';
import { InvoiceTable } from './invoice-table.tsx';
import { listOf, type Invoice, type Page } from './invoice.ts';
import { TokenChoice, useTokens } from './token-choice.tsx';
import { useText } from './use-text.ts';

const standings = { active: 'free', erasing: 'waiting', erased: 'out' } as const;

function List({ cursor, name }: { readonly cursor: string | undefined; readonly name: string | undefined }) {
  const t = useText();
  const id = useId();
  const host = useHost();
  const format = useFormat();
  const customers = useRead<Page<Customer>>('/customers', { query: { cursor, name, limit: 50 }, keep: true });
  return (
    <>
      <PageHead title={t('customers')}>
        <Link to="new" className="button primary">
          {t('newCustomer')}
        </Link>
      </PageHead>
      <Panel title={t('customers')}>
        <div className="filters">
          <div>
            <label htmlFor={id}>{t('find')}</label>
            <input
              id={id}
              type="search"
              defaultValue={name}
              onChange={({ target }) =>
                host.navigate(target.value === '' ? '' : `?name=${encodeURIComponent(target.value)}`, { replace: true })
              }
            />
          </div>
        </div>
        <Loaded read={customers}>
          {({ items, next }) =>
            items.length === 0 ? (
              <Empty title={t('noCustomers')}>
                <p>{t('noCustomersText')}</p>
              </Empty>
            ) : (
              <>
                <Table
                  id="customers"
                  caption={t('customers')}
                  rows={items}
                  rowKey={(it) => it.id}
                  columns={[
                    {
                      ...{ id: 'name', header: t('name'), name: true },
                      cell: (it) => <Link to={encodeURIComponent(it.id)}>{it.name}</Link>,
                    },
                    { id: 'kind', header: t('kind'), cell: (it) => t(`kind.${it.kind}`) },
                    { id: 'vat', header: t('vatNumber'), cell: (it) => it.vatNumber ?? '–' },
                    { id: 'invoicing', header: t('invoicing'), cell: (it) => t(`invoicing.${it.invoicing}`) },
                    {
                      ...{ id: 'waiting', header: t('waitingCdrs'), numeric: true },
                      cell: (it) => format.whole(it.waiting),
                    },
                    {
                      ...{ id: 'state', header: t('state') },
                      cell: (it) => <Mark standing={standings[it.state]}>{t(`state.${it.state}`)}</Mark>,
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

/** Who it is, where its invoices go and what is on them. What is typed stays when it is refused. */
function Form({
  known,
  etag,
  again,
}: {
  readonly known?: Customer;
  /** Of the answer that told what is known: what a change is made of. */
  readonly etag?: string | undefined;
  readonly again?: () => void;
}) {
  const t = useText();
  const id = useId();
  const host = useHost();
  const tokens = useTokens();
  const [form, setForm] = useState(known === undefined ? emptyCustomer : formOfCustomer(known));
  const [saved, setSaved] = useState(false);
  const [tag, setTag] = useState(etag);
  const save = useAct<boolean, Customer>(
    (it, force) =>
      it.api(known === undefined ? '/customers' : `/customers/${encodeURIComponent(known.id)}`, {
        ...{ method: known === undefined ? 'POST' : 'PATCH', body: customerOf(form, listOf) },
        ...(force || tag === undefined ? {} : { headers: { 'if-match': tag } }),
        answered: (headers) => setTag(headers.get('etag') ?? undefined),
      }),
    (made) => {
      setSaved(true);
      if (known === undefined) host.navigate(encodeURIComponent(made.id));
    },
  );
  const set = (change: Partial<CustomerForm>): void => {
    setSaved(false);
    setForm((before) => ({ ...before, ...change }));
  };
  const field = (name: keyof CustomerForm, type = 'text') => (
    <div>
      <label htmlFor={`${id}${name}`}>{t(`customer.${name}`)}</label>
      <input
        id={`${id}${name}`}
        type={type}
        value={form[name]}
        onChange={({ target }) => set({ [name]: target.value })}
      />
    </div>
  );
  const choice = (
    name: 'kind' | 'language' | 'invoicing' | 'vatTreatment',
    values: readonly (readonly [string, string])[],
  ) => (
    <Choose
      label={t(`customer.${name}`)}
      value={form[name]}
      set={(it: string) => set({ [name]: it } as Partial<CustomerForm>)}
      of={values}
    />
  );
  const lines = (name: 'tokens' | 'groups' | 'payers') => (
    <div>
      <label htmlFor={`${id}${name}`}>{t(`customer.${name}`)}</label>
      <textarea
        id={`${id}${name}`}
        rows={3}
        value={form[name]}
        onChange={({ target }) => set({ [name]: target.value })}
      />
    </div>
  );
  const terms = form.termsDays.trim();
  const isWhole = form.name.trim() !== '' && (terms === '' || /^\d{1,3}$/.test(terms));
  return (
    <Panel title={t('customerData')}>
      <div className="form">
        {field('name')}
        {choice('kind', [
          ['company', t('kind.company')],
          ['driver', t('kind.driver')],
          ['partner', t('kind.partner')],
        ])}
        {choice('invoicing', [
          ['month', t('invoicing.month')],
          ['session', t('invoicing.session')],
        ])}
        {field('vatNumber')}
        {choice('vatTreatment', [
          ['charged', t('vat.charged')],
          ['reverseCharge', t('vat.reverseCharge')],
        ])}
        {field('companyId')}
        {field('reference')}
        {field('street')}
        {field('extra')}
        {field('postalCode')}
        {field('city')}
        {field('country')}
        {field('email', 'email')}
        {choice('language', [
          ['', t('languageDefault')],
          ['sv', 'Svenska'],
          ['en', 'English'],
        ])}
        {field('termsDays')}
        {field('eInvoiceScheme')}
        {field('eInvoiceId')}
      </div>
      <h3>{t('pays')}</h3>
      <p className="faint">{t('paysText')}</p>
      <div className="form">
        {lines('tokens')}
        {lines('groups')}
        {lines('payers')}
        <TokenChoice
          label={t('addToken')}
          value=""
          tokens={tokens}
          set={(token) => set({ tokens: listOf(`${form.tokens}\n${token}`).join('\n') })}
        />
      </div>
      <div className="actions">
        <button
          type="button"
          className="button primary"
          disabled={!isWhole || save.busy}
          onClick={() => save.run(false)}
        >
          {t('save')}
        </button>
        {saved ? <span role="status">{t('saved')}</span> : null}
      </div>
      {save.error?.status === 412 && again !== undefined ? (
        <Overtaken busy={save.busy} again={again} force={() => save.run(true)} />
      ) : save.error === null ? null : (
        <ProblemNotice problem={save.error} />
      )}
    </Panel>
  );
}

function Erase({ customer, etag }: { readonly customer: Customer; readonly etag: string | undefined }) {
  const t = useText();
  const erase = useAct((host) =>
    host.api(`/customers/${encodeURIComponent(customer.id)}`, {
      method: 'DELETE',
      ...(etag === undefined ? {} : { headers: { 'if-match': etag } }),
    }),
  );
  return (
    <>
      <Confirmed
        trigger={
          <button type="button" className="button danger" disabled={erase.busy}>
            {t('erase')}
          </button>
        }
        title={t('eraseTitle', { name: customer.name })}
        text={t('eraseText', { count: customer.waiting })}
        action={t('erase')}
        onConfirm={() => erase.run()}
      />
      {erase.error === null ? null : <ProblemNotice problem={erase.error} />}
    </>
  );
}

function One({ id }: { readonly id: string }) {
  const t = useText();
  const customer = useRead<Customer>(`/customers/${encodeURIComponent(id)}`);
  // Another form begins only where somebody asked for it.
  const [round, setRound] = useState(0);
  const bills = useRead<Page<Invoice>>('/invoices', { query: { customer: id, limit: 50 }, on: ['invoice.'] });
  return (
    <Loaded read={customer} absent={<Empty page title={t('unknownCustomer', { id })} />}>
      {(it) => (
        <>
          <PageHead title={it.name}>
            <div className="actions tight">
              <Mark standing={standings[it.state]}>{t(`state.${it.state}`)}</Mark>
              {it.state === 'active' ? <Erase customer={it} etag={customer.etag} /> : null}
              <Link to="" className="button">
                {t('allCustomers')}
              </Link>
            </div>
          </PageHead>
          {it.waiting === 0 ? null : (
            <p className="banner">
              <Link to="/p/billing/invoices?view=runs">{t('waits', { count: it.waiting })}</Link>
            </p>
          )}
          {it.state === 'active' ? (
            <Form key={round} known={it} etag={customer.etag} again={() => setRound(round + 1)} />
          ) : null}
          <Panel title={t('bills')}>
            <Loaded read={bills}>
              {({ items }) =>
                items.length === 0 ? <Empty title={t('noBills')} /> : <InvoiceTable id="customer-bills" rows={items} />
              }
            </Loaded>
          </Panel>
        </>
      )}
    </Loaded>
  );
}

/** Who gets invoices. */
function Customers() {
  const t = useText();
  const { path, search } = usePlace();
  if (path === '') return <List cursor={search['cursor']} name={search['name']} />;
  if (path !== 'new') return <One key={path} id={path} />;
  return (
    <>
      <PageHead title={t('newCustomer')}>
        <Link to="" className="button">
          {t('allCustomers')}
        </Link>
      </PageHead>
      <Form />
    </>
  );
}

export const mount = page(Customers);

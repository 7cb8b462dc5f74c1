import {
  Empty,
  Facts,
  Link,
  Loaded,
  Moment,
  PageHead,
  Panel,
  ProblemNotice,
  useAct,
  useFormat,
  useRead,
  useSiteClock,
} from '@plugga/console';
import type { InvoiceLine, InvoiceWhole } from './invoice.ts';
import { useText, type Text } from './use-text.ts';

/** Lines come in the words that bills are written in; those that are always the same are said in the reader's language. */
const known = {
  Energy: 'energyLine',
  'Charging time': 'timeLine',
  'Idle time': 'idleLine',
  'Session fee': 'flatLine',
} as const;
const lineText = (text: string, t: Text): string => (text in known ? t(known[text as keyof typeof known]) : text);

function Lines({ lines, currency }: { readonly lines: readonly InvoiceLine[]; readonly currency: string }) {
  const t = useText();
  const format = useFormat();
  const unit = (line: InvoiceLine): string =>
    line.unit === 'session' ? t('sessionUnit', { count: Number(line.quantity) }) : line.unit;
  return (
    <table className="sums">
      <caption className="unseen">{t('lines')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('line')}</th>
          {(['quantity', 'unitPrice', 'vatPercent', 'net'] as const).map((id) => (
            <th scope="col" key={id} className="numeric">
              {t(id)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={`${line.text} ${line.unitPrice} ${line.vatPercent} ${line.quantity}`}>
            <th scope="row">{lineText(line.text, t)}</th>
            <td className="numeric">
              {format.decimal(line.quantity, 3)}&nbsp;{unit(line)}
            </td>
            <td className="numeric">{format.unitPrice(line.unitPrice, currency)}</td>
            <td className="numeric">{format.percent(line.vatPercent)}</td>
            <td className="numeric">{format.money(line.net, currency)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Totals({ bill }: { readonly bill: InvoiceWhole }) {
  const t = useText();
  const format = useFormat();
  const amount = (value: string): string => format.money(value, bill.currency);
  return (
    <table className="sums totals">
      <caption className="unseen">{t('byRate')}</caption>
      <tbody>
        <tr>
          <th scope="row">{t('exclVat')}</th>
          <td className="numeric">{amount(bill.exclVat)}</td>
        </tr>
        {bill.vatByRate.map((rate) => (
          <tr key={rate.percent}>
            <th scope="row">
              {t('vat')} {format.percent(rate.percent)}{' '}
              <span className="faint">
                ({t('base')} {amount(rate.base)})
              </span>
            </th>
            <td className="numeric">{amount(rate.amount)}</td>
          </tr>
        ))}
        <tr className="total">
          <th scope="row">{t('inclVat')}</th>
          <td className="numeric">{amount(bill.inclVat)}</td>
        </tr>
      </tbody>
    </table>
  );
}

/** Its files: the PDF, and the e-invoice, which names the rules that it would break. */
function Files({ bill }: { readonly bill: InvoiceWhole }) {
  const t = useText();
  const get = useAct<'pdf' | 'ubl'>((host, kind) =>
    host.download(
      `/invoices/${encodeURIComponent(bill.id)}/${kind}`,
      `${bill.number}.${kind === 'pdf' ? 'pdf' : 'xml'}`,
    ),
  );
  return (
    <div>
      <div className="actions tight">
        <button type="button" className="button primary" disabled={get.busy} onClick={() => get.run('pdf')}>
          {t('pdf')}
        </button>
        <button type="button" className="button" disabled={get.busy} onClick={() => get.run('ubl')}>
          {t('ubl')}
        </button>
        <Link to="" className="button">
          {t('allBills')}
        </Link>
      </div>
      {get.error === null ? null : <ProblemNotice problem={get.error} />}
    </div>
  );
}

function Credited({ bill }: { readonly bill: InvoiceWhole }) {
  const t = useText();
  const others =
    bill.credits === null
      ? bill.creditedBy.map((number) => [number, t('creditedBy', { number })] as const)
      : [[bill.credits, t('creditOf', { number: bill.credits })] as const];
  return others.map(([number, text]) => (
    <p key={number} className="banner">
      <Link to={encodeURIComponent(number)}>{text}</Link>
    </p>
  ));
}

/** One bill or credit note as it was issued. */
export function OneInvoice({ number }: { readonly number: string }) {
  const t = useText();
  const { zone } = useSiteClock();
  const format = useFormat();
  const bill = useRead<InvoiceWhole>(`/invoices/${encodeURIComponent(number)}`, { on: ['invoice.'] });
  return (
    <Loaded read={bill} absent={<Empty page title={t('unknownBill', { id: number })} />}>
      {(it) => (
        <article className="bill">
          <PageHead title={t(it.kind === 'credit' ? 'creditTitle' : 'billTitle', { number: it.number })}>
            <Files bill={it} />
          </PageHead>
          <Credited bill={it} />
          {it.missing.length === 0 ? null : (
            <p className="banner warning">
              {t('missing', { fields: it.missing.join(', ') })} <Link to="/p/billing/settings">{t('settings')}</Link>
            </p>
          )}
          <Panel title={t('lines')}>
            <Facts
              items={[
                [t('issuedAt'), <Moment key="at" at={it.issuedAt} />],
                ...(it.dueAt === null ? [] : [[t('dueAt'), format.date(it.dueAt)] as const]),
                ...(it.period === null
                  ? []
                  : [
                      [
                        t('period'),
                        `${format.date(it.period.from, zone)} – ${format.date(it.period.until, zone)}`,
                      ] as const,
                    ]),
                ...(it.buyer === null || it.customer === null
                  ? []
                  : [
                      [
                        t('buyer'),
                        <Link key="buyer" to={`/p/billing/customers/${encodeURIComponent(it.customer)}`}>
                          {it.buyer.name}
                        </Link>,
                      ] as const,
                    ]),
                [t('energy'), format.energy(it.energyWh)],
                ...(it.session === null
                  ? []
                  : [
                      [
                        t('session'),
                        <Link key="session" to={`/sessions/${encodeURIComponent(it.session)}`}>
                          {it.session}
                        </Link>,
                      ] as const,
                    ]),
              ]}
            />
            <Lines lines={it.lines} currency={it.currency} />
            <Totals bill={it} />
          </Panel>
          <Panel title={t('title')}>
            <ul className="rows">
              {it.cdrs.map((cdr) => (
                <li key={cdr.id} className="row">
                  <div className="row-text">
                    <Link to={`/p/billing/cdrs/${encodeURIComponent(cdr.id)}`}>
                      <Moment at={cdr.startedAt} />
                    </Link>{' '}
                    · {format.energy(cdr.energyWh)}
                  </div>
                </li>
              ))}
            </ul>
          </Panel>
        </article>
      )}
    </Loaded>
  );
}

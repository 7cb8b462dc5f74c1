import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { download } from '../api/http.ts';
import type { Problem } from '../api/problem.ts';
import { queries } from '../api/queries.ts';
import type { BillLine, Invoice } from '../api/types.ts';
import { decimal, money, percent, unitPrice } from '../format/numbers.ts';
import { useText } from '../language/index.ts';
import { Moment } from '../parts/clock.tsx';
import { Empty, Loaded, ProblemNotice } from '../parts/notice.tsx';
import { Facts, Panel } from '../parts/panel.tsx';
import { Energy } from '../parts/session-cells.tsx';

const route = getRouteApi('/bills/$number');

function PriceLines({ lines, currency }: { readonly lines: readonly BillLine[]; readonly currency: string }) {
  const { t, language } = useText();
  const unit = (line: BillLine): string =>
    line.unit === 'session' ? t('unit.session', { count: Number(line.quantity) }) : line.unit;
  return (
    <table className="sums">
      <caption className="unseen">{t('bill.lines')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('bill.line')}</th>
          <th scope="col" className="numeric">
            {t('bill.quantity')}
          </th>
          <th scope="col" className="numeric">
            {t('bill.unitPrice')}
          </th>
          <th scope="col" className="numeric">
            {t('bill.vatPercent')}
          </th>
          <th scope="col" className="numeric">
            {t('bill.net')}
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={`${line.text} ${line.unitPrice} ${line.vatPercent} ${line.quantity}`}>
            <th scope="row">{lineText(line.text, t)}</th>
            <td className="numeric">
              {decimal(language, line.quantity, 3)}&nbsp;{unit(line)}
            </td>
            <td className="numeric">{unitPrice(language, line.unitPrice, currency)}</td>
            <td className="numeric">{percent(language, line.vatPercent)}</td>
            <td className="numeric">{money(language, line.net, currency)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Lines come in the billing plugin's words; those that it always writes are said in the reader's language. */
const known = {
  Energy: 'line.energy',
  'Charging time': 'line.time',
  'Idle time': 'line.idle',
  'Session fee': 'line.flat',
} as const;
const lineText = (text: string, t: ReturnType<typeof useText>['t']): string =>
  text in known ? t(known[text as keyof typeof known]) : text;

function Totals({ bill }: { readonly bill: Invoice }) {
  const { t, language } = useText();
  const amount = (value: string): string => money(language, value, bill.currency);
  return (
    <table className="sums totals">
      <caption className="unseen">{t('bill.byRate')}</caption>
      <tbody>
        <tr>
          <th scope="row">{t('bills.excl')}</th>
          <td className="numeric">{amount(bill.exclVat)}</td>
        </tr>
        {bill.vatByRate.map((rate) => (
          <tr key={rate.percent}>
            <th scope="row">
              {t('bills.vat')} {percent(language, rate.percent)}{' '}
              <span className="faint">
                ({t('bill.base')} {amount(rate.base)})
              </span>
            </th>
            <td className="numeric">{amount(rate.amount)}</td>
          </tr>
        ))}
        <tr className="total">
          <th scope="row">{t('bills.incl')}</th>
          <td className="numeric">{amount(bill.inclVat)}</td>
        </tr>
      </tbody>
    </table>
  );
}

function Credited({ bill }: { readonly bill: Invoice }) {
  const { t } = useText();
  const { data } = useQuery(queries.invoicesOf(bill.session));
  const credit = data?.items.find(({ kind, credits }) => kind === 'credit' && credits === bill.number);
  const [number, text] =
    bill.credits === null ? [credit?.number, 'bill.creditedBy' as const] : [bill.credits, 'bill.credits' as const];
  if (number === undefined) return null;
  return (
    <p className="banner">
      <Link to="/bills/$number" params={{ number }}>
        {t(text, { number })}
      </Link>
    </p>
  );
}

function Pdf({ bill }: { readonly bill: Invoice }) {
  const { t } = useText();
  const get = useMutation<void, Problem>({
    mutationFn: () => download(`/invoices/${encodeURIComponent(bill.id)}/pdf`, `${bill.number}.pdf`),
  });
  return (
    <>
      <button type="button" className="button primary" disabled={get.isPending} onClick={() => get.mutate()}>
        {t('bill.pdf')}
      </button>
      {get.error === null ? null : <ProblemNotice problem={get.error} />}
    </>
  );
}

/** One bill or credit note as it was issued. */
export function BillPage() {
  const { t } = useText();
  const { number } = route.useParams();
  const bill = useQuery(queries.invoice(number));
  return (
    <Loaded read={bill} absent={<Empty page title={t('bill.unknown', { id: number })} />}>
      {(it) => (
        <article className="bill">
          <div className="page-head">
            <h1>{t(it.kind === 'credit' ? 'bill.creditTitle' : 'bill.title', { number: it.number })}</h1>
            <Pdf bill={it} />
          </div>
          <Credited bill={it} />
          <Panel title={t('bill.lines')}>
            <Facts
              items={[
                [t('bills.issued'), <Moment key="at" at={it.issuedAt} />],
                [t('sessions.energy'), <Energy key="wh" wh={it.energyWh} />],
                [
                  t('bills.session'),
                  <Link key="session" to="/sessions/$id" params={{ id: it.session }}>
                    {it.session}
                  </Link>,
                ],
              ]}
            />
            <PriceLines lines={it.lines} currency={it.currency} />
            <Totals bill={it} />
          </Panel>
        </article>
      )}
    </Loaded>
  );
}

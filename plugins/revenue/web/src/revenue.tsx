import {
  Choose,
  Empty,
  Figures,
  Loaded,
  page,
  PageHead,
  Panel,
  Plot,
  Table,
  texts,
  useFormat,
  useHost,
  useLanguage,
  usePlace,
  useRead,
  type Column,
} from '@plugga/console';
import { useMemo } from 'react';
import { addedUp, changeOf, hourEdges, hourText, type Today } from './curves.ts';
import { en, sv } from './texts.ts';

const useText = texts({ en, sv });
const on = ['revenue.'];

interface Sums {
  readonly exclVat: string;
  readonly vat: string;
  readonly inclVat: string;
}
const books = ['accrued', 'held', 'waived', 'settled'] as const;
type Books = Readonly<Record<(typeof books)[number] | 'earned' | 'invoiced' | 'credited', Sums>>;
interface Balance extends Books {
  readonly currency: string | null;
  readonly sessions: number;
  readonly unpriced: number;
}
interface Day extends Books, Sums {
  readonly date: string;
  readonly currency: string;
  readonly sessions: number;
  readonly bills: number;
  readonly soldWh: number;
}

type OfCurrency = Today['currencies'][number];

/** Today beside the same weekday: drawn hour by hour, and said in figures. */
function InCurrency({ of, until, zone }: { readonly of: OfCurrency; readonly until: number; readonly zone: string }) {
  const t = useText();
  const language = useLanguage();
  const format = useFormat();
  const { currency, today, lastWeek, meanOfFour } = of;
  const money = (value: string): string => format.money(value, currency);
  const series = useMemo(
    () => [
      // The hour that runs now is drawn up to what it has.
      { name: t('today'), values: addedUp(today.hours, until + 1), look: 'line' as const },
      { name: t('lastWeek'), values: addedUp(lastWeek.hours), look: 'dashed' as const },
      ...(meanOfFour === null
        ? []
        : [{ name: t('meanOfFour'), values: addedUp(meanOfFour.hours), look: 'dotted' as const }]),
    ],
    [today, lastWeek, meanOfFour, until, language],
  );
  const change = changeOf(today.soFar.inclVat, lastWeek.soFar.inclVat);
  const hour = String(until).padStart(2, '0');
  const against =
    until === 0
      ? t('earlierOnly')
      : change === undefined
        ? t('againstNone', { hour })
        : t('against', { hour, percent: `${change > 0 ? '+' : ''}${format.percent(String(change))}` });
  return (
    <>
      <Figures
        items={[
          { name: t('wholeDay'), value: money(today.whole.inclVat), note: format.energy(today.whole.energyWh) },
          { name: t('soFar', { hour }), value: money(today.soFar.inclVat), note: against },
          {
            name: t('lastWeek'),
            value: money(lastWeek.whole.inclVat),
            note: format.date(`${lastWeek.date}T12:00:00Z`),
          },
          ...(meanOfFour === null ? [] : [{ name: t('meanOfFour'), value: money(meanOfFour.whole.inclVat) }]),
        ]}
      />
      <Panel title={t('todayIn', { currency })} aside={<span className="faint">{t('zone', { zone })}</span>}>
        <Plot
          label={t('plotText', { today: money(today.whole.inclVat), lastWeek: money(lastWeek.whole.inclVat) })}
          at={hourEdges}
          series={series}
          value={(value) => format.decimal(String(value), 2)}
          time={hourText}
          height={300}
        />
      </Panel>
    </>
  );
}

function BalancePanel({ site }: { readonly site: string | undefined }) {
  const t = useText();
  const format = useFormat();
  const balance = useRead<{ readonly items: readonly Balance[] }>('/revenue/balance', { on, query: { site } });
  return (
    <Loaded read={balance}>
      {({ items }) =>
        items.map((it) => {
          const money = ({ inclVat }: Sums): string =>
            it.currency === null ? '–' : format.money(inclVat, it.currency);
          return (
            <Panel key={it.currency} title={t('balance')}>
              <p className="faint">{t('balanceText')}</p>
              <Figures
                items={[
                  { name: t('earned'), value: money(it.earned) },
                  ...books.map((book) => ({
                    name: t(book),
                    value: money(it[book]),
                    ...(book === 'settled'
                      ? { note: `${t('invoiced')} ${money(it.invoiced)} · ${t('credited')} ${money(it.credited)}` }
                      : {}),
                  })),
                ]}
              />
              {it.unpriced > 0 ? <p className="banner warning">{t('unpriced', { count: it.unpriced })}</p> : null}
            </Panel>
          );
        })
      }
    </Loaded>
  );
}

function Days({ site }: { readonly site: string | undefined }) {
  const t = useText();
  const format = useFormat();
  const days = useRead<{ readonly items: readonly Day[] }>('/revenue', { on, query: { days: 31, site }, keep: true });
  const money = (name: string, header: string, of: (day: Day) => string): Column<Day> => ({
    ...{ id: name, header, numeric: true, cell: (day) => format.money(of(day), day.currency) },
  });
  return (
    <Panel title={t('days')}>
      <Loaded read={days}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('none')} />
          ) : (
            <Table
              id="revenue-days"
              caption={t('days')}
              rows={items}
              rowKey={({ date, currency }) => `${date} ${currency}`}
              columns={[
                {
                  id: 'date',
                  header: t('date'),
                  name: true,
                  cell: ({ date }) => format.date(`${date}T00:00:00Z`, 'UTC'),
                },
                {
                  id: 'sessions',
                  header: t('sessions'),
                  numeric: true,
                  cell: ({ sessions }) => format.whole(sessions),
                },
                { id: 'sold', header: t('soldWh'), numeric: true, cell: ({ soldWh }) => format.energy(soldWh) },
                money('earned', t('earned'), ({ earned }) => earned.inclVat),
                money('accrued', t('accrued'), ({ accrued }) => accrued.inclVat),
                money('held', t('held'), ({ held }) => held.inclVat),
                money('excl', t('exclVat'), ({ exclVat }) => exclVat),
                money('vat', t('vat'), ({ vat }) => vat),
                money('incl', t('inclVat'), ({ inclVat }) => inclVat),
                { id: 'bills', header: t('bills'), numeric: true, cell: ({ bills }) => format.whole(bills) },
              ]}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}

/** What is earned as it is earned, against the same weekday; where it stands, and day by day. */
function Revenue() {
  const t = useText();
  const host = useHost();
  const { site } = usePlace().search;
  const sites = useRead<{ readonly items: readonly { readonly id: string; readonly name: string }[] }>('/locations', {
    query: { limit: 200 },
  });
  const today = useRead<Today>('/revenue/today', { on, query: { site }, keep: true });
  return (
    <>
      <PageHead title={t('title')}>
        <div className="filters">
          <Choose
            label={t('site')}
            value={site ?? ''}
            set={(it) => host.navigate(it === '' ? '' : `?site=${encodeURIComponent(it)}`, { replace: true })}
            of={[['', t('allSites')], ...(sites.data?.items ?? []).map((it) => [it.id, it.name] as const)]}
          />
        </div>
      </PageHead>
      <Loaded read={today}>
        {({ currencies, soFarUntil, timeZone }) =>
          currencies.length === 0 ? (
            <Panel title={t('today')}>
              <Empty title={t('none')}>
                <p>{t('noneText')}</p>
              </Empty>
            </Panel>
          ) : (
            currencies.map((of) => <InCurrency key={of.currency} of={of} until={soFarUntil} zone={timeZone} />)
          )
        }
      </Loaded>
      <BalancePanel site={site} />
      <Days site={site} />
    </>
  );
}

export const mount = page(Revenue);

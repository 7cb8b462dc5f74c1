import {
  Choose,
  Empty,
  Link,
  Loaded,
  page,
  PageHead,
  Panel,
  ProblemNotice,
  Table,
  texts,
  useAct,
  useFormat,
  useHost,
  usePlace,
  useRead,
  type Column,
} from '@plugga/console';
import { useId } from 'react';
import { EnergyCost } from './energy-cost.tsx';
import { dimensions, type Dimension, type Report, type ReportRow, type Sums } from './reports.ts';
import { en, sv } from './texts.ts';

const useText = texts({ en, sv });

const names = {
  day: 'date',
  site: 'site',
  station: 'station',
  customer: 'customer',
  tariff: 'tariff',
  channel: 'channel',
  costCentre: 'costCentre',
} as const satisfies Record<Dimension, keyof typeof en>;

/** The rows behind a number. */
const linkOf = (by: Dimension, key: string): string | undefined =>
  ({
    ...{ day: undefined, site: undefined, channel: undefined, costCentre: undefined },
    station: `/stations/${encodeURIComponent(key)}`,
    customer: `/p/billing/customers/${encodeURIComponent(key)}`,
    tariff: undefined,
  })[by];

function Rows({ report, by, margin }: { readonly report: Report; readonly by: Dimension; readonly margin: boolean }) {
  const t = useText();
  const format = useFormat();
  const money = (name: string, header: string, of: (row: ReportRow) => string | undefined): Column<ReportRow> => ({
    ...{ id: name, header, numeric: true },
    cell: (row) => {
      const value = of(row);
      return value === undefined || row.currency === null ? '–' : format.money(value, row.currency);
    },
  });
  const total = new Set(report.totals);
  const named = (row: ReportRow) => {
    if (total.has(row)) return <b>{t('total')}</b>;
    if (by === 'day' && row.key !== null) return format.date(`${row.key}T12:00:00Z`);
    const text = row.label ?? row.key ?? t('nobody');
    const to = row.key === null ? undefined : linkOf(by, row.label !== null && by === 'station' ? row.label : row.key);
    return to === undefined ? text : <Link to={to}>{text}</Link>;
  };
  const sums = (name: 'earned' | 'settled', part: keyof Sums) => (row: ReportRow) => row[name][part];
  return (
    <Table
      id={`report-${by}`}
      caption={t('report')}
      rows={[...report.items, ...report.totals]}
      rowKey={(row) => `${total.has(row)} ${row.key} ${row.currency}`}
      columns={[
        { id: 'key', header: t(names[by]), name: true, cell: named },
        { id: 'sessions', header: t('sessions'), numeric: true, cell: (row) => format.whole(row.sessions) },
        { id: 'sold', header: t('soldWh'), numeric: true, cell: (row) => format.energy(row.energyWh) },
        money('earned', t('earned'), sums('earned', 'inclVat')),
        money('net', t('earnedNet'), sums('earned', 'exclVat')),
        money('settled', t('settled'), sums('settled', 'inclVat')),
        { id: 'bills', header: t('bills'), numeric: true, cell: (row) => format.whole(row.bills) },
        ...(margin
          ? [
              money('cost', t('energyCost'), (row) => row.margin?.energyCost),
              money('margin', t('margin'), (row) => row.margin?.margin),
              {
                ...{ id: 'uncosted', header: t('uncosted'), numeric: true },
                cell: (row: ReportRow) => format.whole(row.margin?.uncosted ?? 0),
              },
            ]
          : []),
      ]}
    />
  );
}

/** Revenue by day, site, station, customer and more, as a table and as CSV, with the margin where energy has a cost. */
function Reports() {
  const t = useText();
  const id = useId();
  const host = useHost();
  const { search } = usePlace();
  const by = dimensions.find((it) => it === search['by']) ?? 'day';
  const margin = search['margin'] === 'true';
  const query = { by, from: search['from'], until: search['until'], ...(margin ? { margin: 'true' } : {}) };
  const report = useRead<Report>('/revenue/report', { query, on: ['revenue.'], keep: true });
  const csv = useAct<Report>((it, { from, until }) => {
    const asked = new URLSearchParams({ by, from, until, format: 'csv', ...(margin ? { margin: 'true' } : {}) });
    return it.download(`/revenue/report?${asked}`, `revenue-${by}-${from}-${until}.csv`);
  });
  const go = (change: Readonly<Record<string, string>>): void => {
    const given = Object.entries({ ...search, ...change }).filter(([, value]) => value !== '');
    host.navigate(`?${new URLSearchParams(given)}`, { replace: true });
  };
  const found = report.data;
  return (
    <>
      <PageHead title={t('reports')} />
      <Panel title={t('report')}>
        <div className="filters">
          <Choose
            label={t('by')}
            value={by}
            set={(it) => go({ by: it })}
            of={dimensions.map((it) => [it, t(names[it])] as const)}
          />
          {(['from', 'until'] as const).map((name) => (
            <div key={name}>
              <label htmlFor={`${id}${name}`}>{t(name === 'from' ? 'fromDay' : 'beforeDay')}</label>
              <input
                id={`${id}${name}`}
                type="date"
                value={search[name] ?? found?.[name] ?? ''}
                onChange={({ target }) => go({ [name]: target.value })}
              />
            </div>
          ))}
          <Choose
            label={t('margin')}
            value={margin ? 'true' : ''}
            set={(it) => go({ margin: it })}
            of={[
              ['', t('without')],
              ['true', t('withEnergyCost')],
            ]}
          />
          <button
            type="button"
            className="button"
            disabled={found === undefined || csv.busy}
            onClick={() => found !== undefined && csv.run(found)}
          >
            {t('csv')}
          </button>
        </div>
        {csv.error === null ? null : <ProblemNotice problem={csv.error} />}
        {report.error !== null && found !== undefined ? <ProblemNotice problem={report.error} /> : null}
        <Loaded read={report}>
          {(it) =>
            it.items.length === 0 ? <Empty title={t('noReport')} /> : <Rows report={it} by={by} margin={margin} />
          }
        </Loaded>
      </Panel>
      <EnergyCost t={t} />
    </>
  );
}

export const mount = page(Reports);

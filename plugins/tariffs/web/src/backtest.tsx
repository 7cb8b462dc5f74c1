import {
  Choose,
  Empty,
  Figures,
  Link,
  Moment,
  Panel,
  ProblemNotice,
  Table,
  useAct,
  useFormat,
  type texts,
} from '@plugga/console';
import { useState } from 'react';
import type { Tariff } from './form.ts';
import type { Site } from './preview.tsx';
import type { en } from './texts.ts';
import { always } from './week.ts';

type Text = ReturnType<ReturnType<typeof texts<typeof en>>>;

interface Sum {
  readonly exclVat: string;
  readonly inclVat: string;
}
interface Difference {
  readonly was: Sum;
  readonly would: Sum;
  readonly difference: Sum;
}
interface Tested extends Difference {
  readonly currency: string;
  readonly from: string;
  readonly until: string;
  readonly sessions: number;
  readonly skipped: number;
  readonly complete: boolean;
  readonly items: readonly (Difference & {
    readonly session: string;
    readonly startedAt: string;
    readonly energyWh: number;
    readonly tariff: string;
  })[];
}

/** What the draft would have made of last month's sessions: asked for, as it reads all of them. */
export function BacktestPanel({
  t,
  tariff,
  isKnown,
  isRefused,
  sites,
}: {
  readonly t: Text;
  readonly tariff: Tariff | undefined;
  /** Some version of it was saved, so that sessions may have had it. */
  readonly isKnown: boolean;
  readonly isRefused: boolean;
  readonly sites: readonly Site[];
}) {
  const format = useFormat();
  const [site, setSite] = useState('');
  const [isOwn, setOwn] = useState(isKnown);
  const [tested, setTested] = useState<{ readonly of: string; readonly found: Tested }>();
  const draft = JSON.stringify(tariff);
  const run = useAct<string, { readonly of: string; readonly found: Tested }>(async (host, of) => {
    const asked = JSON.parse(of) as Tariff;
    const where = { ...(site === '' ? {} : { location: site }), ...(isOwn && isKnown ? { of: asked.id } : {}) };
    const body = { tariff: always(asked), ...where };
    return { of, found: await host.api<Tested>('/tariffs/backtest', { method: 'POST', body, reads: true }) };
  }, setTested);
  const found = tested?.found;
  const money = (value: string): string => format.money(value, found?.currency ?? '');
  const signed = (value: string): string => `${value.startsWith('-') || Number(value) === 0 ? '' : '+'}${money(value)}`;
  return (
    <Panel title={t('backtest')}>
      <p className="faint">{t('backtestText')}</p>
      <div className="filters">
        <Choose
          label={t('backtestSite')}
          value={site}
          set={setSite}
          of={[['', t('everySite')], ...sites.map((it) => [it.id, it.name] as const)]}
        />
        {isKnown ? (
          <Choose
            label={t('backtestOf')}
            value={isOwn ? 'own' : 'all'}
            set={(it) => setOwn(it === 'own')}
            of={[
              ['own', t('backtestOwn')],
              ['all', t('backtestAll')],
            ]}
          />
        ) : null}
        <button
          type="button"
          className="button"
          disabled={tariff === undefined || isRefused || run.busy}
          onClick={() => draft !== undefined && run.run(draft)}
        >
          {t('backtestRun')}
        </button>
      </div>
      {run.error === null ? null : <ProblemNotice problem={run.error} />}
      {found === undefined ? null : (
        <div role="status">
          {tested?.of === draft ? null : <p className="banner warning">{t('backtestOld')}</p>}
          {found.complete ? null : <p className="banner warning">{t('backtestNewest', { count: found.sessions })}</p>}
          {found.skipped === 0 ? null : <p className="faint">{t('backtestSkipped', { count: found.skipped })}</p>}
          {found.sessions === 0 ? (
            <Empty title={t('backtestNone')} />
          ) : (
            <>
              <Figures
                items={[
                  { name: t('sessions'), value: format.whole(found.sessions), note: since(found, format.date) },
                  { name: t('was'), value: money(found.was.inclVat), note: `${t('net')} ${money(found.was.exclVat)}` },
                  {
                    name: t('would'),
                    value: money(found.would.inclVat),
                    note: `${t('net')} ${money(found.would.exclVat)}`,
                  },
                  {
                    ...{ name: t('difference'), value: signed(found.difference.inclVat) },
                    note: `${t('net')} ${signed(found.difference.exclVat)}`,
                  },
                ]}
              />
              <Table
                id="tariff-backtest"
                caption={t('backtest')}
                rows={found.items}
                rowKey={({ session }) => session}
                columns={[
                  {
                    ...{ id: 'session', header: t('started'), name: true },
                    cell: ({ session, startedAt }) => (
                      <Link to={`/sessions/${encodeURIComponent(session)}`}>
                        <Moment at={startedAt} />
                      </Link>
                    ),
                  },
                  { id: 'energy', header: t('energyWord'), numeric: true, cell: (it) => format.energy(it.energyWh) },
                  { id: 'tariff', header: t('hadTariff'), cell: (it) => it.tariff },
                  { id: 'was', header: t('was'), numeric: true, cell: ({ was }) => money(was.inclVat) },
                  { id: 'would', header: t('would'), numeric: true, cell: ({ would }) => money(would.inclVat) },
                  {
                    ...{ id: 'difference', header: t('difference'), numeric: true },
                    cell: ({ difference }) => <b>{signed(difference.inclVat)}</b>,
                  },
                ]}
              />
            </>
          )}
        </div>
      )}
    </Panel>
  );
}

const since = ({ from, until }: Tested, date: (iso: string) => string): string => `${date(from)} – ${date(until)}`;

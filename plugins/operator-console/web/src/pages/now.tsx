import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { queries } from '../api/queries.ts';
import type { Session, Station } from '../api/types.ts';
import { energy, money, power } from '../format/numbers.ts';
import { useText } from '../language/index.ts';
import { AttentionList } from '../parts/attention-list.tsx';
import { Moment, useNow } from '../parts/clock.tsx';
import { Empty, Loaded } from '../parts/notice.tsx';
import { Panel } from '../parts/panel.tsx';
import { sessionColumns } from '../parts/session-cells.tsx';
import { DataTable, type Column } from '../parts/table.tsx';
import { attentionOf, type Attention } from '../state/attention.ts';
import { placesOf, tallyOf } from '../state/connectors.ts';

const columns: readonly Column<Session>[] = [
  sessionColumns.place,
  sessionColumns.status,
  sessionColumns.token,
  sessionColumns.started,
  sessionColumns.duration,
  sessionColumns.energy,
  sessionColumns.power,
  sessionColumns.cost,
  sessionColumns.flags,
];

/** Nothing is counted that was not read: a part that cannot be read has its own place and says so. */
function useAttention(stations: readonly Station[]): readonly Attention[] {
  const alerts = useQuery(queries.alerts());
  const held = useQuery(queries.held());
  const plugins = useQuery(queries.plugins());
  const now = useNow();
  return attentionOf({
    ...{ stations, alerts: alerts.data?.items ?? [], now },
    ...{ held: held.data?.items ?? [], plugins: plugins.data?.items ?? [] },
  });
}

function Truth({ stations, needs }: { readonly stations: readonly Station[]; readonly needs: number }) {
  const { t } = useText();
  const tally = tallyOf(placesOf(stations));
  const first =
    tally.all === 0
      ? t('now.noConnectors', { count: stations.length })
      : t('now.truth', { ok: tally.ok, all: tally.all });
  return (
    <p className="truth" aria-live="polite">
      {first}
      <span className={needs === 0 ? 'truth-calm' : 'truth-need'}> · {t('now.need', { count: needs })}</span>
      {tally.silent === 0 ? null : <span className="faint"> · {t('now.silent', { count: tally.silent })}</span>}
    </p>
  );
}

function Figures({ live }: { readonly live: readonly Session[] | undefined }) {
  const { t, language } = useText();
  const revenue = useQuery(queries.revenueToday());
  const drawing = (live ?? []).filter(({ powerW, status }) => status === 'active' && (powerW ?? 0) > 0);
  const watts = drawing.reduce((sum, { powerW }) => sum + (powerW ?? 0), 0);
  const days = revenue.data?.currencies ?? [];
  const absent = revenue.error?.status === 404 ? t('now.noBilling') : '';
  return (
    <ul className="figures">
      <li>
        <span className="figure-name">{t('now.power')}</span>
        <span className="figure">{live === undefined ? '–' : power(language, watts)}</span>
        <span className="faint">{live === undefined ? '' : t('now.powerText', { count: drawing.length })}</span>
      </li>
      <li>
        <span className="figure-name">{t('now.energyToday')}</span>
        <span className="figure">
          {revenue.data === undefined
            ? '–'
            : energy(
                language,
                days.reduce((sum, { today }) => sum + today.whole.energyWh, 0),
              )}
        </span>
        <span className="faint">
          {revenue.data === undefined ? absent : t('now.zone', { zone: revenue.data.timeZone })}
        </span>
      </li>
      <li>
        <span className="figure-name">{t('now.revenueToday')}</span>
        {days.length === 0 ? (
          <span className="figure">–</span>
        ) : (
          days.map(({ currency, today }) => (
            <span className="figure" key={currency}>
              {money(language, today.whole.inclVat, currency)}
            </span>
          ))
        )}
        <span className="faint">
          {revenue.data === undefined
            ? absent
            : days.length === 0
              ? t('now.noRevenue')
              : days.map(({ currency, lastWeek }) => (
                  <span key={currency}>
                    {t('now.lastWeek', { amount: money(language, lastWeek.whole.inclVat, currency) })}{' '}
                  </span>
                ))}
        </span>
      </li>
    </ul>
  );
}

function NobodyCharges() {
  const { t } = useText();
  const { data } = useQuery(queries.sessions({ status: 'closed' }));
  const last = data?.items.find(({ endedAt }) => endedAt !== null);
  return (
    <Empty title={t('now.noLive')}>
      <p>{t('now.noLiveText')}</p>
      {last === undefined || last.endedAt === null ? null : (
        <p>
          <Link to="/sessions/$id" params={{ id: last.id }}>
            {t('now.lastSession', { time: '' }).trim()} <Moment at={last.endedAt} />
          </Link>
        </p>
      )}
    </Empty>
  );
}

function Board({ stations }: { readonly stations: readonly Station[] }) {
  const { t } = useText();
  const live = useQuery(queries.liveSessions());
  const attention = useAttention(stations);
  const needs = (
    <Panel title={t('now.attention')} className="now-attention">
      <AttentionList items={attention} />
    </Panel>
  );
  return (
    <>
      <Truth stations={stations} needs={attention.length} />
      <Figures live={live.data} />
      <div className="now">
        {attention.length === 0 ? null : needs}
        <Panel title={t('now.live')} className="now-live">
          <Loaded read={live}>
            {(sessions) =>
              sessions.length === 0 ? (
                <NobodyCharges />
              ) : (
                <DataTable
                  id="live"
                  caption={t('now.live')}
                  columns={columns}
                  rows={sessions}
                  rowKey={({ id }) => id}
                />
              )
            }
          </Loaded>
        </Panel>
        {attention.length === 0 ? needs : null}
      </div>
    </>
  );
}

/** How the charging goes, in one line, and what needs somebody. */
export function NowPage() {
  const { t } = useText();
  const stations = useQuery(queries.stations());
  return (
    <>
      <h1 className="unseen">{t('now.title')}</h1>
      <Loaded read={stations}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('now.none')}>
              <p>{t('now.noneText', { url: ocppUrl() })}</p>
              <Link to="/stations" className="button primary">
                {t('nav.stations')}
              </Link>
            </Empty>
          ) : (
            <Board stations={items} />
          )
        }
      </Loaded>
    </>
  );
}

const ocppUrl = (): string => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ocpp/`;

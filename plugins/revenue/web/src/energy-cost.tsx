import {
  Choose,
  Empty,
  Panel,
  Plot,
  ProblemNotice,
  useAct,
  useFormat,
  useHost,
  useRead,
  useValueLines,
  ValueLineFields,
  type texts,
} from '@plugga/console';
import { useId, useMemo, useState } from 'react';
import { isHour } from './reports.ts';
import type { en } from './texts.ts';

type Text = ReturnType<ReturnType<typeof texts<typeof en>>>;

interface Cost {
  readonly at: string;
  readonly perKwh: string;
  readonly site: string | null;
  readonly currency: string;
}
interface Site {
  readonly id: string;
  readonly name: string;
}
const DAY_MS = 86_400_000;
const WEEK = 7;

/** What energy costs hour by hour: margins are counted with it. Seen for the last week and what is known ahead. */
export function EnergyCost({ t }: { readonly t: Text }) {
  const id = useId();
  const format = useFormat();
  const host = useHost();
  const [now] = useState(() => host.now());
  const [site, setSite] = useState('');
  const [currency, setCurrency] = useState('SEK');
  const lines = useValueLines(isHour);
  const sites = useRead<{ readonly items: readonly Site[] }>('/locations', { query: { limit: 200 } });
  const costs = useRead<{ readonly items: readonly Cost[] }>('/revenue/energy-cost', {
    query: { from: new Date(now - WEEK * DAY_MS).toISOString(), until: new Date(now + 2 * DAY_MS).toISOString() },
  });
  const hours = lines.values.map(({ from, value }) => ({ at: from, perKwh: value }));
  const money = currency.trim().toUpperCase();
  const save = useAct<void>(
    (host) =>
      host.api('/revenue/energy-cost', {
        ...{ method: 'PUT', body: { site: site === '' ? null : site, currency: money, hours } },
      }),
    () => lines.set(''),
  );
  const own = useMemo(
    () => costs.data?.items.filter((it) => (it.site ?? '') === site && it.currency === money) ?? [],
    [costs.data, site, money],
  );
  const at = useMemo(() => own.map((it) => Date.parse(it.at) / 1000), [own]);
  const series = useMemo(
    () => [{ name: t('energyCost'), values: own.map(({ perKwh }) => Number(perKwh)), look: 'line' as const }],
    [own, t],
  );
  return (
    <Panel title={t('energyCost')}>
      <p className="faint">{t('energyCostText')}</p>
      <div className="filters">
        <Choose
          label={t('site')}
          value={site}
          set={setSite}
          of={[['', t('allSites')], ...(sites.data?.items ?? []).map((it) => [it.id, it.name] as const)]}
        />
        <div>
          <label htmlFor={`${id}currency`}>{t('currency')}</label>
          <input id={`${id}currency`} size={5} value={currency} onChange={({ target }) => setCurrency(target.value)} />
        </div>
      </div>
      {at.length < 2 ? (
        <Empty title={t('noEnergyCost')} />
      ) : (
        <Plot
          label={t('energyCostPlot', { count: at.length })}
          at={at}
          series={series}
          value={(value) => format.decimal(String(value), 4)}
          height={200}
        />
      )}
      <ValueLineFields lines={lines} label={t('energyCostLines')} badLine={(bad) => t('badLine', { ...bad })} />
      <div className="actions">
        <button
          type="button"
          className="button primary"
          disabled={hours.length === 0 || money === '' || save.busy}
          onClick={() => save.run()}
        >
          {t('saveHours', { count: hours.length })}
        </button>
      </div>
      {save.error === null ? null : <ProblemNotice problem={save.error} />}
    </Panel>
  );
}

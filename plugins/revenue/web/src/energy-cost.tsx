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
  type texts,
} from '@plugga/console';
import { useId, useMemo, useState } from 'react';
import { hoursOf } from './reports.ts';
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
  const [text, setText] = useState('');
  const sites = useRead<{ readonly items: readonly Site[] }>('/locations', { query: { limit: 200 } });
  const costs = useRead<{ readonly items: readonly Cost[] }>('/revenue/energy-cost', {
    query: { from: new Date(now - WEEK * DAY_MS).toISOString(), until: new Date(now + 2 * DAY_MS).toISOString() },
  });
  const read = hoursOf(text);
  const hours = 'hours' in read ? read.hours : [];
  const money = currency.trim().toUpperCase();
  const save = useAct<void>(
    (host) =>
      host.api('/revenue/energy-cost', {
        ...{ method: 'PUT', body: { site: site === '' ? null : site, currency: money, hours } },
      }),
    () => setText(''),
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
      <div className="form">
        <div>
          <label htmlFor={`${id}hours`}>{t('energyCostLines')}</label>
          <textarea
            id={`${id}hours`}
            rows={5}
            spellCheck={false}
            value={text}
            aria-invalid={'line' in read}
            onChange={({ target }) => setText(target.value)}
          />
        </div>
      </div>
      {'line' in read ? (
        <p className="field-error" role="alert">
          {t('badLine', { line: read.line, text: read.text })}
        </p>
      ) : null}
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

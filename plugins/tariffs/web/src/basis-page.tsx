import {
  Choose,
  Confirmed,
  Empty,
  Facts,
  Link,
  Loaded,
  Loading,
  Moment,
  Overtaken,
  PageHead,
  Panel,
  Plot,
  ProblemNotice,
  Table,
  useAct,
  useFormat,
  useHost,
  useLanguage,
  useRead,
  useValueLines,
  ValueLineFields,
  type texts,
} from '@plugga/console';
import { useId, useMemo, useState } from 'react';
import { merged, MOST_VALUES, valueAt, type Basis, type TariffBasis } from './basis.ts';
import { units, type InForce } from './place.tsx';
import type { Site } from './preview.tsx';
import type { en } from './texts.ts';

type Text = ReturnType<ReturnType<typeof texts<typeof en>>>;

/** How often what holds now is asked again: a value may end at any minute. */
const AGAIN_MS = 30_000;

/** What moves the price: which value holds now, and all of them drawn. */
function Series({ t, basis, currency }: { readonly t: Text; readonly basis: Basis; readonly currency: string }) {
  const format = useFormat();
  const now = useHost().now();
  const held = valueAt(basis, now);
  const sorted = useMemo(
    () => basis.series.toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from)),
    [basis.series],
  );
  const at = useMemo(() => sorted.map(({ from }) => Date.parse(from) / 1000), [sorted]);
  const series = useMemo(
    () => [{ name: basis.name, values: sorted.map(({ price }) => Number(price)), look: 'line' as const }],
    [basis.name, sorted],
  );
  const last = sorted.at(-1);
  return (
    <>
      <Facts
        items={[
          [t('basisName'), basis.name],
          [t('basisApply'), t(`apply.${basis.apply}`)],
          [
            t('basisNow'),
            held === undefined ? (
              t(basis.fallback === undefined ? 'basisNothing' : 'basisFallsBack')
            ) : (
              <span key="now">
                {format.unitPrice(held.price, currency)} {t('basisUntil')}{' '}
                <Moment at={new Date(held.ends).toISOString()} />
              </span>
            ),
          ],
          [
            t('basisFallback'),
            basis.fallback === undefined ? t('noFallback') : format.unitPrice(basis.fallback, currency),
          ],
          [t('basisLast'), last === undefined ? '–' : <Moment key="last" at={last.from} />],
        ]}
      />
      {at.length < 2 ? null : (
        <Plot
          label={t('basisPlot', { count: at.length })}
          at={at}
          series={series}
          value={(value) => format.decimal(String(value), 4)}
          height={220}
        />
      )}
    </>
  );
}

/** What a driver at a site would be offered now; nothing is locked by looking. */
function NextOffer({
  t,
  tariff,
  sites,
  first,
}: {
  readonly t: Text;
  readonly tariff: string;
  readonly sites: readonly Site[];
  readonly first: string;
}) {
  const format = useFormat();
  const language = useLanguage();
  const [site, setSite] = useState(first);
  const read = useRead<InForce>(site === '' ? undefined : '/tariffs/in-force', {
    ...{ query: { location: site }, everyMs: AGAIN_MS, keep: true },
  });
  const found = read.data;
  if (site === '') return <Empty title={t('noSite')} />;
  return (
    <>
      <div className="filters">
        <Choose label={t('to.location')} value={site} set={setSite} of={sites.map((it) => [it.id, it.name] as const)} />
      </div>
      {read.error !== null ? (
        <ProblemNotice problem={read.error} />
      ) : found === undefined ? (
        <Loading />
      ) : (
        <>
          {found.tariff === tariff ? null : <p className="banner">{t('otherTariff', { tariff: found.tariff })}</p>}
          <Table
            id="next-offer"
            caption={t('nextOffer')}
            rows={found.components}
            rowKey={(it) => `${it.dimension} ${it.element} ${it.inclVat}`}
            columns={[
              { id: 'text', header: t('prices'), name: true, cell: ({ text }) => text[language] },
              {
                ...{ id: 'net', header: t('net'), numeric: true },
                cell: ({ exclVat }) => format.unitPrice(exclVat, found.currency),
              },
              {
                ...{ id: 'gross', header: t('gross'), numeric: true },
                cell: ({ inclVat, unit }) => `${format.unitPrice(inclVat, found.currency)} ${t(units[unit])}`,
              },
              { id: 'when', header: t('when'), cell: ({ when }) => when?.[language] ?? t('alwaysWord') },
            ]}
          />
        </>
      )}
    </>
  );
}

/** Another basis: values are pasted or read from a file, and join those that are there. */
function Change({
  t,
  tariff,
  basis,
  etag,
  again,
}: {
  readonly t: Text;
  readonly tariff: string;
  readonly basis: Basis | null;
  readonly etag: string | undefined;
  /** Begins again with what moves the price now. */
  readonly again: () => void;
}) {
  const id = useId();
  const format = useFormat();
  // What the form was made of: read again meanwhile, it may be another one.
  const [{ known, tag }, setKnown] = useState({ known: basis, tag: etag });
  const [name, setName] = useState(known?.name ?? '');
  const [apply, setApply] = useState<Basis['apply']>(known?.apply ?? 'add');
  const [fallback, setFallback] = useState(known?.fallback ?? '');
  const lines = useValueLines();
  const [keep, setKeep] = useState(true);
  const values = lines.values.map(({ value, ...it }) => ({ ...it, price: value }));
  const series = merged(keep ? (known?.series ?? []) : [], values);
  const path = `/tariffs/${encodeURIComponent(tariff)}/basis`;
  const save = useAct<boolean>(
    async (host, force) => {
      let now = tag;
      const put = await host.api<TariffBasis>(path, {
        method: 'PUT',
        body: {
          ...{ name: name.trim(), apply, series },
          ...(fallback.trim() === '' ? {} : { fallback: fallback.trim().replace(',', '.') }),
        },
        ...(force || tag === undefined ? {} : { headers: { 'if-match': tag } }),
        answered: (headers) => (now = headers.get('etag') ?? undefined),
      });
      setKnown({ known: put.basis, tag: now });
    },
    () => lines.set(''),
  );
  const remove = useAct(
    (host) => host.api(path, { method: 'DELETE', ...(tag === undefined ? {} : { headers: { 'if-match': tag } }) }),
    again,
  );
  const isWhole = name.trim() !== '' && lines.bad === undefined && (series.length > 0 || fallback.trim() !== '');
  const error = save.error ?? remove.error;
  return (
    <Panel title={t('basisChange')}>
      <p className="faint">{t('basisChangeText', { most: format.whole(MOST_VALUES) })}</p>
      <div className="form">
        <div>
          <label htmlFor={`${id}name`}>{t('basisNameLabel')}</label>
          <input id={`${id}name`} value={name} maxLength={100} onChange={({ target }) => setName(target.value)} />
        </div>
        <Choose
          label={t('basisApply')}
          value={apply}
          set={setApply}
          of={[
            ['add', t('apply.add')],
            ['replace', t('apply.replace')],
          ]}
        />
        <div>
          <label htmlFor={`${id}fallback`}>{t('basisFallbackLabel')}</label>
          <input
            id={`${id}fallback`}
            inputMode="decimal"
            value={fallback}
            onChange={({ target }) => setFallback(target.value)}
          />
        </div>
      </div>
      <ValueLineFields lines={lines} label={t('basisLines')} badLine={(bad) => t('basisBadLine', { ...bad })} />
      {known === null ? null : (
        <label className="choice">
          <input type="checkbox" checked={keep} onChange={({ target }) => setKeep(target.checked)} />
          {t('basisKeep', { count: known.series.length })}
        </label>
      )}
      <div className="actions">
        <button
          type="button"
          className="button primary"
          disabled={!isWhole || save.busy}
          onClick={() => save.run(false)}
        >
          {t('basisSave', { count: series.length })}
        </button>
        {known === null ? null : (
          <Confirmed
            trigger={
              <button type="button" className="button danger" disabled={remove.busy}>
                {t('basisRemove')}
              </button>
            }
            title={t('basisRemoveTitle', { id: tariff })}
            text={t('basisRemoveText')}
            action={t('basisRemove')}
            onConfirm={() => remove.run()}
          />
        )}
      </div>
      {error === null ? null : error.status === 412 ? (
        <Overtaken busy={save.busy} again={again} force={() => save.run(true)} />
      ) : (
        <ProblemNotice problem={error} />
      )}
    </Panel>
  );
}

/** What moves the next offers of a tariff: seen, put, and what comes of it. */
export function BasisPage({
  t,
  tariff,
  currency,
  sites,
  site,
}: {
  readonly t: Text;
  readonly tariff: string;
  readonly currency: string;
  readonly sites: readonly Site[];
  readonly site: string;
}) {
  const read = useRead<TariffBasis>(`/tariffs/${encodeURIComponent(tariff)}/basis`, { everyMs: AGAIN_MS });
  const [round, setRound] = useState(0);
  return (
    <>
      <PageHead title={t('basisTitle', { id: tariff })}>
        <Link to={encodeURIComponent(tariff)} className="button">
          {t('basisBack')}
        </Link>
      </PageHead>
      <Loaded read={read}>
        {({ basis }) => (
          <>
            <Panel title={t('basis')}>
              {basis === null ? (
                <Empty title={t('noBasis')}>
                  <p>{t('noBasisText')}</p>
                </Empty>
              ) : (
                <Series t={t} basis={basis} currency={currency} />
              )}
            </Panel>
            <Panel title={t('nextOffer')}>
              <NextOffer t={t} tariff={tariff} sites={sites} first={site} />
            </Panel>
            <Change
              key={round}
              {...{ t, tariff, basis, etag: read.etag }}
              again={() => void Promise.resolve(read.refetch()).then(() => setRound(round + 1))}
            />
          </>
        )}
      </Loaded>
    </>
  );
}

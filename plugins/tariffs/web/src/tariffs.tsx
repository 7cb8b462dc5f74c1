import {
  Empty,
  Link,
  Loaded,
  Loading,
  Moment,
  page,
  PageHead,
  Pager,
  Panel,
  Table,
  texts,
  useFormat,
  usePlace,
  useRead,
} from '@plugga/console';
import { useState } from 'react';
import { assignedText, AssignPanel, type Assigned } from './assign.tsx';
import { BasisPage } from './basis-page.tsx';
import { Editor, NewTariff } from './editor.tsx';
import type { Component, Tariff } from './form.ts';
import { PlacePrices } from './place.tsx';
import type { Site } from './preview.tsx';
import { en, sv } from './texts.ts';

const useText = texts({ en, sv });

interface Shown {
  readonly tariff: Tariff;
  readonly version: number;
  readonly createdAt: string;
  readonly createdBy: string | null;
  readonly assign: readonly Assigned[];
  readonly affects?: { readonly evses: number; readonly connectors: number };
}
const none: readonly Site[] = [];
/** Undefined until they are known. */
const useSites = (): readonly Site[] | undefined => {
  const { data, error } = useRead<{ readonly items: readonly Site[] }>('/locations', { query: { limit: 200 } });
  return data?.items ?? (error === null ? undefined : none);
};

const short = { ENERGY: 'energyShort', TIME: 'timeShort', PARKING_TIME: 'idleShort', FLAT: 'flatShort' } as const;

/** The prices that hold when nothing else does, in a line. */
function Prices({ tariff: { elements, currency } }: { readonly tariff: Tariff }) {
  const t = useText();
  const format = useFormat();
  const base = elements.findLast(({ restrictions }) => restrictions === undefined) ?? elements.at(-1);
  const said = (base?.price_components ?? []).map(
    ({ type, price }: Component) => `${format.unitPrice(String(price), currency)} ${t(short[type])}`,
  );
  return (
    <>
      {said.join(' · ')}
      {elements.length > 1 ? <div className="faint">{t('andMore')}</div> : null}
    </>
  );
}

function List({ cursor }: { readonly cursor: string | undefined }) {
  const t = useText();
  const tariffs = useRead<{ readonly items: readonly Shown[]; readonly next: string | null }>('/tariffs', {
    ...{ query: { cursor, limit: 50 }, keep: true },
  });
  const sites = useSites();
  const names = new Map(sites?.map((it) => [it.id, it.name]));
  return (
    <>
      <PageHead title={t('title')}>
        <div className="actions tight">
          <Link to="?view=place" className="button">
            {t('atPlace')}
          </Link>
          <Link to="new" className="button primary">
            {t('new')}
          </Link>
        </div>
      </PageHead>
      <Panel title={t('all')}>
        <Loaded read={tariffs}>
          {({ items, next }) =>
            items.length === 0 ? (
              <Empty title={t('none')}>
                <p>{t('noneText')}</p>
              </Empty>
            ) : (
              <>
                <Table
                  id="tariffs"
                  caption={t('title')}
                  rows={items}
                  rowKey={({ tariff }) => tariff.id}
                  columns={[
                    {
                      id: 'id',
                      header: t('id'),
                      name: true,
                      cell: ({ tariff }) => <Link to={encodeURIComponent(tariff.id)}>{tariff.id}</Link>,
                    },
                    { id: 'prices', header: t('prices'), cell: ({ tariff }) => <Prices tariff={tariff} /> },
                    {
                      id: 'assigned',
                      header: t('assigned'),
                      cell: ({ assign }) =>
                        assign.length === 0 ? (
                          <span className="faint">{t('nowhere')}</span>
                        ) : (
                          assign.map((it) => <div key={`${it.to} ${it.id}`}>{assignedText(it, t, names)}</div>)
                        ),
                    },
                    { id: 'version', header: t('version'), numeric: true, cell: ({ version }) => version },
                    { id: 'made', header: t('made'), cell: ({ createdAt }) => <Moment at={createdAt} /> },
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

function One({ id, view }: { readonly id: string; readonly view: string | undefined }) {
  const t = useText();
  const shown = useRead<Shown>(`/tariffs/${encodeURIComponent(id)}`);
  const versions = useRead<{ readonly items: readonly Omit<Shown, 'assign'>[] }>(
    `/tariffs/${encodeURIComponent(id)}/versions`,
  );
  const sites = useSites();
  // Another draft begins only where somebody asked for it: what is typed is never lost to a version of somebody else.
  const [round, setRound] = useState(0);
  return (
    <Loaded read={shown} absent={<Empty page title={t('unknown', { id })} />}>
      {({ tariff, version, createdBy, assign, affects }) =>
        view === 'basis' ? (
          sites === undefined ? (
            <Loading />
          ) : (
            <BasisPage
              t={t}
              tariff={tariff.id}
              currency={tariff.currency}
              sites={sites}
              site={assign.find(({ to }) => to === 'location')?.id ?? sites[0]?.id ?? ''}
            />
          )
        ) : (
          <>
            <PageHead title={tariff.id}>
              <div className="actions tight">
                <span className="tag">
                  {t('version')} {version}
                </span>
                <span className="tag">{t('affects', { count: affects?.evses ?? 0 })}</span>
                <Link to={`${encodeURIComponent(tariff.id)}?view=basis`} className="button">
                  {t('basisLink')}
                </Link>
                <Link to="" className="button">
                  {t('all')}
                </Link>
              </div>
            </PageHead>
            {sites === undefined ? (
              <Loading />
            ) : (
              <Editor
                key={round}
                t={t}
                newest={{ tariff, version, createdBy, evses: affects?.evses ?? 0, etag: shown.etag }}
                sites={sites}
                site={assign.find(({ to }) => to === 'location')?.id ?? sites[0]?.id ?? ''}
                again={() => setRound(round + 1)}
              />
            )}
            <AssignPanel t={t} tariff={tariff.id} assigned={assign} etag={shown.etag} sites={sites ?? none} />
            <Panel title={t('history')}>
              <Loaded read={versions}>
                {({ items }) => (
                  <Table
                    id="tariff-versions"
                    caption={t('history')}
                    rows={items}
                    rowKey={(it) => String(it.version)}
                    columns={[
                      { id: 'version', header: t('version'), name: true, cell: (it) => it.version },
                      { id: 'prices', header: t('prices'), cell: (it) => <Prices tariff={it.tariff} /> },
                      { id: 'made', header: t('made'), cell: ({ createdAt }) => <Moment at={createdAt} /> },
                      { id: 'by', header: t('by'), cell: ({ createdBy }) => createdBy ?? '–' },
                    ]}
                  />
                )}
              </Loaded>
            </Panel>
          </>
        )
      }
    </Loaded>
  );
}

function Tariffs() {
  const t = useText();
  const { path, search } = usePlace();
  const sites = useSites();
  if (path === '' && search['view'] !== 'place') return <List cursor={search['cursor']} />;
  if (path !== '' && path !== 'new') return <One key={path} id={path} view={search['view']} />;
  if (sites === undefined) return <Loading />;
  return path === 'new' ? <NewTariff t={t} sites={sites} /> : <PlacePrices t={t} sites={sites} />;
}

export const mount = page(Tariffs);

import {
  Confirmed,
  Empty,
  Link,
  Loaded,
  Moment,
  page,
  PageHead,
  Pager,
  Panel,
  ProblemNotice,
  Table,
  Tabs,
  useAct,
  useFormat,
  usePlace,
  useRead,
  type Column,
} from '@plugga/console';
import { heldByReason, type Cdr } from './cdr.ts';
import { useText } from './use-text.ts';
import { CdrFacts, Release, State, WhyThisPrice } from './why.tsx';

const on = ['cdr.', 'invoice.'];
interface Page {
  readonly items: readonly Cdr[];
  readonly next: string | null;
}

function Total({ cdr }: { readonly cdr: Cdr }) {
  const format = useFormat();
  return <b>{cdr.currency === null || cdr.inclVat === null ? '–' : format.money(cdr.inclVat, cdr.currency)}</b>;
}

/** One press for all that are held for the same reason and for it alone. */
function ReleaseAll({ reason, count }: { readonly reason: string; readonly count: number }) {
  const t = useText();
  const release = useAct((host) => host.api('/cdrs/release', { method: 'POST', body: { reason } }));
  return (
    <>
      <Confirmed
        trigger={
          <button type="button" className="button" disabled={release.busy}>
            {t('releaseAll', { reason })}
          </button>
        }
        title={t('releaseAllTitle', { count, reason })}
        text={t('releaseAllText')}
        action={t('release')}
        danger={false}
        onConfirm={() => release.run()}
      />
      {release.error === null ? null : <ProblemNotice problem={release.error} />}
    </>
  );
}

function List({ status, cursor }: { readonly status: 'held' | undefined; readonly cursor: string | undefined }) {
  const t = useText();
  const format = useFormat();
  const cdrs = useRead<Page>('/cdrs', { on, query: { status, cursor, limit: 50 }, keep: true });
  const columns: readonly Column<Cdr>[] = [
    {
      id: 'session',
      header: t('session'),
      name: true,
      cell: ({ id, startedAt }) => (
        <Link to={encodeURIComponent(id)}>
          <Moment at={startedAt} />
        </Link>
      ),
    },
    { id: 'site', header: t('station'), cell: ({ locationName }) => locationName ?? '–' },
    { id: 'state', header: t('state'), cell: (cdr) => <State cdr={cdr} /> },
    { id: 'energy', header: t('energy'), numeric: true, cell: ({ energyWh }) => format.energy(energyWh) },
    {
      id: 'duration',
      header: t('duration'),
      numeric: true,
      cell: ({ startedAt, endedAt }) => format.duration(Date.parse(endedAt) - Date.parse(startedAt)),
    },
    { id: 'total', header: t('total'), numeric: true, cell: (cdr) => <Total cdr={cdr} /> },
    ...(status === 'held'
      ? [{ id: 'release', header: t('release'), cell: (cdr: Cdr) => <Release cdr={cdr} /> }]
      : [{ id: 'made', header: t('made'), cell: ({ createdAt }: Cdr) => <Moment at={createdAt} /> }]),
  ];
  return (
    <>
      <PageHead title={t('title')} />
      <Tabs
        label={t('title')}
        items={[
          { to: '', text: t('all'), current: status === undefined },
          { to: '?status=held', text: t('heldOnly'), current: status === 'held' },
        ]}
      />
      <Panel title={t(status === 'held' ? 'heldOnly' : 'all')}>
        <Loaded read={cdrs}>
          {({ items, next }) => {
            if (items.length === 0)
              return (
                <Empty title={t(status === 'held' ? 'noneHeld' : 'none')}>
                  <p>{t(status === 'held' ? 'noneHeldText' : 'noneText')}</p>
                </Empty>
              );
            const reasons = status === 'held' ? heldByReason(items).filter(({ count }) => count > 1) : [];
            return (
              <>
                {reasons.length === 0 ? null : (
                  <div className="actions tight">
                    {reasons.map(({ reason, count }) => (
                      <ReleaseAll key={reason} reason={reason} count={count} />
                    ))}
                  </div>
                )}
                <Table
                  id={status === 'held' ? 'cdrs-held' : 'cdrs'}
                  caption={t('title')}
                  rows={items}
                  rowKey={({ id }) => id}
                  rowClass={({ kind }) => (kind === 'credit' ? 'row-credit' : undefined)}
                  columns={columns}
                />
                <Pager cursor={cursor} next={next} />
              </>
            );
          }}
        </Loaded>
      </Panel>
    </>
  );
}

interface Bill {
  readonly id: string;
  readonly number: string;
}

function One({ id }: { readonly id: string }) {
  const t = useText();
  const cdr = useRead<Cdr>(`/cdrs/${encodeURIComponent(id)}`, { on });
  const session = cdr.data?.session;
  const bills = useRead<{ readonly items: readonly Bill[] }>(session === undefined ? undefined : '/invoices', {
    ...{ on, query: { session } },
  });
  return (
    <Loaded read={cdr} absent={<Empty page title={t('unknown', { id })} />}>
      {(it) => (
        <>
          <PageHead title={`${t(it.kind)} · ${t('revision', { revision: it.revision })}`}>
            <div className="actions tight">
              <Release cdr={it} />
              <Link to="" className="button">
                {t('allCdrs')}
              </Link>
            </div>
          </PageHead>
          <Panel title={t('whyPrice')}>
            <WhyThisPrice cdr={it} />
          </Panel>
          <Panel title={t('state')}>
            <CdrFacts cdr={it} />
            <div className="actions">
              <Link to={`/sessions/${encodeURIComponent(it.session)}`} className="button">
                {t('session')}
              </Link>
              {bills.data?.items.map(({ number }) => (
                <Link key={number} to={`/p/billing/invoices/${encodeURIComponent(number)}`} className="button">
                  {number}
                </Link>
              ))}
            </div>
          </Panel>
        </>
      )}
    </Loaded>
  );
}

function Cdrs() {
  const { path, search } = usePlace();
  if (path !== '') return <One id={path} />;
  return <List status={search['status'] === 'held' ? 'held' : undefined} cursor={search['cursor']} />;
}

export const mount = page(Cdrs);

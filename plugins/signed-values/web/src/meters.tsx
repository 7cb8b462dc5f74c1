import {
  Empty,
  Link,
  Loaded,
  Loading,
  Mark,
  Moment,
  page,
  PageHead,
  Pager,
  Panel,
  Table,
  useHost,
  usePlace,
  useRead,
} from '@plugga/console';
import { FoundKeys, toldText, useFound } from './found-keys.tsx';
import { KeyForm } from './key-form.tsx';
import { grouped, keyStateOf, toldBy, type FoundKey, type Meter, type Page } from './meter.ts';
import { OneMeter } from './one-meter.tsx';
import { useText } from './use-text.ts';

/** The keys that are trusted now, and whether a station tells the same. */
function Keys({ meter: { keys }, found }: { readonly meter: Meter; readonly found: readonly FoundKey[] }) {
  const t = useText();
  const now = useHost().now();
  const trusted = keys.filter((it) => keyStateOf(it, now) === 'trusted');
  if (trusted.length === 0) return <Mark standing="waiting">{t('noKey')}</Mark>;
  return trusted.map((it) => {
    const told = toldBy(it.fingerprint, found);
    return (
      <div key={it.fingerprint}>
        <code title={it.fingerprint}>{grouped(it.fingerprint.slice(0, 16))} …</code>
        <div className="faint">{toldText(told, t)}</div>
      </div>
    );
  });
}

function List({ cursor }: { readonly cursor: string | undefined }) {
  const t = useText();
  const meters = useRead<Page<Meter>>('/meters', {
    query: { cursor, limit: 50 },
    on: ['session.verified'],
    keep: true,
  });
  const found = useFound().data?.items ?? [];
  return (
    <>
      <PageHead title={t('meters')}>
        <Link to="new" className="button primary">
          {t('paste')}
        </Link>
      </PageHead>
      <Panel title={t('meters')}>
        <Loaded read={meters}>
          {({ items, next }) =>
            items.length === 0 ? (
              <Empty title={t('noMeters')}>
                <p>{t('noMetersText')}</p>
              </Empty>
            ) : (
              <>
                <Table
                  id="meters"
                  caption={t('meters')}
                  rows={items}
                  rowKey={({ serial }) => serial}
                  columns={[
                    {
                      ...{ id: 'serial', header: t('serial'), name: true },
                      cell: ({ serial }) => <Link to={encodeURIComponent(serial)}>{serial}</Link>,
                    },
                    {
                      ...{ id: 'station', header: t('station') },
                      cell: ({ station }) =>
                        station === null ? '–' : <Link to={`/stations/${encodeURIComponent(station)}`}>{station}</Link>,
                    },
                    { id: 'key', header: t('keyOfNow'), cell: (it) => <Keys meter={it} found={found} /> },
                    {
                      ...{ id: 'seen', header: t('lastSigned') },
                      cell: ({ lastSeenAt }) => (lastSeenAt === null ? '–' : <Moment at={lastSeenAt} />),
                    },
                  ]}
                />
                <Pager cursor={cursor} next={next} />
              </>
            )
          }
        </Loaded>
      </Panel>
      <FoundKeys />
    </>
  );
}

/** A key for a meter that is typed: pasted, or one that was found with no meter. */
function NewKey({ fingerprint }: { readonly fingerprint: string | undefined }) {
  const t = useText();
  const found = useFound();
  const one = fingerprint === undefined ? undefined : toldBy(fingerprint, found.data?.items ?? []);
  return (
    <>
      <PageHead title={t('register')}>
        <Link to="" className="button">
          {t('allMeters')}
        </Link>
      </PageHead>
      {fingerprint !== undefined && found.data === undefined && found.error === null ? (
        <Loading />
      ) : (
        <KeyForm {...(one === undefined ? {} : { found: one })} />
      )}
    </>
  );
}

/** Meters that sign, and the keys that they are believed with. */
function Meters() {
  const { path, search } = usePlace();
  if (path === '') return <List cursor={search['cursor']} />;
  if (path === 'new') return <NewKey fingerprint={search['found']} />;
  return <OneMeter key={path} serial={path} cursor={search['cursor']} />;
}

export const mount = page(Meters);

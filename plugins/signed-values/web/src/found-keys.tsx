import {
  Confirmed,
  Empty,
  Link,
  Loaded,
  Mark,
  Moment,
  Panel,
  ProblemNotice,
  Table,
  useAct,
  useRead,
} from '@plugga/console';
import { grouped, type FoundKey } from './meter.ts';
import { useText, type Text } from './use-text.ts';

/** One click and one look: what is registered is shown before it is trusted. */
function Trust({ found, serial }: { readonly found: FoundKey; readonly serial: string }) {
  const t = useText();
  const trust = useAct((host) =>
    host.api(`/meters/${encodeURIComponent(serial)}/key`, {
      ...{ method: 'PUT', body: { fingerprint: found.fingerprint } },
    }),
  );
  return (
    <>
      <Confirmed
        trigger={
          <button type="button" className="button" disabled={trust.busy}>
            {t('trust')}
          </button>
        }
        title={t('trustTitle', { serial })}
        text={
          <>
            {t('trustText', { station: found.station })}
            <br />
            <br />
            {t('fingerprint')} <code>{grouped(found.fingerprint)}</code>
            <br />
            {found.curve} <code>{grouped(found.publicKey)}</code>
          </>
        }
        action={t('trust')}
        danger={false}
        onConfirm={() => trust.run()}
      />
      {trust.error === null ? null : <ProblemNotice problem={trust.error} />}
    </>
  );
}

/** Where a key came from, as far as a station tells it. */
export const toldText = (told: FoundKey | undefined, t: Text): string =>
  told === undefined
    ? t('typedIn')
    : t(told.name === 'record' ? 'toldBeside' : 'toldBy', { station: told.station, name: told.name });

export const useFound = () =>
  useRead<{ readonly items: readonly FoundKey[] }>('/meter-keys/found', { everyMs: 60_000 });

/** Keys that stations tell of their meters, with what can be done with each. */
export function FoundKeys() {
  const t = useText();
  const found = useFound();
  return (
    <Panel title={t('found')}>
      <p className="faint">{t('foundText')}</p>
      <Loaded read={found}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('noFound')}>
              <p>{t('noFoundText')}</p>
            </Empty>
          ) : (
            <Table
              id="found-meter-keys"
              caption={t('found')}
              rows={items}
              rowKey={(it) => `${it.station} ${it.name} ${it.fingerprint}`}
              columns={[
                {
                  ...{ id: 'fingerprint', header: t('fingerprint'), name: true },
                  cell: (it) => <code title={it.fingerprint}>{grouped(it.fingerprint.slice(0, 16))} …</code>,
                },
                {
                  ...{ id: 'station', header: t('station') },
                  cell: (it) => (
                    <>
                      <Link to={`/stations/${encodeURIComponent(it.station)}`}>{it.station}</Link>
                      <div className="faint">{it.name === 'record' ? t('besideRecord') : it.name}</div>
                    </>
                  ),
                },
                { id: 'meter', header: t('meter'), cell: ({ serial }) => serial ?? '–' },
                { id: 'curve', header: t('curve'), cell: ({ curve }) => curve },
                { id: 'seen', header: t('lastSeen'), cell: ({ lastSeenAt }) => <Moment at={lastSeenAt} /> },
                {
                  ...{ id: 'state', header: t('state') },
                  cell: (it) =>
                    it.trusted ? (
                      <Mark standing="free">{t('state.trusted')}</Mark>
                    ) : it.serial === null ? (
                      <Link className="button" to={`new?found=${it.fingerprint}`}>
                        {t('chooseMeter')}
                      </Link>
                    ) : (
                      <Trust found={it} serial={it.serial} />
                    ),
                },
              ]}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}

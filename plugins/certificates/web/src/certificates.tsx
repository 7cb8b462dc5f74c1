import {
  Empty,
  Facts,
  Link,
  Loaded,
  Mark,
  Moment,
  page,
  PageHead,
  Panel,
  ProblemNotice,
  Table,
  texts,
  useAct,
  useHost,
  useRead,
  type Column,
} from '@plugga/console';
import { en, sv } from './texts.ts';

const useText = texts({ en, sv });
const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

interface Certificate {
  readonly serial: string;
  readonly station: string;
  readonly commonName: string;
  readonly notAfter: string;
  readonly status: 'sent' | 'taken' | 'used' | 'refused' | 'revoked';
  readonly detail: string | null;
  readonly createdAt: string;
}
interface Authority {
  readonly certificate: string;
  readonly subject: string;
  readonly notAfter: string;
  readonly development: boolean;
}

const standings = { sent: 'waiting', taken: 'free', used: 'free', refused: 'faulted', revoked: 'out' } as const;

function State({ certificate: { status, detail } }: { readonly certificate: Certificate }) {
  const t = useText();
  return (
    <>
      <Mark standing={standings[status]}>{t(status)}</Mark>
      {detail === null ? null : <div className="faint">{detail}</div>}
    </>
  );
}

function Until({ at }: { readonly at: string }) {
  const t = useText();
  const left = Date.parse(at) - useHost().now();
  return (
    <>
      <Moment at={at} />
      {left < SOON_DAYS * DAY_MS ? (
        <div>
          <Mark standing={left < 0 ? 'faulted' : 'waiting'}>{t(left < 0 ? 'over' : 'soon')}</Mark>
        </div>
      ) : null}
    </>
  );
}

function Signer() {
  const t = useText();
  const host = useHost();
  const authority = useRead<Authority>('/certificates/authority');
  const save = ({ certificate }: Authority): void => {
    const url = URL.createObjectURL(new Blob([certificate], { type: 'application/x-pem-file' }));
    Object.assign(document.createElement('a'), { href: url, download: `${host.plugin}.pem` }).click();
    URL.revokeObjectURL(url);
  };
  return (
    <Panel title={t('authority')}>
      <Loaded
        read={authority}
        absent={
          <Empty title={t('noAuthority')}>
            <p>{t('noAuthorityText')}</p>
          </Empty>
        }
      >
        {(it) => (
          <>
            {it.development ? <p className="banner warning">{t('development')}</p> : null}
            <Facts
              items={[
                [t('subject'), it.subject],
                [t('notAfter'), <Until key="until" at={it.notAfter} />],
              ]}
            />
            <div className="actions">
              <button type="button" className="button" onClick={() => save(it)}>
                {t('download')}
              </button>
            </div>
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function List({ station }: { readonly station: string | undefined }) {
  const t = useText();
  const found = useRead<{ readonly items: readonly Certificate[] }>('/certificates', {
    ...{ query: { station }, on: ['command.'] },
  });
  const columns: readonly Column<Certificate>[] = [
    ...(station === undefined
      ? [
          {
            id: 'station',
            header: t('station'),
            name: true,
            cell: (it: Certificate) => <Link to={`/stations/${encodeURIComponent(it.station)}`}>{it.station}</Link>,
          },
        ]
      : []),
    { id: 'name', header: t('name'), name: station !== undefined, cell: ({ commonName }) => commonName },
    { id: 'status', header: t('status'), cell: (it) => <State certificate={it} /> },
    { id: 'until', header: t('notAfter'), cell: ({ notAfter }) => <Until at={notAfter} /> },
    { id: 'serial', header: t('serial'), cell: ({ serial }) => <code>{serial}</code> },
    { id: 'at', header: t('signed'), cell: ({ createdAt }) => <Moment at={createdAt} /> },
  ];
  return (
    <Panel title={t('title')}>
      <Loaded read={found}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('none')}>
              <p>{t('noneText')}</p>
            </Empty>
          ) : (
            <Table
              id={station === undefined ? 'certificates' : 'station-certificates'}
              caption={t('title')}
              rows={items}
              rowKey={({ serial }) => serial}
              columns={columns}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}

function OfStation({ station }: { readonly station: string }) {
  const t = useText();
  const ask = useAct((host) =>
    host.api(`/stations/${encodeURIComponent(station)}/commands`, {
      ...{ method: 'POST', body: { type: 'trigger', message: 'signCertificate' } },
    }),
  );
  return (
    <>
      <List station={station} />
      <div className="actions tight">
        <button type="button" className="button" disabled={ask.busy} onClick={() => ask.run()}>
          {t('ask')}
        </button>
      </div>
      {ask.error === null ? null : <ProblemNotice problem={ask.error} />}
    </>
  );
}

/** All of them as a page, those of one station as its tab. */
function Certificates() {
  const t = useText();
  const { subject } = useHost();
  if (subject !== undefined) return <OfStation station={subject} />;
  return (
    <>
      <PageHead title={t('title')} />
      <Signer />
      <List station={undefined} />
    </>
  );
}

export const mount = page(Certificates);

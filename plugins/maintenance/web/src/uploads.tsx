import {
  Empty,
  Loaded,
  Mark,
  Moment,
  page,
  Panel,
  ProblemNotice,
  Table,
  texts,
  useAct,
  useFormat,
  useHost,
  useRead,
} from '@plugga/console';
import { en, sv } from './texts.ts';

const useText = texts({ en, sv });

interface Upload {
  readonly id: string;
  readonly log: 'diagnostics' | 'security';
  readonly status: 'received' | 'elsewhere' | 'expired' | 'waiting';
  readonly createdAt: string;
  readonly until: string;
  readonly file: { readonly id: string; readonly name: string; readonly size: number } | null;
}

const standings = { received: 'free', elsewhere: 'out', expired: 'faulted', waiting: 'waiting' } as const;

function State({ upload }: { readonly upload: Upload }) {
  const t = useText();
  const format = useFormat();
  const text =
    upload.status === 'waiting' ? t('waitingFile', { until: format.moment(upload.until) }) : t(upload.status);
  return <Mark standing={standings[upload.status]}>{text}</Mark>;
}

function File({ upload }: { readonly upload: Upload }) {
  const t = useText();
  const format = useFormat();
  const get = useAct((host) =>
    host.download(`/uploads/${upload.id}/files/${upload.file?.id}`, upload.file?.name ?? 'log'),
  );
  if (upload.file === null) return <>–</>;
  return (
    <>
      <button type="button" className="button quiet" disabled={get.busy} onClick={() => get.run()}>
        {t('download')} {upload.file.name}
      </button>{' '}
      <span className="faint">{format.whole(Math.ceil(upload.file.size / 1024))} KiB</span>
      {get.error === null ? null : <ProblemNotice problem={get.error} />}
    </>
  );
}

/** Diagnostics and logs of one station: asked for, and downloaded when they have come. */
function Uploads() {
  const t = useText();
  const station = useHost().subject;
  const uploads = useRead<{ readonly items: readonly Upload[] }>('/uploads', {
    ...{ query: { station, limit: 50 }, on: ['command.', 'firmware.'], everyMs: 10_000 },
  });
  const ask = useAct<Upload['log']>((host, log) => host.api('/uploads', { method: 'POST', body: { station, log } }));
  return (
    <Panel title={t('uploads')}>
      <p className="faint">{t('uploadsText')}</p>
      <div className="actions">
        <button type="button" className="button" disabled={ask.busy} onClick={() => ask.run('diagnostics')}>
          {t('fetch')}
        </button>
        <button type="button" className="button" disabled={ask.busy} onClick={() => ask.run('security')}>
          {t('fetchSecurity')}
        </button>
      </div>
      {ask.error === null ? null : <ProblemNotice problem={ask.error} />}
      <Loaded read={uploads}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('noUploads')} />
          ) : (
            <Table
              id="uploads"
              caption={t('uploads')}
              rows={items}
              rowKey={({ id }) => id}
              columns={[
                { id: 'kind', header: t('kind'), name: true, cell: ({ log }) => t(log) },
                { id: 'status', header: t('status'), cell: (it) => <State upload={it} /> },
                { id: 'file', header: t('file'), cell: (it) => <File upload={it} /> },
                { id: 'at', header: t('created'), cell: ({ createdAt }) => <Moment at={createdAt} /> },
              ]}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}

export const mount = page(Uploads);

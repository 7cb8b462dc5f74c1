import {
  Confirmed,
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
  usePlace,
  useRead,
  useStyle,
  type Standing,
} from '@plugga/console';
import { countOf, targetStatuses, wavesOf, type Campaign, type Target, type TargetStatus } from './campaign.ts';
import { NewCampaign } from './new-campaign.tsx';
import { en, sv } from './texts.ts';

const useText = texts({ en, sv });
/** Whatever a campaign does comes from a command or from what a station says of its firmware. */
const on = ['command.', 'firmware.'];

const css = `
.share { display: flex; gap: 2px; height: 0.9rem; min-width: 8rem; border-radius: 4px; overflow: hidden; background: var(--line); }
.share-part { min-width: 3px; }
.share-installed { background: var(--free); }
.share-failed { background: repeating-linear-gradient(45deg, var(--faulted) 0 4px, transparent 4px 7px); }
.share-absent { background: var(--out); }
.share-accepted { background: var(--charging); }
.share-asked { background: repeating-linear-gradient(90deg, var(--charging) 0 3px, transparent 3px 6px); }
.share-waiting { background: transparent; }
.share-text { display: flex; flex-wrap: wrap; gap: 0.1rem 1rem; margin-top: 0.25rem; font-size: 0.9rem; }
.wave { display: grid; grid-template-columns: 6rem minmax(0, 1fr); gap: 0.75rem; padding: 0.5rem 0; border-top: 1px solid var(--line); }
.wave:first-child { border-top: 0; }
`;

const standings: Readonly<Record<Campaign['status'], Standing>> = {
  running: 'charging',
  paused: 'waiting',
  stopped: 'faulted',
  done: 'free',
};
const targetStandings: Readonly<Record<TargetStatus, Standing>> = {
  installed: 'free',
  failed: 'faulted',
  absent: 'offline',
  accepted: 'charging',
  asked: 'waiting',
  waiting: 'unknown',
};

/** How many are where: as a bar, and in words with their marks. */
function Share({ stations }: { readonly stations: Campaign['stations'] }) {
  const t = useText();
  const there = targetStatuses.filter((status) => stations[status] > 0);
  return (
    <div>
      <div className="share" aria-hidden="true">
        {there.map((status) => (
          <div key={status} className={`share-part share-${status}`} style={{ flexGrow: stations[status] }} />
        ))}
      </div>
      <div className="share-text">
        {there.map((status) => (
          <Mark key={status} standing={targetStandings[status]}>
            {stations[status]} {t(status)}
          </Mark>
        ))}
      </div>
    </div>
  );
}

function Status({ campaign }: { readonly campaign: Campaign }) {
  const t = useText();
  return (
    <>
      <Mark standing={standings[campaign.status]}>{t(campaign.status)}</Mark>
      {campaign.waves > 0 && campaign.status !== 'done' ? (
        <div className="faint">{t('waveOf', { wave: campaign.wave, waves: campaign.waves })}</div>
      ) : null}
      {campaign.reason === null ? null : <div className="bad">{campaign.reason}</div>}
    </>
  );
}

function List() {
  const t = useText();
  const campaigns = useRead<{ readonly items: readonly Campaign[] }>('/firmware-campaigns', { on });
  return (
    <>
      <PageHead title={t('title')}>
        <Link to="new" className="button primary">
          {t('new')}
        </Link>
      </PageHead>
      <Panel title={t('all')}>
        <Loaded read={campaigns}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title={t('none')}>
                <p>{t('noneText')}</p>
              </Empty>
            ) : (
              <Table
                id="campaigns"
                caption={t('title')}
                rows={items}
                rowKey={({ id }) => id}
                columns={[
                  { id: 'name', header: t('name'), name: true, cell: ({ id, name }) => <Link to={id}>{name}</Link> },
                  { id: 'status', header: t('status'), cell: (it) => <Status campaign={it} /> },
                  { id: 'progress', header: t('progress'), cell: ({ stations }) => <Share stations={stations} /> },
                  { id: 'created', header: t('created'), cell: ({ createdAt }) => <Moment at={createdAt} /> },
                ]}
              />
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}

function Buttons({ campaign }: { readonly campaign: Campaign }) {
  const t = useText();
  const act = useAct<'pause' | 'resume' | 'stop' | 'retry'>((host, action) =>
    host.api(`/firmware-campaigns/${campaign.id}/${action}`, { method: 'POST' }),
  );
  const { status, stations } = campaign;
  const isOpen = status === 'running' || status === 'paused';
  const again = stations.failed + stations.absent;
  return (
    <>
      <div className="actions tight">
        {status === 'running' ? (
          <button type="button" className="button" disabled={act.busy} onClick={() => act.run('pause')}>
            {t('pause')}
          </button>
        ) : null}
        {status === 'paused' ? (
          <button type="button" className="button primary" disabled={act.busy} onClick={() => act.run('resume')}>
            {t('resume')}
          </button>
        ) : null}
        {isOpen ? (
          <Confirmed
            trigger={
              <button type="button" className="button" disabled={act.busy}>
                {t('stop')}
              </button>
            }
            title={t('stopTitle', { name: campaign.name })}
            text={t('stopText')}
            action={t('stop')}
            onConfirm={() => act.run('stop')}
          />
        ) : again > 0 ? (
          <Confirmed
            trigger={
              <button type="button" className="button" disabled={act.busy}>
                {t('retry')}
              </button>
            }
            title={t('retryTitle', { count: again })}
            text={t('retryText')}
            action={t('retry')}
            danger={false}
            onConfirm={() => act.run('retry')}
          />
        ) : null}
      </div>
      {act.error === null ? null : <ProblemNotice problem={act.error} />}
    </>
  );
}

function Rule({ stop }: { readonly stop: Campaign['stop'] }) {
  const t = useText();
  const rules = [
    ...(stop.failures === undefined ? [] : [t('ruleFailures', { count: stop.failures })]),
    ...(stop.percent === undefined ? [] : [t('rulePercent', { percent: stop.percent })]),
  ];
  return <>{rules.length === 0 ? t('ruleNone') : rules.join(', ')}</>;
}

function Targets({ id }: { readonly id: string }) {
  const t = useText();
  const targets = useRead<{ readonly items: readonly Target[] }>(`/firmware-campaigns/${id}/stations`, { on });
  return (
    <Loaded read={targets}>
      {({ items }) => (
        <>
          <Panel title={t('progress')}>
            {wavesOf(items).map(({ wave, stations }) => (
              <div key={wave} className="wave">
                <b>{t('wave', { wave })}</b>
                <Share stations={stations} />
              </div>
            ))}
          </Panel>
          <Panel title={t('stations')}>
            <Table
              id="campaign-stations"
              caption={t('stations')}
              rows={items}
              rowKey={({ station }) => station}
              columns={[
                {
                  id: 'station',
                  header: t('station'),
                  name: true,
                  cell: ({ station }) => <Link to={`/stations/${encodeURIComponent(station)}`}>{station}</Link>,
                },
                { id: 'wave', header: t('wave', { wave: '' }), numeric: true, cell: ({ wave }) => wave },
                {
                  id: 'status',
                  header: t('status'),
                  cell: ({ status }) => <Mark standing={targetStandings[status]}>{t(status)}</Mark>,
                },
                { id: 'detail', header: t('detail'), cell: ({ detail }) => detail ?? '–' },
                { id: 'since', header: t('since'), cell: ({ changedAt }) => <Moment at={changedAt} /> },
              ]}
            />
          </Panel>
        </>
      )}
    </Loaded>
  );
}

function One({ id }: { readonly id: string }) {
  const t = useText();
  const campaign = useRead<Campaign>(`/firmware-campaigns/${id}`, { on });
  return (
    <Loaded read={campaign} absent={<Empty page title={t('unknown', { id })} />}>
      {(it) => (
        <>
          <PageHead title={it.name}>
            <Buttons campaign={it} />
          </PageHead>
          {it.reason === null ? null : (
            <p className="banner warning">
              {t('why')}: {it.reason}
            </p>
          )}
          <Panel title={t('status')}>
            <Facts
              items={[
                [t('status'), <Status key="status" campaign={{ ...it, reason: null }} />],
                [t('stations'), countOf(it.stations)],
                [t('image'), `${it.url} (${t(it.signed ? 'signed' : 'unsigned')})`],
                [t('rule'), <Rule key="rule" stop={it.stop} />],
                [t('created'), <Moment key="at" at={it.createdAt} />],
              ]}
            />
          </Panel>
          <Targets id={id} />
        </>
      )}
    </Loaded>
  );
}

function Campaigns() {
  useStyle(css);
  const { path } = usePlace();
  if (path === '') return <List />;
  return path === 'new' ? <NewCampaign useText={useText} /> : <One id={path} />;
}

export const mount = page(Campaigns);

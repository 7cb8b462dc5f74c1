import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { api, urlOf } from '../api/http.ts';
import type { Problem } from '../api/problem.ts';
import { queries } from '../api/queries.ts';
import type { Change, Parked, Plugin } from '../api/types.ts';
import { useText } from '../language/index.ts';
import { Moment } from '../parts/clock.tsx';
import { Empty, Loaded, ProblemNotice } from '../parts/notice.tsx';
import { Pager } from '../parts/pager.tsx';
import { Panel } from '../parts/panel.tsx';
import { pluginStateText } from '../parts/plugin-state.ts';
import { StandingIcon } from '../parts/state-mark.tsx';
import { DataTable, type Column } from '../parts/table.tsx';
import type { Standing } from '../state/connectors.ts';

const route = getRouteApi('/system');

const standings: Readonly<Record<string, Standing>> = {
  running: 'free',
  failed: 'faulted',
  blocked: 'faulted',
  disabled: 'out',
  stopped: 'offline',
};

function PluginState({ plugin }: { readonly plugin: Plugin }) {
  const { t } = useText();
  return (
    <>
      <span className="state">
        <StandingIcon standing={standings[plugin.state] ?? 'waiting'} />
        <span>{pluginStateText(plugin.state, t)}</span>
      </span>
      {plugin.reason === null ? null : <div className="faint">{plugin.reason}</div>}
    </>
  );
}

function Lag({ plugin }: { readonly plugin: Plugin }) {
  const { t } = useText();
  return (
    <>
      {t('system.lagText', { count: plugin.lag })}
      {plugin.waitsFor === null ? null : (
        <div className="faint">{t('system.waitsFor', { plugin: plugin.waitsFor })}</div>
      )}
    </>
  );
}

function Work({ plugin }: { readonly plugin: Plugin }) {
  const { t } = useText();
  return <>{t('system.workText', { waiting: plugin.work.waiting, failed: plugin.work.failed })}</>;
}

function ParkedCount({ plugin }: { readonly plugin: Plugin }) {
  const { t } = useText();
  return plugin.parked === 0 ? (
    <span className="faint">{t('system.noParked')}</span>
  ) : (
    <b className="bad">{plugin.parked}</b>
  );
}

function LastError({ plugin }: { readonly plugin: Plugin }) {
  const error = plugin.lastError;
  if (error === null) return <>–</>;
  return (
    <>
      <Moment at={error.at} /> {error.where}
      <div className="faint">{error.message}</div>
    </>
  );
}

const pluginColumns: readonly Column<Plugin>[] = [
  {
    id: 'name',
    header: 'system.plugin',
    name: true,
    cell: ({ name, version }) => (
      <>
        <b>{name}</b> <span className="faint">{version}</span>
      </>
    ),
  },
  { id: 'state', header: 'system.state', cell: (plugin) => <PluginState plugin={plugin} /> },
  { id: 'lag', header: 'system.lag', cell: (plugin) => <Lag plugin={plugin} /> },
  { id: 'parked', header: 'system.parked', cell: (plugin) => <ParkedCount plugin={plugin} /> },
  { id: 'work', header: 'system.work', cell: (plugin) => <Work plugin={plugin} /> },
  { id: 'error', header: 'system.lastError', cell: (plugin) => <LastError plugin={plugin} /> },
];

function ParkedRow({ plugin, parked }: { readonly plugin: string; readonly parked: Parked }) {
  const { t } = useText();
  const client = useQueryClient();
  const retry = useMutation<unknown, Problem>({
    mutationFn: () =>
      api(`/plugins/${encodeURIComponent(plugin)}/parked/${encodeURIComponent(parked.key)}/retry`, { method: 'POST' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['plugins'] }),
  });
  return (
    <li className="parked">
      <div>
        <b>{parked.eventType}</b> <code>{parked.key}</code>{' '}
        <span className="faint">{t('system.attempts', { count: parked.attempts })}</span>
        <div className="field-error">{parked.error}</div>
        {retry.error === null ? null : <ProblemNotice problem={retry.error} />}
      </div>
      <button type="button" className="button" disabled={retry.isPending} onClick={() => retry.mutate()}>
        {t('system.retry')}
      </button>
    </li>
  );
}

function ParkedPanel({ plugin }: { readonly plugin: string }) {
  const { t } = useText();
  const parked = useQuery(queries.parked(plugin));
  return (
    <Panel title={t('system.parkedOf', { plugin })}>
      <Loaded read={parked}>
        {({ items }) => (
          <ul className="attention">
            {items.map((it) => (
              <ParkedRow key={it.key} plugin={plugin} parked={it} />
            ))}
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}

const changeColumns: readonly Column<Change>[] = [
  { id: 'at', header: 'system.at', cell: ({ at }) => <Moment at={at} /> },
  { id: 'action', header: 'system.action', name: true, cell: ({ action }) => <b>{action}</b> },
  { id: 'subject', header: 'system.subject', cell: ({ subject }) => <code>{subject}</code> },
  { id: 'actor', header: 'system.actor', cell: ({ actor }) => actor },
];

function Version() {
  const { t } = useText();
  const { data } = useQuery({
    queryKey: ['version'],
    queryFn: async () => (await fetch(urlOf('/version'))).json() as Promise<{ readonly version: string }>,
  });
  return data === undefined ? null : <span className="faint">{t('system.version', { version: data.version })}</span>;
}

/** How the platform itself is: its plugins, what they could not do, and who changed what. */
export function SystemPage() {
  const { t } = useText();
  const { cursor } = route.useSearch();
  const plugins = useQuery(queries.plugins());
  const audit = useQuery(queries.audit(cursor));
  return (
    <>
      <div className="page-head">
        <h1>{t('system.title')}</h1>
        <Version />
      </div>
      <Panel title={t('system.plugins')}>
        <Loaded read={plugins}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title={t('system.noPlugins')} />
            ) : (
              <DataTable
                id="plugins"
                caption={t('system.plugins')}
                columns={pluginColumns}
                rows={items}
                rowKey={({ name }) => name}
              />
            )
          }
        </Loaded>
      </Panel>
      {plugins.data?.items
        .filter(({ parked }) => parked > 0)
        .map(({ name }) => (
          <ParkedPanel key={name} plugin={name} />
        ))}
      <Panel title={t('system.audit')}>
        <Loaded read={audit}>
          {({ items, next }) =>
            items.length === 0 ? (
              <Empty title={t('system.noAudit')} />
            ) : (
              <>
                <DataTable
                  id="audit"
                  caption={t('system.audit')}
                  columns={changeColumns}
                  rows={items}
                  rowKey={({ id }) => id}
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

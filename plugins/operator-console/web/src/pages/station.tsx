import { Menu } from '@base-ui/react/menu';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { queries } from '../api/queries.ts';
import type { PluginPage, Session, StationWithVariables } from '../api/types.ts';
import { useText } from '../language/index.ts';
import { Moment } from '../parts/clock.tsx';
import { CommandList } from '../parts/command-list.tsx';
import { useCommand, type GiveCommand } from '../parts/command.ts';
import { Confirm } from '../parts/confirm.tsx';
import { ConnectorCard } from '../parts/connector-card.tsx';
import { Frames } from '../parts/frames.tsx';
import { Empty, Loaded, Loading, ProblemNotice } from '../parts/notice.tsx';
import { Facts, Panel } from '../parts/panel.tsx';
import { PluginMount, usePages } from '../shared/plugin-page.tsx';
import { placesOf } from '../state/connectors.ts';
import { Connection, modelOf } from './stations.tsx';

// Tabs are loaded when they are opened.
const DeviceTab = lazy(() => import('./station/device.tsx').then((it) => ({ default: it.DeviceTab })));
const EventsTab = lazy(() => import('./station/events.tsx').then((it) => ({ default: it.EventsTab })));
const ChargingTab = lazy(() => import('./station/charging.tsx').then((it) => ({ default: it.ChargingTab })));
const OrdersTab = lazy(() => import('./station/orders.tsx').then((it) => ({ default: it.OrdersTab })));
const DialectTab = lazy(() => import('./station/dialect.tsx').then((it) => ({ default: it.DialectTab })));

const route = getRouteApi('/stations/$identity');
const resets = ['soft', 'hard'] as const;

function ResetMenu({
  station,
  running,
  give,
}: {
  readonly station: StationWithVariables;
  readonly running: number;
  readonly give: GiveCommand;
}) {
  const { t } = useText();
  const [kind, setKind] = useState<'soft' | 'hard'>('soft');
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Menu.Root>
        <Menu.Trigger className="button" disabled={!station.online}>
          {t('station.reset')} <span aria-hidden="true">▾</span>
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={4} align="start" className="floating">
            <Menu.Popup className="menu">
              {resets.map((it) => (
                <Menu.Item
                  key={it}
                  className="menu-item"
                  onClick={() => {
                    setKind(it);
                    setAsking(true);
                  }}
                >
                  {t(it === 'soft' ? 'station.resetSoft' : 'station.resetHard')}
                </Menu.Item>
              ))}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t('confirm.reset', { station: station.identity })}
        text={t(kind === 'soft' ? 'confirm.resetSoft' : 'confirm.resetHard', { count: running })}
        action={t('station.reset')}
        onConfirm={() => give.mutate({ type: 'reset', kind })}
      />
    </>
  );
}

function Overview({ station, give }: { readonly station: StationWithVariables; readonly give: GiveCommand }) {
  const { t } = useText();
  const live = useQuery(queries.liveSessions());
  const locations = useQuery(queries.locations());
  const here = (live.data ?? []).filter(({ station: identity }) => identity === station.identity);
  const sessionAt = (evse: number): Session | undefined =>
    here.find((it) => it.evse === evse && it.status === 'active') ?? here.find((it) => it.evse === evse);
  const place = locations.data?.items.find(({ id }) => id === station.location)?.name;
  return (
    <div className="station">
      <Panel title={t('stations.connectors')} className="station-connectors">
        {station.online ? null : <p className="banner warning">{t('station.offlineActions')}</p>}
        {placesOf([station]).length === 0 ? (
          <Empty title={t('stations.noConnectors')} />
        ) : (
          placesOf([station]).map((it) => (
            <ConnectorCard key={it.connector.connectorId} place={it} session={sessionAt(it.evse.evse)} give={give} />
          ))
        )}
        <div className="actions">
          <ResetMenu station={station} running={here.filter(({ status }) => status === 'active').length} give={give} />
        </div>
        {give.error === null ? null : <ProblemNotice problem={give.error} />}
      </Panel>
      <div className="station-side">
        <Panel title={t('station.actions')}>
          <CommandList identity={station.identity} />
        </Panel>
        <Panel title={t('station.overview')}>
          <Facts
            items={[
              [t('stations.connection'), <Connection key="c" station={station} />],
              [
                t('stations.lastSeen'),
                station.lastSeenAt === null ? t('stations.never') : <Moment key="s" at={station.lastSeenAt} />,
              ],
              [t('stations.model'), modelOf(station) || '–'],
              [t('stations.firmware'), station.firmware ?? '–'],
              [t('station.serial'), station.serial ?? '–'],
              [
                t('stations.protocol'),
                `${station.protocol ?? '–'} · ${t('stations.profile', { profile: station.credentials.securityProfile })}`,
              ],
              [t('station.location'), place ?? t('station.noLocation')],
              [
                t('nav.sessions'),
                <Link key="h" to="/sessions" search={{ station: station.identity }}>
                  {t('sessions.title')}
                </Link>,
              ],
            ]}
          />
        </Panel>
      </div>
    </div>
  );
}

const tabs = [
  [undefined, 'station.overview'],
  ['device', 'station.device'],
  ['events', 'station.events'],
  ['charging', 'station.charging'],
  ['orders', 'station.orders'],
  ['dialect', 'station.dialect'],
  ['messages', 'station.frames'],
] as const;

const tabOf = ({ plugin, path }: PluginPage): string => `${plugin}.${path}`;

/** One station: its outlets, what can be asked of it, what it says. */
export function StationPage() {
  const { t, language } = useText();
  const { identity } = route.useParams();
  const { tab, cursor } = route.useSearch();
  const station = useQuery(queries.station(identity));
  const parts = usePages('station');
  const part = parts.find((it) => tabOf(it) === tab);
  const give = useCommand(identity);
  return (
    <Loaded read={station} absent={<Empty page title={t('station.unknown', { identity })} />}>
      {(it) => (
        <>
          <div className="page-head">
            <h1>{it.identity}</h1>
            <Connection station={it} />
          </div>
          <nav className="tabs" aria-label={t('station.tabs')}>
            {tabs.map(([name, text]) => (
              <Link
                key={text}
                to="/stations/$identity"
                params={{ identity }}
                search={{ tab: name }}
                activeOptions={{ includeSearch: true, explicitUndefined: true }}
                className="tab"
              >
                {t(text)}
              </Link>
            ))}
            {parts.map((it) => (
              <Link
                key={tabOf(it)}
                to="/stations/$identity"
                params={{ identity }}
                search={{ tab: tabOf(it) }}
                className="tab"
                activeProps={part === it ? {} : { 'aria-current': undefined }}
              >
                {it.title[language]}
              </Link>
            ))}
          </nav>
          {part !== undefined ? (
            <PluginMount page={part} subject={identity} />
          ) : tab === 'device' ? (
            <Suspense fallback={<Loading />}>
              <DeviceTab station={it} give={give} />
            </Suspense>
          ) : tab === 'events' ? (
            <Suspense fallback={<Loading />}>
              <EventsTab station={it} cursor={cursor} />
            </Suspense>
          ) : tab === 'charging' ? (
            <Suspense fallback={<Loading />}>
              <ChargingTab station={it} />
            </Suspense>
          ) : tab === 'orders' ? (
            <Suspense fallback={<Loading />}>
              <OrdersTab station={it} give={give} />
            </Suspense>
          ) : tab === 'dialect' ? (
            <Suspense fallback={<Loading />}>
              <DialectTab identity={identity} />
            </Suspense>
          ) : tab === 'messages' ? (
            <Panel title={t('station.frames')}>
              <Frames identity={identity} cursor={cursor} />
            </Panel>
          ) : (
            <Overview station={it} give={give} />
          )}
        </>
      )}
    </Loaded>
  );
}

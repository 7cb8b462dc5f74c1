import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { queries } from '../../api/queries.ts';
import type { DeviceEvent, StationWithVariables } from '../../api/types.ts';
import { useText, type TextId } from '../../language/index.ts';
import { Moment } from '../../parts/clock.tsx';
import { CommandList } from '../../parts/command-list.tsx';
import { Empty, Loaded } from '../../parts/notice.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Panel } from '../../parts/panel.tsx';
import { StandingIcon } from '../../parts/state-mark.tsx';
import { DataTable, type Column } from '../../parts/table.tsx';
import { Monitors } from './monitors.tsx';

/** 0 is danger, 9 debugging. */
function Severity({ severity, cleared }: { readonly severity: number | null; readonly cleared: boolean }) {
  const { t } = useText();
  if (cleared)
    return (
      <span className="state">
        <StandingIcon standing="free" />
        <span>{t('events.over')}</span>
      </span>
    );
  if (severity === null) return <>–</>;
  return (
    <span className="state">
      <StandingIcon standing={severity <= 3 ? 'faulted' : severity <= 5 ? 'waiting' : 'unknown'} />
      <span>{t(`events.severity.${severity}` as TextId)}</span>
    </span>
  );
}

function Alerts({ alerts }: { readonly alerts: StationWithVariables['alerts'] }) {
  const { t } = useText();
  if (alerts.length === 0) return <Empty title={t('events.noAlerts')} />;
  return (
    <ul className="attention">
      {alerts.map((it) => (
        <li key={`${it.variable} ${it.monitor} ${it.since}`}>
          <StandingIcon standing="faulted" />
          <div>
            <b>{it.variable}</b> {it.value}
            <div className="faint">
              <Severity severity={it.severity} cleared={false} /> <Moment at={it.since} />{' '}
              {[it.code, it.info].filter((text) => text !== null && text !== '').join(' · ')}
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}

function Told({ event: { code, info, count, cause } }: { readonly event: DeviceEvent }) {
  const { t } = useText();
  const said = [code, info].filter((text) => text !== null && text !== '').join(' · ');
  return (
    <>
      {said === '' ? '–' : said}
      {cause === null ? null : <div className="faint">{t('events.cause', { event: cause })}</div>}
      {count === 1 ? null : <div className="faint">{t('events.count', { count })}</div>}
    </>
  );
}
function Trigger({ trigger }: Pick<DeviceEvent, 'trigger'>) {
  const { t } = useText();
  return <>{t(`events.trigger.${trigger}`)}</>;
}

const columns: readonly Column<DeviceEvent>[] = [
  { id: 'variable', header: 'events.variable', name: true, cell: ({ variable }) => variable },
  { id: 'value', header: 'variables.value', cell: ({ value }) => value ?? '–' },
  { id: 'severity', header: 'events.severity', cell: (it) => <Severity severity={it.severity} cleared={it.cleared} /> },
  { id: 'trigger', header: 'events.trigger', cell: ({ trigger }) => <Trigger trigger={trigger} /> },
  { id: 'told', header: 'events.told', cell: (it) => <Told event={it} /> },
  { id: 'at', header: 'events.at', cell: ({ at }) => <Moment at={at} /> },
];

/** What a station of 2.x watches of itself, what it has told, and what somebody is to look at. */
export function EventsTab({
  station,
  cursor,
}: {
  readonly station: StationWithVariables;
  readonly cursor: string | undefined;
}) {
  const { t } = useText();
  const id = useId();
  const [alertsOnly, setAlertsOnly] = useState(false);
  const events = useQuery(queries.deviceEvents(station.identity, { alertsOnly, cursor }));
  if (station.protocol === 'ocpp1.6')
    return (
      <Panel title={t('station.events')}>
        <Empty title={t('events.none16')}>
          <p>{t('events.none16Text')}</p>
        </Empty>
      </Panel>
    );
  return (
    <>
      <Panel title={t('events.alerts')}>
        <Alerts alerts={station.alerts} />
      </Panel>
      <Panel title={t('station.events')}>
        <label className="choice" htmlFor={id}>
          <input
            id={id}
            type="checkbox"
            checked={alertsOnly}
            onChange={({ target }) => setAlertsOnly(target.checked)}
          />
          {t('events.alertsOnly')}
        </label>
        <Loaded read={events}>
          {({ items, next }) =>
            items.length === 0 ? (
              <Empty title={t('events.none')}>
                <p>{t('events.noneText')}</p>
              </Empty>
            ) : (
              <>
                <DataTable
                  id="device-events"
                  caption={t('station.events')}
                  rows={items}
                  rowKey={(it) => it.id}
                  columns={columns}
                />
                <Pager cursor={cursor} next={next} />
              </>
            )
          }
        </Loaded>
      </Panel>
      <Monitors station={station} />
      <Panel title={t('station.actions')}>
        <CommandList identity={station.identity} />
      </Panel>
    </>
  );
}

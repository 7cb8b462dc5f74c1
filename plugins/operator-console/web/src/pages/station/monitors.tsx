import { useQuery } from '@tanstack/react-query';
import { createContext, useContext, useState } from 'react';
import { queries } from '../../api/queries.ts';
import type { Monitor, StationWithVariables } from '../../api/types.ts';
import { en } from '../../language/en.ts';
import { useText, type TextId } from '../../language/index.ts';
import { useCommand, type GiveCommand } from '../../parts/command.ts';
import { Confirmed } from '../../parts/confirm.tsx';
import { Empty, Loaded } from '../../parts/notice.tsx';
import { Outcome } from '../../parts/outcome.tsx';
import { Panel } from '../../parts/panel.tsx';
import { DataTable, type Column } from '../../parts/table.tsx';
import { MonitorForm } from './monitor-form.tsx';
import { Monitoring } from './monitoring.tsx';
import { Streams } from './streams.tsx';

interface Around {
  readonly give: GiveCommand;
  readonly online: boolean;
  readonly edit: (monitor: Monitor) => void;
}
const Context = createContext<Around | undefined>(undefined);

/** `upper 80`, `delta 5 · only in a transaction`. */
function Watches({ monitor: { kind, value, transaction } }: { readonly monitor: Monitor }) {
  const { t } = useText();
  const id = `monitor.kind.${kind}`;
  return (
    <>
      {id in en ? t(id as TextId) : kind} {value}
      {transaction ? <div className="faint">{t('monitor.transaction')}</div> : null}
    </>
  );
}
function Gravity({ severity }: Pick<Monitor, 'severity'>) {
  const { t } = useText();
  return <>{t(`events.severity.${severity}` as TextId)}</>;
}
function Change({ monitor }: { readonly monitor: Monitor }) {
  const { t } = useText();
  const around = useContext(Context);
  if (around === undefined) return null;
  const disabled = !around.online || around.give.isPending;
  return (
    <div className="actions tight">
      <button type="button" className="button" disabled={disabled} onClick={() => around.edit(monitor)}>
        {t('monitor.edit')}
      </button>
      <Confirmed
        trigger={
          <button type="button" className="button" disabled={disabled}>
            {t('monitor.clear')}
          </button>
        }
        title={t('monitor.clearTitle', { variable: monitor.variable })}
        text={t('monitor.clearText')}
        action={t('monitor.clear')}
        onConfirm={() => around.give.mutate({ type: 'clearMonitors', ids: [monitor.id] })}
      />
    </div>
  );
}

const columns: readonly Column<Monitor>[] = [
  { id: 'variable', header: 'events.variable', name: true, cell: ({ variable }) => variable },
  { id: 'watches', header: 'monitor.watches', cell: (it) => <Watches monitor={it} /> },
  { id: 'severity', header: 'events.severity', cell: ({ severity }) => <Gravity severity={severity} /> },
  { id: 'origin', header: 'monitor.origin', cell: ({ origin }) => origin ?? '–' },
  { id: 'clear', header: 'monitor.change', cell: (it) => <Change monitor={it} /> },
];

/** Which variables it watches and how much it tells of them, and what became of what it was asked for. */
export function Monitors({ station }: { readonly station: StationWithVariables }) {
  const { t } = useText();
  const { identity, online, protocol } = station;
  const monitors = useQuery(queries.monitors(identity));
  const give = useCommand(identity);
  const read = useCommand(identity);
  const [edited, edit] = useState<Monitor>();
  return (
    <>
      <Panel title={t('monitor.title')}>
        {online ? null : <p className="banner warning">{t('station.offlineActions')}</p>}
        <Loaded read={monitors}>
          {({ items, more }) =>
            items.length === 0 ? (
              <Empty title={t('monitor.none')}>
                <p>{t('monitor.noneText')}</p>
              </Empty>
            ) : (
              <Context value={{ give, online, edit }}>
                <DataTable
                  id="monitors"
                  caption={t('monitor.title')}
                  rows={items}
                  rowKey={(it) => String(it.id)}
                  columns={columns}
                />
                {more ? <p className="faint">{t('monitor.more', { count: items.length })}</p> : null}
              </Context>
            )
          }
        </Loaded>
        <Outcome identity={identity} give={give} />
        <div className="actions">
          <button
            type="button"
            className="button"
            disabled={!online || read.isPending}
            onClick={() => read.mutate({ type: 'readMonitors' })}
          >
            {t('monitor.read')}
          </button>
        </div>
        <Outcome identity={identity} give={read} />
      </Panel>
      <Panel title={t(edited === undefined ? 'monitor.new' : 'monitor.another')}>
        <MonitorForm
          key={edited?.id ?? 'new'}
          station={station}
          known={edited}
          left={edited === undefined ? undefined : () => edit(undefined)}
        />
      </Panel>
      <Monitoring station={station} />
      {protocol === 'ocpp2.1' ? <Streams station={station} monitors={monitors.data?.items ?? []} /> : null}
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import { createContext, useContext, useId, useState } from 'react';
import { queries } from '../../api/queries.ts';
import type { Monitor, StationWithVariables } from '../../api/types.ts';
import { en } from '../../language/en.ts';
import { useText, type TextId } from '../../language/index.ts';
import type { GiveCommand } from '../../parts/command.ts';
import { Confirmed } from '../../parts/confirm.tsx';
import { Empty, Loaded } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { DataTable, type Column } from '../../parts/table.tsx';

const kinds = ['upper', 'lower', 'delta', 'periodic', 'clockAligned'] as const;
const severities = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

const Order = createContext<{ readonly give: GiveCommand; readonly online: boolean } | undefined>(undefined);

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
function Clear({ monitor: { id, variable } }: { readonly monitor: Monitor }) {
  const { t } = useText();
  const order = useContext(Order);
  if (order === undefined) return null;
  return (
    <Confirmed
      trigger={
        <button type="button" className="button" disabled={!order.online || order.give.isPending}>
          {t('monitor.clear')}
        </button>
      }
      title={t('monitor.clearTitle', { variable })}
      text={t('monitor.clearText')}
      action={t('monitor.clear')}
      onConfirm={() => order.give.mutate({ type: 'clearMonitors', ids: [id] })}
    />
  );
}

const columns: readonly Column<Monitor>[] = [
  { id: 'variable', header: 'events.variable', name: true, cell: ({ variable }) => variable },
  { id: 'watches', header: 'monitor.watches', cell: (it) => <Watches monitor={it} /> },
  { id: 'severity', header: 'events.severity', cell: ({ severity }) => <Gravity severity={severity} /> },
  { id: 'origin', header: 'monitor.origin', cell: ({ origin }) => origin ?? '–' },
  { id: 'clear', header: 'monitor.clear', cell: (it) => <Clear monitor={it} /> },
];

/** Another monitor: what the station then tells by itself. */
function NewMonitor({ give, online }: { readonly give: GiveCommand; readonly online: boolean }) {
  const { t } = useText();
  const id = useId();
  const [variable, setVariable] = useState('');
  const [kind, setKind] = useState<(typeof kinds)[number]>('upper');
  const [value, setValue] = useState('');
  const [severity, setSeverity] = useState(5);
  const number = Number(value.trim().replace(',', '.'));
  const isWhole = variable.trim() !== '' && value.trim() !== '' && Number.isFinite(number);
  return (
    <>
      <div className="form">
        <div>
          <label htmlFor={`${id}variable`}>{t('monitor.variable')}</label>
          <input id={`${id}variable`} value={variable} onChange={({ target }) => setVariable(target.value)} />
        </div>
        <div>
          <label htmlFor={`${id}kind`}>{t('monitor.watches')}</label>
          <select
            id={`${id}kind`}
            value={kind}
            onChange={({ target }) => setKind(kinds.find((it) => it === target.value) ?? 'upper')}
          >
            {kinds.map((it) => (
              <option key={it} value={it}>
                {t(`monitor.kind.${it}`)}
              </option>
            ))}
          </select>
        </div>
        <div>
          <label htmlFor={`${id}value`}>{t('monitor.value')}</label>
          <input
            id={`${id}value`}
            inputMode="decimal"
            value={value}
            onChange={({ target }) => setValue(target.value)}
          />
        </div>
        <div>
          <label htmlFor={`${id}severity`}>{t('events.severity')}</label>
          <select id={`${id}severity`} value={severity} onChange={({ target }) => setSeverity(Number(target.value))}>
            {severities.map((it) => (
              <option key={it} value={it}>
                {t(`events.severity.${it}`)}
              </option>
            ))}
          </select>
        </div>
      </div>
      <div className="actions">
        <button
          type="button"
          className="button primary"
          disabled={!isWhole || !online || give.isPending}
          onClick={() =>
            give.mutate({
              type: 'setMonitors',
              monitors: [{ variable: variable.trim(), kind, value: number, severity }],
            })
          }
        >
          {t('monitor.set')}
        </button>
        <button
          type="button"
          className="button"
          disabled={!online || give.isPending}
          onClick={() => give.mutate({ type: 'readMonitors' })}
        >
          {t('monitor.read')}
        </button>
      </div>
    </>
  );
}

/** Which variables it watches; how the station took what it is asked for is told among the commands. */
export function Monitors({ station, give }: { readonly station: StationWithVariables; readonly give: GiveCommand }) {
  const { t } = useText();
  const monitors = useQuery(queries.monitors(station.identity));
  const { online } = station;
  return (
    <Panel title={t('monitor.title')}>
      {online ? null : <p className="banner warning">{t('station.offlineActions')}</p>}
      <Loaded read={monitors}>
        {({ items, more }) =>
          items.length === 0 ? (
            <Empty title={t('monitor.none')}>
              <p>{t('monitor.noneText')}</p>
            </Empty>
          ) : (
            <Order value={{ give, online }}>
              <DataTable
                id="monitors"
                caption={t('monitor.title')}
                rows={items}
                rowKey={(it) => String(it.id)}
                columns={columns}
              />
              {more ? <p className="faint">{t('monitor.more', { count: items.length })}</p> : null}
            </Order>
          )
        }
      </Loaded>
      <NewMonitor give={give} online={online} />
    </Panel>
  );
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { api } from '../../api/http.ts';
import type { Problem } from '../../api/problem.ts';
import { queries } from '../../api/queries.ts';
import type { Device, StationWithVariables, Variable } from '../../api/types.ts';
import { useText } from '../../language/index.ts';
import { Moment } from '../../parts/clock.tsx';
import type { GiveCommand } from '../../parts/command.ts';
import { Confirmed } from '../../parts/confirm.tsx';
import { Empty, Loaded, ProblemNotice } from '../../parts/notice.tsx';
import { Facts, Panel } from '../../parts/panel.tsx';
import { StandingIcon } from '../../parts/state-mark.tsx';
import { DataTable, type Column } from '../../parts/table.tsx';
import type { Standing } from '../../state/connectors.ts';

type Drift = Device['drift'][number];

function ReadOnly({ variable }: { readonly variable: Variable }) {
  const { t } = useText();
  return <>{t(variable.readonly ? 'variables.yes' : 'variables.no')}</>;
}

const variableColumns: readonly Column<Variable>[] = [
  { id: 'name', header: 'variables.name', name: true, cell: ({ name }) => <code>{name}</code> },
  { id: 'value', header: 'variables.value', cell: ({ value }) => <code>{value ?? '–'}</code> },
  { id: 'readonly', header: 'variables.readonly', cell: (variable) => <ReadOnly variable={variable} /> },
  { id: 'updated', header: 'variables.updated', cell: ({ updatedAt }) => <Moment at={updatedAt} /> },
];

const driftStandings: Readonly<Record<Drift['state'], Standing>> = {
  same: 'free',
  differs: 'faulted',
  unread: 'unknown',
  unsupported: 'out',
  readonly: 'out',
  afterReboot: 'waiting',
};

function DriftState({ drift }: { readonly drift: Drift }) {
  const { t } = useText();
  return (
    <>
      <span className="state">
        <StandingIcon standing={driftStandings[drift.state]} />
        <span>{t(`drift.${drift.state}`)}</span>
      </span>
      {drift.written === null || drift.state === 'same' ? null : (
        <div className="faint">
          {t('drift.written', { value: drift.written.value, status: drift.written.status })}{' '}
          <Moment at={drift.written.at} />
        </div>
      )}
    </>
  );
}

const driftColumns: readonly Column<Drift>[] = [
  { id: 'name', header: 'variables.name', name: true, cell: ({ name }) => <code>{name}</code> },
  { id: 'wanted', header: 'drift.wanted', cell: ({ wanted }) => <code>{wanted}</code> },
  { id: 'has', header: 'drift.has', cell: ({ has }) => <code>{has ?? '–'}</code> },
  { id: 'state', header: 'system.state', cell: (drift) => <DriftState drift={drift} /> },
];

/** What can be written anew: the others cannot be mended from here. */
const mendable = ({ state }: Drift): boolean => state === 'differs' || state === 'unread';

function TemplateChoice({ device }: { readonly device: Device }) {
  const { t } = useText();
  const id = useId();
  const client = useQueryClient();
  const templates = useQuery(queries.templates());
  const choose = useMutation<unknown, Problem, string>({
    mutationFn: (template) =>
      api(`/stations/${encodeURIComponent(device.identity)}`, {
        method: 'PATCH',
        body: { template: template === '' ? null : template },
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ['stations'] }),
  });
  const items = templates.data?.items ?? [];
  return (
    <>
      <div className="filters">
        <div>
          <label htmlFor={id}>{t('drift.template')}</label>
          <select
            id={id}
            value={device.template?.id ?? ''}
            disabled={choose.isPending}
            onChange={({ target }) => choose.mutate(target.value)}
          >
            <option value="">{t('drift.noTemplate')}</option>
            {items.map((it) => (
              <option key={it.id} value={it.id}>
                {it.name}
              </option>
            ))}
          </select>
        </div>
      </div>
      {choose.error === null ? null : <ProblemNotice problem={choose.error} />}
    </>
  );
}

function DriftPanel({ device, online }: { readonly device: Device; readonly online: boolean }) {
  const { t } = useText();
  const client = useQueryClient();
  const apply = useMutation<unknown, Problem>({
    mutationFn: () => api(`/stations/${encodeURIComponent(device.identity)}/device/apply`, { method: 'POST' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['commands', device.identity] }),
  });
  const [onlyDrift, setOnlyDrift] = useState(true);
  const open = device.drift.filter(mendable);
  const shown = onlyDrift ? device.drift.filter(({ state }) => state !== 'same') : device.drift;
  return (
    <Panel
      title={t('drift.title')}
      aside={
        device.template === null ? null : (
          <span className="state">
            <StandingIcon standing={device.drifted === 0 ? 'free' : 'faulted'} />
            <span>{t('drift.count', { count: device.drifted, all: device.drift.length })}</span>
          </span>
        )
      }
    >
      <TemplateChoice device={device} />
      {device.template === null ? (
        <Empty title={t('drift.none')}>
          <p>{t('drift.noneText')}</p>
        </Empty>
      ) : (
        <>
          {shown.length === 0 ? (
            <Empty title={t('drift.allSame')} />
          ) : (
            <DataTable
              id="drift"
              caption={t('drift.title')}
              columns={driftColumns}
              rows={shown}
              rowKey={({ name }) => name}
            />
          )}
          <div className="actions">
            <Confirmed
              trigger={
                <button
                  type="button"
                  className="button primary"
                  disabled={!online || open.length === 0 || apply.isPending}
                >
                  {t('drift.apply')}
                </button>
              }
              title={t('drift.applyTitle', { count: open.length, station: device.identity })}
              text={t('drift.applyText', { names: open.map(({ name }) => name).join(', ') })}
              action={t('drift.apply')}
              danger={false}
              onConfirm={() => apply.mutate()}
            />
            <label className="choice">
              <input type="checkbox" checked={onlyDrift} onChange={({ target }) => setOnlyDrift(target.checked)} />
              {t('drift.onlyDrift')}
            </label>
          </div>
          {apply.error === null ? null : <ProblemNotice problem={apply.error} />}
        </>
      )}
    </Panel>
  );
}

function CapabilitiesPanel({ capabilities }: { readonly capabilities: Device['capabilities'] }) {
  const { t } = useText();
  const told = Object.entries(capabilities);
  return (
    <Panel title={t('device.can')}>
      {told.length === 0 ? (
        <Empty title={t('device.noCan')} />
      ) : (
        <Facts
          items={told.map(([name, value]) => [
            t(`device.${name as keyof Device['capabilities']}`),
            Array.isArray(value) ? (
              <span key={name} className="flags">
                {value.map((it) => (
                  <span key={it} className="tag">
                    {it}
                  </span>
                ))}
              </span>
            ) : typeof value === 'boolean' ? (
              t(value ? 'variables.yes' : 'variables.no')
            ) : (
              String(value)
            ),
          ])}
        />
      )}
    </Panel>
  );
}

function VariablesPanel({ station, give }: { readonly station: StationWithVariables; readonly give: GiveCommand }) {
  const { t } = useText();
  const id = useId();
  const [find, setFind] = useState('');
  const wanted = find.trim().toLowerCase();
  const rows = station.variables.filter(
    ({ name, value }) =>
      wanted === '' || name.toLowerCase().includes(wanted) || (value ?? '').toLowerCase().includes(wanted),
  );
  return (
    <Panel title={t('station.variables')}>
      <div className="filters">
        <div>
          <label htmlFor={id}>{t('variables.find')}</label>
          <input id={id} type="search" value={find} onChange={({ target }) => setFind(target.value)} />
        </div>
        <button
          type="button"
          className="button"
          disabled={!station.online || give.isPending}
          onClick={() => give.mutate({ type: 'readVariables' })}
        >
          {t('station.readVariables')}
        </button>
      </div>
      {give.error === null ? null : <ProblemNotice problem={give.error} />}
      {station.variables.length === 0 ? (
        <Empty title={t('station.noVariables')} />
      ) : rows.length === 0 ? (
        <Empty title={t('variables.noneFound', { find })} />
      ) : (
        <DataTable
          id="variables"
          caption={t('station.variables')}
          columns={variableColumns}
          rows={rows}
          rowKey={({ name }) => name}
        />
      )}
    </Panel>
  );
}

/** What a station is set to, what it should be set to, and what it can do. */
export function DeviceTab({ station, give }: { readonly station: StationWithVariables; readonly give: GiveCommand }) {
  const device = useQuery(queries.device(station.identity));
  return (
    <>
      <Loaded read={device}>
        {(it) => (
          <>
            <DriftPanel device={it} online={station.online} />
            <CapabilitiesPanel capabilities={it.capabilities} />
          </>
        )}
      </Loaded>
      <VariablesPanel station={station} give={give} />
    </>
  );
}

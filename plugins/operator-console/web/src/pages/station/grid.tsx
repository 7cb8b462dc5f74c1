import { createContext, useContext } from 'react';
import type { Charging, StationWithVariables } from '../../api/types.ts';
import { useText } from '../../language/index.ts';
import { Moment } from '../../parts/clock.tsx';
import { useCommand } from '../../parts/command.ts';
import { Empty } from '../../parts/notice.tsx';
import { Outcome } from '../../parts/outcome.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Said } from '../../parts/said.tsx';
import { StandingIcon } from '../../parts/state-mark.tsx';
import { DataTable, type Column } from '../../parts/table.tsx';

type Der = Charging['der'];
type Rule = Der['controls'][number];

const Following = createContext<Der['following']>([]);

function Standing({ rule: { id, isDefault, superseded } }: { readonly rule: Rule }) {
  const { t } = useText();
  const followed = useContext(Following).find((it) => it.id === id);
  return (
    <>
      {followed === undefined ? (
        t(superseded === true ? 'grid.superseded' : 'grid.waits')
      ) : (
        <span className="state">
          <StandingIcon standing="charging" />
          <span>
            {t('grid.followed')} <Moment at={followed.since} />
          </span>
        </span>
      )}
      {isDefault === true ? <div className="faint">{t('grid.default')}</div> : null}
    </>
  );
}

const columns: readonly Column<Rule>[] = [
  { id: 'control', header: 'grid.control', name: true, cell: ({ control }) => control },
  { id: 'id', header: 'charging.id', cell: ({ id }) => id },
  { id: 'standing', header: 'grid.standing', cell: (it) => <Standing rule={it} /> },
  { id: 'values', header: 'grid.values', cell: ({ values }) => <Said said={values} /> },
];

/** What the grid asks of a station of 2.1: what is wrong in it now, and the rules that the station has and follows. */
export function Grid({
  station: { identity, online },
  der: { alarms, following, controls },
}: {
  readonly station: StationWithVariables;
  readonly der: Der;
}) {
  const { t } = useText();
  const give = useCommand(identity);
  const unlisted = following.filter(({ id }) => !controls.some((it) => it.id === id));
  return (
    <Panel title={t('grid.title')}>
      {alarms.length === 0 ? (
        <p className="faint">{t('grid.calm')}</p>
      ) : (
        <ul className="attention">
          {alarms.map((it) => (
            <li key={`${it.control} ${it.fault}`}>
              <StandingIcon standing="faulted" />
              <div>
                <b>{it.fault ?? t('grid.alarm')}</b> {it.control}
                <div className="faint">
                  <Moment at={it.since} /> {typeof it.info === 'string' ? it.info : ''}
                </div>
              </div>
            </li>
          ))}
        </ul>
      )}
      {controls.length === 0 ? (
        <Empty title={t('grid.none')}>
          <p>{t('grid.noneText')}</p>
        </Empty>
      ) : (
        <Following value={following}>
          <DataTable
            id="der"
            caption={t('grid.title')}
            rows={controls}
            rowKey={({ control, id }) => `${control} ${id}`}
            columns={columns}
          />
        </Following>
      )}
      {unlisted.length === 0 ? null : <p>{t('grid.unlisted', { rules: unlisted.map(({ id }) => id).join(', ') })}</p>}
      <div className="actions">
        <button
          type="button"
          className="button"
          disabled={!online || give.isPending}
          onClick={() => give.mutate({ type: 'readDerControls' })}
        >
          {t('monitor.read')}
        </button>
      </div>
      <Outcome identity={identity} give={give} />
    </Panel>
  );
}

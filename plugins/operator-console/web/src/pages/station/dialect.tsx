import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/http.ts';
import type { Problem } from '../../api/problem.ts';
import { queries } from '../../api/queries.ts';
import type { Dialect } from '../../api/types.ts';
import { en } from '../../language/en.ts';
import { useText, type TextId } from '../../language/index.ts';
import { Moment } from '../../parts/clock.tsx';
import { Confirmed } from '../../parts/confirm.tsx';
import { Empty, Loaded, ProblemNotice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { StandingIcon } from '../../parts/state-mark.tsx';
import { DataTable, type Column } from '../../parts/table.tsx';
import type { Standing } from '../../state/connectors.ts';

type Deviation = Dialect['deviations'][number];
type Action = Dialect['actions'][number];

function Meaning({ deviation }: { readonly deviation: Deviation }) {
  const { t } = useText();
  const id = `deviation.${deviation.code}`;
  return (
    <>
      {id in en ? t(id as TextId) : <code>{deviation.code}</code>}
      {deviation.path === null ? null : (
        <div className="faint">
          <code>{deviation.path}</code>
        </div>
      )}
      {deviation.detail === null ? null : <div className="faint">{deviation.detail}</div>}
    </>
  );
}

function Mended({ deviation }: { readonly deviation: Deviation }) {
  const { t } = useText();
  return deviation.quirk === null ? (
    <span className="faint">{t('dialect.tolerated')}</span>
  ) : (
    <code>{deviation.quirk}</code>
  );
}

function Times({ deviation }: { readonly deviation: Deviation }) {
  return (
    <>
      <b>{deviation.count}</b>
      <div className="faint">
        <Moment at={deviation.lastAt} />
      </div>
    </>
  );
}

function Where({ deviation }: { readonly deviation: Deviation }) {
  const { t } = useText();
  return <>{deviation.action ?? t('dialect.noMessage')}</>;
}

const deviationColumns: readonly Column<Deviation>[] = [
  { id: 'action', header: 'frames.action', name: true, cell: (it) => <Where deviation={it} /> },
  { id: 'meaning', header: 'dialect.meaning', cell: (it) => <Meaning deviation={it} /> },
  { id: 'mended', header: 'dialect.mendedBy', cell: (it) => <Mended deviation={it} /> },
  { id: 'times', header: 'dialect.times', numeric: true, cell: (it) => <Times deviation={it} /> },
];

const standings: Readonly<Record<Action['state'], Standing>> = {
  denied: 'out',
  unsupported: 'out',
  suspected: 'waiting',
  allowed: 'free',
};

function Why({ action }: { readonly action: Action }) {
  const { t } = useText();
  const id = `dialect.by.${action.by}`;
  return (
    <>
      {id in en ? t(id as TextId) : t('dialect.by.quirk', { quirk: action.by })}
      {action.detail === null ? null : <div className="faint">{action.detail}</div>}
    </>
  );
}

function Override({ identity, action }: { readonly identity: string; readonly action: Action }) {
  const { t } = useText();
  const client = useQueryClient();
  const put = useMutation<Dialect, Problem, 'always' | 'learn'>({
    mutationFn: (use) =>
      api(`/stations/${encodeURIComponent(identity)}/dialect/actions/${action.action}`, {
        method: 'PUT',
        body: { use },
      }),
    onSuccess: (now) => client.setQueryData(queries.dialect(identity).queryKey, now),
  });
  return (
    <div className="actions tight">
      {action.state === 'allowed' ? null : (
        <Confirmed
          trigger={
            <button type="button" className="button" disabled={put.isPending}>
              {t('dialect.always')}
            </button>
          }
          title={t('dialect.alwaysTitle', { action: action.action })}
          text={t('dialect.alwaysText')}
          action={t('dialect.always')}
          danger={false}
          onConfirm={() => put.mutate('always')}
        />
      )}
      {action.state === 'denied' ? null : (
        <button type="button" className="button" disabled={put.isPending} onClick={() => put.mutate('learn')}>
          {t('dialect.forget')}
        </button>
      )}
      {put.error === null ? null : <ProblemNotice problem={put.error} />}
    </div>
  );
}

function Learnt({ identity, actions }: { readonly identity: string; readonly actions: readonly Action[] }) {
  const { t } = useText();
  if (actions.length === 0) return <Empty title={t('dialect.allSent')} />;
  return (
    <ul className="rows">
      {actions.map((it) => (
        <li key={it.action} className="row">
          <div className="row-text">
            <p className="row-title">
              <b>{it.action}</b>{' '}
              <span className="state">
                <StandingIcon standing={standings[it.state]} />
                <span>{t(`dialect.state.${it.state}`)}</span>
              </span>
            </p>
            <Why action={it} />
            {it.since === null ? null : (
              <div className="faint">
                <Moment at={it.since} />
              </div>
            )}
          </div>
          <Override identity={identity} action={it} />
        </li>
      ))}
    </ul>
  );
}

/** How a station deviates from its protocol, what is done about it, and what it is not asked any more. */
export function DialectTab({ identity }: { readonly identity: string }) {
  const { t } = useText();
  const dialect = useQuery(queries.dialect(identity));
  return (
    <Loaded read={dialect}>
      {({ quirks, actions, deviations }) => (
        <>
          <Panel title={t('dialect.quirks')}>
            <p className="faint">{t('dialect.quirksText')}</p>
            {quirks.length === 0 ? (
              <Empty title={t('dialect.noQuirks')} />
            ) : (
              <ul className="rows">
                {quirks.map(({ id, why, advice, fired }) => (
                  <li key={id} className="row">
                    <div className="row-text">
                      <p className="row-title">
                        <code>{id}</code>
                      </p>
                      <p>{why}</p>
                      {advice === null ? null : <p className="banner">{t('dialect.advice', { advice })}</p>}
                    </div>
                    <span className="tag">{t('dialect.fired', { count: fired })}</span>
                  </li>
                ))}
              </ul>
            )}
          </Panel>
          <Panel title={t('dialect.actions')}>
            <p className="faint">{t('dialect.actionsText')}</p>
            <Learnt identity={identity} actions={actions} />
          </Panel>
          <Panel title={t('dialect.deviations')}>
            {deviations.length === 0 ? (
              <Empty title={t('dialect.noDeviations')} />
            ) : (
              <DataTable
                id="deviations"
                caption={t('dialect.deviations')}
                columns={deviationColumns}
                rows={deviations}
                rowKey={({ action, code, path, detail }) => `${action} ${code} ${path} ${detail}`}
              />
            )}
          </Panel>
        </>
      )}
    </Loaded>
  );
}

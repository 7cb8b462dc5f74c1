import { Choose, Panel, ProblemNotice, useAct, type texts } from '@plugga/console';
import { useId, useState } from 'react';
import type { en } from './texts.ts';

type Text = ReturnType<ReturnType<typeof texts<typeof en>>>;

const kinds = ['tenant', 'location', 'evse', 'connector', 'group', 'plan', 'adhoc', 'partner'] as const;
export interface Assigned {
  readonly to: (typeof kinds)[number];
  readonly id?: string;
  readonly from?: string;
  readonly until?: string;
}

export const assignedText = ({ to, id }: Assigned, t: Text, names: ReadonlyMap<string, string>): string =>
  id === undefined || to === 'tenant' ? t(`to.${to}`) : `${t(`to.${to}`)} ${names.get(id) ?? id}`;

/** For whom and where a tariff holds: changed without a new version. */
export function AssignPanel({
  t,
  tariff,
  assigned,
  etag,
  sites,
}: {
  readonly t: Text;
  readonly tariff: string;
  readonly assigned: readonly Assigned[];
  readonly etag: string | undefined;
  readonly sites: readonly { readonly id: string; readonly name: string }[];
}) {
  const id = useId();
  const [kind, setKind] = useState<Assigned['to']>('location');
  const [target, setTarget] = useState('');
  const put = useAct<readonly Assigned[]>((host, assign) =>
    host.api(`/tariffs/${encodeURIComponent(tariff)}/assign`, {
      ...{ method: 'PUT', body: { assign } },
      ...(etag === undefined ? {} : { headers: { 'if-match': etag } }),
    }),
  );
  const names = new Map(sites.map((it) => [it.id, it.name]));
  const needsTarget = kind !== 'tenant' && kind !== 'adhoc';
  const chosen = target.trim();
  return (
    <Panel title={t('assign')}>
      <p className="faint">{t('assignText')}</p>
      <ul className="rows">
        {assigned.length === 0 ? <li className="faint">{t('nowhere')}</li> : null}
        {assigned.map((it, n) => (
          <li key={`${it.to} ${it.id} ${it.from}`} className="row">
            <div className="row-text">{assignedText(it, t, names)}</div>
            <button
              type="button"
              className="button"
              disabled={put.busy}
              onClick={() => put.run(assigned.filter((_, at) => at !== n))}
            >
              {t('unassign')}
            </button>
          </li>
        ))}
      </ul>
      <div className="filters">
        <Choose
          label={t('kind')}
          value={kind}
          set={(it) => {
            setKind(it);
            setTarget('');
          }}
          of={kinds.map((it) => [it, t(`to.${it}`)] as const)}
        />
        {kind === 'tenant' ? null : kind === 'location' ? (
          <Choose
            label={t('target')}
            value={target}
            set={setTarget}
            of={[['', ''], ...sites.map((it) => [it.id, it.name] as const)]}
          />
        ) : (
          <div>
            <label htmlFor={`${id}target`}>{t('target')}</label>
            <input id={`${id}target`} value={target} onChange={({ target: it }) => setTarget(it.value)} />
          </div>
        )}
        <button
          type="button"
          className="button"
          disabled={put.busy || (needsTarget && chosen === '')}
          onClick={() => put.run([...assigned, { to: kind, ...(chosen === '' ? {} : { id: chosen }) }])}
        >
          {t('addAssign')}
        </button>
      </div>
      {put.error === null ? null : <ProblemNotice problem={put.error} />}
    </Panel>
  );
}

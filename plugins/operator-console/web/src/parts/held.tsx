import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../api/http.ts';
import type { Problem } from '../api/problem.ts';
import { queries } from '../api/queries.ts';
import type { Cdr, Invoice } from '../api/types.ts';
import { energy } from '../format/numbers.ts';
import { useText } from '../language/index.ts';
import { Moment } from './clock.tsx';
import { Confirmed } from './confirm.tsx';
import { ProblemNotice } from './notice.tsx';
import { Flags, Panel } from './panel.tsx';
import { Energy } from './session-cells.tsx';
import { DataTable, type Column } from './table.tsx';

function Release({ cdr }: { readonly cdr: Cdr }) {
  const { t, language } = useText();
  const client = useQueryClient();
  const release = useMutation<Invoice, Problem>({
    mutationFn: () => api(`/cdrs/${encodeURIComponent(cdr.id)}/release`, { method: 'POST' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['bills'] }),
  });
  if (cdr.offer === null) return <span className="faint">{t('bills.unpriced')}</span>;
  return (
    <>
      <Confirmed
        trigger={
          <button type="button" className="button" disabled={release.isPending}>
            {t('bills.release')}
          </button>
        }
        title={t('bills.releaseOne', { energy: energy(language, cdr.energyWh) })}
        text={t('bills.releaseText', { reasons: cdr.heldReasons.join(', ') })}
        action={t('bills.release')}
        danger={false}
        onConfirm={() => release.mutate()}
      />
      {release.error === null ? null : <ProblemNotice problem={release.error} />}
    </>
  );
}

const columns: readonly Column<Cdr>[] = [
  {
    id: 'session',
    header: 'sessions.started',
    name: true,
    cell: ({ session, startedAt }) => (
      <Link to="/sessions/$id" params={{ id: session }}>
        <Moment at={startedAt} />
      </Link>
    ),
  },
  { id: 'energy', header: 'sessions.energy', numeric: true, cell: ({ energyWh }) => <Energy wh={energyWh} /> },
  { id: 'reasons', header: 'bills.reasons', cell: ({ heldReasons }) => <Flags flags={heldReasons} /> },
  { id: 'release', header: 'bills.release', cell: (cdr) => <Release cdr={cdr} /> },
];

export function HeldTable({ cdrs }: { readonly cdrs: readonly Cdr[] }) {
  const { t } = useText();
  return <DataTable id="held" caption={t('bills.held')} columns={columns} rows={cdrs} rowKey={({ id }) => id} />;
}

/** CDRs that wait for an operator. Not there while none does. */
export function HeldPanel() {
  const { t } = useText();
  const { data } = useQuery(queries.held());
  if (data === undefined || data.items.length === 0) return null;
  return (
    <Panel title={t('bills.held')}>
      <p className="faint">{t('bills.heldText')}</p>
      <HeldTable cdrs={data.items} />
    </Panel>
  );
}

import { Link, Moment, Table, type Column } from '@plugga/console';
import { useText } from './use-text.ts';
import type { Verdict } from './verdict.ts';
import { Reasons, ResultMark, SignedEnergy } from './verdict-mark.tsx';

/** What signed values say of closings; `meter` where they are of several. */
export function VerdictTable(o: { readonly id: string; readonly rows: readonly Verdict[]; readonly meter?: boolean }) {
  const t = useText();
  const columns: readonly Column<Verdict>[] = [
    {
      ...{ id: 'session', header: t('session'), name: true },
      cell: ({ session }) => (
        <Link to={`/p/signed-values/values/${encodeURIComponent(session)}`}>
          <code>{session}</code>
        </Link>
      ),
    },
    { id: 'result', header: t('verdict'), cell: ({ result }) => <ResultMark result={result} /> },
    { id: 'why', header: t('why'), cell: ({ reasons }) => <Reasons reasons={reasons} /> },
    { id: 'energy', header: t('signedEnergy'), numeric: true, cell: (it) => <SignedEnergy verdict={it} /> },
    ...(o.meter === true
      ? [
          {
            ...{ id: 'meter', header: t('meter') },
            cell: ({ meter }: Verdict) =>
              meter === null ? '–' : <Link to={`/p/signed-values/meters/${encodeURIComponent(meter)}`}>{meter}</Link>,
          },
        ]
      : []),
    { id: 'judged', header: t('judged'), cell: ({ judgedAt }) => <Moment at={judgedAt} /> },
  ];
  return <Table id={o.id} caption={t('values')} rows={o.rows} rowKey={({ closing }) => closing} columns={columns} />;
}

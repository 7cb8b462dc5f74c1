import { Dialog } from '@base-ui/react/dialog';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api } from '../api/http.ts';
import type { Problem } from '../api/problem.ts';
import { queries } from '../api/queries.ts';
import type { Adopted, Knocking } from '../api/types.ts';
import { whole } from '../format/numbers.ts';
import { useText } from '../language/index.ts';
import { Moment } from './clock.tsx';
import { ProblemNotice } from './notice.tsx';
import { Panel } from './panel.tsx';
import { DataTable, type Column } from './table.tsx';

/** The key is nowhere else afterwards, so the window closes only when it is said to be kept. */
function NewKey({ adopted, onKept }: { readonly adopted: Adopted; readonly onKept: () => void }) {
  const { t } = useText();
  const [copied, setCopied] = useState(false);
  const key = adopted.key ?? '';
  const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ocpp/`;
  return (
    <Dialog.Root open onOpenChange={() => undefined} disablePointerDismissal>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="dialog-title">{t('knocking.adopted', { identity: adopted.identity })}</Dialog.Title>
          <Dialog.Description className="dialog-text">
            {t('knocking.keyOnce', { identity: adopted.identity })}
          </Dialog.Description>
          <p className="secret">
            <code>{key}</code>
          </p>
          <p className="dialog-text">
            {t('knocking.url')} <code>{url}</code>
          </p>
          <div className="dialog-actions">
            {/* Browsers give it to secure origins only. */}
            {'clipboard' in navigator ? (
              <button
                type="button"
                className="button"
                onClick={() => void navigator.clipboard.writeText(key).then(() => setCopied(true))}
              >
                {t(copied ? 'knocking.copied' : 'knocking.copy')}
              </button>
            ) : null}
            <button type="button" className="button primary" onClick={onKept}>
              {t('knocking.closeWarning')}
            </button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function AdoptButton({
  identity,
  onAdopted,
}: {
  readonly identity: string;
  readonly onAdopted: (adopted: Adopted) => void;
}) {
  const { t } = useText();
  const adopt = useMutation<Adopted, Problem>({
    mutationFn: () => api(`/knocking/${encodeURIComponent(identity)}/adopt`, { method: 'POST', body: {} }),
    onSuccess: onAdopted,
  });
  return (
    <>
      <button
        type="button"
        className="button primary"
        aria-label={t('knocking.adoptOne', { identity })}
        disabled={adopt.isPending || adopt.isSuccess}
        onClick={() => adopt.mutate()}
      >
        {t('knocking.adopt')}
      </button>
      {adopt.error === null ? null : <ProblemNotice problem={adopt.error} />}
    </>
  );
}

function Times({ times }: { readonly times: number }) {
  const { language } = useText();
  return <>{whole(language, times)}</>;
}

const columnsWith = (onAdopted: (adopted: Adopted) => void): readonly Column<Knocking>[] => [
  { id: 'identity', header: 'stations.identity', name: true, cell: ({ identity }) => <b>{identity}</b> },
  { id: 'address', header: 'knocking.address', cell: ({ address }) => address ?? '–' },
  { id: 'protocol', header: 'stations.protocol', cell: ({ protocols }) => protocols ?? '–' },
  { id: 'times', header: 'knocking.times', numeric: true, cell: ({ times }) => <Times times={times} /> },
  { id: 'first', header: 'knocking.first', cell: ({ firstAt }) => <Moment at={firstAt} /> },
  { id: 'last', header: 'knocking.last', cell: ({ lastAt }) => <Moment at={lastAt} /> },
  {
    id: 'adopt',
    header: 'knocking.adopt',
    cell: ({ identity }) => <AdoptButton identity={identity} onAdopted={onAdopted} />,
  },
];

function KnockingTable({
  rows,
  onAdopted,
}: {
  readonly rows: readonly Knocking[];
  readonly onAdopted: (adopted: Adopted) => void;
}) {
  const { t } = useText();
  const columns = useMemo(() => columnsWith(onAdopted), [onAdopted]);
  return (
    <Panel title={t('knocking.title')}>
      <p className="faint">{t('knocking.text')}</p>
      <DataTable
        id="knocking"
        caption={t('knocking.title')}
        columns={columns}
        rows={rows}
        rowKey={({ identity }) => identity}
      />
    </Panel>
  );
}

/** Unknown stations at the door. Not there while nobody knocks. */
export function KnockingPanel() {
  const client = useQueryClient();
  const { data, error } = useQuery(queries.knocking());
  // Here and not in the row: an adopted station knocks no more, and its key would go with its row.
  const [adopted, setAdopted] = useState<Adopted>();
  const kept = () => {
    setAdopted(undefined);
    void client.invalidateQueries({ queryKey: ['knocking'] });
    void client.invalidateQueries({ queryKey: ['stations'] });
  };
  return (
    <>
      {error !== null && data === undefined && error.status !== 403 ? <ProblemNotice problem={error} /> : null}
      {data === undefined || data.items.length === 0 ? null : (
        <KnockingTable rows={data.items} onAdopted={setAdopted} />
      )}
      {adopted === undefined ? null : <NewKey adopted={adopted} onKept={kept} />}
    </>
  );
}

import { Dialog } from '@base-ui/react/dialog';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/http.ts';
import type { Problem } from '../api/problem.ts';
import { queries } from '../api/queries.ts';
import type { Knocking, Station } from '../api/types.ts';
import { whole } from '../format/numbers.ts';
import { useText } from '../language/index.ts';
import { Moment } from './clock.tsx';
import { ProblemNotice } from './notice.tsx';
import { Panel } from './panel.tsx';
import { DataTable, type Column } from './table.tsx';

type Adopted = Station & { readonly key: string | null };

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
            <button
              type="button"
              className="button"
              onClick={() => void navigator.clipboard.writeText(key).then(() => setCopied(true))}
            >
              {t(copied ? 'knocking.copied' : 'knocking.copy')}
            </button>
            <button type="button" className="button primary" onClick={onKept}>
              {t('knocking.closeWarning')}
            </button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function AdoptButton({ identity }: { readonly identity: string }) {
  const { t } = useText();
  const client = useQueryClient();
  const adopt = useMutation<Adopted, Problem>({
    mutationFn: () => api(`/knocking/${encodeURIComponent(identity)}/adopt`, { method: 'POST', body: {} }),
  });
  const done = () => {
    adopt.reset();
    void client.invalidateQueries({ queryKey: ['knocking'] });
    void client.invalidateQueries({ queryKey: ['stations'] });
  };
  return (
    <>
      <button
        type="button"
        className="button primary"
        aria-label={t('knocking.adoptOne', { identity })}
        disabled={adopt.isPending}
        onClick={() => adopt.mutate()}
      >
        {t('knocking.adopt')}
      </button>
      {adopt.error === null ? null : <ProblemNotice problem={adopt.error} />}
      {adopt.data === undefined ? null : <NewKey adopted={adopt.data} onKept={done} />}
    </>
  );
}

function Times({ times }: { readonly times: number }) {
  const { language } = useText();
  return <>{whole(language, times)}</>;
}

const columns: readonly Column<Knocking>[] = [
  { id: 'identity', header: 'stations.identity', name: true, cell: ({ identity }) => <b>{identity}</b> },
  { id: 'address', header: 'knocking.address', cell: ({ address }) => address ?? '–' },
  { id: 'protocol', header: 'stations.protocol', cell: ({ protocols }) => protocols ?? '–' },
  { id: 'times', header: 'knocking.times', numeric: true, cell: ({ times }) => <Times times={times} /> },
  { id: 'first', header: 'knocking.first', cell: ({ firstAt }) => <Moment at={firstAt} /> },
  { id: 'last', header: 'knocking.last', cell: ({ lastAt }) => <Moment at={lastAt} /> },
  { id: 'adopt', header: 'knocking.adopt', cell: ({ identity }) => <AdoptButton identity={identity} /> },
];

/** Unknown stations at the door. Not there while nobody knocks. */
export function KnockingPanel() {
  const { t } = useText();
  const { data, error } = useQuery(queries.knocking());
  if (error !== null && data === undefined && error.status !== 403) return <ProblemNotice problem={error} />;
  if (data === undefined || data.items.length === 0) return null;
  return (
    <Panel title={t('knocking.title')}>
      <p className="faint">{t('knocking.text')}</p>
      <DataTable
        id="knocking"
        caption={t('knocking.title')}
        columns={columns}
        rows={data.items}
        rowKey={({ identity }) => identity}
      />
    </Panel>
  );
}

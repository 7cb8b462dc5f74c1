import { useQuery } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';
import { queries } from '../../api/queries.ts';
import type { Note, StationWithVariables } from '../../api/types.ts';
import { en } from '../../language/en.ts';
import { useText, type TextId } from '../../language/index.ts';
import { Moment } from '../../parts/clock.tsx';
import { useCommand } from '../../parts/command.ts';
import { Empty, Loaded } from '../../parts/notice.tsx';
import { Outcome } from '../../parts/outcome.tsx';
import { Panel } from '../../parts/panel.tsx';
import { DataTable, type Column } from '../../parts/table.tsx';
import { swapOf } from '../../state/said.ts';

function Event({ note }: { readonly note: Note }) {
  const { t } = useText();
  const { event } = swapOf(note.data);
  const id = `swap.${event}`;
  return <>{id in en ? t(id as TextId) : event}</>;
}
function Batteries({ note }: { readonly note: Note }) {
  const { t } = useText();
  const { batteries } = swapOf(note.data);
  if (batteries.length === 0) return <>–</>;
  return (
    <ul className="said">
      {batteries.map((it, index) => (
        <li key={index}>
          {t('swap.battery', { serial: it.serial, evse: it.evse })}{' '}
          <span className="faint">{t('swap.charge', { soc: it.soc ?? '–', soh: it.soh ?? '–' })}</span>
        </li>
      ))}
    </ul>
  );
}

const columns: readonly Column<Note>[] = [
  { id: 'event', header: 'swap.event', name: true, cell: (it) => <Event note={it} /> },
  { id: 'batteries', header: 'swap.batteries', cell: (it) => <Batteries note={it} /> },
  { id: 'request', header: 'swap.request', cell: ({ data }) => swapOf(data).request },
  { id: 'at', header: 'events.at', cell: ({ at }) => <Moment at={at} /> },
];

/** Batteries that went in and out of a station of 2.1, and the allowing of a swap. */
export function Swaps({ station: { identity, online } }: { readonly station: StationWithVariables }) {
  const { t } = useText();
  const id = useId();
  const swaps = useQuery(queries.notes(identity, 'battery.swap'));
  const give = useCommand(identity);
  const [token, setToken] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    give.mutate({ type: 'requestBatterySwap', token: token.trim() });
  };
  return (
    <Panel title={t('swap.title')}>
      <Loaded read={swaps}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('swap.none')} />
          ) : (
            <DataTable id="swaps" caption={t('swap.title')} rows={items} rowKey={(it) => it.id} columns={columns} />
          )
        }
      </Loaded>
      <form className="filters" onSubmit={submit}>
        <div>
          <label htmlFor={id}>{t('sessions.token')}</label>
          <input id={id} value={token} onChange={({ target }) => setToken(target.value)} />
        </div>
        <button type="submit" className="button" disabled={token.trim() === '' || !online || give.isPending}>
          {t('command.requestBatterySwap')}
        </button>
      </form>
      <Outcome identity={identity} give={give} />
    </Panel>
  );
}

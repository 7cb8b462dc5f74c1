import { useQuery } from '@tanstack/react-query';
import { createContext, useContext, useId, useState, type FormEvent } from 'react';
import { queries } from '../../api/queries.ts';
import type { Monitor, Note, StationWithVariables } from '../../api/types.ts';
import { useText } from '../../language/index.ts';
import { Moment } from '../../parts/clock.tsx';
import { useCommand, type GiveCommand } from '../../parts/command.ts';
import { Confirmed } from '../../parts/confirm.tsx';
import { Empty } from '../../parts/notice.tsx';
import { Outcome } from '../../parts/outcome.tsx';
import { Panel } from '../../parts/panel.tsx';
import { DataTable, type Column } from '../../parts/table.tsx';
import { streamsOf, valuesOf, type OpenStream } from '../../state/streams.ts';

interface Around {
  readonly give: GiveCommand;
  readonly online: boolean;
  readonly list: () => void;
  readonly variableOf: (monitor: number | undefined) => string | undefined;
  readonly streams: readonly OpenStream[];
}
const Context = createContext<Around | undefined>(undefined);

function Of({ stream }: { readonly stream: OpenStream }) {
  const { t } = useText();
  const variable = useContext(Context)?.variableOf(stream.monitor);
  return (
    <>
      {variable ?? t('streams.monitor', { monitor: stream.monitor })}
      <div className="faint">{t('streams.number', { id: stream.id })}</div>
    </>
  );
}

function Pace({ seconds, values }: Pick<OpenStream, 'seconds' | 'values'>) {
  const { t } = useText();
  const said = [
    seconds === undefined ? '' : t('streams.everySeconds', { count: seconds }),
    values === undefined ? '' : t('streams.everyValues', { count: values }),
  ].filter((it) => it !== '');
  return <>{said.length === 0 ? t('streams.itsOwn') : said.join(', ')}</>;
}

const whole = (text: string): number | undefined => (/^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined);

/** Another pace for a stream that is open, and its end. */
function Change({ stream }: { readonly stream: OpenStream }) {
  const { t } = useText();
  const around = useContext(Context);
  const id = useId();
  const [seconds, setSeconds] = useState('');
  const [values, setValues] = useState('');
  if (around === undefined) return null;
  const { give, online } = around;
  const name = around.variableOf(stream.monitor) ?? String(stream.id);
  const wanted = { seconds: whole(seconds), values: whole(values) };
  const isAsked = wanted.seconds !== undefined || wanted.values !== undefined;
  const adjust = (event: FormEvent): void => {
    event.preventDefault();
    give.mutate(
      {
        ...{ type: 'adjustStream', id: stream.id },
        ...(wanted.seconds === undefined ? {} : { seconds: wanted.seconds }),
        ...(wanted.values === undefined ? {} : { values: wanted.values }),
      },
      // What it made of it, it says when it is asked next.
      { onSuccess: around.list },
    );
  };
  return (
    <form onSubmit={adjust} className="filters">
      <div>
        <label htmlFor={`${id}s`}>{t('streams.seconds')}</label>
        <input
          id={`${id}s`}
          inputMode="numeric"
          size={6}
          placeholder={String(stream.seconds ?? '')}
          value={seconds}
          onChange={({ target }) => setSeconds(target.value)}
        />
      </div>
      <div>
        <label htmlFor={`${id}v`}>{t('streams.values')}</label>
        <input
          id={`${id}v`}
          inputMode="numeric"
          size={6}
          placeholder={String(stream.values ?? '')}
          value={values}
          onChange={({ target }) => setValues(target.value)}
        />
      </div>
      <button type="submit" className="button" disabled={!isAsked || !online || give.isPending}>
        {t('streams.adjust')}
      </button>
      <Confirmed
        trigger={
          <button type="button" className="button" disabled={!online || give.isPending}>
            {t('streams.close')}
          </button>
        }
        title={t('streams.closeTitle', { variable: name })}
        text={t('streams.closeText')}
        action={t('streams.close')}
        onConfirm={() => give.mutate({ type: 'clearMonitors', ids: [stream.monitor] })}
      />
    </form>
  );
}

function Values({ note }: { readonly note: Note }) {
  const { values } = valuesOf(note.data);
  return <>{values.join(', ') || '–'}</>;
}
function WhichStream({ note }: { readonly note: Note }) {
  const { t } = useText();
  const around = useContext(Context);
  const { id } = valuesOf(note.data);
  const monitor = around?.streams.find((it) => it.id === id)?.monitor;
  return <>{around?.variableOf(monitor) ?? t('streams.number', { id: id ?? '–' })}</>;
}

const columns: readonly Column<OpenStream>[] = [
  { id: 'of', header: 'events.variable', name: true, cell: (it) => <Of stream={it} /> },
  { id: 'pace', header: 'streams.pace', cell: (it) => <Pace {...it} /> },
  { id: 'change', header: 'streams.change', cell: (it) => <Change stream={it} /> },
];
const valueColumns: readonly Column<Note>[] = [
  { id: 'stream', header: 'streams.stream', name: true, cell: (it) => <WhichStream note={it} /> },
  { id: 'values', header: 'streams.values', cell: (it) => <Values note={it} /> },
  { id: 'at', header: 'events.at', cell: (it) => <Moment at={valuesOf(it.data).base ?? it.at} /> },
];

/** Values that a station of 2.1 sends by the batch, of monitors that were set so: how often, another pace, and what they say. */
export function Streams({
  station: { identity, online },
  monitors,
}: {
  readonly station: StationWithVariables;
  readonly monitors: readonly Monitor[];
}) {
  const { t } = useText();
  const give = useCommand(identity);
  const read = useCommand(identity);
  const list = (): void => read.mutate({ type: 'readStreams' });
  const listed = useQuery(queries.newestCommand(identity, 'readStreams')).data?.items.find(
    ({ status }) => status === 'accepted' || status === 'done',
  );
  const opened = useQuery(queries.notes(identity, 'stream.opened'));
  const closed = useQuery(queries.notes(identity, 'stream.closed'));
  const told = useQuery(queries.notes(identity, 'stream.values'));
  const streams = streamsOf({
    listed: listed === undefined ? undefined : { at: listed.updatedAt, result: listed.result },
    opened: opened.data?.items ?? [],
    closed: closed.data?.items ?? [],
  });
  const variableOf = (monitor: number | undefined): string | undefined =>
    monitors.find(({ id }) => id === monitor)?.variable;
  const values = told.data?.items ?? [];
  return (
    <Panel title={t('streams.title')}>
      <Context value={{ give, online, list, variableOf, streams }}>
        {streams.length === 0 ? (
          <Empty title={t('streams.none')}>
            <p>{t('streams.noneText')}</p>
          </Empty>
        ) : (
          <DataTable
            id="streams"
            caption={t('streams.title')}
            rows={streams}
            rowKey={({ id }) => String(id)}
            columns={columns}
          />
        )}
        <Outcome identity={identity} give={give} />
        <div className="actions">
          <button type="button" className="button" disabled={!online || read.isPending} onClick={list}>
            {t('streams.read')}
          </button>
        </div>
        <Outcome identity={identity} give={read} />
        {values.length === 0 ? null : (
          <>
            <h3>{t('streams.told')}</h3>
            <DataTable
              id="stream-values"
              caption={t('streams.told')}
              rows={values}
              rowKey={({ id }) => id}
              columns={valueColumns}
            />
          </>
        )}
      </Context>
    </Panel>
  );
}

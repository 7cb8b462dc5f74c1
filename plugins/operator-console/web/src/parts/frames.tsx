import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import type { Frame } from '../api/types.ts';
import { useText } from '../language/index.ts';
import { actionOf, prettyFrame } from '../state/frame.ts';
import { Moment } from './clock.tsx';
import { Empty, Loaded } from './notice.tsx';
import { Pager } from './pager.tsx';
import { DataTable, type Column } from './table.tsx';

export function Direction({ direction }: Pick<Frame, 'direction'>) {
  const { t } = useText();
  return (
    <span className={`direction direction-${direction}`}>
      <span aria-hidden="true">{direction === 'in' ? '→' : '←'}</span>{' '}
      {t(direction === 'in' ? 'frames.in' : 'frames.out')}
    </span>
  );
}

export function FrameText({ text }: { readonly text: string }) {
  const { t } = useText();
  return (
    <details className="frame">
      <summary>
        <span className="unseen">{t('frames.show')}: </span>
        <code>{text.length > 90 ? `${text.slice(0, 90)}…` : text}</code>
      </summary>
      <pre>{prettyFrame(text)}</pre>
    </details>
  );
}

function Action({ frame }: { readonly frame: Frame }) {
  const { t } = useText();
  const { kind, name } = actionOf(frame);
  return <>{kind === 'call' ? <b>{name}</b> : t(kind === 'error' ? 'frames.error' : 'frames.answer')}</>;
}

const columns: readonly Column<Frame>[] = [
  { id: 'time', header: 'frames.time', cell: ({ at }) => <Moment at={at} /> },
  { id: 'direction', header: 'frames.direction', cell: ({ direction }) => <Direction direction={direction} /> },
  { id: 'action', header: 'frames.action', name: true, cell: (frame) => <Action frame={frame} /> },
  { id: 'content', header: 'frames.content', cell: ({ text }) => <FrameText text={text} /> },
];

/** What went over the wire, newest first; tokens and passwords are taken out by the platform. */
export function Frames({ identity, cursor }: { readonly identity: string; readonly cursor: string | undefined }) {
  const { t } = useText();
  const frames = useQuery(queries.frames(identity, cursor));
  return (
    <Loaded read={frames}>
      {({ items, next }) =>
        items.length === 0 ? (
          <Empty title={t('station.noFrames')} />
        ) : (
          <>
            <DataTable
              id="frames"
              caption={t('station.frames')}
              columns={columns}
              rows={items}
              rowKey={({ id }) => id}
            />
            <Pager cursor={cursor} next={next} />
          </>
        )
      }
    </Loaded>
  );
}

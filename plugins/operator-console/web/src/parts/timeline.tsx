import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { queries } from '../api/queries.ts';
import type { TimelineItem } from '../api/types.ts';
import { energy, money } from '../format/numbers.ts';
import { useText } from '../language/index.ts';
import { actionOf } from '../state/frame.ts';
import { frameIn, priceIn } from '../state/timeline.ts';
import { Moment } from './clock.tsx';
import { Direction, FrameText } from './frames.tsx';
import { Empty, Loaded } from './notice.tsx';
import { Panel } from './panel.tsx';

function Price({ item }: { readonly item: TimelineItem }) {
  const { t, language } = useText();
  const price = priceIn(item.data);
  if (price === undefined) return null;
  return (
    <>
      <b>{money(language, price.inclVat, price.currency)}</b> {energy(language, price.energyWh)}{' '}
      <span className="faint">{t(price.final ? 'session.final' : 'sessions.soFar')}</span>
    </>
  );
}

function Data({ data }: { readonly data: unknown }) {
  const text = JSON.stringify(data);
  return text === undefined || text === '{}' ? null : <FrameText text={text} />;
}

function Body({ item }: { readonly item: TimelineItem }) {
  const { t } = useText();
  if (item.kind === 'price') return <Price item={item} />;
  const frame = item.kind === 'frame' ? frameIn(item.data) : undefined;
  if (frame === undefined)
    return (
      <>
        <b>{item.type}</b> {item.actor === null ? null : <span className="faint">{item.actor}</span>}
        <Data data={item.data} />
      </>
    );
  const { kind, name } = actionOf({ action: item.type === 'answer' ? null : item.type, text: frame.text });
  return (
    <>
      <Direction direction={frame.direction} />{' '}
      <b>{kind === 'call' ? name : t(kind === 'error' ? 'frames.error' : 'frames.answer')}</b>
      <FrameText text={frame.text} />
    </>
  );
}

const AT_ONCE = 100;

/** Events, price steps, commands and frames of a session in one line, oldest first. */
export function Timeline({ session, frames }: { readonly session: string; readonly frames: boolean }) {
  const { t } = useText();
  const navigate = useNavigate({ from: '/sessions/$id' });
  const [count, setCount] = useState(AT_ONCE);
  const timeline = useQuery(queries.timeline(session));
  return (
    <Panel
      title={t('session.timeline')}
      aside={
        <label className="choice">
          <input
            type="checkbox"
            checked={frames}
            onChange={({ target }) =>
              void navigate({ search: { frames: target.checked ? 'yes' : undefined }, replace: true })
            }
          />
          {t('session.framesToo')}
        </label>
      }
    >
      <Loaded read={timeline}>
        {({ items }) => {
          const shown = frames ? items : items.filter(({ kind }) => kind !== 'frame');
          if (shown.length === 0) return <Empty title={t('session.noTimeline')} />;
          return (
            <>
              <ol className="timeline">
                {shown.slice(0, count).map((item) => (
                  <li key={`${item.kind} ${item.id}`} className={`line line-${item.kind}`}>
                    <span className="line-at">
                      <Moment at={item.at} />
                    </span>
                    <span className="tag">{t(`session.kind.${item.kind}`)}</span>
                    <div className="line-body">
                      <Body item={item} />
                    </div>
                  </li>
                ))}
              </ol>
              {shown.length <= count ? null : (
                <button type="button" className="button" onClick={() => setCount(count + AT_ONCE)}>
                  {t('app.more')}
                </button>
              )}
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}

import { createContext, use, useSyncExternalStore } from 'react';
import { moment } from '../format/times.ts';
import { useText } from '../language/index.ts';
import type { Live, LiveSnapshot } from '../live/live.ts';

export const LiveContext = createContext<Live | undefined>(undefined);

function useLive(): { readonly live: Live; readonly now: LiveSnapshot } {
  const live = use(LiveContext);
  if (live === undefined) throw new Error('used outside of LiveContext');
  return { live, now: useSyncExternalStore(live.subscribe, live.snapshot) };
}

/** Whether what is on the screen is true now; pressed, it holds the screen still or lets it go on. */
export function LiveLight() {
  const { t, language } = useText();
  const { live, now } = useLive();
  const lost = now.state === 'stale' || now.state === 'refused';
  const time = moment(new Date(now.since), new Date(), { language });
  return (
    <button
      type="button"
      className={`live live-${now.state}`}
      title={t(now.state === 'paused' ? 'live.resume' : 'live.pause')}
      aria-pressed={now.state === 'paused'}
      onClick={() => (now.state === 'paused' ? live.start() : live.pause())}
    >
      <span className="live-dot" aria-hidden="true" />
      <span role="status">{lost ? t('live.stale', { time }) : t(`live.${now.state as 'live'}`)}</span>
    </button>
  );
}

export function LiveBanner() {
  const { t, language } = useText();
  const { now } = useLive();
  const time = moment(new Date(now.since), new Date(), { language });
  if (now.state === 'paused') return <p className="banner">{t('live.pausedBanner', { time })}</p>;
  if (now.state === 'stale' || now.state === 'refused')
    return <p className="banner warning">{t('live.staleBanner', { time })}</p>;
  return null;
}

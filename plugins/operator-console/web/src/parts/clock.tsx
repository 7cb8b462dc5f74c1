import { useSyncExternalStore } from 'react';
import { serverNow } from '../api/server-time.ts';
import { exactMoment, moment } from '../format/times.ts';
import { useText } from '../language/index.ts';

const listeners = new Set<() => void>();
const second = (): number => Math.floor(serverNow() / 1000) * 1000;
let now = second();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for the whole page, by the second, and only while somebody looks at it. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = second();
    for (const told of listeners) told();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Now on the server in ms since 1970, by the second. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);

/** A time as short as is clear, with date and zone behind it. */
export function Moment({ at }: { readonly at: string }) {
  const { language } = useText();
  const date = new Date(at);
  return (
    <time dateTime={at} title={exactMoment(date, { language })}>
      {moment(date, new Date(serverNow()), { language })}
    </time>
  );
}

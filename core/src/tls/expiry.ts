import type { Instant } from '@plugga/kit';
import type { Shown } from './files.ts';

const DAY_MS = 86_400_000;
/** Time enough to have it renewed. */
const SOON_DAYS = 30;

/** What is to be said of a certificate's end: that it is over, or soon; undefined where it is far. */
export function endingOf(
  { file, subject, notAfter }: Shown,
  now: Instant,
): { readonly over: boolean; readonly text: string } | undefined {
  const days = Math.floor((notAfter.getTime() - now) / DAY_MS);
  const named = `${file} (${subject})`;
  if (notAfter.getTime() <= now) return { over: true, text: `${named} has expired at ${notAfter.toISOString()}` };
  return days < SOON_DAYS
    ? { over: false, text: `${named} expires in ${days} days, at ${notAfter.toISOString()}` }
    : undefined;
}

import type { Deviation } from '@plugga/kit';

const KEPT = 1000;

/**
 * Only the deviations that were not seen before from this station by this process, so that a chatty dialect does not fill
 * the log; each is counted.
 */
export function unseen(counted: (action: string, deviation: Deviation & { readonly quirk?: string }) => void) {
  const seen = new Set<string>();
  return <D extends Deviation & { readonly quirk?: string }>(action: string, deviations: readonly D[]): readonly D[] =>
    deviations.filter((deviation) => {
      counted(action, deviation);
      const key = `${action} ${deviation.code} ${deviation.path ?? ''} ${deviation.quirk ?? ''}`;
      if (seen.has(key) || seen.size >= KEPT) return false;
      seen.add(key);
      return true;
    });
}

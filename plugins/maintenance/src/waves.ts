/** How many stations may fail before a campaign stops by itself. */
export interface StopRule {
  /** More than so many failures in all. */
  readonly failures?: number | undefined;
  /** More than this share of a wave, in percent, once the wave is over. */
  readonly percent?: number | undefined;
}

export interface Target {
  readonly wave: number;
  readonly status: 'waiting' | 'asked' | 'accepted' | 'installed' | 'failed' | 'absent';
}

/** What comes next: ask a wave, wait for the one that runs, stop, or it is done. Pure. */
export type Next =
  | { readonly kind: 'ask'; readonly wave: number }
  | { readonly kind: 'wait' }
  | { readonly kind: 'stop'; readonly reason: string }
  | { readonly kind: 'done' };

/**
 * Cuts stations into waves: `sizes` are shares of all in percent, rising, the last 100. Each wave has at least one station
 * while there are any left.
 */
export function wavesOf<T>(stations: readonly T[], sizes: readonly number[]): readonly (readonly T[])[] {
  const waves: T[][] = [];
  let from = 0;
  for (const [nth, size] of sizes.entries()) {
    const isLast = nth === sizes.length - 1;
    const to = isLast ? stations.length : Math.max(from + 1, Math.ceil((stations.length * size) / 100));
    const wave = stations.slice(from, to);
    if (wave.length > 0) waves.push(wave);
    from = Math.max(from, to);
  }
  return waves;
}

const isOpen = ({ status }: Target): boolean => status === 'asked' || status === 'accepted';
const failedOf = (targets: readonly Target[]): number => targets.filter(({ status }) => status === 'failed').length;

/** `wave` is the one that was asked last; 0 before the first. */
export function nextOf(targets: readonly Target[], wave: number, rule: StopRule): Next {
  const failed = failedOf(targets);
  if (rule.failures !== undefined && failed > rule.failures)
    return {
      kind: 'stop',
      reason: `${failed} of ${targets.length} stations failed, ${rule.failures} may: the stop rule says no further`,
    };
  const current = targets.filter((it) => it.wave === wave);
  if (current.some(isOpen)) return { kind: 'wait' };
  const told = current.filter(({ status }) => status !== 'absent');
  const share = told.length === 0 ? 0 : (failedOf(told) / told.length) * 100;
  if (rule.percent !== undefined && share > rule.percent)
    return {
      kind: 'stop',
      reason: `${failedOf(told)} of ${told.length} stations of wave ${wave} failed, ${rule.percent} % may: the stop rule says no further`,
    };
  const later = targets.filter((it) => it.wave > wave && it.status === 'waiting').map((it) => it.wave);
  return later.length === 0 ? { kind: 'done' } : { kind: 'ask', wave: Math.min(...later) };
}

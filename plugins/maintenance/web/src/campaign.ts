/** As the API shows it. */
export interface Campaign {
  readonly id: string;
  readonly name: string;
  readonly status: 'running' | 'paused' | 'stopped' | 'done';
  readonly reason: string | null;
  readonly url: string;
  readonly signed: boolean;
  readonly stop: { readonly failures?: number; readonly percent?: number };
  readonly wave: number;
  readonly waves: number;
  readonly stations: Readonly<Record<TargetStatus, number>>;
  readonly createdAt: string;
}
export type TargetStatus = 'waiting' | 'asked' | 'accepted' | 'installed' | 'failed' | 'absent';
export interface Target {
  readonly station: string;
  readonly wave: number;
  readonly status: TargetStatus;
  readonly detail: string | null;
  readonly changedAt: string;
}

/** In the order in which a bar shows them: what is over first. */
export const targetStatuses: readonly TargetStatus[] = [
  'installed',
  'failed',
  'absent',
  'accepted',
  'asked',
  'waiting',
];

export const countOf = (stations: Campaign['stations']): number =>
  targetStatuses.reduce((sum, status) => sum + stations[status], 0);

/** How many of each, wave by wave. */
export function wavesOf(targets: readonly Target[]): readonly { wave: number; stations: Campaign['stations'] }[] {
  const waves = new Map<number, Record<TargetStatus, number>>();
  for (const { wave, status } of targets) {
    const counts = waves.get(wave) ?? { waiting: 0, asked: 0, accepted: 0, installed: 0, failed: 0, absent: 0 };
    counts[status] += 1;
    waves.set(wave, counts);
  }
  return [...waves].toSorted(([a], [b]) => a - b).map(([wave, stations]) => ({ wave, stations }));
}

/** "5, 25 100" as percents, undefined where they are none that a campaign takes: rising, the last 100. */
export function percentsOf(text: string): readonly number[] | undefined {
  const parts = text.split(/[\s,;]+/).filter((it) => it !== '');
  const sizes = parts.map(Number);
  const isRising = sizes.every((it, n) => Number.isInteger(it) && it > (sizes[n - 1] ?? 0));
  return isRising && sizes.at(-1) === 100 ? sizes : undefined;
}

/** Identities, one a line, each once. */
export const linesOf = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(/\r?\n/)
      .map((it) => it.trim())
      .filter((it) => it !== ''),
  ),
];

import type { DataOf, Monitor, deviceNoted, Iso } from '@plugga/kit';

/** How grave what each monitor tells of is, by the station's own numbers: 2.0.1 leaves it out of its events. */
export type Severities = Readonly<Record<string, number>>;

/** What somebody is to look at at a station; one that is over stays for a while, so that a late word of it is known as such. */
export interface Alert extends Pick<
  DataOf<typeof deviceNoted>,
  'variable' | 'value' | 'severity' | 'monitor' | 'code' | 'info'
> {
  /** When it began, and when it was told of last, by the station's own time. */
  readonly since: Iso;
  readonly at: Iso;
  readonly over?: true;
}

/** Monitors whose severity is at hand, and alerts; the newest. */
const SEVERITIES = 1_000;
const ALERTS = 64;

export function severitiesAfter(
  before: Severities = {},
  set: readonly Monitor[],
  cleared: readonly number[],
): Severities {
  const gone = new Set([...set.map(({ id }) => id), ...cleared].map(String));
  const rest = Object.entries(before).filter(([id]) => !gone.has(id));
  const added = set.map(({ id, severity }) => [String(id), severity] as const);
  // Whatever the order of the members, those that were told of last are among them.
  return Object.fromEntries(
    [...rest.slice(Math.max(0, rest.length + added.length - SEVERITIES)), ...added].slice(-SEVERITIES),
  );
}

const isOf = (alert: Alert, { monitor, variable }: Pick<Alert, 'monitor' | 'variable'>): boolean =>
  monitor === undefined ? alert.monitor === undefined && alert.variable === variable : alert.monitor === monitor;

/** What there is to look at after one more event, in whatever order they come. */
export function alertsAfter(
  before: readonly Alert[] = [],
  {
    variable,
    value,
    severity,
    monitor,
    code,
    info,
    trigger,
    cleared = false,
    alert = false,
  }: DataOf<typeof deviceNoted>,
  at: Iso,
): readonly Alert[] {
  const known = before.find((it) => isOf(it, { monitor, variable }));
  if (trigger !== 'alerting' || !(alert || (cleared && known !== undefined))) return before;
  if (known !== undefined && known.at > at) return before;
  const since = known === undefined || known.over === true ? at : known.since;
  const next: Alert = {
    ...{ variable, since, at },
    ...(value !== undefined && { value }),
    ...(severity !== undefined && { severity }),
    ...(monitor !== undefined && { monitor }),
    ...(code !== undefined && { code }),
    ...(info !== undefined && { info }),
    ...(cleared && { over: true as const }),
  };
  const others = before.filter((it) => it !== known);
  // What is over makes room first.
  const kept = [...others, next].toSorted((a, b) => Number(b.over ?? false) - Number(a.over ?? false));
  return kept.slice(-ALERTS);
}

/** Without those of monitors that are no more. */
export const withoutMonitors = (before: readonly Alert[] = [], cleared: readonly number[]): readonly Alert[] =>
  before.filter(({ monitor }) => monitor === undefined || !cleared.includes(monitor));

import type { Alert, Cdr, Plugin, Station, StationAlerts } from '../api/types.ts';
import { placesOf, standingOf, type Place } from './connectors.ts';

/** Something that does not get better by itself, and where to act on it. The most urgent come first. */
export type Attention =
  | { readonly kind: 'plugin'; readonly plugin: Plugin }
  | { readonly kind: 'parked'; readonly plugin: Plugin }
  | { readonly kind: 'pausedQuestions'; readonly plugin: Plugin }
  | { readonly kind: 'alert'; readonly station: string; readonly alert: Alert }
  | { readonly kind: 'faulted'; readonly place: Place }
  | { readonly kind: 'offline'; readonly station: Station }
  | { readonly kind: 'stuck'; readonly place: Place; readonly ms: number }
  | { readonly kind: 'held'; readonly cdr: Cdr };

/** Longer than that a state is no step on the way but a driver who does not get on, or a bay that is blocked. */
const stuckAfterMs: Readonly<Record<string, number>> = { preparing: 5 * 60_000, finishing: 15 * 60_000 };
const broken: ReadonlySet<string> = new Set(['failed', 'blocked', 'stopped']);

const gravity = ({ severity }: Alert): number => severity ?? 0;
/** Severity 0: lives may be in danger. Nothing comes before it. */
const isDanger = (alert: Alert): boolean => gravity(alert) === 0;

export function attentionOf(o: {
  readonly stations: readonly Station[];
  readonly alerts: readonly StationAlerts[];
  readonly held: readonly Cdr[];
  readonly plugins: readonly Plugin[];
  readonly now: number;
}): readonly Attention[] {
  const { held, now } = o;
  const stations = o.stations.filter((station) => !station.disabled);
  const places = placesOf(stations);
  const stuck = places.flatMap((place) => {
    const limit = stuckAfterMs[place.status];
    const since = place.connector.statusAt;
    const ms = since === null ? 0 : now - Date.parse(since);
    return limit !== undefined && ms > limit ? [{ kind: 'stuck' as const, place, ms }] : [];
  });
  const disabled = new Set(o.stations.flatMap((it) => (it.disabled ? [it.identity] : [])));
  const alerts = o.alerts
    .filter(({ station }) => !disabled.has(station))
    .flatMap(({ station, alerts: its }) => its.map((alert) => ({ kind: 'alert' as const, station, alert })))
    .toSorted((a, b) => gravity(a.alert) - gravity(b.alert) || a.alert.since.localeCompare(b.alert.since));
  return [
    ...alerts.filter(({ alert }) => isDanger(alert)),
    ...o.plugins
      .filter(({ state, reason }) => broken.has(state) || (state === 'disabled' && reason !== null))
      .map((plugin) => ({ kind: 'plugin' as const, plugin })),
    ...o.plugins.filter(({ parked }) => parked > 0).map((plugin) => ({ kind: 'parked' as const, plugin })),
    ...o.plugins
      .filter(({ pausedQuestions }) => pausedQuestions.length > 0)
      .map((plugin) => ({ kind: 'pausedQuestions' as const, plugin })),
    ...alerts.filter(({ alert }) => !isDanger(alert)),
    ...places
      .filter(({ status }) => standingOf(status) === 'faulted')
      .map((place) => ({ kind: 'faulted' as const, place })),
    ...stations.filter(({ online }) => !online).map((station) => ({ kind: 'offline' as const, station })),
    ...stuck.toSorted((a, b) => b.ms - a.ms),
    ...held.map((cdr) => ({ kind: 'held' as const, cdr })),
  ];
}

import { keepPreviousData, queryOptions, type UseQueryOptions } from '@tanstack/react-query';
import { api, everyPage, type Page } from './http.ts';
import type { Problem } from './problem.ts';
import type {
  Cdr,
  Change,
  Charging,
  Command,
  Device,
  DeviceEvent,
  Dialect,
  Frame,
  Knocking,
  Location,
  Monitor,
  Note,
  Parked,
  Plugin,
  PluginPage,
  Reading,
  RevenueToday,
  Session,
  Station,
  Template,
  StationAlerts,
  StationWithVariables,
  TimelineItem,
  Token,
} from './types.ts';

/** The first word of each key is what events make stale: see live/affected.ts. */
const query = <T>(
  key: readonly unknown[],
  read: (signal: AbortSignal) => Promise<T>,
  o: Pick<UseQueryOptions<T, Problem>, 'refetchInterval' | 'placeholderData' | 'staleTime'> = {},
) => queryOptions<T, Problem>({ queryKey: key, queryFn: ({ signal }) => read(signal), ...o });

/** What no event tells of is read again so often. */
const unheard = { refetchInterval: 10_000 };
const keep = { placeholderData: keepPreviousData as never };
const pages = 25;

export interface SessionFilters {
  readonly station?: string | undefined;
  readonly status?: string | undefined;
  readonly token?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly cursor?: string | undefined;
}

const id = encodeURIComponent;

export const queries = {
  stations: () => query(['stations', 'all'], (signal) => everyPage<Station>('/stations', { pages, signal })),
  station: (identity: string) =>
    query(['stations', 'one', identity], (signal) =>
      api<StationWithVariables>(`/stations/${id(identity)}`, { signal }),
    ),
  dialect: (identity: string) =>
    query(
      ['stations', 'dialect', identity],
      (signal) => api<Dialect>(`/stations/${id(identity)}/dialect`, { signal }),
      unheard,
    ),
  device: (identity: string) =>
    query(['stations', 'device', identity], (signal) => api<Device>(`/stations/${id(identity)}/device`, { signal })),
  templates: () => query(['templates'], (signal) => everyPage<Template>('/device-templates', { pages: 5, signal })),
  locations: () => query(['locations'], (signal) => everyPage<Location>('/locations', { pages: 5, signal })),
  knocking: () => query(['knocking'], (signal) => api<Page<Knocking>>('/knocking', { signal }), unheard),
  commands: (identity: string) =>
    query(['commands', identity], (signal) =>
      api<Page<Command>>(`/stations/${id(identity)}/commands`, { signal, query: { limit: 10 } }),
    ),
  newestCommand: (identity: string, type: string) =>
    query(['commands', identity, type], (signal) =>
      api<Page<Command>>(`/stations/${id(identity)}/commands`, { signal, query: { limit: 5, type } }),
    ),
  charging: (identity: string) =>
    query(['stations', 'charging', identity], (signal) =>
      api<Charging>(`/stations/${id(identity)}/charging`, { signal }),
    ),
  notes: (identity: string, topic: string) =>
    query(['notes', identity, topic], (signal) =>
      api<Page<Note>>(`/stations/${id(identity)}/notes`, { signal, query: { limit: 20, topic } }),
    ),
  alerts: () => query(['alerts'], (signal) => everyPage<StationAlerts>('/alerts', { pages: 5, signal })),
  monitors: (identity: string) =>
    query(['stations', 'monitors', identity], (signal) =>
      everyPage<Monitor>(`/stations/${id(identity)}/monitors`, { pages, signal }),
    ),
  deviceEvents: (identity: string, o: { readonly alertsOnly: boolean; readonly cursor: string | undefined }) =>
    query(
      ['stations', 'events', identity, o],
      (signal) =>
        api<Page<DeviceEvent>>(`/stations/${id(identity)}/events`, {
          ...{ signal, query: { limit: 50, cursor: o.cursor, alert: o.alertsOnly ? 'true' : undefined } },
        }),
      keep,
    ),
  frames: (identity: string, cursor: string | undefined) =>
    query(
      ['frames', identity, cursor],
      (signal) => api<Page<Frame>>('/frames', { signal, query: { station: identity, limit: 50, cursor } }),
      { ...keep, ...(cursor === undefined ? unheard : {}) },
    ),
  tokens: () => query(['tokens'], (signal) => api<Page<Token>>('/tokens', { signal, query: { status: 'accepted' } })),

  /** Everything that has begun or is asked for and has not closed. */
  liveSessions: () =>
    query(['sessions', 'live'], async (signal) => {
      const found = await Promise.all(
        (['active', 'pending', 'ended'] as const).map((status) =>
          everyPage<Session>('/sessions', { pages: 5, signal, query: { status } }),
        ),
      );
      return found.flatMap(({ items }) => items);
    }),
  sessions: (filters: SessionFilters) =>
    query(
      ['sessions', 'list', filters],
      (signal) => api<Page<Session>>('/sessions', { signal, query: { ...filters, limit: 50 } }),
      keep,
    ),
  session: (session: string) =>
    query(['sessions', 'one', session], (signal) => api<Session>(`/sessions/${id(session)}`, { signal })),
  readings: (session: string) =>
    query(['sessions', 'readings', session], (signal) =>
      everyPage<Reading>(`/sessions/${id(session)}/readings`, { pages: 10, signal }),
    ),
  timeline: (session: string) =>
    query(['sessions', 'timeline', session], (signal) =>
      everyPage<TimelineItem>(`/sessions/${id(session)}/timeline`, { pages: 5, signal }),
    ),

  held: () => query(['bills', 'held'], (signal) => api<Page<Cdr>>('/cdrs', { signal, query: { status: 'held' } })),
  revenueToday: () => query(['bills', 'today'], (signal) => api<RevenueToday>('/revenue/today', { signal })),

  pages: () =>
    query(['pages'], (signal) => api<Page<PluginPage>>('/ui', { signal, query: { host: 'console' } }), {
      staleTime: Infinity,
    }),
  plugins: () => query(['plugins'], (signal) => api<Page<Plugin>>('/plugins', { signal }), unheard),
  parked: (plugin: string) =>
    query(
      ['plugins', 'parked', plugin],
      (signal) => api<Page<Parked>>(`/plugins/${id(plugin)}/parked`, { signal }),
      unheard,
    ),
  audit: (cursor: string | undefined) =>
    query(['audit', cursor], (signal) => api<Page<Change>>('/audit', { signal, query: { limit: 30, cursor } }), {
      ...keep,
      ...unheard,
    }),
};

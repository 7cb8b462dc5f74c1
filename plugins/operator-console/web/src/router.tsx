import { useQuery } from '@tanstack/react-query';
import { createRootRoute, createRoute, createRouter, Link, type ErrorComponentProps } from '@tanstack/react-router';
import { api } from './api/http.ts';
import type { Me, SessionStatus } from './api/types.ts';
import { useText } from './language/index.ts';
import { NowPage } from './pages/now.tsx';
import { SessionPage } from './pages/session.tsx';
import { SessionsPage } from './pages/sessions.tsx';
import { StationPage } from './pages/station.tsx';
import { StationsPage } from './pages/stations.tsx';
import { SystemPage } from './pages/system.tsx';
import { Empty } from './parts/notice.tsx';
import { Shell } from './parts/shell.tsx';
import { PluginPage } from './shared/plugin-page.tsx';

function Root() {
  const me = useQuery({ queryKey: ['me'], queryFn: ({ signal }) => api<Me>('/me', { signal }), staleTime: Infinity });
  return <Shell tenant={me.data?.tenant.name} />;
}

function NotFound() {
  const { t } = useText();
  return (
    <Empty page title={t('app.unknownPage')}>
      <p>{t('app.unknownPageText')}</p>
      <Link to="/" className="button">
        {t('nav.now')}
      </Link>
    </Empty>
  );
}

function Failed({ error }: ErrorComponentProps) {
  const { t } = useText();
  return (
    <div className="problem" role="alert">
      <p className="empty-title">{t('app.failed')}</p>
      <p>{error instanceof Error ? error.message : String(error)}</p>
    </div>
  );
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const oneOf = <T extends string>(value: unknown, among: readonly T[]): T | undefined =>
  among.find((it) => it === value);
const anySearch = (search: Record<string, unknown>): Record<string, unknown> => search;
const cursorOf = (search: Record<string, unknown>) => ({ cursor: text(search.cursor) });
const statuses: readonly SessionStatus[] = ['pending', 'active', 'ended', 'closed', 'void'];

const root = createRootRoute({ component: Root, notFoundComponent: NotFound, errorComponent: Failed });
const under = () => root;

const routes = [
  createRoute({ getParentRoute: under, path: '/', component: NowPage }),
  createRoute({
    getParentRoute: under,
    path: '/stations',
    component: StationsPage,
    validateSearch: (search: Record<string, unknown>): { find?: string | undefined } => ({ find: text(search.find) }),
  }),
  createRoute({
    getParentRoute: under,
    path: '/stations/$identity',
    component: StationPage,
    validateSearch: (
      search: Record<string, unknown>,
    ): { tab?: string | undefined; at?: string | undefined; cursor?: string | undefined } => ({
      tab: text(search.tab),
      at: text(search.at),
      ...cursorOf(search),
    }),
  }),
  createRoute({
    getParentRoute: under,
    path: '/sessions',
    component: SessionsPage,
    validateSearch: (
      search: Record<string, unknown>,
    ): {
      station?: string | undefined;
      status?: SessionStatus | undefined;
      from?: string | undefined;
      to?: string | undefined;
      cursor?: string | undefined;
    } => ({
      station: text(search.station),
      status: oneOf(search.status, statuses),
      from: text(search.from),
      to: text(search.to),
      ...cursorOf(search),
    }),
  }),
  createRoute({
    getParentRoute: under,
    path: '/sessions/$id',
    component: SessionPage,
    validateSearch: (search: Record<string, unknown>): { frames?: 'yes' | undefined } => ({
      frames: oneOf(search.frames, ['yes']),
    }),
  }),
  // Its search belongs to the page.
  createRoute({ getParentRoute: under, path: '/p/$plugin/$', component: PluginPage, validateSearch: anySearch }),
  createRoute({
    getParentRoute: under,
    path: '/system',
    component: SystemPage,
    validateSearch: (search: Record<string, unknown>): { cursor?: string | undefined } => cursorOf(search),
  }),
] as const;

/** The address is the state: what is looked at can be sent to a colleague. Plain words in it, no JSON. */
export const router = createRouter({
  routeTree: root.addChildren(routes),
  basepath: '/console',
  scrollRestoration: true,
  defaultPreload: false,
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
    const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
    return query === '' ? '' : `?${query}`;
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

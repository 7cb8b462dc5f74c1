import type { Mount } from '@plugga/console';
import { I18nProvider } from '@lingui/react';
import { QueryClientProvider, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { use, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { queries } from '../api/queries.ts';
import type { PluginPage as Page } from '../api/types.ts';
import { i18n, useText } from '../language/index.ts';
import { LiveContext } from '../parts/live-light.tsx';
import { Empty, Loaded, Loading } from '../parts/notice.tsx';
import { Panel } from '../parts/panel.tsx';
import { createHost, type Ways } from './host.ts';
import { PageFailed } from './page-failed.tsx';

const none: readonly Page[] = [];

/** The pages of plugins for one slot; none as long as it is not known. */
export function usePages(slot: string): readonly Page[] {
  const { data } = useQuery(queries.pages());
  return useMemo(() => data?.items.filter((it) => it.slot === slot) ?? none, [data, slot]);
}

const mountIn = async (module: string): Promise<Mount> => {
  const { mount } = (await import(/* @vite-ignore */ module)) as { readonly mount?: unknown };
  if (typeof mount !== 'function') throw new Error(`${module} has no mount(element, host)`);
  return mount as Mount;
};

/** The place where one page of a plugin stands. Loaded when it is shown; what fails in it stays in it. */
export function PluginMount({ page, subject }: { readonly page: Page; readonly subject?: string | undefined }) {
  const frame = useRef<HTMLDivElement>(null);
  const client = useQueryClient();
  const live = use(LiveContext);
  const router = useRouter();
  const [failed, setFailed] = useState<{ readonly error: unknown }>();
  const [attempt, setAttempt] = useState(0);
  const [isThere, setThere] = useState(false);

  useEffect(() => {
    const element = frame.current;
    if (element === null || live === undefined) return undefined;
    // Of each mounting an element of its own: one that is being taken down never meets the next.
    const own = element.appendChild(document.createElement('div'));
    own.className = 'plugin-page';
    let gone = false;
    let unmount = (): void => undefined;
    const ways: Ways = {
      location: () => router.latestLocation,
      push: (href, { replace }) => (replace ? router.history.replace(href) : router.history.push(href)),
      changed: (listener) => router.subscribe('onBeforeLoad', listener),
    };
    const Frame = ({ children }: { readonly children: ReactNode }) => (
      <I18nProvider i18n={i18n}>
        <QueryClientProvider client={client}>
          <LiveContext value={live}>{children}</LiveContext>
        </QueryClientProvider>
      </I18nProvider>
    );
    setFailed(undefined);
    setThere(false);
    // A browser does not ask again for a module that it could not load.
    mountIn(attempt === 0 ? page.module : `${page.module}?again=${attempt}`)
      .then((mount) => {
        if (gone) return;
        unmount = mount(own, createHost({ page, subject, live, ways, Frame }));
        setThere(true);
      })
      .catch((error: unknown) => {
        if (!gone) setFailed({ error });
      });
    return () => {
      gone = true;
      try {
        unmount();
      } catch (error) {
        console.error(`the page of ${page.plugin} did not go`, error);
      }
      // After React has let go of it.
      queueMicrotask(() => own.remove());
    };
  }, [page, subject, client, live, router, attempt]);

  return (
    <>
      {failed === undefined ? isThere ? null : <Loading /> : null}
      {failed === undefined ? null : (
        <PageFailed plugin={page.plugin} error={failed.error} retry={() => setAttempt(attempt + 1)} />
      )}
      <div ref={frame} className="plugin-frame" hidden={failed !== undefined} />
    </>
  );
}

/** The parts that plugins have for a page of the console, each in a panel of its own. */
export function PluginParts({ slot, subject }: { readonly slot: string; readonly subject: string }) {
  const { language } = useText();
  return usePages(slot).map((page) => (
    <Panel key={`${page.plugin}.${page.path}`} title={page.title[language]}>
      <PluginMount page={page} subject={subject} />
    </Panel>
  ));
}

const route = getRouteApi('/p/$plugin/$');

/** A whole page of a plugin. What follows its name in the address is its own. */
export function PluginPage() {
  const { t } = useText();
  const { plugin, _splat = '' } = route.useParams();
  const [path = ''] = _splat.split('/');
  const pages = useQuery(queries.pages());
  return (
    <Loaded read={pages}>
      {({ items }) => {
        const page = items.find((it) => it.plugin === plugin && it.path === path && !isPart(it));
        return page === undefined ? (
          <Empty page title={t('page.unknown', { plugin })}>
            <p>{t('page.unknownText')}</p>
          </Empty>
        ) : (
          <PluginMount key={page.module} page={page} />
        );
      }}
    </Loaded>
  );
}

const isPart = ({ slot }: Page): boolean => slot === 'station' || slot === 'session';

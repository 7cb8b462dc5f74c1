import type * as contract from '@plugga/console';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLingui } from '@lingui/react';
import {
  Component,
  createContext,
  useContext,
  useEffect,
  useRef,
  useSyncExternalStore,
  type ComponentType,
  type ReactNode,
} from 'react';
import { createRoot } from 'react-dom/client';
import type { Problem } from '../api/problem.ts';
import { i18n } from '../language/index.ts';
import { PageFailed } from './page-failed.tsx';

const HostContext = createContext<contract.ConsoleHost | undefined>(undefined);

export const useHost: typeof contract.useHost = () => {
  const host = useContext(HostContext);
  if (host === undefined) throw new Error('useHost: not inside a page');
  return host;
};

/** What a page throws while it renders stays in its place. */
class Boundary extends Component<{ readonly plugin: string; readonly children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {};
  static getDerivedStateFromError = (error: unknown) => ({ error });
  override render() {
    if (!('error' in this.state)) return this.props.children;
    return <PageFailed plugin={this.props.plugin} error={this.state.error} retry={() => this.setState({})} />;
  }
  override setState(next: { error?: unknown }): void {
    // React merges; trying again must forget the error.
    if (!('error' in next)) this.state = {};
    super.setState(next);
  }
}

export const page: typeof contract.page = (View: ComponentType) => (element, host) => {
  const root = createRoot(element);
  const { Frame } = host;
  root.render(
    <HostContext value={host}>
      <Frame>
        <Boundary plugin={host.plugin}>
          <View />
        </Boundary>
      </Frame>
    </HostContext>,
  );
  // React does not unmount one root while it renders another.
  return () => queueMicrotask(() => root.unmount());
};

export const useLanguage: typeof contract.useLanguage = () => (useLingui().i18n.locale === 'sv' ? 'sv' : 'en');

export const useFormat: typeof contract.useFormat = () => {
  useLingui();
  return useHost().format;
};

export const usePlace: typeof contract.usePlace = () => {
  const host = useHost();
  return useSyncExternalStore(host.watch, host.place);
};

export const useStyle: typeof contract.useStyle = (css) => {
  const host = useHost();
  useEffect(() => host.style(css), [host, css]);
};

let catalogues = 0;
export const texts: typeof contract.texts = ({ en, sv }) => {
  catalogues += 1;
  const own = `page-${catalogues}`;
  const named = (texts: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(texts).map(([id, text]) => [`${own}.${id}`, text]));
  i18n.load({ en: named(en), sv: named(sv) });
  return () => {
    const { i18n: current } = useLingui();
    return (id, values) => current._(`${own}.${id}`, { ...values });
  };
};

interface Answered<T> {
  readonly data: T;
  readonly etag: string | undefined;
}

export const useRead: typeof contract.useRead = <T,>(
  path: string | undefined,
  { query, on = [], everyMs, keep = false, body }: NonNullable<Parameters<typeof contract.useRead>[1]> = {},
): contract.Read<T> => {
  const host = useHost();
  const client = useQueryClient();
  const read = useQuery<Answered<T>, Problem>({
    queryKey: ['plugin', host.plugin, path, query, body],
    queryFn: async ({ signal }) => {
      let etag: string | undefined;
      const data = await host.api<T>(path ?? '', {
        ...{ query, signal, answered: (headers) => (etag = headers.get('etag') ?? undefined) },
        ...(body === undefined ? {} : { method: 'POST', body, reads: true }),
      });
      return { data, etag };
    },
    enabled: path !== undefined,
    refetchInterval: everyMs ?? false,
    ...(keep ? { placeholderData: keepPreviousData as never } : {}),
  });
  const heard = on.join(' ');
  useEffect(() => {
    if (heard === '') return undefined;
    return host.live(
      heard.split(' '),
      () => void client.invalidateQueries({ queryKey: ['plugin', host.plugin, path] }),
    );
  }, [host, client, path, heard]);
  const { error, refetch } = read;
  return { data: read.data?.data, etag: read.data?.etag, error, refetch };
};

export const useAct: typeof contract.useAct = <I, T>(
  act: (host: contract.ConsoleHost, input: I) => Promise<T>,
  done?: (result: T) => void,
): contract.Act<I> => {
  const host = useHost();
  const client = useQueryClient();
  const newest = useRef({ act, done });
  newest.current = { act, done };
  const mutation = useMutation<T, Problem, I>({
    mutationFn: (input) => newest.current.act(host, input),
    onSuccess: (result) => newest.current.done?.(result),
    onSettled: () => client.invalidateQueries(),
  });
  return { run: (input) => mutation.mutate(input), busy: mutation.isPending, error: mutation.error };
};

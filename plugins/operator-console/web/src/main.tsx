import './style/tokens.css';
import './style/base.css';
import './style/shell.css';
import './style/parts.css';
import './style/table.css';
import { I18nProvider } from '@lingui/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useEffect, useState, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { currentKey, onKey } from './api/key.ts';
import { Problem } from './api/problem.ts';
import { i18n } from './language/index.ts';
import { createLive } from './live/live.ts';
import { SignIn } from './pages/sign-in.tsx';
import { LiveContext } from './parts/live-light.tsx';
import { applyTheme } from './parts/theme.tsx';
import { router } from './router.tsx';

applyTheme();

const retries = 2;
const newClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // What the platform refuses it refuses again.
        retry: (count, error) =>
          count < retries && !(error instanceof Problem && error.status >= 400 && error.status < 500),
      },
    },
  });

/** All that belongs to one key: with another key nothing of it is seen. */
function SignedIn() {
  const [{ client, live }] = useState(() => {
    const made = newClient();
    return { client: made, live: createLive(made) };
  });
  useEffect(() => {
    live.start();
    return live.stop;
  }, [live]);
  return (
    <QueryClientProvider client={client}>
      <LiveContext value={live}>
        <RouterProvider router={router} />
      </LiveContext>
    </QueryClientProvider>
  );
}

function Console() {
  const key = useSyncExternalStore(onKey, currentKey);
  return <I18nProvider i18n={i18n}>{key === undefined ? <SignIn /> : <SignedIn key={key} />}</I18nProvider>;
}

const root = document.getElementById('root');
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <Console />
    </StrictMode>,
  );

import { Link, Outlet } from '@tanstack/react-router';
import { useId } from 'react';
import { signOut } from '../api/key.ts';
import { zoneName } from '../format/times.ts';
import { speak, useText } from '../language/index.ts';
import { KeysDialog } from './keys.tsx';
import { LiveBanner, LiveLight } from './live-light.tsx';
import { ThemeChoice } from './theme.tsx';

const places = [
  ['/', 'nav.now', 'M3 12h4l3-8 4 16 3-8h4'],
  ['/stations', 'nav.stations', 'M6 21V5a2 2 0 0 1 2-2h6a2 2 0 0 1 2 2v16M4 21h14M9 8h4M16 10l3 2v5a1.5 1.5 0 0 1-3 0'],
  ['/sessions', 'nav.sessions', 'M13 3 5 14h6l-1 7 8-11h-6z'],
  ['/bills', 'nav.bills', 'M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6'],
  ['/system', 'nav.system', 'M4 7h10M18 7h2M4 17h2M10 17h10M14 4v6M6 14v6'],
] as const;

/** What stands around every page: the rail (a bar at the bottom of a phone), the live light, the settings. */
export function Shell({ tenant }: { readonly tenant: string | undefined }) {
  const { t, language } = useText();
  const languageId = useId();
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t('app.skip')}
      </a>
      <header className="top">
        <Link to="/" className="brand">
          <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
            <rect width="32" height="32" rx="8" fill="var(--brand)" />
            <path d="M18.5 4.5 8 18h6.2l-1.2 9.5L24 14h-6.6z" fill="var(--on-brand)" />
          </svg>
          <span>{t('app.name')}</span>
          {tenant === undefined ? null : <span className="tenant">{tenant}</span>}
        </Link>
        <LiveLight />
      </header>
      <nav className="rail" aria-label={t('app.nav')}>
        {places.map(([to, text, path]) => (
          <Link key={to} to={to} activeOptions={{ exact: to === '/', includeSearch: false }} className="rail-link">
            <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" className="rail-icon">
              <path d={path} />
            </svg>
            <span>{t(text)}</span>
          </Link>
        ))}
      </nav>
      <main id="content" className="content" tabIndex={-1}>
        <LiveBanner />
        <Outlet />
      </main>
      <footer className="foot">
        <span>{t('app.zone', { zone: zoneName(new Date(), { language }) })}</span>
        <span className="foot-choices">
          <label htmlFor={languageId}>{t('language.label')}</label>
          <select
            id={languageId}
            value={language}
            onChange={({ target }) => speak(target.value === 'sv' ? 'sv' : 'en')}
          >
            <option value="en">English</option>
            <option value="sv">Svenska</option>
          </select>
          <ThemeChoice />
          <KeysDialog />
          <a href="/docs">{t('nav.docs')}</a>
          <button type="button" className="button quiet" onClick={() => signOut('asked')}>
            {t('signIn.out')}
          </button>
        </span>
      </footer>
    </div>
  );
}

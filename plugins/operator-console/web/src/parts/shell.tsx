import { Link, Outlet } from '@tanstack/react-router';
import { useId } from 'react';
import { signOut } from '../api/key.ts';
import { zoneName } from '../format/times.ts';
import { speak, useText } from '../language/index.ts';
import { KeysDialog } from './keys.tsx';
import { LiveBanner, LiveLight } from './live-light.tsx';
import { Rail } from './rail.tsx';
import { ThemeChoice } from './theme.tsx';

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
      <Rail />
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

import { useId, useState, type FormEvent } from 'react';
import { api } from '../api/http.ts';
import { signIn, wasRefused } from '../api/key.ts';
import { Problem } from '../api/problem.ts';
import { speak, useText, type TextId } from '../language/index.ts';

export function SignIn() {
  const { t, language } = useText();
  const id = useId();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<TextId | undefined>(wasRefused() ? 'signIn.expired' : undefined);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const key = String(new FormData(event.currentTarget).get('key') ?? '').trim();
    setBusy(true);
    setError(undefined);
    try {
      await api('/me', { key });
      signIn(key);
    } catch (problem) {
      setError(problem instanceof Problem && problem.status === 401 ? 'signIn.refused' : 'signIn.unreachable');
      setBusy(false);
    }
  }

  return (
    <main className="sign-in">
      <form className="panel sign-in-form" onSubmit={(event) => void submit(event)}>
        <svg viewBox="0 0 32 32" width="44" height="44" aria-hidden="true">
          <rect width="32" height="32" rx="8" fill="var(--brand)" />
          <path d="M18.5 4.5 8 18h6.2l-1.2 9.5L24 14h-6.6z" fill="var(--on-brand)" />
        </svg>
        <h1>
          {t('app.name')} <span className="faint">{t('signIn.title')}</span>
        </h1>
        <p>{t('signIn.text')}</p>
        <label htmlFor={id}>{t('signIn.key')}</label>
        <input
          id={id}
          name="key"
          type="password"
          autoComplete="current-password"
          spellCheck={false}
          required
          aria-invalid={error !== undefined}
          aria-describedby={`${id}-error`}
        />
        <p id={`${id}-error`} className="field-error" role="alert">
          {error === undefined ? '' : t(error)}
        </p>
        <button type="submit" className="button primary" disabled={busy}>
          {t(busy ? 'signIn.busy' : 'signIn.submit')}
        </button>
        <p className="faint">{t('signIn.where')}</p>
        <button
          type="button"
          className="button quiet"
          lang={language === 'sv' ? 'en' : 'sv'}
          onClick={() => speak(language === 'sv' ? 'en' : 'sv')}
        >
          {language === 'sv' ? 'English' : 'Svenska'}
        </button>
      </form>
    </main>
  );
}

import { useId, useState } from 'react';
import { useText } from '../language/index.ts';

const kept = 'plugga.theme';
const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

const chosen = (): Theme => themes.find((it) => it === localStorage.getItem(kept)) ?? 'auto';

/** Before the first rendering, so that nothing flashes. */
export function applyTheme(theme: Theme = chosen()): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function ThemeChoice() {
  const { t } = useText();
  const id = useId();
  const [theme, setTheme] = useState(chosen);
  return (
    <>
      <label htmlFor={id}>{t('theme.label')}</label>
      <select
        id={id}
        value={theme}
        onChange={({ target }) => {
          const next = themes.find((it) => it === target.value) ?? 'auto';
          localStorage.setItem(kept, next);
          applyTheme(next);
          setTheme(next);
        }}
      >
        {themes.map((it) => (
          <option key={it} value={it}>
            {t(`theme.${it}`)}
          </option>
        ))}
      </select>
    </>
  );
}

import { Link } from '@tanstack/react-router';
import { useText } from '../language/index.ts';

/** Lists go by cursor: on to what is older, or back to the newest. The browser's own back goes one page back. */
export function Pager({ cursor, next }: { readonly cursor: string | undefined; readonly next: string | null }) {
  const { t } = useText();
  if (cursor === undefined && next === null) return null;
  return (
    <nav className="pager" aria-label={t('table.next')}>
      {cursor === undefined ? null : (
        <Link className="button" to="." search={(before) => ({ ...before, cursor: undefined })}>
          {t('table.first')}
        </Link>
      )}
      {next === null ? null : (
        <Link className="button" to="." search={(before) => ({ ...before, cursor: next })}>
          {t('table.next')}
        </Link>
      )}
    </nav>
  );
}

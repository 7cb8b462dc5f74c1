import { useText } from '../language/index.ts';

/** What stands in the place of a page that failed: whose it is, what it said, and that the rest works. */
export function PageFailed({
  plugin,
  error,
  retry,
}: {
  readonly plugin: string;
  readonly error: unknown;
  readonly retry: () => void;
}) {
  const { t } = useText();
  return (
    <div className="problem" role="alert">
      <p className="empty-title">{t('page.failed', { plugin })}</p>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      <p className="faint">{t('page.failedText')}</p>
      <button type="button" className="button" onClick={retry}>
        {t('app.reload')}
      </button>
    </div>
  );
}

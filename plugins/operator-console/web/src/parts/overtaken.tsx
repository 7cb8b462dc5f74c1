import { useText } from '../language/index.ts';

/** Somebody else has saved since the form began: neither is lost, and the reader says whose holds. */
export function Overtaken({
  busy,
  again,
  force,
}: {
  readonly busy: boolean;
  readonly again: () => void;
  readonly force: () => void;
}) {
  const { t } = useText();
  return (
    <div className="banner warning" role="alert">
      <p>{t('overtaken.text')}</p>
      <div className="actions">
        <button type="button" className="button" onClick={again}>
          {t('overtaken.theirs')}
        </button>
        <button type="button" className="button" disabled={busy} onClick={force}>
          {t('overtaken.mine')}
        </button>
      </div>
    </div>
  );
}

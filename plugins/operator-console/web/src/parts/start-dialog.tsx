import { Dialog } from '@base-ui/react/dialog';
import { useQuery } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';
import { queries } from '../api/queries.ts';
import { useText } from '../language/index.ts';

/** Asks for the token that a remote start is made with: chosen, or its whole value. */
export function StartDialog({
  place,
  disabled,
  onStart,
}: {
  readonly place: string;
  readonly disabled: boolean;
  readonly onStart: (token: string) => void;
}) {
  const { t } = useText();
  const id = useId();
  const [open, setOpen] = useState(false);
  const tokens = useQuery({ ...queries.tokens(), enabled: open });
  const items = tokens.data?.items ?? [];

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const token = String(given.get('value') ?? '').trim() || String(given.get('chosen') ?? '');
    if (token === '') return;
    setOpen(false);
    onStart(token);
  }

  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className="button primary" disabled={disabled}>
        {t('station.start')}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="dialog-title">{t('start.title', { place })}</Dialog.Title>
          <Dialog.Description className="dialog-text">{t('start.text')}</Dialog.Description>
          <form onSubmit={submit} className="dialog-form">
            <label htmlFor={id}>{t('start.token')}</label>
            <span className="faint" id={`${id}-hint`}>
              {t('start.tokenHint')}
            </span>
            <input id={id} name="value" autoComplete="off" spellCheck={false} aria-describedby={`${id}-hint`} />
            {tokens.isSuccess && items.length === 0 ? (
              <p className="faint">{t('start.noTokens')}</p>
            ) : (
              <fieldset className="choices">
                <legend className="unseen">{t('start.token')}</legend>
                {items.map((token) => (
                  <label key={token.id} className="choice">
                    <input type="radio" name="chosen" value={token.id} />
                    <span className="token">••{token.last4}</span> <span className="faint">{token.type}</span>
                  </label>
                ))}
              </fieldset>
            )}
            <div className="dialog-actions">
              <Dialog.Close className="button">{t('app.cancel')}</Dialog.Close>
              <button type="submit" className="button primary">
                {t('station.start')}
              </button>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

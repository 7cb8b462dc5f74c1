import { Dialog } from '@base-ui/react/dialog';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useText } from '../language/index.ts';
import { useMenu } from './places.ts';

const SECOND_KEY_MS = 1500;

/** Keys are for those who do not write at that moment. */
const writing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** g and a letter goes to a page, ? tells the keys. */
export function KeysDialog() {
  const { t } = useText();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const wentAt = useRef(0);
  const places = useMenu().flatMap((it) => it.places);
  const targets = useRef(places);
  targets.current = places;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
      const second = event.timeStamp - wentAt.current < SECOND_KEY_MS;
      wentAt.current = 0;
      const target = targets.current.find(({ letter }) => letter === event.key);
      if (second && target !== undefined) {
        void navigate({ to: target.to });
        event.preventDefault();
      } else if (event.key === 'g') wentAt.current = event.timeStamp;
      else if (event.key === '?') setOpen(true);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [navigate]);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className="button quiet">{t('keys.title')}</Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="dialog-title">{t('keys.title')}</Dialog.Title>
          <dl className="facts">
            {places
              .filter(({ letter }) => letter !== undefined)
              .map(({ key, letter, text }) => (
                <div key={key}>
                  <dt>
                    <kbd>g</kbd> <kbd>{letter}</kbd>
                  </dt>
                  <dd>{t('keys.goTo', { page: text })}</dd>
                </div>
              ))}
            <div>
              <dt>
                <kbd>?</kbd>
              </dt>
              <dd>{t('keys.help')}</dd>
            </div>
          </dl>
          <div className="dialog-actions">
            <Dialog.Close className="button">{t('app.close')}</Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

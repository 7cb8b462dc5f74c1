import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useState, type ReactElement, type ReactNode } from 'react';
import { useText } from '../language/index.ts';

interface Question {
  readonly title: string;
  /** What happens then. */
  readonly text: ReactNode;
  readonly action: string;
  readonly danger?: boolean;
  readonly onConfirm: () => void;
}

/** Asks before something that cannot be taken back. */
export function Confirm({
  open,
  onOpenChange,
  trigger,
  title,
  text,
  action,
  danger = true,
  onConfirm,
}: Question & {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly trigger?: ReactElement<Record<string, unknown>>;
}) {
  const { t } = useText();
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      {trigger === undefined ? null : <AlertDialog.Trigger render={trigger} />}
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title className="dialog-title">{title}</AlertDialog.Title>
          <AlertDialog.Description className="dialog-text">{text}</AlertDialog.Description>
          <div className="dialog-actions">
            <AlertDialog.Close className="button">{t('app.cancel')}</AlertDialog.Close>
            <AlertDialog.Close className={danger ? 'button danger' : 'button primary'} onClick={onConfirm}>
              {action}
            </AlertDialog.Close>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

/** A button that asks first. */
export function Confirmed(o: Question & { readonly trigger: ReactElement<Record<string, unknown>> }) {
  const [open, setOpen] = useState(false);
  return <Confirm {...o} open={open} onOpenChange={setOpen} />;
}

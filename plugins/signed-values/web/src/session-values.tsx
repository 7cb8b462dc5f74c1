import { Empty, page, useHost } from '@plugga/console';
import { SignedSession } from './signed-session.tsx';
import { useText } from './use-text.ts';

/** On the page of a session: what its meter signed. */
function SessionValues() {
  const t = useText();
  const session = useHost().subject ?? '';
  return <SignedSession session={session} absent={<Empty title={t('notClosed')} />} />;
}

export const mount = page(SessionValues);

import { Empty, Loaded, page, useHost, useRead } from '@plugga/console';
import { SignedSession } from './signed-session.tsx';
import { useText } from './use-text.ts';

/** On the page of a session: what its meter signed. Nobody has looked at that before the session is closed. */
function SessionValues() {
  const t = useText();
  const session = useHost().subject ?? '';
  const read = useRead<{ readonly signedValues: string | null }>(`/sessions/${encodeURIComponent(session)}`, {
    on: ['session.verified'],
  });
  const absent = <Empty title={t('notClosed')} />;
  return (
    <Loaded read={read} absent={absent}>
      {({ signedValues }) => (signedValues === null ? absent : <SignedSession session={session} absent={absent} />)}
    </Loaded>
  );
}

export const mount = page(SessionValues);

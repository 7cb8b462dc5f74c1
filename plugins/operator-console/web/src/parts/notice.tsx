import type { ReactNode } from 'react';
import type { Problem } from '../api/problem.ts';
import { useText } from '../language/index.ts';

/** What stands where nothing is: what it means, and what to do. */
export function Empty({
  title,
  page = false,
  children,
}: {
  readonly title: string;
  /** It stands for the whole page, so it is its heading. */
  readonly page?: boolean;
  readonly children?: ReactNode;
}) {
  const Title = page ? 'h1' : 'p';
  return (
    <div className="empty">
      <Title className="empty-title">{title}</Title>
      {children === undefined ? null : <div className="empty-text">{children}</div>}
    </div>
  );
}

export function ProblemNotice({ problem, retry }: { readonly problem: Problem; readonly retry?: () => void }) {
  const { t } = useText();
  const title =
    problem.status === 0
      ? t('signIn.unreachable')
      : problem.status === 403
        ? t('problem.forbidden')
        : t('problem.title');
  return (
    <div className="problem" role="alert">
      <p className="empty-title">{title}</p>
      <p>
        {problem.message}
        {problem.hint === undefined ? null : ` ${problem.hint}`}
      </p>
      {problem.requestId === undefined ? null : (
        <p className="faint">{t('problem.request', { id: problem.requestId })}</p>
      )}
      {retry === undefined ? null : (
        <button type="button" className="button" onClick={retry}>
          {t('app.reload')}
        </button>
      )}
    </div>
  );
}

/** Seen only when reading takes longer than a moment. */
export function Loading() {
  const { t } = useText();
  return (
    <p className="loading" role="status">
      {t('app.loading')}
    </p>
  );
}

interface Read<T> {
  readonly data: T | undefined;
  readonly error: Problem | null;
  refetch(): unknown;
}

/** Data when there is some, however old: a failed reading afterwards is told by the live light, not by an empty page. */
export function Loaded<T>({
  read,
  absent,
  children,
}: {
  readonly read: Read<T>;
  /** What stands for 404. */
  readonly absent?: ReactNode;
  readonly children: (data: T) => ReactNode;
}) {
  if (read.data !== undefined) return children(read.data);
  if (read.error === null) return <Loading />;
  if (read.error.status === 404 && absent !== undefined) return absent;
  return <ProblemNotice problem={read.error} retry={() => void read.refetch()} />;
}

import { standingOf, type Standing } from '../state/connectors.ts';
import { useText, type TextId } from '../language/index.ts';
import { en } from '../language/en.ts';

/** One outline for each standing, so that none is known by its colour alone. */
const shapes: Readonly<Record<Standing, React.ReactNode>> = {
  free: <circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" strokeWidth="2.5" />,
  charging: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="M9 2.8 4.8 9h2.7l-.7 4.4L11.2 7H8.4z" fill="var(--surface)" />
    </>
  ),
  waiting: (
    <>
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="2" />
      <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
    </>
  ),
  out: (
    <>
      <rect x="2.5" y="2.5" width="11" height="11" rx="2" fill="none" stroke="currentColor" strokeWidth="2" />
      <path d="M5 8h6" stroke="currentColor" strokeWidth="2" />
    </>
  ),
  faulted: (
    <>
      <path d="M8 .8 15.6 14.6H.4z" fill="currentColor" />
      <path d="M8 5.5v4.2M8 11.4v1.6" stroke="var(--surface)" strokeWidth="1.8" />
    </>
  ),
  offline: <path d="m3 3 10 10M13 3 3 13" stroke="currentColor" strokeWidth="2.6" strokeLinecap="round" />,
  unknown: <circle cx="8" cy="8" r="5.8" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="2.4 2.4" />,
};

export function StandingIcon({ standing }: { readonly standing: Standing }) {
  return (
    <svg className={`mark mark-${standing}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      {shapes[standing]}
    </svg>
  );
}

export const statusText = (status: string): TextId => {
  const id = `connector.${status}`;
  return id in en ? (id as TextId) : 'connector.unknown';
};

/** A connector's state as shape, colour and word. */
export function ConnectorState({ status, label }: { readonly status: string; readonly label?: string }) {
  const { t } = useText();
  return (
    <span className="state">
      <StandingIcon standing={standingOf(status)} />
      {label === undefined ? null : <b>{label}</b>}
      <span>{t(statusText(status))}</span>
    </span>
  );
}

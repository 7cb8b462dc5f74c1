import { Link } from '@tanstack/react-router';
import type { Session, SessionStatus } from '../api/types.ts';
import { energy, money, power } from '../format/numbers.ts';
import { duration } from '../format/times.ts';
import { useText } from '../language/index.ts';
import { placeName } from '../state/connectors.ts';
import type { Standing } from '../state/connectors.ts';
import { Moment, useNow } from './clock.tsx';
import { Flags } from './panel.tsx';
import { StandingIcon } from './state-mark.tsx';
import type { Column } from './table.tsx';

export const sessionPlace = ({ station, evse, connector }: Pick<Session, 'station' | 'evse' | 'connector'>): string =>
  placeName(station, evse, connector, connector !== null && connector > 1);

const standings: Readonly<Record<SessionStatus, Standing>> = {
  pending: 'waiting',
  active: 'charging',
  ended: 'free',
  closed: 'free',
  void: 'out',
};

export function SessionStatusMark({ status }: { readonly status: SessionStatus }) {
  const { t } = useText();
  return (
    <span className="state">
      <StandingIcon standing={standings[status]} />
      <span>{t(`session.status.${status}`)}</span>
    </span>
  );
}

function Running({ from }: { readonly from: string }) {
  return <>{duration(useNow() - Date.parse(from))}</>;
}

/** Runs along while the session does. */
export function Duration({ session }: { readonly session: Session }) {
  const { startedAt, endedAt } = session;
  if (startedAt === null) return <>–</>;
  if (endedAt === null) return <Running from={startedAt} />;
  return <>{duration(Date.parse(endedAt) - Date.parse(startedAt))}</>;
}

export function TokenMask({ token }: Pick<Session, 'token'>) {
  const { t } = useText();
  if (token === null) return <span className="faint">{t('sessions.noToken')}</span>;
  return <span className="token">{token.last4 === null ? '••••' : `••${token.last4}`}</span>;
}

export function CostNow({ session }: { readonly session: Session }) {
  const { t, language } = useText();
  const { cost } = session;
  if (cost === null) return <span className="faint">{t('sessions.noCost')}</span>;
  return (
    <>
      {money(language, cost.inclVat, cost.currency)}
      {cost.final ? null : <span className="faint"> {t('sessions.soFar')}</span>}
    </>
  );
}

export function Energy({ wh }: { readonly wh: number | null }) {
  const { language } = useText();
  return <>{wh === null ? '–' : energy(language, wh)}</>;
}

export function Power({ watts }: { readonly watts: number | null }) {
  const { language } = useText();
  return <>{watts === null ? '–' : power(language, watts)}</>;
}

function Started({ session }: { readonly session: Session }) {
  const { t } = useText();
  if (session.startedAt === null) return <span className="faint">{t('sessions.notStarted')}</span>;
  return <Moment at={session.startedAt} />;
}

export const sessionColumns = {
  place: {
    id: 'place',
    header: 'sessions.station',
    name: true,
    cell: (session) => (
      <Link to="/sessions/$id" params={{ id: session.id }}>
        {sessionPlace(session)}
      </Link>
    ),
  },
  status: { id: 'status', header: 'sessions.status', cell: ({ status }) => <SessionStatusMark status={status} /> },
  token: { id: 'token', header: 'sessions.token', cell: ({ token }) => <TokenMask token={token} /> },
  started: { id: 'started', header: 'sessions.started', cell: (session) => <Started session={session} /> },
  duration: {
    id: 'duration',
    header: 'sessions.duration',
    numeric: true,
    cell: (session) => <Duration session={session} />,
  },
  energy: { id: 'energy', header: 'sessions.energy', numeric: true, cell: ({ energyWh }) => <Energy wh={energyWh} /> },
  power: {
    id: 'power',
    header: 'sessions.power',
    numeric: true,
    cell: ({ powerW, status }) => <Power watts={status === 'active' ? powerW : null} />,
  },
  cost: { id: 'cost', header: 'sessions.cost', numeric: true, cell: (session) => <CostNow session={session} /> },
  flags: { id: 'flags', header: 'sessions.flags', cell: ({ flags }) => <Flags flags={flags} /> },
} as const satisfies Readonly<Record<string, Column<Session>>>;

import { Link } from '@tanstack/react-router';
import type { Session } from '../api/types.ts';
import { energy, power } from '../format/numbers.ts';
import { exactMoment } from '../format/times.ts';
import { useText } from '../language/index.ts';
import { nameOf, type Place } from '../state/connectors.ts';
import { Moment } from './clock.tsx';
import type { GiveCommand } from './command.ts';
import { Confirmed } from './confirm.tsx';
import { CostNow, Duration, Energy, Power, TokenMask } from './session-cells.tsx';
import { StartDialog } from './start-dialog.tsx';
import { ConnectorState } from './state-mark.tsx';

function SessionHere({ session }: { readonly session: Session }) {
  const { t } = useText();
  return (
    <p className="connector-session">
      <Link to="/sessions/$id" params={{ id: session.id }}>
        {t('station.sessionHere')}
      </Link>{' '}
      <TokenMask token={session.token} /> · <Duration session={session} /> · <Energy wh={session.energyWh} /> ·{' '}
      <Power watts={session.powerW} /> · <CostNow session={session} />
    </p>
  );
}

/** One outlet: its state, who charges there, and what can be done. */
export function ConnectorCard({
  place,
  session,
  give,
}: {
  readonly place: Place;
  readonly session: Session | undefined;
  readonly give: GiveCommand;
}) {
  const { t, language } = useText();
  const { station, evse, connector, status } = place;
  const name = nameOf(place);
  const at = { evse: evse.evse, connector: connector.connector };
  const disabled = !station.online || give.isPending;
  const why = [connector.error?.code, connector.error?.vendorCode, connector.error?.info]
    .filter((it) => it !== undefined && it !== '' && it !== 'NoError')
    .join(' · ');
  return (
    <section className="connector" aria-label={name}>
      <header>
        <h3>
          {name}{' '}
          <span className="faint">
            {evse.publicId}
            {connector.type === null ? '' : ` · ${connector.type}`}
            {connector.maxPowerW === null ? '' : ` · ${power(language, connector.maxPowerW)}`}
          </span>
        </h3>
        <p className="connector-state">
          <ConnectorState status={status} />
          {connector.statusAt === null ? null : (
            <span className="faint">
              {t('station.since', { time: '' }).trim()} <Moment at={connector.statusAt} />
            </span>
          )}
        </p>
        {why === '' ? null : <p className="field-error">{why}</p>}
      </header>
      {session === undefined ? null : <SessionHere session={session} />}
      <div className="actions">
        <StartDialog
          place={name}
          disabled={disabled || session?.status === 'active'}
          onStart={(token) => give.mutate({ type: 'start', ...at, token })}
        />
        <Confirmed
          trigger={
            <button type="button" className="button" disabled={disabled || session?.status !== 'active'}>
              {t('station.stop')}
            </button>
          }
          title={t('confirm.stop', { place: name })}
          text={t('confirm.stopText', {
            energy: energy(language, session?.energyWh ?? 0),
            time: session?.startedAt == null ? '–' : exactMoment(new Date(session.startedAt), { language }),
          })}
          action={t('station.stop')}
          onConfirm={() => session !== undefined && give.mutate({ type: 'stop', session: session.id })}
        />
        <Confirmed
          trigger={
            <button type="button" className="button" disabled={disabled}>
              {t('station.unlock')}
            </button>
          }
          title={t('confirm.unlock', { place: name })}
          text={t('confirm.unlockText')}
          action={t('station.unlock')}
          onConfirm={() => give.mutate({ type: 'unlock', ...at })}
        />
        {status === 'unavailable' ? (
          <button
            type="button"
            className="button"
            disabled={disabled}
            onClick={() => give.mutate({ type: 'availability', ...at, operative: true })}
          >
            {t('station.operative')}
          </button>
        ) : (
          <Confirmed
            trigger={
              <button type="button" className="button" disabled={disabled}>
                {t('station.inoperative')}
              </button>
            }
            title={t('confirm.inoperative', { place: name })}
            text={t('confirm.inoperativeText')}
            action={t('station.inoperative')}
            onConfirm={() => give.mutate({ type: 'availability', ...at, operative: false })}
          />
        )}
      </div>
    </section>
  );
}

import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Alert } from '../api/types.ts';
import { duration } from '../format/times.ts';
import { useText, type Text } from '../language/index.ts';
import type { Attention } from '../state/attention.ts';
import { nameOf, type Standing } from '../state/connectors.ts';
import { pluginStateText } from './plugin-state.ts';
import { Moment } from './clock.tsx';
import { Empty } from './notice.tsx';
import { StandingIcon, statusText } from './state-mark.tsx';

interface Shown {
  readonly key: string;
  readonly standing: Standing;
  readonly text: ReactNode;
  readonly why?: ReactNode;
}

/** An alert is of severity 0 to 3; one whose severity nobody knows is taken as the gravest. */
const gradeOf = ({ severity }: Alert): 0 | 1 | 2 | 3 => ([0, 1, 2, 3] as const).find((it) => it === severity) ?? 0;

function shown(item: Attention, t: Text): Shown {
  switch (item.kind) {
    case 'alert': {
      const { station, alert } = item;
      const grade = gradeOf(alert);
      const said = [alert.value, alert.code, alert.info].filter((it) => it !== null && it !== '').join(' · ');
      return {
        key: `alert ${station} ${alert.variable} ${alert.monitor} ${alert.since}`,
        standing: 'faulted',
        text: (
          <Link to="/stations/$identity" params={{ identity: station }} search={{ tab: 'events' }}>
            {t('attention.alert', { severity: t(`events.severity.${grade}`), station, variable: alert.variable })}
          </Link>
        ),
        why: (
          <>
            <div>
              {said} <Moment at={alert.since} />
            </div>
            <div>{t(`attention.alert.means.${grade}`)}</div>
            <div>
              <b>{t('attention.alert.do')}</b> {t(`attention.alert.do.${grade}`)}
            </div>
          </>
        ),
      };
    }
    case 'faulted': {
      const { place } = item;
      const { error, statusAt } = place.connector;
      const why = [error?.code, error?.vendorCode, error?.info]
        .filter((it) => it !== undefined && it !== '')
        .join(' · ');
      return {
        key: `faulted ${place.connector.connectorId}`,
        standing: 'faulted',
        text: (
          <Link to="/stations/$identity" params={{ identity: place.station.identity }}>
            {t('attention.faulted', { place: nameOf(place) })}
          </Link>
        ),
        why: (
          <>
            {why} {statusAt === null ? null : <Moment at={statusAt} />}
          </>
        ),
      };
    }
    case 'offline': {
      const { identity, lastSeenAt } = item.station;
      return {
        key: `offline ${identity}`,
        standing: 'offline',
        text: (
          <Link to="/stations/$identity" params={{ identity }}>
            {t('attention.offline', { station: identity })}
          </Link>
        ),
        why:
          lastSeenAt === null ? (
            t('attention.never')
          ) : (
            <>
              {t('attention.offlineSince', { time: '' }).trim()} <Moment at={lastSeenAt} />
            </>
          ),
      };
    }
    case 'stuck': {
      const { place, ms } = item;
      return {
        key: `stuck ${place.connector.connectorId}`,
        standing: 'waiting',
        text: (
          <Link to="/stations/$identity" params={{ identity: place.station.identity }}>
            {t('attention.stuck', {
              place: nameOf(place),
              state: t(statusText(place.status)).toLowerCase(),
              duration: duration(ms),
            })}
          </Link>
        ),
      };
    }
    case 'held':
      return {
        key: `held ${item.cdr.id}`,
        standing: 'out',
        text: (
          <Link to="/sessions/$id" params={{ id: item.cdr.session }}>
            {t('attention.held')}
          </Link>
        ),
        why: item.cdr.heldReasons.join(', '),
      };
    case 'plugin':
      return {
        key: `plugin ${item.plugin.name}`,
        standing: 'faulted',
        text: (
          <Link to="/system">
            {t('attention.plugin', { plugin: item.plugin.name, state: pluginStateText(item.plugin.state, t) })}
          </Link>
        ),
        why: item.plugin.reason,
      };
    case 'parked':
      return {
        key: `parked ${item.plugin.name}`,
        standing: 'waiting',
        text: (
          <Link to="/system">{t('attention.parked', { count: item.plugin.parked, plugin: item.plugin.name })}</Link>
        ),
        why: item.plugin.lastError?.message,
      };
    case 'pausedQuestions':
      return {
        key: `paused ${item.plugin.name}`,
        standing: 'waiting',
        text: <Link to="/system">{t('attention.paused', { plugin: item.plugin.name })}</Link>,
        why: item.plugin.pausedQuestions.join(', '),
      };
    default:
      return item satisfies never;
  }
}

export function AttentionList({ items }: { readonly items: readonly Attention[] }) {
  const { t } = useText();
  if (items.length === 0)
    return (
      <Empty title={t('now.allClear')}>
        <p>{t('now.allClearText')}</p>
      </Empty>
    );
  return (
    <ul className="attention">
      {items.map((item) => {
        const { key, standing, text, why } = shown(item, t);
        return (
          <li key={key}>
            <StandingIcon standing={standing} />
            <div>
              {text}
              {why === undefined || why === null || why === '' ? null : <div className="faint">{why}</div>}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

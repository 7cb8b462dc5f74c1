import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { queries } from '../api/queries.ts';
import type { Session } from '../api/types.ts';
import { energy, money } from '../format/numbers.ts';
import { useText } from '../language/index.ts';
import { Moment } from '../parts/clock.tsx';
import { Empty, Loaded } from '../parts/notice.tsx';
import { Facts, Flags, Panel } from '../parts/panel.tsx';
import { PowerChart } from '../parts/power-chart.tsx';
import {
  CostNow,
  Duration,
  Energy,
  Power,
  sessionPlace,
  SessionStatusMark,
  TokenMask,
} from '../parts/session-cells.tsx';
import { Timeline } from '../parts/timeline.tsx';
import { PluginParts } from '../shared/plugin-page.tsx';
import { powerCurve } from '../state/power-curve.ts';

const route = getRouteApi('/sessions/$id');

function Numbers({ session }: { readonly session: Session }) {
  const { t, language } = useText();
  const { meterStartWh, meterStopWh, cost } = session;
  const meter = (wh: number | null): string => (wh === null ? '–' : energy(language, wh));
  return (
    <Facts
      items={[
        [t('sessions.status'), <SessionStatusMark key="status" status={session.status} />],
        [t('sessions.energy'), <Energy key="energy" wh={session.energyWh} />],
        [t('sessions.duration'), <Duration key="duration" session={session} />],
        [t('sessions.cost'), <CostNow key="cost" session={session} />],
        ...(cost === null ? [] : [[t('session.vat'), money(language, cost.vat, cost.currency)] as const]),
        ...(session.status === 'active'
          ? [[t('sessions.power'), <Power key="power" watts={session.powerW} />] as const]
          : []),
        [t('sessions.token'), <TokenMask key="token" token={session.token} />],
        [
          t('sessions.started'),
          session.startedAt === null ? t('sessions.notStarted') : <Moment key="start" at={session.startedAt} />,
        ],
        [t('sessions.ended'), session.endedAt === null ? '–' : <Moment key="end" at={session.endedAt} />],
        [t('session.meter'), `${meter(meterStartWh)} → ${meter(meterStopWh)}`],
        [t('session.stopReason'), session.stopReason ?? '–'],
        [t('session.transaction'), session.transactionId ?? '–'],
        [
          t('sessions.station'),
          <Link key="station" to="/stations/$identity" params={{ identity: session.station }}>
            {session.station}
          </Link>,
        ],
        ...(session.flags.length === 0
          ? []
          : [[t('sessions.flags'), <Flags key="flags" flags={session.flags} />] as const]),
      ]}
    />
  );
}

function PowerPanel({ session }: { readonly session: Session }) {
  const { t } = useText();
  const readings = useQuery(queries.readings(session.id));
  return (
    <Panel title={t('session.curve')}>
      <Loaded read={readings}>
        {({ items }) => {
          const curve = powerCurve(items);
          if (curve.at.length < 2) return <Empty title={t('session.noCurve')} />;
          return <PowerChart curve={curve} />;
        }}
      </Loaded>
    </Panel>
  );
}

/** What one session was: its numbers, its power, its price, and everything that was said of it in order. */
export function SessionPage() {
  const { t } = useText();
  const { id } = route.useParams();
  const { frames } = route.useSearch();
  const session = useQuery(queries.session(id));
  return (
    <Loaded read={session} absent={<Empty page title={t('session.unknown', { id })} />}>
      {(it) => (
        <>
          <div className="page-head">
            <h1>{t('session.title', { place: sessionPlace(it) })}</h1>
          </div>
          <div className="session">
            <Panel title={t('session.numbers')}>
              <Numbers session={it} />
            </Panel>
            <PowerPanel session={it} />
          </div>
          <PluginParts slot="session" subject={id} />
          <Timeline session={id} frames={frames === 'yes'} />
        </>
      )}
    </Loaded>
  );
}

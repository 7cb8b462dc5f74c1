import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { queries } from '../api/queries.ts';
import type { Station } from '../api/types.ts';
import { useText } from '../language/index.ts';
import { Moment } from '../parts/clock.tsx';
import { KnockingPanel } from '../parts/knocking.tsx';
import { Empty, Loaded } from '../parts/notice.tsx';
import { ConnectorState, StandingIcon } from '../parts/state-mark.tsx';
import { DataTable, type Column } from '../parts/table.tsx';
import { placesOf } from '../state/connectors.ts';

const route = getRouteApi('/stations');

export function Connection({ station }: { readonly station: Station }) {
  const { t } = useText();
  const [standing, text] = station.disabled
    ? (['out', 'stations.disabled'] as const)
    : station.online
      ? (['free', 'stations.online'] as const)
      : (['offline', 'stations.offline'] as const);
  return (
    <span className="state">
      <StandingIcon standing={standing} />
      <span>{t(text)}</span>
    </span>
  );
}

function Connectors({ station }: { readonly station: Station }) {
  const { t } = useText();
  const places = placesOf([station]);
  if (places.length === 0) return <span className="faint">{t('stations.noConnectors')}</span>;
  return (
    <ul className="states">
      {places.map(({ evse, connector, status }) => (
        <li key={connector.connectorId}>
          <ConnectorState
            status={status}
            label={evse.connectors.length > 1 ? `${evse.evse}.${connector.connector}` : String(evse.evse)}
          />
        </li>
      ))}
    </ul>
  );
}

function LastSeen({ station }: { readonly station: Station }) {
  const { t } = useText();
  return station.lastSeenAt === null ? (
    <span className="faint">{t('stations.never')}</span>
  ) : (
    <Moment at={station.lastSeenAt} />
  );
}

export const modelOf = ({ vendor, model }: Station): string => [vendor, model].filter((it) => it !== null).join(' ');

const columns: readonly Column<Station>[] = [
  {
    id: 'identity',
    header: 'stations.identity',
    name: true,
    cell: ({ identity }) => (
      <Link to="/stations/$identity" params={{ identity }}>
        {identity}
      </Link>
    ),
  },
  { id: 'connection', header: 'stations.connection', cell: (station) => <Connection station={station} /> },
  { id: 'connectors', header: 'stations.connectors', cell: (station) => <Connectors station={station} /> },
  { id: 'model', header: 'stations.model', cell: (station) => modelOf(station) || '–' },
  { id: 'firmware', header: 'stations.firmware', cell: ({ firmware }) => firmware ?? '–' },
  { id: 'protocol', header: 'stations.protocol', cell: ({ protocol }) => protocol ?? '–' },
  { id: 'seen', header: 'stations.lastSeen', cell: (station) => <LastSeen station={station} /> },
];

/** What the network is made of, and who knocks at it. */
export function StationsPage() {
  const { t } = useText();
  const { find } = route.useSearch();
  const navigate = route.useNavigate();
  const stations = useQuery(queries.stations());
  return (
    <>
      <div className="page-head">
        <h1>{t('stations.title')}</h1>
        <input
          type="search"
          className="search"
          aria-label={t('stations.search')}
          placeholder={t('stations.search')}
          defaultValue={find ?? ''}
          onChange={({ target }) => void navigate({ search: { find: target.value || undefined }, replace: true })}
        />
      </div>
      <KnockingPanel />
      <section className="panel" aria-label={t('stations.title')}>
        <Loaded read={stations}>
          {({ items }) => {
            const wanted = find?.toLowerCase() ?? '';
            const rows = items.filter(({ identity }) => identity.toLowerCase().startsWith(wanted));
            if (items.length === 0) return <Empty title={t('stations.none')} />;
            if (rows.length === 0) return <Empty title={t('stations.noneFiltered')} />;
            return (
              <>
                <p className="faint count">{t('stations.count', { count: rows.length })}</p>
                <DataTable
                  id="stations"
                  caption={t('stations.title')}
                  columns={columns}
                  rows={rows}
                  rowKey={({ id }) => id}
                />
              </>
            );
          }}
        </Loaded>
      </section>
    </>
  );
}

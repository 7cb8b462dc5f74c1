import type { Connector, Evse, Station } from '../api/types.ts';

/** What a connector's state means to an operator, whatever the protocol calls it. */
export type Standing = 'free' | 'charging' | 'waiting' | 'out' | 'faulted' | 'offline' | 'unknown';

const standings: Readonly<Record<string, Standing>> = {
  available: 'free',
  charging: 'charging',
  preparing: 'waiting',
  suspendedEV: 'waiting',
  suspendedEVSE: 'waiting',
  finishing: 'waiting',
  reserved: 'waiting',
  occupied: 'waiting',
  unavailable: 'out',
  faulted: 'faulted',
};

/** The state to show: that of a station which is away says nothing about now. */
export const shownStatus = (station: Pick<Station, 'online'>, connector: Pick<Connector, 'status'>): string =>
  !station.online ? 'offline' : connector.status in standings ? connector.status : 'unknown';

export const standingOf = (status: string): Standing =>
  status === 'offline' ? 'offline' : (standings[status] ?? 'unknown');

/** One that is in use can charge too: it does. */
const able: ReadonlySet<Standing> = new Set(['free', 'charging', 'waiting']);

export interface Place {
  readonly station: Station;
  readonly evse: Evse;
  readonly connector: Connector;
  readonly status: string;
}

export const placesOf = (stations: readonly Station[]): readonly Place[] =>
  stations.flatMap((station) =>
    station.evses.flatMap((evse) =>
      evse.connectors.map((connector) => ({ station, evse, connector, status: shownStatus(station, connector) })),
    ),
  );

/** How an operator names an outlet: "CP-17/1", with the connector where the EVSE has several. */
export const placeName = (station: string, evse: number | null, connector: number | null, several = false): string =>
  evse === null ? station : `${station}/${evse}${several && connector !== null ? `.${connector}` : ''}`;

export const nameOf = ({ station, evse, connector }: Pick<Place, 'station' | 'evse' | 'connector'>): string =>
  placeName(station.identity, evse.evse, connector.connector, evse.connectors.length > 1);

export interface Tally {
  readonly all: number;
  readonly ok: number;
  /** Online, and has not said its state: nothing is claimed of it. */
  readonly silent: number;
}

export function tallyOf(places: readonly Place[]): Tally {
  const standing = places.map(({ station, status }) => (station.disabled ? 'out' : standingOf(status)));
  return {
    all: places.length,
    ok: standing.filter((it) => able.has(it)).length,
    silent: standing.filter((it) => it === 'unknown').length,
  };
}

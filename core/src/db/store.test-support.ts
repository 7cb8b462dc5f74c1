import type { EventId, Log, SessionId, StationId, TenantId } from '@plugga/kit';
import { instant } from '@plugga/kit';
import { realRandom } from '../clock.ts';
import { newId } from '../id.ts';
import type { NewEvent, SessionRow, Unit } from '../ports.ts';
import type { Database } from './open.ts';

export const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export const noon = instant(Date.parse('2026-11-20T12:00:00Z'));

export const tenant = 'se-plg' as TenantId;

export const anEvent = (o: Partial<NewEvent> = {}): NewEvent => ({
  id: newId(realRandom) as EventId,
  type: 'station.noted',
  v: 1,
  at: noon,
  receivedAt: noon,
  actor: 'station',
  data: { topic: 'test', data: null },
  ...o,
});

export const aSession = (o: Partial<SessionRow> = {}): SessionRow => ({
  id: newId(realRandom) as SessionId,
  evse: 1,
  connector: 1,
  evseId: null,
  connectorId: null,
  location: null,
  status: 'active',
  token: null,
  tokenType: null,
  tokenLast4: null,
  transactionId: null,
  startKey: null,
  firstSeq: 1,
  firstAt: noon,
  startedAt: noon,
  endedAt: null,
  closedAt: null,
  energyWh: null,
  meterStartWh: null,
  meterStopWh: null,
  powerW: null,
  stopReason: null,
  flags: [],
  ...o,
});

export const aUnit = (station: string, firstSeq: number, o: Partial<Unit> = {}): Unit => ({
  id: newId(realRandom),
  tenant,
  station: station as StationId,
  firstSeq,
  events: [anEvent()],
  sessions: [],
  due: [],
  dueGone: [],
  ...o,
});

/** Rows of stations, so that they can be loaded. */
export const addStations = async (
  owner: Database<unknown>,
  stations: readonly string[],
  of: string = tenant,
): Promise<void> => {
  await owner.pool.query(
    `insert into core.station_row (id, tenant, identity) select s, $2, $2 || '/' || s from unnest($1::text[]) s`,
    [stations, of],
  );
};

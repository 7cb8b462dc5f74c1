import { isSecret } from '../device/setting.ts';
import { sql } from 'kysely';
import type { Alert } from '../station/monitors.ts';
import type { Snapshot } from '../station/state.ts';
import type { Db } from './transact.ts';

/** Which hardware a station has, what it is called for ever, and what each connector said last by its own time. */
export interface EvseView {
  readonly evse: number;
  readonly evseId: string;
  readonly publicId: string;
  readonly location: string | null;
  readonly connectors: readonly ConnectorView[];
}
export interface ConnectorView {
  readonly connector: number;
  readonly connectorId: string;
  readonly code: string;
  readonly type: string | null;
  readonly maxPowerW: number | null;
  /** `unknown` until the station has said something. */
  readonly status: string;
  readonly statusAt: string | null;
  readonly error: { readonly code: string; readonly info?: string; readonly vendorCode?: string } | null;
}

interface Row {
  station: string;
  evse: number;
  evse_id: string;
  public_id: string;
  location: string | null;
  connector_id: string | null;
  number: number;
  code: string;
  type: string | null;
  max_power_w: number | null;
  status: string | null;
  status_at: Date | null;
  error: ConnectorView['error'];
}

/** The EVSEs of these stations, by station. */
export async function evsesOf(db: Db, stations: readonly string[]): Promise<ReadonlyMap<string, readonly EvseView[]>> {
  if (stations.length === 0) return new Map();
  const { rows } = await sql<Row>`
    select a.station, a.evse, e.id as evse_id, e.public_id, e.location, c.id as connector_id, c.number, c.code, c.type,
      c.max_power_w, l.status, l.at as status_at, l.error
    from core.attachment a
      join core.evse_row e on e.id = a.evse_id
      left join core.connector_row c on c.evse_id = e.id
      left join lateral (
        select g.data ->> 'status' as status, g.data -> 'error' as error, least(g.at, g.received_at) as at
        from core.event_log g
        where g.stream = a.station and g.type = 'connector.changed' and g.data ->> 'evse' = a.evse::text
          and coalesce((g.data ->> 'connector')::integer, 1) = c.number
        order by least(g.at, g.received_at) desc, g.seq desc
        limit 1
      ) l on true
    where a.station = any(${stations}) and a.valid_until is null
    order by a.station, a.evse, c.number`.execute(db);
  const found = new Map<string, EvseView[]>();
  for (const row of rows) {
    const evses = found.get(row.station) ?? [];
    if (evses.length === 0) found.set(row.station, evses);
    let evse = evses.find((it) => it.evse === row.evse);
    if (evse === undefined) {
      evse = { evse: row.evse, evseId: row.evse_id, publicId: row.public_id, location: row.location, connectors: [] };
      evses.push(evse);
    }
    if (row.connector_id !== null) (evse.connectors as ConnectorView[]).push(connectorOf(row, row.connector_id));
  }
  return found;
}

const connectorOf = (row: Row, connectorId: string): ConnectorView => ({
  connector: row.number,
  connectorId,
  code: row.code,
  type: row.type,
  maxPowerW: row.max_power_w,
  status: row.status ?? 'unknown',
  statusAt: row.status_at?.toISOString() ?? null,
  error: row.error,
});

/** Those that are not over, the gravest first. */
export const gravestFirst = (alerts: readonly Alert[]): readonly Alert[] =>
  alerts.filter(({ over }) => over !== true).toSorted((a, b) => (a.severity ?? 0) - (b.severity ?? 0));

/** Alerts of a station that are not over, the gravest first. */
export async function alertsOf(db: Db, station: string): Promise<readonly Alert[]> {
  const row = await db.selectFrom('core.stream').select('state').where('station', '=', station).executeTakeFirst();
  const { alerts = [] } = (row?.state ?? {}) as Pick<Snapshot, 'alerts'>;
  return gravestFirst(alerts);
}

/** VariableCharacteristics of the kit, as they are stored. */
interface CharacteristicsView {
  readonly dataType: string;
  readonly unit?: string;
  readonly values?: string[];
  readonly min?: number;
  readonly max?: number;
  readonly monitored: boolean;
}

/** Configuration keys of 1.6, variables of 2.x; passwords are known to be there and not shown. */
export async function variablesOf(
  db: Db,
  station: string,
): Promise<
  readonly {
    readonly name: string;
    readonly value: string | null;
    readonly readonly: boolean;
    readonly mutability: string | null;
    readonly characteristics: CharacteristicsView | null;
    readonly updatedAt: string;
  }[]
> {
  const rows = await db
    .selectFrom('core.variable')
    .select(['name', 'value', 'readonly', 'mutability', 'characteristics', 'updated_at'])
    .where('station', '=', station)
    .where('supported', '=', true)
    .orderBy('name')
    .limit(5000)
    .execute();
  return rows.map((row) => ({
    name: row.name,
    value: isSecret(row.name) && row.value !== null ? '***' : row.value,
    readonly: row.readonly,
    mutability: row.mutability,
    characteristics: row.characteristics as CharacteristicsView | null,
    updatedAt: row.updated_at.toISOString(),
  }));
}

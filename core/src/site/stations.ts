import { fail, type StationId, type TenantId } from '@plugga/kit';
import type { StationCredentials } from '../charger/face.ts';
import { newId } from '../id.ts';
import type { Random } from '../ports.ts';
import { pendingOf } from './pending-credentials.ts';
import type { Db } from './transact.ts';

/** A station as the operator sees it. Its OCPP identity is an attribute, unique in the installation. */
export interface StationRecord {
  readonly id: StationId;
  readonly tenant: TenantId;
  readonly identity: string;
  readonly location: string | null;
  readonly security_profile: number;
  readonly key_hash: Buffer | null;
  readonly key_salt: Buffer | null;
  readonly pending?: unknown;
  readonly allow_insecure: boolean;
  readonly disabled: boolean;
  readonly protocol: string | null;
  readonly online: boolean;
  readonly last_seen_at: Date | null;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly firmware: string | null;
  readonly serial: string | null;
  /** What the operator has its boot answered: `pending` or `rejected`; accepted where nothing is said. */
  readonly registration: string | null;
  readonly time_zone: string | null;
  readonly default_protocol: string | null;
  readonly quiet: boolean;
  readonly template: string | null;
  readonly booted_at: Date | null;
  readonly created_at: Date;
}

/** OCPP's identifierString, as far as it can stand in a URL's path: BI-001. */
export const identityPattern = /^[\w\-=:+|@.]{1,48}$/;

const columns = [
  'id',
  'tenant',
  'identity',
  'location',
  'security_profile',
  'key_hash',
  'key_salt',
  'pending',
  'allow_insecure',
  'disabled',
  'protocol',
  'online',
  'last_seen_at',
  'vendor',
  'model',
  'firmware',
  'serial',
  'registration',
  'time_zone',
  'default_protocol',
  'quiet',
  'template',
  'booted_at',
  'created_at',
] as const;
type Row = Omit<StationRecord, 'id' | 'tenant'> & { id: string; tenant: string };
export const recordOf = (row: Row): StationRecord => ({
  ...row,
  id: row.id as StationId,
  tenant: row.tenant as TenantId,
});

export const stationQuery = (db: Db) => db.selectFrom('core.station_row').select(columns);

/** What a station is let in by. */
export const credentialsOf = (
  station: Pick<
    Row,
    | 'id'
    | 'tenant'
    | 'identity'
    | 'serial'
    | 'security_profile'
    | 'allow_insecure'
    | 'disabled'
    | 'key_hash'
    | 'key_salt'
    | 'pending'
    | 'default_protocol'
    | 'quiet'
    | 'registration'
  >,
): StationCredentials => ({
  station: station.id as StationId,
  tenant: station.tenant as TenantId,
  identity: station.identity,
  serial: station.serial ?? undefined,
  securityProfile: station.security_profile,
  allowInsecure: station.allow_insecure,
  disabled: station.disabled,
  keyHash: station.key_hash ?? undefined,
  keySalt: station.key_salt ?? undefined,
  pending: pendingOf(station.pending),
  defaultProtocol: station.default_protocol ?? undefined,
  quiet: station.quiet,
  registration: heldBack(station.registration),
});

const heldBack = (registration: string | null): StationCredentials['registration'] =>
  registration === 'pending' || registration === 'rejected' ? registration : undefined;
export const registrationOf = (station: Pick<Row, 'registration'>): 'accepted' | 'pending' | 'rejected' =>
  heldBack(station.registration) ?? 'accepted';

async function findByIdentity(db: Db, identity: string): Promise<StationRecord | undefined> {
  const row = await stationQuery(db).where('identity', '=', identity).executeTakeFirst();
  return row === undefined ? undefined : recordOf(row);
}

/** For each identity in the order given; undefined where there is no such station. */
export async function findByIdentities(
  db: Db,
  identities: readonly string[],
): Promise<readonly (StationRecord | undefined)[]> {
  const rows = await stationQuery(db).where('identity', 'in', identities).execute();
  const found = new Map(rows.map((row) => [row.identity, recordOf(row)]));
  return identities.map((identity) => found.get(identity));
}

export async function findById(db: Db, id: string): Promise<StationRecord | undefined> {
  const row = await stationQuery(db).where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : recordOf(row);
}

export async function stationByIdentity(db: Db, identity: string): Promise<StationRecord> {
  const station = await findByIdentity(db, identity);
  if (station === undefined) throw fail('not-found', `there is no station "${identity}"`);
  return station;
}

export interface NewStation {
  readonly tenant: string;
  readonly identity: string;
  readonly location?: string | null;
  readonly securityProfile?: number;
  readonly allowInsecure?: boolean;
  readonly timeZone?: string | null;
  readonly defaultProtocol?: string | null;
  readonly quiet?: boolean;
  readonly registration?: string | null;
  readonly credentials?: { readonly hash: Uint8Array; readonly salt: Uint8Array } | undefined;
}

export async function createStation(db: Db, station: NewStation, random: Random): Promise<StationRecord> {
  const row = await db
    .insertInto('core.station_row')
    .values({
      id: newId(random),
      tenant: station.tenant,
      identity: station.identity,
      location: station.location ?? null,
      security_profile: station.securityProfile ?? 0,
      allow_insecure: station.allowInsecure ?? false,
      disabled: false,
      key_hash: station.credentials === undefined ? null : Buffer.from(station.credentials.hash),
      key_salt: station.credentials === undefined ? null : Buffer.from(station.credentials.salt),
      time_zone: station.timeZone ?? null,
      default_protocol: station.defaultProtocol ?? null,
      quiet: station.quiet ?? false,
      registration: station.registration ?? null,
    })
    .onConflict((conflict) => conflict.column('identity').doNothing())
    .returning(columns)
    .executeTakeFirst();
  if (row === undefined) throw fail('conflict', `a station with the identity "${station.identity}" exists already`);
  await db.deleteFrom('core.knocking').where('identity', '=', station.identity).execute();
  return recordOf(row);
}

/** PLUGGA_ONBOARDING=open: lets in whoever is not there yet, at the tenant's first location. Another node may do the same. */
export async function createInsecure(
  db: Db,
  tenant: string,
  identities: readonly string[],
  random: Random,
): Promise<void> {
  const location = await db
    .selectFrom('core.location_row')
    .select('id')
    .orderBy('created_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  // In one order: two that make the same stations would else wait for each other.
  const rows = identities.toSorted().map((identity) => ({
    ...{ id: newId(random), tenant, identity, location: location?.id ?? null },
    ...{ security_profile: 0, allow_insecure: true, disabled: false },
    ...{ key_hash: null, key_salt: null, time_zone: null, default_protocol: null },
  }));
  await db
    .insertInto('core.station_row')
    .values(rows)
    .onConflict((conflict) => conflict.column('identity').doNothing())
    .execute();
  await db.deleteFrom('core.knocking').where('identity', 'in', identities).execute();
}

export type StationChange = Partial<{
  location: string | null;
  security_profile: number;
  allow_insecure: boolean;
  disabled: boolean;
  time_zone: string | null;
  template: string | null;
  key_hash: Buffer | null;
  key_salt: Buffer | null;
  pending: string | null;
  default_protocol: string | null;
  quiet: boolean;
  registration: string | null;
}>;

export async function changeStation(db: Db, id: StationId, change: StationChange): Promise<StationRecord> {
  if (Object.keys(change).length > 0)
    await db.updateTable('core.station_row').set(change).where('id', '=', id).execute();
  const station = await findById(db, id);
  if (station === undefined) throw fail('not-found', `there is no station "${id}"`);
  return station;
}

/** In a restored database no node holds a socket, whatever was marked when it was copied. */
export async function markAllOffline(system: Db): Promise<void> {
  await system.updateTable('core.station_row').set({ online: false, node: null }).where('online', '=', true).execute();
}

/** Only one that never charged: the sessions of the others, and their bills, refer to it. */
export async function deleteStation(db: Db, station: StationRecord): Promise<void> {
  const used = await db
    .selectFrom('core.session_row')
    .select('id')
    .where('station', '=', station.id)
    .limit(1)
    .executeTakeFirst();
  if (used !== undefined)
    throw fail('conflict', `station "${station.identity}" has sessions; disable it instead (PATCH {"disabled": true})`);
  const attached = await db.selectFrom('core.attachment').select('evse_id').where('station', '=', station.id).execute();
  await db.deleteFrom('core.attachment').where('station', '=', station.id).execute();
  await db.deleteFrom('core.due').where('station', '=', station.id).execute();
  await db.deleteFrom('core.deviation').where('station', '=', station.id).execute();
  await db.deleteFrom('core.monitor').where('station', '=', station.id).execute();
  await db.deleteFrom('core.stream').where('station', '=', station.id).execute();
  await db.deleteFrom('core.station_row').where('id', '=', station.id).execute();
  for (const { evse_id } of attached) await dropUnusedEvse(db, evse_id);
}

async function dropUnusedEvse(db: Db, evse: string): Promise<void> {
  const used = await db
    .selectFrom('core.attachment')
    .select('id')
    .where('evse_id', '=', evse)
    .limit(1)
    .executeTakeFirst();
  if (used !== undefined) return;
  await db.deleteFrom('core.connector_row').where('evse_id', '=', evse).execute();
  await db.deleteFrom('core.evse_row').where('id', '=', evse).execute();
}

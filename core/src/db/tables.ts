import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

/**
 * The core's tables as Kysely sees them, in schema `core`. Every table has `tenant`, except those of the installation, and
 * FORCE ROW LEVEL SECURITY. The migrations in ./migrations make them; views for plugins are in schema `core` as well
 * (`core.session` is the view, the table behind it is `core.session_row`).
 */

type Json = ColumnType<unknown, string, string>;
type CreatedAt = ColumnType<Date, Date | string | undefined, never>;
type Time = ColumnType<Date, Date | string, Date | string>;
type OptionalTime = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;

export interface CoreTables {
  /** An operator, with its parties of OCPI. */
  'core.tenant': {
    id: string;
    name: string;
    country_code: string;
    party_id: string;
    currency: string;
    time_zone: string;
    created_at: CreatedAt;
  };
  'core.location_row': {
    id: string;
    tenant: string;
    name: string;
    address: string | null;
    city: string | null;
    postal_code: string | null;
    country: string | null;
    latitude: string | null;
    longitude: string | null;
    time_zone: string;
    created_at: CreatedAt;
  };
  'core.station_row': {
    id: string;
    tenant: string;
    /** OCPP identity: unique in the installation, never public. */
    identity: string;
    location: string | null;
    security_profile: number;
    /** HMAC of the random key; null where the station may come without (profile 0, onboarding open). */
    key_hash: Buffer | null;
    key_salt: Buffer | null;
    /** What it was given and has not come with yet. */
    pending: ColumnType<unknown, string | null | undefined, string | null>;
    allow_insecure: boolean;
    disabled: boolean;
    /** Counted up at each accepted connection. */
    generation: Generated<number>;
    protocol: string | null;
    online: Generated<boolean>;
    /** The node that its newest connection came to. */
    node: ColumnType<string | null, string | null | undefined, string | null>;
    last_seen_at: OptionalTime;
    vendor: string | null;
    model: string | null;
    firmware: string | null;
    serial: string | null;
    registration: string | null;
    time_zone: string | null;
    /** Of a station that offers no subprotocol. */
    default_protocol: string | null;
    /** Nothing is sent to it that nobody asked for. */
    quiet: Generated<boolean>;
    /** What its settings should be. */
    template: ColumnType<string | null, string | null | undefined, string | null>;
    booted_at: ColumnType<Date | null, undefined, Date>;
    created_at: CreatedAt;
  };
  'core.device_template': {
    id: string;
    tenant: string;
    name: string;
    note: string | null;
    values: Json;
    created_at: Time;
    updated_at: Time;
  };
  /** The station's fold: next seq and snapshot. Written by the committer only. */
  'core.stream': { station: string; tenant: string; next_seq: number; state: Json };
  'core.evse_row': { id: string; tenant: string; public_id: string; location: string | null; created_at: CreatedAt };
  'core.connector_row': {
    id: string;
    tenant: string;
    evse_id: string;
    number: number;
    code: string;
    type: string | null;
    max_power_w: number | null;
    created_at: CreatedAt;
  };
  /** Which hardware an EVSE identity was attached to, from when to when: a swapped box keeps history. */
  'core.attachment': {
    id: string;
    tenant: string;
    evse_id: string;
    station: string;
    evse: number;
    valid_from: Time;
    valid_until: OptionalTime;
  };
  'core.variable': {
    tenant: string;
    station: string;
    name: string;
    value: string | null;
    readonly: boolean;
    /** The station said that it has no such variable. */
    supported: Generated<boolean>;
    /** Our last writing of it, and what it was answered with. */
    written_value: ColumnType<string | null, undefined, string | null>;
    written_status: ColumnType<string | null, undefined, string | null>;
    written_at: ColumnType<Date | null, undefined, Date | null>;
    /** Of 2.x, where a report has told: readOnly, writeOnly or readWrite; data type, unit, values, limits. */
    mutability: ColumnType<string | null, string | null | undefined, string | null>;
    characteristics: ColumnType<unknown, string | null | undefined, string | null>;
    updated_at: Time;
  };
  /** Monitors that a station of 2.x says it has, or has taken from us. */
  'core.monitor': {
    tenant: string;
    station: string;
    /** The station's own number of it. */
    monitor: string;
    variable: string;
    kind: string;
    value: number;
    severity: number;
    transaction: boolean;
    /** 2.1: who made it, in the words of eventNotificationType. */
    origin: string | null;
    updated_at: Time;
  };
  /** What a station has told of a driver: taken by an operator once, or gone after a day. */
  'core.customer_information': {
    tenant: string;
    command: string;
    part: number;
    last: boolean;
    told: string;
    told_at: Time;
  };
  /** How a station deviates, counted; written every few seconds. */
  'core.deviation': {
    tenant: string;
    station: string;
    action: string;
    code: string;
    path: string;
    quirk: string;
    detail: string | null;
    count: string;
    first_at: Time;
    last_at: Time;
  };
  /** Token values live here and nowhere else. `match_key`: upper case without separators. */
  'core.token_row': {
    id: string;
    tenant: string;
    type: string;
    value: string;
    match_key: string;
    last4: string;
    group_id: string | null;
    status: string;
    expires_at: OptionalTime;
    created_at: CreatedAt;
  };
  'core.session_row': {
    id: string;
    tenant: string;
    station: string;
    evse: number | null;
    connector: number | null;
    evse_id: string | null;
    connector_id: string | null;
    location: string | null;
    status: string;
    token: string | null;
    token_type: string | null;
    token_last4: string | null;
    transaction_id: string | null;
    start_key: string | null;
    first_seq: number;
    first_at: Date;
    started_at: Date | null;
    ended_at: Date | null;
    closed_at: Date | null;
    energy_wh: number | null;
    meter_start_wh: number | null;
    meter_stop_wh: number | null;
    power_w: number | null;
    stop_reason: string | null;
    flags: string[];
    /** By start, else by first fact: the order of every list. */
    listed_at: GeneratedAlways<Date>;
  };
  /** Last price of a session, from `session.priced`; apart from session_row so that plugins and committer never wait for each other's rows. */
  'core.session_cost': {
    session: string;
    tenant: string;
    currency: string;
    excl_vat: string;
    vat: string;
    incl_vat: string;
    final: boolean;
    offer: string;
    updated_at: Time;
  };
  /** Last word on a session's signed meter values, from `session.verified`. */
  'core.session_signed': { session: string; tenant: string; result: string; updated_at: Time };
  'core.event_log': {
    id: Generated<string>;
    event_id: string;
    tenant: string;
    stream: string;
    seq: number;
    station: string | null;
    session: string | null;
    type: string;
    v: number;
    at: Date;
    received_at: Date;
    cause: string | null;
    actor: string | null;
    data: unknown;
  };
  /** Events of closed sessions that were moved away, by month; `core.log` shows them with the others. */
  'core.event_archive': CoreTables['core.event_log'] & { id: string };
  'core.archived_stream': { station: string; tenant: string; through_seq: number };
  'core.due': { tenant: string; station: string; key: string; due_at: Date; seq: number };
  'core.command_row': {
    id: string;
    tenant: string;
    station: string;
    name: string;
    payload: Json;
    status: string;
    detail: string | null;
    result: Json | null;
    effect: string | null;
    /** awaited, seen or unseen; null where nothing is waited for. */
    effect_state: ColumnType<string | null, string | null | undefined, string | null>;
    effect_due_at: OptionalTime;
    actor: string;
    /** The node that queued it, then the one that runs it. */
    node: ColumnType<string | null, string | null | undefined, string | null>;
    created_at: CreatedAt;
    updated_at: Time;
  };
  /** What a station was last told for its local list; `entries` are digests by token id. */
  'core.local_list': { station: string; tenant: string; version: number; entries: Json; updated_at: Time };
  'core.api_key': {
    id: string;
    tenant: string;
    name: string;
    hash: Buffer;
    last4: string;
    scopes: string[];
    created_at: CreatedAt;
    revoked_at: OptionalTime;
  };
  'core.user_row': { id: string; tenant: string; email: string; name: string; role: string; created_at: CreatedAt };
  'core.audit': {
    id: Generated<string>;
    tenant: string;
    at: CreatedAt;
    actor: string;
    action: string;
    subject: string;
    before: Json | null;
    after: Json | null;
    correlation: string | null;
  };
  'core.idempotency': {
    tenant: string;
    key: string;
    request_hash: Buffer;
    status: number;
    response: string;
    created_at: CreatedAt;
  };
  /** Unknown identities that knocked, capped: one-click onboarding. */
  'core.knocking': {
    identity: string;
    address: string | null;
    protocols: string | null;
    times: number;
    first_at: Time;
    last_at: Time;
  };
  'core.quarantine': {
    id: string;
    tenant: string;
    station: string;
    action: string | null;
    raw: Buffer;
    unit: string;
    error: string;
    created_at: CreatedAt;
    replayed_at: OptionalTime;
  };
  /** Untouched frames, in day partitions. */
  'frame.raw': {
    id: Generated<string>;
    tenant: string;
    station: string;
    at: Date;
    direction: 'in' | 'out';
    generation: number;
    bytes: Buffer;
  };
  // ---- the plugin host's ----
  /** `epoch` is raised by a rebuild, the only thing that moves a cursor back. */
  'core.plugin_cursor': {
    plugin: string;
    position: string;
    epoch: Generated<number>;
    replay_until: Generated<string>;
    updated_at: Time;
  };
  'core.parked': {
    plugin: string;
    tenant: string;
    key: string;
    from_position: string;
    /** The plugin that parked the key and whose work this one needs. */
    waits_for: string | null;
    attempts: number;
    due_at: Date;
    error: string;
    event_type: string;
  };
  'core.plugin_setting': { plugin: string; tenant: string; value: Json; updated_at: Time };
  /** Processes that work on this database, by their names; `run` is drawn at each start. */
  'core.node': {
    id: string;
    run: string;
    version: string;
    url: string;
    bus: string;
    bus_since: OptionalTime;
    started_at: CreatedAt;
    seen_at: Generated<Date>;
    stopped_at: OptionalTime;
  };
  /** One runner of each job in the cluster. */
  'core.lease': { name: string; owner: string; until: Date };
  'core.restore': {
    id: string;
    backup: string;
    backup_at: Date;
    position: string;
    resumed_after: string;
    restored_at: Date;
    tenants: string[];
    numbers_after: string | null;
  };
  'core.restore_told': { restore: string; plugin: string; tenant: string; told_at: CreatedAt };
  /** Installation-wide secrets and facts: the HMAC secret, the admin key's hash. */
  'core.installation': { key: string; value: string };
}

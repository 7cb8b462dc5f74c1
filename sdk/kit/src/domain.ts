/** Nominal typing: a value of one brand never passes for another. Brands are made by the functions below, once, at the border. */
export type Brand<T, B extends string> = T & { readonly __brand: B };

export type TenantId = Brand<string, 'TenantId'>;
/** Ours, permanent; the OCPP identity is an attribute of the station and never public. */
export type StationId = Brand<string, 'StationId'>;
export type SessionId = Brand<string, 'SessionId'>;
export type LocationId = Brand<string, 'LocationId'>;
/** Permanent, random public identity of an EVSE; hardware is attached to it with validity from-to. */
export type EvseId = Brand<string, 'EvseId'>;
/** Permanent, random public identity of a connector: the QR code. */
export type ConnectorId = Brand<string, 'ConnectorId'>;
/** Stands for an idToken in events and rows; the token's value lives in one erasable table. */
export type TokenId = Brand<string, 'TokenId'>;
export type CommandId = Brand<string, 'CommandId'>;
export type EventId = Brand<string, 'EventId'>;

/** UTC milliseconds since 1970. */
export type Instant = Brand<number, 'Instant'>;
/** Whole watt-hours. */
export type Wh = Brand<number, 'Wh'>;
/** ISO 8601 in UTC with Z: how an instant is written in events, rows of JSON and on the API. */
export type Iso = string;
/** An exact decimal number as text, such as "4.9875". Never a binary float. */
export type Decimal = string;

export const instant = (ms: number): Instant => ms as Instant;
export const wh = (value: number): Wh => value as Wh;
/** Throws a RangeError for an instant outside of ±100 million days, as Date does. */
export const iso = (at: Instant): Iso => new Date(at).toISOString();
/** Trusts its argument: only for text that `iso` has written. A station's own text goes through the core's strict parser. */
export const instantOf = (text: Iso): Instant => Date.parse(text) as Instant;

/** Hardware: the station's own numbering. EVSE 0 is the station itself; OCPP 1.6 connector n is EVSE n connector 1 unless configured. */
export interface EvseRef {
  readonly station: StationId;
  readonly evse: number;
  readonly connector?: number;
}

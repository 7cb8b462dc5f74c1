import type { ItemOf, OutputOf } from '@plugga/client';

/** What the console reads of the operator API's answers. Instants are ISO 8601 in UTC, amounts decimal text. */

export type Session = ItemOf<'/sessions'>;
export type SessionStatus = Session['status'];
export type Station = ItemOf<'/stations'>;
export type Evse = Station['evses'][number];
export type Connector = Evse['connectors'][number];
export type StationWithVariables = OutputOf<'/stations/{identity}', 'get'>;
export type Variable = StationWithVariables['variables'][number];
export type Dialect = OutputOf<'/stations/{identity}/dialect', 'get'>;
export type Monitor = ItemOf<'/stations/{identity}/monitors'>;
export type StationAlerts = ItemOf<'/alerts'>;
export type Alert = StationAlerts['alerts'][number];
export type DeviceEvent = ItemOf<'/stations/{identity}/events'>;
export type Note = ItemOf<'/stations/{identity}/notes'>;
export type Charging = OutputOf<'/stations/{identity}/charging', 'get'>;
export type Device = OutputOf<'/stations/{identity}/device', 'get'>;
export type Template = ItemOf<'/device-templates'>;
export type Knocking = ItemOf<'/knocking'>;
export type Adopted = OutputOf<'/knocking/{identity}/adopt', 'post'>;
export type Location = ItemOf<'/locations'>;
export type Token = ItemOf<'/tokens'>;
export type Command = ItemOf<'/stations/{identity}/commands'>;
export type CommandStatus = Command['status'];
export type Frame = ItemOf<'/frames'>;
export type Reading = ItemOf<'/sessions/{id}/readings'>;
export type Sample = Reading['samples'][number];
export type TimelineItem = ItemOf<'/sessions/{id}/timeline'>;
export type Plugin = ItemOf<'/plugins'>;
export type PluginPage = ItemOf<'/ui'>;
export type Parked = ItemOf<'/plugins/{name}/parked'>;
export type Change = ItemOf<'/audit'>;
export type Me = OutputOf<'/me', 'get'>;

// Of plugins, whose routes say no more than that they give a record.

export interface Cdr {
  readonly id: string;
  readonly session: string;
  readonly status: 'issued' | 'held';
  readonly heldReasons: readonly string[];
  readonly offer: string | null;
  readonly energyWh: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly createdAt: string;
}
interface DayOfRevenue {
  readonly whole: { readonly inclVat: string; readonly energyWh: number };
}
/** What was earned today, billed or not, and on the same weekday last week. */
export interface RevenueToday {
  readonly timeZone: string;
  readonly currencies: readonly {
    readonly currency: string;
    readonly today: DayOfRevenue;
    readonly lastWeek: DayOfRevenue;
  }[];
}

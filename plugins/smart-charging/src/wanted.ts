import type { ChargingNeeds, Instant } from '@plugga/kit';
import { VOLTS } from './volts.ts';

/** What a vehicle asks for, in watts and watt-hours; what it has not said is not there. */
export interface Wanted {
  readonly energyWh?: number;
  readonly departsAt?: Instant;
  /** Below it does not charge, by its own words. */
  readonly leastWatts: number;
  /** It is asked for no less where it can be chosen. */
  readonly floorWatts: number;
  readonly mostWatts?: number;
  readonly mostPeriods?: number;
  /** Of alternating current. */
  readonly phases: number;
  /** It asks for a limit that changes while it charges, and makes no schedule of its own (ISO 15118-20). */
  readonly dynamic: boolean;
}

/** What a vehicle takes at the least by IEC 61851-1, where it has not said. */
const LEAST_AMPERES = 6;
export const DAY_MS = 86_400_000;
/** Beyond these no vehicle is meant. */
export const MOST = { wh: 10_000_000, watts: 10_000_000, amperes: 10_000, volts: 10_000, days: 31 };

const phasesOf = (transfer: string): number =>
  transfer.includes('single_phase') ? 1 : transfer.includes('two_phase') ? 2 : 3;

/** The number, the sentence why it is none, or undefined where nothing was said. */
const inRange = (name: string, value: unknown, most: number, unit: string): number | string | undefined => {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'number' && value >= 0 && value <= most ? value : `${name} is ${String(value)} ${unit}`;
};

const lowest = (...values: readonly (number | undefined)[]): number | undefined => {
  const said = values.filter((it): it is number => it !== undefined && it > 0);
  return said.length === 0 ? undefined : Math.min(...said);
};
const times = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a * b;

const energyOf = (said: {
  readonly energyWh?: number;
  readonly target?: number;
  readonly capacityWh?: number;
  readonly soc?: number;
  readonly fullSoc?: number;
}): number | undefined => {
  const { energyWh, target, capacityWh, soc, fullSoc = 100 } = said;
  if (energyWh !== undefined || target !== undefined) return energyWh ?? target;
  return capacityWh === undefined || soc === undefined ? undefined : (capacityWh * Math.max(0, fullSoc - soc)) / 100;
};

/** What is planned by. The rest is in the log, and may be of any length. */
export const plannedBy = ({ der: _, offer: __, available: ___, ...needs }: ChargingNeeds): ChargingNeeds => needs;
const MOST_CHARACTERS = 8 * 1_024;

/** What the vehicle's own words come to; as text what in them cannot be. What it could discharge is asked of nobody. */
export function wantedOf(needs: ChargingNeeds, now: Instant): Wanted | string {
  const length = JSON.stringify(plannedBy(needs)).length;
  if (length > MOST_CHARACTERS) return `what it asks for has ${length} characters`;
  const v2x = needs.v2x ?? {};
  const read = {
    energyWh: inRange('the energy asked for', needs.energyWh, MOST.wh, 'Wh'),
    target: inRange('the energy asked for', v2x['evTargetEnergyRequest'], MOST.wh, 'Wh'),
    capacityWh: inRange('the battery', needs.capacityWh, MOST.wh, 'Wh'),
    soc: inRange('the state of charge', needs.soc, 100, '%'),
    fullSoc: inRange('the state of charge when full', needs.fullSoc, 100, '%'),
    minAmperes: inRange('the smallest current', needs.minAmperes, MOST.amperes, 'A'),
    maxAmperes: inRange('the largest current', needs.maxAmperes, MOST.amperes, 'A'),
    maxVolts: inRange('the highest voltage', needs.maxVolts, MOST.volts, 'V'),
    maxWatts: inRange('the largest power', needs.maxWatts, MOST.watts, 'W'),
    minCharge: inRange('the smallest power', v2x['minChargePower'], MOST.watts, 'W'),
    maxCharge: inRange('the largest power', v2x['maxChargePower'], MOST.watts, 'W'),
    periods: inRange('the number of periods', needs.maxPeriods, 1_000_000, ''),
  };
  const wrong = Object.values(read).find((it) => typeof it === 'string');
  if (wrong !== undefined) return wrong;
  const said = read as { readonly [K in keyof typeof read]?: number };
  const departsAt = needs.departureAt === undefined ? undefined : Date.parse(needs.departureAt);
  if (departsAt !== undefined && !(departsAt <= now + MOST.days * DAY_MS))
    return `the departure is ${String(needs.departureAt).slice(0, 40)}`;

  const direct = needs.transfer.startsWith('DC');
  const phases = direct ? 3 : phasesOf(needs.transfer);
  const volts = direct ? said.maxVolts : VOLTS * phases;
  const most = lowest(times(said.maxAmperes, volts), said.maxWatts, said.maxCharge);
  const least = Math.max(said.minCharge ?? 0, direct ? 0 : (times(said.minAmperes, volts) ?? 0));
  if (most !== undefined && least > most) return `it takes ${least} W at the least and ${most} W at the most`;
  const energyWh = energyOf(said);
  return {
    ...{ leastWatts: least, floorWatts: least > 0 || direct ? least : LEAST_AMPERES * VOLTS * phases, phases },
    ...{ dynamic: needs.controlMode === 'DynamicControl' },
    ...(energyWh !== undefined && { energyWh }),
    // One that should have left already is not made to wait.
    ...(departsAt !== undefined && departsAt > now && { departsAt: departsAt as Instant }),
    ...(most !== undefined && { mostWatts: most }),
    ...(said.periods !== undefined && said.periods >= 1 && { mostPeriods: Math.floor(said.periods) }),
  };
}

import { record } from '../../ocpp16/command.ts';
import { VOLTS } from '../../ocpp16/smart-charging/limit.ts';
import type { Vehicle } from '../../physics/vehicle.ts';

type Given = Readonly<Record<string, unknown>>;

const periodsOf = (schedule: Given): readonly Given[] => {
  const given = schedule['chargingSchedulePeriod'];
  return (Array.isArray(given) ? given : []).map((one: unknown) => record(one) ?? {});
};
const numberOf = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);

/** What a car would be given by a schedule within that time, in Wh. */
const energyOf = (schedule: Given, vehicle: Vehicle, seconds: number): number => {
  const periods = periodsOf(schedule);
  const end = Math.min(seconds, numberOf(schedule['duration'], seconds));
  return periods.reduce((sum, one, index) => {
    const from = Math.min(end, numberOf(one['startPeriod'], 0));
    const to = Math.min(end, numberOf(periods[index + 1]?.['startPeriod'], end));
    const limit = numberOf(one['limit'], 0);
    const watts = schedule['chargingRateUnit'] === 'W' ? limit : limit * VOLTS * vehicle.phases;
    return sum + (Math.min(watts, vehicle.maxPowerW) * (to - from)) / 3_600;
  }, 0);
};

/** Which of up to three schedules the car takes: the first that gives it what it wants before it leaves, else the one that gives most. */
export const chosenBy = (
  vehicle: Vehicle,
  schedules: readonly Given[],
  o: { readonly wantsWh: number; readonly seconds: number },
): number => {
  const energies = schedules.map((one) => energyOf(one, vehicle, o.seconds));
  const enough = energies.findIndex((wh) => wh >= o.wantsWh);
  return enough >= 0 ? enough : energies.indexOf(Math.max(...energies));
};

/** NotifyEVChargingSchedule: what the car will take of the schedule that it chose. */
export const evSchedule = (schedule: Given, vehicle: Vehicle): Given => {
  const most = schedule['chargingRateUnit'] === 'W' ? vehicle.maxPowerW : vehicle.maxPowerW / VOLTS / vehicle.phases;
  const { id, duration, chargingRateUnit } = schedule;
  return {
    id,
    chargingRateUnit,
    ...(duration === undefined ? {} : { duration }),
    chargingSchedulePeriod: periodsOf(schedule).map((one) => ({
      startPeriod: one['startPeriod'],
      limit: Math.round(Math.min(numberOf(one['limit'], most), most) * 10) / 10,
      ...(one['numberPhases'] === undefined ? {} : { numberPhases: one['numberPhases'] }),
    })),
  };
};

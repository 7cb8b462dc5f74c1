import type { Protocol } from '../../dialect.ts';
import { VOLTS } from '../../ocpp16/smart-charging/limit.ts';
import type { Vehicle } from '../../physics/vehicle.ts';

type Given = Readonly<Record<string, unknown>>;

/** The least that a car takes on a phase (IEC 61851-1). */
const LEAST_AMPERES = 6;
/** What a car of direct current has between its poles. */
const DC_VOLTS = 400;

const phaseWords = { 1: 'AC_single_phase', 2: 'AC_two_phase', 3: 'AC_three_phase' } as const;

/** NotifyEVChargingNeeds: what a car of ISO 15118 asks for. Undefined: it does not ask. */
export const evChargingNeeds = (o: {
  readonly vehicle: Vehicle;
  readonly soc: number;
  readonly evseId: number;
  /** The station gives direct current. */
  readonly dc: boolean;
  readonly now: number;
  readonly maxTuples: number;
  readonly stamp: (at: number) => string;
  readonly protocol: Protocol;
}): Given | undefined => {
  const { vehicle, dc } = o;
  const car = vehicle.iso15118;
  if (car === undefined) return undefined;
  const energyAmount = Math.round(car.energyWh ?? Math.max(0, 1 - o.soc) * vehicle.batteryWh);
  const plain = dc ? 'DC' : phaseWords[vehicle.phases];
  const both = dc ? 'DC_BPT' : 'AC_BPT';
  // Part 20 of ISO 15118 and the way back are words of 2.1.
  const modern = o.protocol === 'ocpp2.1' && car.part === 20;
  const twoWay = modern && car.bidirectional === true;
  const acChargingParameters = {
    energyAmount,
    evMinCurrent: LEAST_AMPERES,
    evMaxCurrent: Math.floor(vehicle.maxPowerW / VOLTS / vehicle.phases),
    evMaxVoltage: VOLTS,
  };
  const dcChargingParameters = {
    evMaxCurrent: Math.floor(vehicle.maxPowerW / DC_VOLTS),
    evMaxVoltage: DC_VOLTS,
    energyAmount,
    evMaxPower: vehicle.maxPowerW,
    stateOfCharge: Math.round(o.soc * 100),
    evEnergyCapacity: vehicle.batteryWh,
    fullSoC: 100,
    bulkSoC: 80,
  };
  return {
    evseId: o.evseId,
    maxScheduleTuples: o.maxTuples,
    ...(o.protocol === 'ocpp2.1' ? { timestamp: o.stamp(o.now) } : {}),
    chargingNeeds: {
      requestedEnergyTransfer: twoWay ? both : plain,
      ...(modern
        ? {
            availableEnergyTransfer: twoWay ? [both, plain] : [plain],
            controlMode: 'ScheduledControl',
            mobilityNeedsMode: 'EVCC',
          }
        : {}),
      ...(car.leavesInMinutes === undefined ? {} : { departureTime: o.stamp(o.now + car.leavesInMinutes * 60_000) }),
      ...(dc ? { dcChargingParameters } : { acChargingParameters }),
      ...(twoWay
        ? {
            v2xChargingParameters: {
              maxChargePower: vehicle.maxPowerW,
              maxDischargePower: vehicle.maxPowerW,
              evTargetEnergyRequest: energyAmount,
              evMinEnergyRequest: 0,
              evMaxEnergyRequest: energyAmount,
            },
          }
        : {}),
    },
  };
};

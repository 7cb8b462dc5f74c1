/** A car on the cable. */
export interface Vehicle {
  readonly batteryWh: number;
  /** State of charge when plugged in, 0 to 1. */
  readonly soc: number;
  /** The most that its charger takes, in watts. */
  readonly maxPowerW: number;
  /** How many of the station's phases it uses. */
  readonly phases: 1 | 2 | 3;
}

export const aVehicle = (o: Partial<Vehicle> = {}): Vehicle => ({
  batteryWh: 60_000,
  soc: 0.35,
  maxPowerW: 11_000,
  phases: 3,
  ...o,
});

/** From here on the battery takes less and less, down to a twentieth when it is full. */
const TAPER_FROM = 0.8;

/** The power that the car asks for at that state of charge. */
export const wantedPowerW = (vehicle: Vehicle, soc: number): number => {
  if (soc >= 1) return 0;
  if (soc <= TAPER_FROM) return vehicle.maxPowerW;
  return vehicle.maxPowerW * Math.max(0.05, (1 - soc) / (1 - TAPER_FROM));
};

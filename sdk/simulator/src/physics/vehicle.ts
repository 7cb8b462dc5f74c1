/** A car on the cable. */
export interface Vehicle {
  readonly batteryWh: number;
  /** State of charge when plugged in, 0 to 1. */
  readonly soc: number;
  /** The most that its charger takes, in watts. */
  readonly maxPowerW: number;
  /** How many of the station's phases it uses. */
  readonly phases: 1 | 2 | 3;
  /** It speaks ISO 15118 with the station; one that does not only takes what it is offered. */
  readonly iso15118?: Iso15118;
}

/** What a car of ISO 15118 tells its station. */
export interface Iso15118 {
  /** Part 2 or part 20 of the standard; 2 when not given. */
  readonly part?: 2 | 20;
  /** When it leaves, after it was plugged in; it does not say when not given. */
  readonly leavesInMinutes?: number;
  /** What it wants until then; what its battery lacks when not given. */
  readonly energyWh?: number;
  /** It can give energy back; the station says so, and does not take any. */
  readonly bidirectional?: boolean;
  /** It pays by a contract of its own: plug and charge. */
  readonly contract?: Contract;
}

/** A contract with a mobility provider, by which a car identifies itself. */
export interface Contract {
  readonly emaid: string;
  /** PEM, the contract's certificate first; one of a made-up provider when not given. */
  readonly chain?: string;
  /** The certificate is not in the car yet, or is due: it asks for it when it is plugged in. */
  readonly asks?: 'Install' | 'Update';
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

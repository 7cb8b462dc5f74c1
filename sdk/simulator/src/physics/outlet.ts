import { type Vehicle, wantedPowerW } from './vehicle.ts';

/** One connector's contactor, meter and car. The register rises by what the power was over the time. */
export interface Outlet {
  /** Integrates up to that station time, in whole seconds: how often somebody looks changes nothing. */
  advance(now: number): void;
  plug(vehicle: Vehicle): void;
  unplug(): void;
  /** Opens or closes the contactor; call `advance` first. */
  deliver(on: boolean): void;
  /** The car takes nothing for now, or goes on; call `advance` first. */
  wait(on: boolean): void;
  waits(): boolean;
  /** The register begins anew; call `advance` first. */
  restart(): void;
  /** Import register, whole watt-hours, truncated as a display does. */
  registerWh(): number;
  powerW(): number;
  /** What it offers the car: the hardware's limit or the profiles', 0 while the contactor is open. */
  offeredW(): number;
  /** 0 to 1; undefined without a car. */
  soc(): number | undefined;
  vehicle(): Vehicle | undefined;
  /** The register with its fraction, for memory that survives a power cut. */
  rawWh(): number;
}

/** What flows to the car from that instant on; between two of them it changes evenly. */
export interface Flow {
  readonly at: number;
  readonly watts: number;
}

const STEP_MS = 1_000;
const WS_PER_WH = 3_600;
/** From nothing to full power. */
const RAMP_MS = 8_000;

export const outlet = (o: {
  readonly meterStartWh: number;
  readonly maxPowerW: number;
  readonly now: number;
  /** What profiles allow at that time, in watts; asked for each second. */
  readonly allowance?: (at: number) => number;
  /** Told each second while something flows: for a meter of somebody else's. */
  readonly flows?: (flow: Flow) => void;
}): Outlet => {
  let at = o.now;
  // Watt-seconds: whole powers over whole seconds add up exactly, so that no whole watt-hour is missed by a rounding.
  let ws = o.meterStartWh * WS_PER_WH;
  let power = 0;
  let closed = false;
  let waiting = false;
  let car: Vehicle | undefined;
  let charge = 0;

  const offered = (): number => Math.min(o.maxPowerW, o.allowance?.(at) ?? Infinity);
  const step = (): void => {
    const target = closed && car !== undefined && !waiting ? Math.min(offered(), wantedPowerW(car, charge)) : 0;
    const before = power;
    const most = (o.maxPowerW * STEP_MS) / RAMP_MS;
    power = target > power ? Math.min(target, power + most) : target;
    if (before > 0 || power > 0) o.flows?.({ at: at + STEP_MS, watts: power });
    if (!closed || car === undefined) return;
    const energy = (((before + power) / 2) * STEP_MS) / 1_000;
    ws += energy;
    charge = Math.min(1, charge + energy / WS_PER_WH / car.batteryWh);
  };
  /** The circuit is open: from one moment to the next nothing flows. */
  const interrupt = (): void => {
    if (power > 0) o.flows?.({ at, watts: 0 });
    power = 0;
  };

  return {
    advance(now) {
      for (; at + STEP_MS <= now; at += STEP_MS) step();
    },
    plug(vehicle) {
      car = vehicle;
      waiting = false;
      charge = vehicle.soc;
    },
    unplug() {
      car = undefined;
      interrupt();
    },
    deliver(on) {
      closed = on;
      if (!on) interrupt();
    },
    wait(on) {
      waiting = on;
      if (on) interrupt();
    },
    waits: () => waiting,
    restart() {
      ws = 0;
    },
    registerWh: () => Math.floor(ws / WS_PER_WH),
    powerW: () => Math.round(power),
    offeredW: () => (closed ? offered() : 0),
    soc: () => (car === undefined ? undefined : charge),
    vehicle: () => car,
    rawWh: () => ws / WS_PER_WH,
  };
};

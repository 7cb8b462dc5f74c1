import type { StationEvent } from '../events.ts';
import { personalityOf } from '../personalities/index.ts';
import { aVehicle, type Vehicle } from '../physics/vehicle.ts';
import type { VirtualStation } from '../station.ts';
import { virtualStation } from '../virtual-station.ts';
import { actions, type Acting } from './actions.ts';
import type { Scenario, ScenarioStation, Step } from './schema.ts';

/** What became of a step. */
export interface StepResult {
  /** From 1. */
  readonly number: number;
  readonly step: Step;
  readonly failed?: string;
}

const WITHIN_SECONDS = 30;

/** A car of a scenario: what is not said is usual. */
const carOf = (given: ScenarioStation['carOnRemoteStart']): Vehicle => aVehicle(given as Partial<Vehicle>);

const stationOf = (scenario: Scenario, given: ScenarioStation, url: string, index: number): VirtualStation => {
  const { make, carOnRemoteStart, callTimeoutSeconds, ...rest } = given;
  const { speed = 1, behindSeconds } = scenario;
  return virtualStation({
    ...(rest as typeof rest & Parameters<typeof virtualStation>[0]),
    url,
    speed,
    seed: (scenario.seed ?? 1) + index,
    clockFrom: 'service',
    backOff: { firstMs: 200, maxMs: 5_000 },
    ...(behindSeconds === undefined ? {} : { behindMs: behindSeconds * 1_000 }),
    ...(make === undefined ? {} : { personality: personalityOf(make) }),
    ...(carOnRemoteStart === undefined ? {} : { carOnRemoteStart: carOf(carOnRemoteStart) }),
    ...(callTimeoutSeconds === undefined ? {} : { callTimeoutMs: callTimeoutSeconds * 1_000 }),
  });
};

/**
 * Runs a scenario against a CSMS, step after step; the first that fails ends it. What a step waits for may have come since
 * the step before began, so that no event slips through between two steps.
 */
export const runScenario = async (
  scenario: Scenario,
  o: {
    readonly url: string;
    readonly done: (result: StepResult) => void;
    readonly stations?: (all: readonly VirtualStation[]) => void;
  },
): Promise<boolean> => {
  const stations = scenario.stations.map((one, index) => stationOf(scenario, one, o.url, index));
  const seen = new Map<VirtualStation, StationEvent[]>(stations.map((one) => [one, []]));
  for (const [station, events] of seen) station.watch((event) => void events.push(event));
  o.stations?.(stations);
  let marks = new Map<VirtualStation, number>();
  try {
    for (const [index, step] of scenario.steps.entries()) {
      const station = stations.find((one) => one.identity === step.station) ?? stations[0]!;
      const begun = new Map([...seen].map(([one, events]) => [one, events.length]));
      const acting: Acting = {
        station,
        events: seen.get(station)!,
        since: marks.get(station) ?? 0,
        withinMs:
          ('within' in step && step.within !== undefined ? step.within : (scenario.within ?? WITHIN_SECONDS)) * 1_000,
      };
      try {
        await actions[step.do](step as never, acting);
        o.done({ number: index + 1, step });
      } catch (error) {
        o.done({ number: index + 1, step, failed: error instanceof Error ? error.message : String(error) });
        return false;
      }
      marks = begun;
    }
    return true;
  } finally {
    for (const station of stations) station.close();
  }
};

import type { Flow } from '@plugga/simulator';

/**
 * A meter around the cable. It knows what flowed and when, and nothing of registers, transactions or messages: what it
 * comes to is said by nobody else.
 */
export interface CheckMeter {
  feel(flow: Flow): void;
  /** All that has flowed, whole watt-hours, truncated as a display does. */
  wh(): number;
}

export const checkMeter = (): CheckMeter => {
  let last: Flow | undefined;
  let wattMilliseconds = 0;
  return {
    feel(flow) {
      // What begins after a pause has risen from nothing over its first second.
      const from = last === undefined || last.watts === 0 ? { at: flow.at - 1_000, watts: 0 } : last;
      wattMilliseconds += ((from.watts + flow.watts) / 2) * (flow.at - from.at);
      last = flow;
    },
    wh: () => Math.floor(wattMilliseconds / 3_600_000),
  };
};

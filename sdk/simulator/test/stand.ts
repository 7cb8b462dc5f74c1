import { afterEach, beforeEach } from 'vitest';
import { station16 } from '../src/ocpp16/station.ts';
import type { StationOptions, VirtualStation } from '../src/station.ts';
import { testCsms, type TestCsms } from './csms.ts';
import { pace, PLUGS_WITHIN } from './pace.ts';

export interface Stand {
  readonly csms: TestCsms;
  /** Not started: an hour of charging in about a second, and impatient back-off. */
  station(o?: Partial<StationOptions>): VirtualStation;
  /** Started. */
  started(o?: Partial<StationOptions>): Promise<VirtualStation>;
  /** The payload of the answer, or the whole frame of a CALLERROR. */
  ask(action: string, payload?: unknown): Promise<unknown>;
  heard(action: string): Record<string, unknown>[];
  actions(): string[];
}

/** A CSMS for each test and stations that end with it. */
export const stand = (): Stand => {
  let csms: TestCsms;
  let stations: VirtualStation[] = [];
  beforeEach(async () => {
    csms = await testCsms();
  });
  afterEach(async () => {
    for (const station of stations) station.close();
    stations = [];
    await csms.close();
  });
  const station = (o: Partial<StationOptions> = {}): VirtualStation => {
    const one = station16({
      url: csms.url,
      identity: 'S1',
      meterStartWh: 1_000,
      backOff: { firstMs: 10, maxMs: 50 },
      ...pace(o.speed),
      ...o,
      configuration: { TransactionMessageRetryInterval: '0', ConnectionTimeOut: PLUGS_WITHIN, ...o.configuration },
    });
    stations.push(one);
    return one;
  };
  return {
    get csms() {
      return csms;
    },
    station,
    async started(o) {
      const one = station(o);
      await one.start();
      return one;
    },
    async ask(action, payload = {}) {
      const frame = await csms.command(action, payload);
      return frame[0] === 3 ? frame[2] : frame;
    },
    heard: (action) => csms.heard.filter((call) => call.action === action).map((call) => call.payload),
    actions: () => csms.heard.map((call) => call.action),
  };
};

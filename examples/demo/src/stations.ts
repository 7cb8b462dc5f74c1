import { aVehicle, type StationOptions, type VirtualStation, virtualStation } from '@plugga/simulator';
import type { Site, SiteStation } from './site.ts';

/** 25 minutes of charging in about 12 seconds. */
export const SPEED = 120;
export const VISIT_SECONDS = 25 * 60;
/** The visit, and 15 s of the world for all else: who has caught up before its end charges on at the world's pace. */
export const BEHIND_MS = VISIT_SECONDS * 1_000 + 15_000 * SPEED;

export const stationOf = (
  o: Pick<StationOptions, 'flows'> & {
    readonly url: string;
    readonly station: SiteStation;
    readonly seed: number;
    readonly behindMs: number;
    readonly speed: number;
  },
): VirtualStation =>
  virtualStation({
    url: o.url,
    identity: o.station.identity,
    ...(o.flows === undefined ? {} : { flows: o.flows }),
    ...(o.station.protocol === undefined ? {} : { protocol: o.station.protocol }),
    password: o.station.password,
    connectors: o.station.connectors,
    maxPowerW: o.station.maxPowerW,
    meterStartWh: 1_000_000 + (o.seed % 10_000) * 1_234,
    model: o.station.model,
    vendor: 'Plugga',
    firmware: '1.0.0',
    seed: o.seed,
    speed: o.speed,
    behindMs: o.behindMs,
    backOff: { firstMs: 500, maxMs: 5_000 },
    configuration: { MeterValueSampleInterval: o.speed > 1 ? '120' : '10' },
  });

export interface Simulated {
  /** The one whose visit the demo tells. */
  readonly first: VirtualStation;
  /** Dials and charges once. */
  visit(): Promise<void>;
  /** The others come and go at the world's own pace, until `close`. */
  liven(): void;
  close(): void;
}

/** The site's stations, run by this process as `pnpm sim` runs them. */
export const simulated = (o: { readonly url: string; readonly site: Site }): Simulated => {
  const [leading, ...others] = o.site.stations;
  if (leading === undefined) throw new Error('the demo has no station');
  const first = stationOf({
    url: o.url,
    station: leading,
    // Another register each time, as the meter of a station that has been in use.
    seed: Math.floor(Date.now() / 60_000) % 10_000,
    behindMs: BEHIND_MS,
    speed: SPEED,
  });
  const rest = others.map((station, index) =>
    stationOf({ url: o.url, station, seed: index + 1, behindMs: 0, speed: 1 }),
  );
  let closed = false;
  const pause = (seconds: number): Promise<void> =>
    new Promise((done) => void setTimeout(done, seconds * 1_000).unref());
  const live = async (station: VirtualStation, connector: number, firstPause: number): Promise<void> => {
    await pause(firstPause);
    for (let visit = 0; !closed; visit += 1) {
      const vehicle = aVehicle({
        soc: 0.15 + ((visit * 0.17 + connector * 0.29) % 0.6),
        maxPowerW: station.identity.includes('DC') ? 90_000 : 11_000,
      });
      await station.charge({
        connector,
        idTag: o.site.token,
        vehicle,
        stopAfterSeconds: 90 + ((visit * 53 + connector * 31) % 150),
      });
      await pause(20 + ((visit * 37 + connector * 11) % 40));
    }
  };

  return {
    first,
    async visit() {
      await first.start();
      const vehicle = aVehicle({ soc: 0.3, maxPowerW: 22_000 });
      await first.charge({ idTag: o.site.token, vehicle, stopAfterSeconds: VISIT_SECONDS });
    },
    liven() {
      rest.forEach((station, index) => {
        void station
          .start({ withinMs: 60_000 })
          .then(() => Promise.all([1, 2].slice(0, index === 0 ? 2 : 1).map((at) => live(station, at, at * 3 + index))))
          // A stranger may have taken the site's token away in the console; the others' visits then just end.
          .catch(() => undefined);
      });
    },
    close() {
      closed = true;
      for (const station of [first, ...rest]) station.close();
    },
  };
};

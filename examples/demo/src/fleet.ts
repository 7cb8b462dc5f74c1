import type { Client } from '@plugga/client';
import { aVehicle, type VirtualStation } from '@plugga/simulator';
import { type CheckMeter, checkMeter } from './check-meter.ts';
import { kWh, type Screen } from './screen.ts';
import { type Billed, billedFor } from './side-by-side.ts';
import type { Site } from './site.ts';
import { BEHIND_MS, SPEED, stationOf, VISIT_SECONDS } from './stations.ts';

/** Each station of the site charges once, all at the same time; resolves with what was billed, in the site's order. */
export const chargeSideBySide = async (o: {
  readonly client: Client;
  readonly screen: Screen;
  readonly url: string;
  readonly site: Site;
  readonly ends: (close: () => void) => void;
}): Promise<readonly Billed[]> => {
  const { client, screen, site } = o;
  const visit = async (station: VirtualStation, protocol: string, meter: CheckMeter): Promise<Billed> => {
    const { identity } = station;
    await station.start({ withinMs: 20_000 });
    screen.step(identity, 'booted', protocol);
    const entry = await station.charge({
      idTag: site.token,
      vehicle: aVehicle({ soc: 0.3, maxPowerW: 22_000 }),
      stopAfterSeconds: VISIT_SECONDS,
    });
    await station.settled({ withinMs: 30_000 });
    const flowedWh = meter.wh();
    screen.step(identity, 'stopped', `transaction ${entry.transactionId}, ${kWh(flowedWh)} through the cable`);
    const said = await billedFor(client, identity, String(entry.transactionId));
    const { bill } = said;
    screen.step(identity, 'bill', `${bill.number}: ${kWh(bill.energyWh)}, ${bill.inclVat} ${bill.currency}`);
    return { identity, protocol, flowedWh, ...said };
  };
  return Promise.all(
    site.stations.map((model, index) => {
      const meter = checkMeter();
      const station = stationOf({
        url: o.url,
        station: model,
        seed: index + 1,
        behindMs: BEHIND_MS,
        speed: SPEED,
        flows: meter.feel,
      });
      o.ends(() => station.close());
      return visit(station, model.protocol ?? 'ocpp1.6', meter);
    }),
  );
};

import type { Client } from '@plugga/client';
import { aVehicle, energyWh, type VirtualStation } from '@plugga/simulator';
import type { Invoice } from './invoice.ts';
import { kWh, type Screen } from './screen.ts';
import type { Site } from './site.ts';
import { SPEED, stationOf, VISIT_SECONDS } from './stations.ts';

/** One station of each version: what its own meter measured, and what was billed for it. */
export interface Billed {
  readonly identity: string;
  readonly protocol: string;
  readonly meterWh: number;
  readonly bill: Invoice;
}

const LOOK_MS = 250;
const BILL_SECONDS = 40;

const billOf = async (client: Client, identity: string, transaction: string): Promise<Invoice> => {
  for (let left = (BILL_SECONDS * 1_000) / LOOK_MS; left > 0; left -= 1) {
    const { items: sessions } = await client.get('/sessions', { query: { station: identity, limit: 5 } });
    const session = sessions.find((one) => one.transactionId === transaction);
    if (session !== undefined) {
      const { items } = await client.get('/invoices', { query: { session: session.id } });
      const bill = items[0] as Invoice | undefined;
      if (bill !== undefined) return bill;
    }
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
  throw new Error(`stalled: ${identity} has no bill ${BILL_SECONDS} s after its visit`);
};

/** Each station of the site charges once, all at the same time; resolves with the bills, in the site's order. */
export const chargeSideBySide = async (o: {
  readonly client: Client;
  readonly screen: Screen;
  readonly url: string;
  readonly site: Site;
  readonly ends: (close: () => void) => void;
}): Promise<readonly Billed[]> => {
  const { client, screen, site } = o;
  const visit = async (station: VirtualStation, protocol: string): Promise<Billed> => {
    const { identity } = station;
    await station.start({ withinMs: 20_000 });
    screen.step(identity, 'booted', protocol);
    const charging = station.charge({
      idTag: site.token,
      vehicle: aVehicle({ soc: 0.3, maxPowerW: 22_000 }),
      stopAfterSeconds: VISIT_SECONDS,
    });
    const entry = await charging;
    await station.settled({ withinMs: 30_000 });
    const meterWh = energyWh(entry) ?? 0;
    screen.step(identity, 'stopped', `transaction ${entry.transactionId}, meter ${kWh(meterWh)}`);
    const bill = await billOf(client, identity, String(entry.transactionId));
    screen.step(identity, 'bill', `${bill.number}: ${kWh(bill.energyWh)}, ${bill.inclVat} ${bill.currency}`);
    return { identity, protocol, meterWh, bill };
  };
  return Promise.all(
    site.stations.map((model, index) => {
      const station = stationOf({
        url: o.url,
        station: model,
        seed: index + 1,
        behindMs: VISIT_SECONDS * 1_000 + 5 * 60_000,
        speed: SPEED,
      });
      o.ends(() => station.close());
      return visit(station, model.protocol ?? 'ocpp1.6');
    }),
  );
};

import type { Client } from '@plugga/client';
import type { Invoice } from './invoice.ts';

/** What one visit came to: what flowed through the cable, and what the platform says of it, read back from its API. */
export interface Billed {
  readonly identity: string;
  readonly protocol: string;
  /** By a meter that is not the station's. */
  readonly flowedWh: number;
  readonly cdrWh: number;
  readonly bill: Pick<Invoice, 'number' | 'energyWh' | 'inclVat' | 'currency'>;
}

const LOOK_MS = 250;
const BILL_SECONDS = 40;

/** CDR and receipt of a transaction, once they are issued. */
export const billedFor = async (
  client: Client,
  identity: string,
  transaction: string,
): Promise<Pick<Billed, 'cdrWh' | 'bill'>> => {
  for (let left = (BILL_SECONDS * 1_000) / LOOK_MS; left > 0; left -= 1) {
    const { items: sessions } = await client.get('/sessions', { query: { station: identity, limit: 5 } });
    const session = sessions.find((one) => one.transactionId === transaction);
    if (session !== undefined) {
      const query = { session: session.id };
      const { items: bills } = await client.get('/invoices', { query });
      const { items: cdrs } = await client.get('/cdrs', { query });
      const bill = bills[0] as Invoice | undefined;
      const [cdr] = cdrs;
      if (bill !== undefined && cdr !== undefined) return { cdrWh: Number(cdr['energyWh']), bill };
    }
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
  throw new Error(`stalled: ${identity} has no bill ${BILL_SECONDS} s after its visit`);
};

const wh = (value: number): string => `${value} Wh`;

/** The three of each visit beside each other. */
export const sideBySide = (all: readonly Billed[]): readonly string[] => {
  const rows = [
    ['Station', 'Version', 'Flowed', 'CDR', 'Receipt', ''],
    ...all.map(({ identity, protocol, flowedWh, cdrWh, bill }) => [
      ...[identity, protocol, wh(flowedWh), wh(cdrWh), wh(bill.energyWh)],
      `${bill.number}: ${bill.inclVat} ${bill.currency}`,
    ]),
  ];
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  return rows.map((row) =>
    row
      .map((cell, at) => (at === 2 || at === 3 || at === 4 ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!)))
      .join('   ')
      .trimEnd(),
  );
};

/** Each bill or CDR that is a watt-hour or more from what flowed, in words. */
export const differences = (all: readonly Billed[]): readonly string[] =>
  all.flatMap(({ identity, flowedWh, cdrWh, bill }) => {
    const flowed = `${wh(flowedWh)} flowed to the car of ${identity}`;
    return [
      ...(cdrWh === flowedWh ? [] : [`${flowed}, its CDR says ${wh(cdrWh)}`]),
      ...(bill.energyWh === flowedWh ? [] : [`${flowed}, its receipt says ${wh(bill.energyWh)}`]),
    ];
  });

import type { Invoice } from './invoice.ts';
import { kWh } from './screen.ts';

const two = (amount: string): string => Number(amount).toFixed(2);

/** The bill as a receipt: every line that its total is made of. */
export const billLines = (bill: Invoice): readonly string[] => {
  const lines = bill.lines.map((line) => {
    const quantity = line.unit === 'session' ? `${line.quantity} x` : `${line.quantity} ${line.unit} x`;
    return [line.text, `${quantity} ${line.unitPrice}`, two(line.net)] as const;
  });
  const vat = bill.vatByRate.map(
    (rate) => [`VAT ${rate.percent} %`, `on ${two(rate.base)}`, two(rate.amount)] as const,
  );
  const total = ['Total', bill.currency, two(bill.inclVat)] as const;
  const rows = [...lines, ...vat, total];
  const widths = [0, 1, 2].map((at) => Math.max(...rows.map((row) => row[at]!.length)));
  const show = (row: readonly [string, string, string]): string =>
    `${row[0].padEnd(widths[0]!)}   ${row[1].padStart(widths[1]!)}   ${row[2].padStart(widths[2]!)}`;
  const rule = '-'.repeat(show(total).length);
  return [
    `Bill ${bill.number}    ${kWh(bill.energyWh)}`,
    rule,
    ...lines.map(show),
    ...vat.map(show),
    rule,
    show(total),
  ];
};

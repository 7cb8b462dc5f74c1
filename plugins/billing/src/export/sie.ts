import type { Decimal } from '@plugga/kit';
import { Big } from 'big.js';
import type { InvoiceRow } from '../db.ts';
import type { BillingSettings } from '../settings.ts';

/** The upper half of code page 437, which SIE calls PC8. */
const upper =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';
const byteOf = new Map([...upper].map((char, at) => [char, 0x80 + at]));

/** In code page 437; a letter that it lacks loses its accent, or becomes a question mark. */
export function pc8(value: string): Buffer {
  const bytes: number[] = [];
  for (const char of value) {
    const known = char.charCodeAt(0) < 0x80 ? char.charCodeAt(0) : byteOf.get(char);
    const plain = char.normalize('NFD').charCodeAt(0);
    bytes.push(known ?? (plain < 0x80 ? plain : 0x3f));
  }
  return Buffer.from(bytes);
}

const field = (value: string): string => `"${value.replaceAll(/\p{Cc}/gu, ' ').replaceAll(/["\\]/g, '\\$&')}"`;
const dateOf = (day: string): string => day.replaceAll('-', '');

export interface SieHead {
  readonly day: string;
  readonly company: string;
  readonly companyId: string | undefined;
  readonly currency: string;
  readonly accounts: BillingSettings['accounts'];
}

/** A file of type 4 that a bookkeeping program takes vouchers from (SIE file format 4B, section 5). */
export function sieHead({ day, company, companyId, currency, accounts }: SieHead): string {
  const names = new Map([
    [accounts.receivable, 'Kundfordringar'],
    [accounts.sales, 'Försäljning laddning'],
    [accounts.otherVat, 'Utgående moms'],
    ...accounts.vat.map(({ account, percent }) => [account, `Utgående moms ${percent} %`] as const),
    ...accounts.vat.flatMap(({ sales, percent }) =>
      sales === undefined ? [] : [[sales, `Försäljning laddning ${percent} %`] as const],
    ),
  ]);
  return [
    '#FLAGGA 0',
    '#FORMAT PC8',
    '#SIETYP 4',
    '#PROGRAM "Plugga" "1"',
    `#GEN ${dateOf(day)}`,
    `#FNAMN ${field(company)}`,
    ...(companyId === undefined ? [] : [`#ORGNR ${field(companyId)}`]),
    `#VALUTA ${currency}`,
    ...[...names]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([account, name]) => `#KONTO ${account} ${field(name)}`),
    '',
  ].join('\r\n');
}

/** One document as one voucher whose rows sum to 0: the claim against sales and VAT a rate. */
export function voucher(
  { number, kind, body }: Pick<InvoiceRow, 'number' | 'kind' | 'body'>,
  day: string,
  accounts: BillingSettings['accounts'],
): string {
  const rows: (readonly [string, Decimal])[] = [[accounts.receivable, body.inclVat]];
  for (const { percent, base, amount } of body.vat) {
    const own = accounts.vat.find((it) => new Big(it.percent).eq(percent));
    const turned = (value: Decimal): Decimal => new Big(value).times(-1).toFixed(value.split('.')[1]?.length ?? 0);
    rows.push([own?.sales ?? accounts.sales, turned(base)]);
    if (!new Big(amount).eq(0)) rows.push([own?.account ?? accounts.otherVat, turned(amount)]);
  }
  const text = `${kind === 'credit' ? 'Kreditfaktura' : 'Faktura'} ${number}`;
  return [
    `#VER "F" "" ${dateOf(day)} ${field(text)}`,
    '{',
    ...rows.filter(([, value]) => !new Big(value).eq(0)).map(([account, value]) => `   #TRANS ${account} {} ${value}`),
    '}',
    '',
  ].join('\r\n');
}

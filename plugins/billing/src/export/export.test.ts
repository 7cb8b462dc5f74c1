import { totalsOf } from '@plugga/kit';
import { expect, test } from 'vitest';
import { aCdr, anInvoice } from '../pdf/sample.test-support.ts';
import { billingSettings } from '../settings.ts';
import { pc8, sieHead, voucher } from './sie.ts';

/** Of what we write: labels, and rows of vouchers. */
const parsed = (file: Buffer) => {
  const letters: Record<number, string> = { 0x86: 'å', 0x84: 'ä', 0x94: 'ö', 0x8f: 'Å', 0x8e: 'Ä', 0x99: 'Ö' };
  const lines = [...file]
    .map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : (letters[byte] ?? '?')))
    .join('')
    .split('\r\n');
  const fieldsOf = (line: string): string[] =>
    [...line.matchAll(/"((?:\\.|[^"\\])*)"|(\S+)/g)].map((it) => it[1]?.replaceAll(/\\(.)/g, '$1') ?? it[2] ?? '');
  const vouchers: { text: string; rows: { account: string; ore: number }[] }[] = [];
  const labels = new Map<string, string[]>();
  for (const line of lines) {
    const [label = '', ...fields] = fieldsOf(line.trim());
    if (label === '#VER') vouchers.push({ text: fields[3] ?? '', rows: [] });
    else if (label === '#TRANS')
      vouchers.at(-1)?.rows.push({ account: fields[0] ?? '', ore: Math.round(Number(fields[2]) * 100) });
    else if (label.startsWith('#')) labels.set(label, fields);
  }
  return { labels, vouchers };
};

test('a SIE file reads again in code page 437, and every voucher balances', () => {
  const { accounts } = billingSettings.parse({});
  const body = totalsOf('SEK', aCdr().lines);
  const credit = { ...anInvoice(body), kind: 'credit' as const, number: '000124' };
  const negative = {
    ...body,
    inclVat: '-142.11',
    vat: body.vat.map((it) => ({ ...it, base: `-${it.base}`, amount: `-${it.amount}` })),
  };
  const file = pc8(
    sieHead({
      day: '2026-01-31',
      company: 'Åmåls "Laddning" AB Łódź',
      companyId: '556000-0001',
      currency: 'SEK',
      accounts,
    }) +
      voucher(anInvoice(body), '2026-01-15', accounts) +
      voucher({ ...credit, body: negative }, '2026-01-16', accounts),
  );
  const { labels, vouchers } = parsed(file);
  expect(labels.get('#FNAMN')).toEqual(['Åmåls "Laddning" AB ?ódz'.replace('ó', '?')]);
  expect([labels.get('#SIETYP'), labels.get('#FORMAT'), labels.get('#VALUTA')]).toEqual([['4'], ['PC8'], ['SEK']]);
  expect(vouchers.map(({ text: of }) => of)).toEqual(['Faktura 000123', 'Kreditfaktura 000124']);
  for (const { rows } of vouchers) expect(rows.reduce((sum, { ore }) => sum + ore, 0)).toBe(0);
  expect(vouchers[0]?.rows).toEqual([
    { account: '1510', ore: 14_211 },
    { account: '3000', ore: -10_921 },
    { account: '2611', ore: -2_730 },
    { account: '3000', ore: -500 },
    { account: '2621', ore: -60 },
  ]);
  expect(vouchers[1]?.rows[0]).toEqual({ account: '1510', ore: -14_211 });
});

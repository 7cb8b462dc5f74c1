import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programOf } from '@plugga/testing';
import { expect, test, vi } from 'vitest';
import { renderPdf } from './render.ts';
import { aCdr, aMonth, aReceipt, aReverseCharge } from './sample.test-support.ts';

vi.setConfig({ testTimeout: 60_000 });

const run = promisify(execFile);
const hasPdftotext = programOf('pdftotext') !== undefined;
const textOf = async (pdf: Buffer): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'plugga-pdf-'));
  try {
    await writeFile(join(folder, 'a.pdf'), pdf);
    const { stdout } = await run('pdftotext', ['-layout', join(folder, 'a.pdf'), '-']);
    return stdout.replaceAll('\u00a0', ' ').replaceAll(/ +/g, ' ');
  } finally {
    await rm(folder, { recursive: true });
  }
};
const digest = (pdf: Buffer) => createHash('sha256').update(pdf).digest('hex');

test('the same document gives the same bytes, another one gives others', async () => {
  const first = digest(await renderPdf(aReceipt()));
  expect(digest(await renderPdf(aReceipt()))).toBe(first);
  expect(digest(await renderPdf(aReceipt({ cdr: { energy_wh: 23_457 } })))).not.toBe(first);
  expect((await renderPdf(aReceipt())).subarray(0, 5).toString()).toBe('%PDF-');
});

test.runIf(hasPdftotext)(
  'pdftotext finds seller, VAT number, lines with their reason, VAT a rate and the total',
  async () => {
    const signed = {
      ...{ result: 'verified', format: 'OCMF', reasons: [], meter: 'M1', closing: 'c' },
      records: [{ id: 'r', format: 'OCMF', sha256: 'ab'.repeat(32), result: 'verified', reasons: [] }],
    } as const;
    const text = await textOf(await renderPdf(aReceipt({ cdr: { signed: signed as never } })));
    for (const part of [
      ...['Kvitto', '000123', 'Åmåls Laddning AB', 'Ödegårdsgatan 5', 'Momsreg.nr SE556000000101', 'Godkänd'],
      ...[
        'Kvarngårdens parkering, Åmål',
        'SE*PLG*E1001',
        '2026-01-15 13:00 (UTC+01:00)',
        '1 200,000 kWh – 1 223,456 kWh',
      ],
      ...[
        'Energi 23,456 kWh 4,40 25 % 103,21',
        '13:00–14:10. Pris enligt del 1 i tariff kvarnen.',
        'Pris enligt del 2 i tariff kvarnen: kl. 07:00–19:00.',
        'Startavgift',
      ],
      ...[
        '25 % 109,21 27,30 136,51',
        '12 % 5,00 0,60 5,60',
        'Summa inkl. moms 142,11 SEK',
        'OCMF, verifierade',
        'ab'.repeat(32),
      ],
    ])
      expect(text).toContain(part);
  },
);

test.runIf(hasPdftotext)(
  'an invoice of a month names its buyer, each session and how to pay; a seller that is missing is said',
  async () => {
    const text = await textOf(await renderPdf(aMonth(12, { language: 'en' })));
    for (const part of [
      ...[
        'Invoice',
        'Åkeriet i Säffle AB',
        'Due date 2026-03-04',
        'Period 2026-01-01 – 2026-01-31',
        'Kostnadsställe 42',
      ],
      ...[
        'Charging sessions (12)',
        'Bankgiro',
        'SE35 5000 0000 0549 1000 0003',
        'Page 1 of',
        'Priced by element 1 of tariff kvarnen.',
      ],
    ])
      expect(text).toContain(part);
    expect(text.match(/1,200\.000 kWh – 1,223\.456 kWh/g)).toHaveLength(12);
    expect(await textOf(await renderPdf(aReceipt({ document: { seller: null } })))).toContain('ännu inte angett');
  },
);

test.runIf(hasPdftotext)('a reverse charge says so, and both VAT numbers, in the language of the buyer', async () => {
  const text = await textOf(await renderPdf(aReverseCharge()));
  for (const part of [
    ...['Reverse charge. The buyer accounts for the VAT.', 'VAT no. DE123456789', 'VAT no. SE556000000101'],
    ...['0% 228.42 0.00 228.42', 'Total with VAT 228.42 SEK'],
  ])
    expect(text).toContain(part);
  expect(text).not.toContain('25%');
  const swedish = await textOf(await renderPdf(aReverseCharge({ language: 'sv' })));
  expect(swedish).toContain('Omvänd betalningsskyldighet. Köparen redovisar momsen.');
  expect(await textOf(await renderPdf(aMonth(1)))).not.toContain('Omvänd');
});

test.runIf(hasPdftotext)('names in other scripts and very long ones stay on the paper', async () => {
  const name = `Łódź Ελλάς Київ ${'Kvarngårdens '.repeat(12)}`.trim();
  const text = await textOf(await renderPdf(aReceipt({ cdr: aCdr({ site: { name } }) })));
  expect(text).toContain('Łódź Ελλάς Київ');
});

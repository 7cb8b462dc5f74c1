import { instantOf, lineWords, whyWords, type Instant } from '@plugga/kit';
import { Big } from 'big.js';
import { missingOf, type Address, type Language } from '../parties.ts';
import { localDate } from '../time.ts';
import { drawCode } from './code.ts';
import * as format from './format.ts';
import { linesOf, type Printed } from './model.ts';
import * as paper from './paper.ts';
import { wordsOf } from './words.ts';

const { MARGIN, INNER, WIDTH } = paper;
const RIGHT = MARGIN + INNER;
const columns = { text: 232, quantity: 78, price: 74, vat: 43, net: 72 } as const;
const at = {
  text: MARGIN,
  quantity: MARGIN + columns.text,
  price: MARGIN + columns.text + columns.quantity,
  vat: MARGIN + columns.text + columns.quantity + columns.price,
  net: MARGIN + columns.text + columns.quantity + columns.price + columns.vat,
} as const;

const addressLines = (address: Address | undefined, language: Language, home?: string): string[] =>
  address === undefined
    ? []
    : [
        address.street,
        address.extra,
        [address.postalCode, address.city].filter((it) => it !== undefined).join(' '),
        address.country === home ? undefined : new Intl.DisplayNames(language, { type: 'region' }).of(address.country),
      ].filter((it): it is string => it !== undefined && it !== '');

/** The document as a PDF: the same bytes for the same document. */
export function renderPdf(printed: Printed): Promise<Buffer> {
  const { invoice, document, cdrs, verifyUrl } = printed;
  const language: Language = document?.language ?? 'sv';
  const words = wordsOf(language);
  const timeZone = document?.time_zone ?? cdrs[0]?.billable.timeZone ?? 'UTC';
  const seller = document?.seller ?? undefined;
  const buyer = document?.buyer ?? undefined;
  const title = words[invoice.kind === 'credit' ? 'credit' : (document?.form ?? 'receipt')];
  const money = (value: string) => format.decimal(value, language, value.split('.')[1]?.length ?? 0);
  const amount = (value: string) => `${money(value)}\u00a0${invoice.currency}`;
  const dateOf = (date: Date) => localDate(date.getTime() as Instant, timeZone);

  const p = paper.openPaper({
    ...{ title: `${title} ${invoice.number}`, author: seller?.legalName ?? 'Plugga', at: invoice.issued_at },
    language: language === 'sv' ? 'sv-SE' : 'en-GB',
  });
  let y = MARGIN;

  const newPage = (): void => {
    p.doc.addPage();
    y = MARGIN;
    p.text(`${title} ${invoice.number}`, MARGIN, y, { weight: 'medium', color: paper.muted });
    p.text(seller?.legalName ?? '', MARGIN, y, { color: paper.muted, align: 'right' });
    y += 24;
  };
  const room = (height: number): boolean => {
    if (y + height <= paper.BOTTOM) return false;
    newPage();
    return true;
  };

  const head = (): void => {
    p.doc.rect(0, 0, WIDTH, 6).fillColor(paper.accent).fill();
    const left = p.text(seller?.legalName ?? '', MARGIN, y, { size: 13, weight: 'bold', width: 280 });
    const lines = [
      ...addressLines(seller?.address, language, seller?.address?.country),
      ...(seller?.vatNumber === undefined ? [] : [`${words.vatNumber} ${seller.vatNumber}`]),
    ];
    const leftEnd = p.text(lines.join('\n'), MARGIN, left + 2, { color: paper.muted, width: 280 });
    const right = p.text(title, MARGIN, y - 5, { size: 24, weight: 'bold', color: paper.accent, align: 'right' });
    p.text(invoice.number, MARGIN, right - 1, { size: 12, weight: 'medium', align: 'right' });
    y = Math.max(leftEnd, right + 18) + 18;
  };

  const warn = (): void => {
    const missing = missingOf(seller);
    if (missing.length === 0) return;
    const text = `${words.missing} ${missing.map((it) => words[it as 'seller.address']).join(', ')}.`;
    const height = p.heightOf(text, { width: INNER - 24 }) + 14;
    p.box(MARGIN, y, INNER, height, paper.warningTint);
    p.text(text, MARGIN + 12, y + 7, { width: INNER - 24, color: paper.warning, weight: 'medium' });
    y += height + 14;
  };

  const parties = (): void => {
    const top = y;
    let leftEnd = top;
    if (buyer !== undefined) {
      leftEnd = p.text(words.buyer, MARGIN, top, { size: 8, color: paper.muted });
      leftEnd = p.text(buyer.name, MARGIN, leftEnd + 1, { size: 11, weight: 'medium', width: 250 });
      const more = [
        ...addressLines(buyer.address, language, seller?.address?.country),
        ...(buyer.companyId === undefined ? [] : [`${words.companyId} ${buyer.companyId}`]),
        ...(buyer.vatNumber === undefined ? [] : [`${words.vatNumber} ${buyer.vatNumber}`]),
      ];
      if (more.length > 0) leftEnd = p.text(more.join('\n'), MARGIN, leftEnd + 1, { width: 250 });
    }
    const facts: (readonly [string, string])[] = [[words.date, dateOf(invoice.issued_at)]];
    if (document?.due_at != null) facts.push([words.due, dateOf(document.due_at)]);
    if (document?.period_from != null && document.period_to !== null) {
      const last = new Date(document.period_to.getTime() - 1);
      facts.push([words.period, `${dateOf(document.period_from)} – ${dateOf(last)}`]);
    }
    if (invoice.credits !== null) facts.push([words.credits, invoice.credits]);
    if (buyer?.reference !== undefined) facts.push([words.reference, buyer.reference]);
    const x = buyer === undefined ? MARGIN : MARGIN + 290;
    let rowY = top;
    for (const [name, value] of facts) {
      p.text(name, x, rowY, { color: paper.muted, width: 90 });
      rowY = p.text(value, x + 92, rowY, { weight: 'medium', width: INNER - (x - MARGIN) - 92 }) + 1;
    }
    y = Math.max(leftEnd, rowY) + 14;
  };

  const hero = (): void => {
    p.box(MARGIN, y, INNER, 54, paper.tint);
    const label = invoice.kind === 'credit' ? words.credited : buyer === undefined ? words.paid : words.toPay;
    p.text(label, MARGIN + 16, y + 11, { size: 9, color: paper.muted });
    p.text(amount(invoice.body.inclVat), MARGIN + 16, y + 23, { size: 18, weight: 'bold', color: paper.accent });
    const x = MARGIN + 290;
    p.text(words.energy, x, y + 11, { size: 9, color: paper.muted });
    p.text(format.kilowattHours(invoice.energy_wh, language), x, y + 23, { size: 13, weight: 'medium' });
    p.text(words.totalVat, x + 115, y + 11, { size: 9, color: paper.muted });
    p.text(amount(invoice.body.vatTotal), x + 115, y + 23, { size: 13, weight: 'medium' });
    y += 54 + 18;
  };

  const factsOf = (cdr: Printed['cdrs'][number]): (readonly [string, string])[] => {
    const { billable, signed, site } = cdr;
    const { startedAt, endedAt, meterStartWh, meterStopWh, token } = billable;
    const facts: (readonly [string, string])[] = [];
    const place = [site?.name, site?.country].filter((it) => it !== undefined).join(', ');
    if (place !== '') facts.push([words.place, place]);
    if (billable.evseId !== undefined) facts.push([words.evse, billable.evseId]);
    facts.push([words.start, format.moment(instantOf(startedAt), billable.timeZone)]);
    facts.push([words.end, format.moment(instantOf(endedAt), billable.timeZone)]);
    facts.push([words.duration, format.duration(instantOf(endedAt) - instantOf(startedAt))]);
    facts.push([words.energy, format.kilowattHours(cdr.energy_wh, language)]);
    if (meterStartWh !== undefined && meterStopWh !== undefined)
      facts.push([
        words.meter,
        `${format.kilowattHours(meterStartWh, language)} – ${format.kilowattHours(meterStopWh, language)}`,
      ]);
    if (token?.last4 !== undefined) facts.push([words.token, `•••• ${token.last4}`]);
    if (cdr.offer !== null) facts.push([words.tariff, cdr.offer]);
    if (signed !== null && signed.result !== 'none') {
      const [record] = signed.records.slice(-1);
      const format_ = signed.format === undefined ? '' : `${signed.format}, `;
      const reference = record === undefined ? '' : ` · SHA-256 ${record.sha256}`;
      facts.push([words.signed, `${format_}${words[signed.result]}${reference}`]);
    }
    return facts;
  };

  const onlySession = (cdr: Printed['cdrs'][number]): void => {
    heading(words.session);
    const half = INNER / 2;
    const facts = factsOf(cdr);
    const wide = facts.filter(([, value]) => value.length > 44);
    const narrow = facts.filter(([, value]) => value.length <= 44);
    for (let index = 0; index < narrow.length; index += 2) {
      const ends = [narrow[index], narrow[index + 1]].map((fact, column) => {
        if (fact === undefined) return y;
        const x = MARGIN + column * half;
        p.text(fact[0], x, y, { color: paper.muted, width: 74 });
        return p.text(fact[1], x + 76, y, { width: half - 84 });
      });
      y = Math.max(...ends) + 2;
    }
    for (const [name, value] of wide) {
      p.text(name, MARGIN, y, { color: paper.muted, width: 74 });
      y = p.text(value, MARGIN + 76, y, { width: INNER - 76 }) + 2;
    }
    y += 12;
  };

  const heading = (text: string): void => {
    room(60);
    y = p.text(text, MARGIN, y, { size: 11, weight: 'bold' }) + 4;
  };

  const tableHead = (): void => {
    const small = { size: 8, color: paper.muted } as const;
    p.text(`${words.description} · ${words.pricesNet}`, at.text, y, { ...small, width: columns.text });
    p.text(words.quantity, at.quantity, y, { ...small, width: columns.quantity, align: 'right' });
    p.text(words.unitPrice, at.price, y, { ...small, width: columns.price, align: 'right' });
    p.text(words.vatRate, at.vat, y, { ...small, width: columns.vat, align: 'right' });
    p.text(`${words.net} ${invoice.currency}`, at.net, y, { ...small, width: columns.net, align: 'right' });
    y += 13;
    p.line(y, paper.ink, 0.8);
    y += 6;
  };
  const tableRoom = (height: number): void => {
    if (room(height)) tableHead();
  };

  const sessionLine = (cdr: Printed['cdrs'][number]): void => {
    const { startedAt, endedAt, timeZone: zone, meterStartWh, meterStopWh, evseId, token } = cdr.billable;
    const start = format.moment(instantOf(startedAt), zone);
    const end = format.clockTime(instantOf(endedAt), zone);
    const first = `${start.replace(' (', `–${end} (`)} · ${cdr.site?.name ?? evseId ?? ''}`;
    const second = [
      evseId,
      meterStartWh === undefined || meterStopWh === undefined
        ? undefined
        : `${words.meter} ${format.kilowattHours(meterStartWh, language)} – ${format.kilowattHours(meterStopWh, language)}`,
      token?.last4 === undefined ? undefined : `${words.token} •••• ${token.last4}`,
      cdr.signed === null || cdr.signed.result === 'none' ? undefined : `${words.signed}: ${words[cdr.signed.result]}`,
    ]
      .filter((it) => it !== undefined)
      .join(' · ');
    // A short session stays on one page.
    tableRoom(34 + 24 * Math.min(cdr.lines.length, 8));
    p.text(format.kilowattHours(cdr.energy_wh, language), MARGIN, y, { weight: 'medium', align: 'right' });
    y = p.text(first, MARGIN, y, { weight: 'medium', width: INNER - 90 });
    y = p.text(second, MARGIN, y, { size: 7.5, color: paper.muted }) + 3;
  };

  const line = (it: ReturnType<typeof linesOf>[number], zone: string, indent: number): void => {
    const { priced } = it;
    const when =
      priced?.from === undefined || priced.to === undefined
        ? ''
        : `${format.clockTime(instantOf(priced.from), zone)}–${format.clockTime(instantOf(priced.to), zone)}. `;
    const why = priced === undefined ? '' : (whyWords(priced)?.[language] ?? '');
    const width = columns.text - indent;
    const text = lineWords(it.text)[language];
    const because = `${when}${why}`.trim();
    const height = p.heightOf(text, { width }) + (because === '' ? 0 : p.heightOf(because, { size: 7.5, width }));
    tableRoom(height + 8);
    const number = { align: 'right' } as const;
    const unit = it.unit === 'session' ? '' : `\u00a0${it.unit}`;
    p.text(`${format.decimal(it.quantity, language)}${unit}`, at.quantity, y, { ...number, width: columns.quantity });
    p.text(format.unitPrice(it.unitPrice, language), at.price, y, { ...number, width: columns.price });
    p.text(format.percent(it.vatPercent, language), at.vat, y, { ...number, width: columns.vat });
    p.text(money(it.net), at.net, y, { ...number, width: columns.net });
    let end = p.text(text, at.text + indent, y, { width });
    if (because !== '') end = p.text(because, at.text + indent, end, { size: 7.5, color: paper.muted, width });
    y = end + 3;
    p.line(y, paper.faint, 0.4);
    y += 4;
  };

  const totals = (): void => {
    room(70 + invoice.body.vat.length * 14);
    y += 8;
    const top = y;
    const small = { size: 8, color: paper.muted, align: 'right' } as const;
    const vatColumns = [MARGIN, MARGIN + 50, MARGIN + 120, MARGIN + 180];
    p.text(words.vatRate, vatColumns[0]!, y, { size: 8, color: paper.muted, width: 50 });
    p.text(words.vatBase, vatColumns[1]!, y, { ...small, width: 60 });
    p.text(words.vatAmount, vatColumns[2]!, y, { ...small, width: 55 });
    p.text(words.gross, vatColumns[3]!, y, { ...small, width: 60 });
    let rateY = y + 13;
    for (const { percent, base, amount: vat } of invoice.body.vat) {
      p.text(format.percent(percent, language), vatColumns[0]!, rateY, { width: 50 });
      p.text(money(base), vatColumns[1]!, rateY, { width: 60, align: 'right' });
      p.text(money(vat), vatColumns[2]!, rateY, { width: 55, align: 'right' });
      p.text(money(new Big(base).plus(vat).toFixed(base.split('.')[1]?.length ?? 0)), vatColumns[3]!, rateY, {
        width: 60,
        align: 'right',
      });
      rateY += 14;
    }
    const x = MARGIN + 290;
    const row = (name: string, value: string, strong = false): void => {
      const look = strong ? ({ size: 12, weight: 'bold' } as const) : {};
      p.text(name, x, y, { ...look, width: 130 });
      p.text(value, x, y, { ...look, width: RIGHT - x, align: 'right' });
      y += strong ? 20 : 14;
    };
    y = top;
    row(words.totalNet, amount(invoice.body.exclVat));
    row(words.totalVat, amount(invoice.body.vatTotal));
    y += 3;
    p.doc.moveTo(x, y).lineTo(RIGHT, y).lineWidth(0.8).strokeColor(paper.ink).stroke();
    y += 6;
    row(words.total, amount(invoice.body.inclVat), true);
    y = Math.max(y, rateY) + 10;
    if (document?.vat_treatment !== 'reverseCharge') return;
    room(24);
    y = p.text(`${words.reverseCharge}. ${words.reverseChargeText}`, MARGIN, y, { weight: 'medium' }) + 10;
  };

  const notes = (): void => {
    const all = [...new Set(cdrs.flatMap(({ priced }) => (priced?.notes ?? []).map(({ text }) => text)))];
    if (all.length === 0) return;
    room(40);
    y = p.text(words.priceNotes, MARGIN, y, { size: 8, weight: 'medium', color: paper.muted });
    for (const note of all.slice(0, 8)) {
      room(24);
      y = p.text(note, MARGIN, y, { size: 8, color: paper.muted }) + 1;
    }
    y += 8;
  };

  const payment = (): void => {
    const { bank } = seller ?? {};
    const facts: (readonly [string, string])[] = [];
    if (document?.due_at != null) {
      facts.push([words.payBy, dateOf(document.due_at)]);
      if (bank?.bankgiro !== undefined) facts.push([words.bankgiro, bank.bankgiro]);
      if (bank?.plusgiro !== undefined) facts.push([words.plusgiro, bank.plusgiro]);
      if (bank?.iban !== undefined) facts.push(['IBAN', bank.iban.replaceAll(/(.{4})(?=.)/g, '$1 ')]);
      if (bank?.bic !== undefined) facts.push(['BIC', bank.bic]);
      facts.push([words.payReference, invoice.number]);
    }
    const size = 78;
    if (facts.length === 0 && verifyUrl === undefined) return;
    room(size + 24);
    p.line(y);
    y += 12;
    const top = y;
    if (facts.length > 0) {
      y = p.text(words.terms, MARGIN, y, { size: 11, weight: 'bold' }) + 3;
      for (const [name, value] of facts) {
        p.text(name, MARGIN, y, { color: paper.muted, width: 100 });
        y = p.text(value, MARGIN + 104, y, { weight: 'medium', width: 170 }) + 1;
      }
    }
    if (verifyUrl !== undefined) {
      drawCode(p.doc, verifyUrl, RIGHT - size, top, size);
      const x = facts.length > 0 ? MARGIN + 290 : MARGIN;
      const width = RIGHT - size - 12 - x;
      const below = p.text(words.verify, x, top, { size: 9, weight: 'medium', width, align: 'right' });
      p.text(words.verifyText, x, below + 1, { size: 7.5, color: paper.muted, width, align: 'right', link: verifyUrl });
      y = Math.max(y, top + size);
    }
    y += 10;
  };

  const feet = (): void => {
    const { start, count } = p.doc.bufferedPageRange();
    const facts = [
      seller?.legalName,
      ...addressLines(seller?.address, language, seller?.address?.country),
      seller?.companyId === undefined ? undefined : `${words.companyId} ${seller.companyId}`,
      seller?.vatNumber === undefined ? undefined : `${words.vatNumber} ${seller.vatNumber}`,
      seller?.fTax === true ? words.fTax : undefined,
      seller?.email,
      seller?.phone,
      seller?.website,
    ].filter((it) => it !== undefined);
    for (let page = start; page < start + count; page += 1) {
      p.doc.switchToPage(page);
      const top = paper.HEIGHT - 74;
      p.line(top);
      p.text(facts.join('  ·  '), MARGIN, top + 8, { size: 7.5, color: paper.muted, width: INNER - 80 });
      const number = `${words.page} ${page - start + 1} ${words.of} ${count}`;
      p.text(number, MARGIN, top + 8, { size: 7.5, color: paper.muted, align: 'right' });
    }
  };

  head();
  warn();
  parties();
  hero();
  const [only, ...more] = cdrs;
  if (only !== undefined && more.length === 0) onlySession(only);
  else heading(`${words.sessions} (${cdrs.length})`);
  tableHead();
  for (const cdr of cdrs) {
    if (cdrs.length > 1) sessionLine(cdr);
    for (const it of linesOf(cdr, invoice.kind)) line(it, cdr.billable.timeZone, cdrs.length > 1 ? 10 : 0);
    if (cdrs.length > 1) y += 5;
  }
  totals();
  notes();
  payment();
  feet();
  return p.close();
}

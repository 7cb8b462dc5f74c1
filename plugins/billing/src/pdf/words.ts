import type { Language } from '../parties.ts';

const en = {
  receipt: 'Receipt',
  invoice: 'Invoice',
  credit: 'Credit note',
  number: 'Number',
  date: 'Date',
  due: 'Due date',
  period: 'Period',
  credits: 'Credits',
  reference: 'Your reference',
  buyer: 'Billed to',
  customer: 'Customer',
  toPay: 'To pay',
  paid: 'Total',
  credited: 'Credited',
  sessions: 'Charging sessions',
  session: 'Charging session',
  place: 'Place',
  evse: 'Charging point',
  start: 'Start',
  end: 'End',
  duration: 'Duration',
  energy: 'Energy',
  meter: 'Meter',
  token: 'Token',
  tariff: 'Tariff',
  signed: 'Signed meter values',
  verified: 'verified',
  failed: 'not valid',
  unverified: 'could not be verified',
  none: 'none',
  description: 'Description',
  quantity: 'Quantity',
  unitPrice: 'Unit price',
  vatRate: 'VAT',
  net: 'Net',
  vatBase: 'Net',
  vatAmount: 'VAT',
  gross: 'Gross',
  totalNet: 'Total without VAT',
  totalVat: 'VAT',
  total: 'Total with VAT',
  terms: 'Payment',
  payBy: 'Pay by',
  payReference: 'Payment reference',
  bankgiro: 'Bankgiro',
  plusgiro: 'Plusgiro',
  verify: 'Is this genuine?',
  verifyText: 'The code leads to a page of the issuer that confirms number, date and total.',
  companyId: 'Company no.',
  vatNumber: 'VAT no.',
  fTax: 'Approved for Swedish F-tax',
  page: 'Page',
  of: 'of',
  missing: 'Not a complete document: the operator has not yet given',
  'seller.legalName': 'the name of the seller',
  'seller.vatNumber': 'its VAT number',
  'seller.address': 'its address',
  h: 'h',
  min: 'min',
  pricesNet: 'Prices without VAT',
  priceNotes: 'About the price',
};
type Words = Record<keyof typeof en, string>;

const sv: Words = {
  receipt: 'Kvitto',
  invoice: 'Faktura',
  credit: 'Kreditfaktura',
  number: 'Nummer',
  date: 'Datum',
  due: 'Förfallodatum',
  period: 'Period',
  credits: 'Krediterar',
  reference: 'Er referens',
  buyer: 'Faktureras till',
  customer: 'Kund',
  toPay: 'Att betala',
  paid: 'Totalt',
  credited: 'Krediterat',
  sessions: 'Laddningar',
  session: 'Laddning',
  place: 'Plats',
  evse: 'Laddpunkt',
  start: 'Start',
  end: 'Slut',
  duration: 'Tid',
  energy: 'Energi',
  meter: 'Mätare',
  token: 'Bricka',
  tariff: 'Tariff',
  signed: 'Signerade mätvärden',
  verified: 'verifierade',
  failed: 'ogiltiga',
  unverified: 'kunde inte verifieras',
  none: 'inga',
  description: 'Beskrivning',
  quantity: 'Antal',
  unitPrice: 'À-pris',
  vatRate: 'Moms',
  net: 'Netto',
  vatBase: 'Netto',
  vatAmount: 'Moms',
  gross: 'Brutto',
  totalNet: 'Summa exkl. moms',
  totalVat: 'Moms',
  total: 'Summa inkl. moms',
  terms: 'Betalning',
  payBy: 'Betalas senast',
  payReference: 'Ange vid betalning',
  bankgiro: 'Bankgiro',
  plusgiro: 'Plusgiro',
  verify: 'Är det här äkta?',
  verifyText: 'Koden leder till utfärdarens sida, som bekräftar nummer, datum och belopp.',
  companyId: 'Org.nr',
  vatNumber: 'Momsreg.nr',
  fTax: 'Godkänd för F-skatt',
  page: 'Sida',
  of: 'av',
  missing: 'Inte en fullständig handling: operatören har ännu inte angett',
  'seller.legalName': 'säljarens namn',
  'seller.vatNumber': 'dess momsregistreringsnummer',
  'seller.address': 'dess adress',
  h: 'h',
  min: 'min',
  pricesNet: 'Priser exkl. moms',
  priceNotes: 'Om priset',
};

export const wordsOf = (language: Language): Words => (language === 'sv' ? sv : en);

/** What prices call their lines, which is English. */
const lineTexts: Readonly<Record<string, string>> = {
  Energy: 'Energi',
  Time: 'Tid',
  'Charging time': 'Laddtid',
  'Idle time': 'Tid efter avslutad laddning',
  'Session fee': 'Startavgift',
  Fee: 'Avgift',
  'Reservation fee': 'Bokningsavgift',
  'Reserved time': 'Bokad tid',
  'Congestion fee': 'Trängselavgift',
  'Minimum price': 'Lägsta pris',
  'Maximum price': 'Högsta pris',
  Rounding: 'Öresavrundning',
  'most a session': 'tak per laddning',
  'most a day': 'tak per dygn',
};

/** A line's text in the language of the document; what is not known stays as it is. */
export const lineText = (text: string, language: Language): string =>
  language === 'en'
    ? text
    : text
        .split(': ')
        .map((part) => lineTexts[part] ?? part)
        .join(': ');

const priced = /^Priced by (?:element (\d+)|(.+?)) of tariff (.+?)(?:: (.+))?\.$/;
const cap = /^Tariff (.+) caps this at (\S+) a (session|day)\.$/;

const days = { Mon: 'mån', Tue: 'tis', Wed: 'ons', Thu: 'tors', Fri: 'fre', Sat: 'lör', Sun: 'sön' } as const;
/** The conditions of a price component, word by word; numbers and ids hold none of these words. */
const conditionWords: readonly (readonly [RegExp, string])[] = [
  [/\bsession energy\b/g, 'laddad energi'],
  [/\bpower\b/g, 'effekt'],
  [/\bcurrent\b/g, 'ström'],
  [/\bstate of charge\b/g, 'laddnivå'],
  [/\bsecond (\d+) of the session\b/g, 'sekund $1 i laddningen'],
  [/\bbelow\b/g, 'under'],
  [/\bbefore\b/g, 'före'],
  [/\bfrom\b/g, 'från'],
  [/\bto\b/g, 'till'],
  ...Object.entries(days).map(([en, sv]) => [new RegExp(`\\b${en}\\b`, 'g'), sv] as const),
];
const conditionsText = (conditions: string): string =>
  conditionWords.reduce((text, [word, own]) => text.replace(word, own), conditions);

/** Why a line has its price, in the language of the document. */
export function becauseText(because: string, language: Language): string {
  if (language === 'en') return because;
  const [known, nth, rule, of, conditions] = priced.exec(because) ?? [];
  if (known !== undefined) {
    const by = nth === undefined ? `${rule} i tariff` : `del ${nth} av tariff`;
    return `Pris enligt ${by} ${of}${conditions === undefined ? '' : `: ${conditionsText(conditions)}`}.`;
  }
  const [, capping, amount, per] = cap.exec(because) ?? [];
  if (capping !== undefined)
    return `Tariff ${capping} begränsar detta till ${amount} per ${per === 'day' ? 'dygn' : 'laddning'}.`;
  return because;
}

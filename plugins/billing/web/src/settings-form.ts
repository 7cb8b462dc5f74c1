/** As the API shows it; what is not named here is kept as it came. */
export interface SellerShown {
  readonly legalName?: string;
  readonly companyId?: string;
  readonly vatNumber?: string;
  readonly address?: Partial<Record<'street' | 'extra' | 'postalCode' | 'city' | 'country', string>>;
  readonly email?: string;
  readonly phone?: string;
  readonly website?: string;
  readonly bank?: Partial<Record<'iban' | 'bic' | 'bankgiro' | 'plusgiro', string>>;
  readonly fTax?: boolean;
  readonly eInvoice?: { readonly scheme: string; readonly id: string };
}
interface OtherShown extends SellerShown {
  readonly id: string;
  readonly numberPrefix: string;
  readonly locations: readonly string[];
}
export interface BillingSettings {
  readonly seller?: SellerShown;
  readonly otherSellers: readonly OtherShown[];
  readonly language: 'sv' | 'en';
  readonly termsDays: number;
  readonly gate: {
    readonly hours: number;
    readonly inclVat: readonly { readonly currency: string; readonly above: number }[];
    readonly emptyWithPrice: boolean;
  };
  readonly accounts: {
    readonly receivable: string;
    readonly sales: string;
    readonly rounding: string;
    readonly otherVat: string;
    readonly vat: readonly { readonly percent: string; readonly account: string; readonly sales?: string }[];
  };
}

const ADDRESS = ['street', 'extra', 'postalCode', 'city', 'country'] as const;
const BANK = ['iban', 'bic', 'bankgiro', 'plusgiro'] as const;
const PLAIN = ['legalName', 'companyId', 'vatNumber', 'email', 'phone', 'website'] as const;
const E_INVOICE = ['eInvoiceScheme', 'eInvoiceId'] as const;
/** In the order of the form. */
export const sellerFields = [
  ...(['legalName', 'companyId', 'vatNumber'] as const),
  ...ADDRESS,
  ...(['email', 'phone', 'website'] as const),
  ...BANK,
  ...E_INVOICE,
] as const;
export type SellerField = (typeof sellerFields)[number];

/** All text, as it is typed. */
export type SellerForm = Readonly<Record<SellerField, string>> & { readonly fTax: boolean };
export interface OtherForm extends SellerForm {
  readonly id: string;
  /** It was there before: its id names it in every bill. */
  readonly known: boolean;
  readonly numberPrefix: string;
  readonly locations: readonly string[];
}
export interface VatForm {
  readonly percent: string;
  readonly account: string;
  readonly sales: string;
}
export interface SettingsForm {
  readonly seller: SellerForm;
  readonly others: readonly OtherForm[];
  readonly language: BillingSettings['language'];
  readonly termsDays: string;
  readonly hours: string;
  readonly limits: readonly { readonly currency: string; readonly above: string }[];
  readonly emptyWithPrice: boolean;
  readonly accounts: Readonly<Record<'receivable' | 'sales' | 'rounding' | 'otherVat', string>>;
  readonly vat: readonly VatForm[];
}

const sellerForm = (it: SellerShown = {}): SellerForm => ({
  ...(Object.fromEntries(sellerFields.map((name) => [name, ''])) as Record<SellerField, string>),
  ...Object.fromEntries(PLAIN.map((name) => [name, it[name] ?? ''])),
  ...it.address,
  ...it.bank,
  ...{ eInvoiceScheme: it.eInvoice?.scheme ?? '', eInvoiceId: it.eInvoice?.id ?? '', fTax: it.fTax === true },
  country: it.address?.country ?? 'SE',
});

export const emptyOther: OtherForm = { ...sellerForm(), id: '', known: false, numberPrefix: '', locations: [] };

export const formOfSettings = (it: BillingSettings): SettingsForm => ({
  seller: sellerForm(it.seller),
  others: it.otherSellers.map((one) => ({
    ...sellerForm(one),
    ...{ id: one.id, known: true, numberPrefix: one.numberPrefix, locations: one.locations },
  })),
  ...{ language: it.language, termsDays: String(it.termsDays), hours: String(it.gate.hours) },
  limits: it.gate.inclVat.map(({ currency, above }) => ({ currency, above: String(above) })),
  emptyWithPrice: it.gate.emptyWithPrice,
  accounts: {
    ...{ receivable: it.accounts.receivable, sales: it.accounts.sales },
    ...{ rounding: it.accounts.rounding, otherVat: it.accounts.otherVat },
  },
  vat: it.accounts.vat.map(({ percent, account, sales = '' }) => ({ percent, account, sales })),
});

const given = <K extends string>(form: Readonly<Record<K, string>>, names: readonly K[]): Partial<Record<K, string>> =>
  Object.fromEntries(names.flatMap((name) => (form[name].trim() === '' ? [] : [[name, form[name].trim()]]))) as Partial<
    Record<K, string>
  >;
const unless = <T extends object>(isEmpty: boolean, members: T): T | object => (isEmpty ? {} : members);
const numberOf = (text: string): number => Number(text.trim().replace(',', '.'));

/** What a form says of a seller; `before` has what the form does not show. Undefined where nothing is said. */
function sellerOf(form: SellerForm, before: SellerShown = {}): object | undefined {
  const shown = new Set<string>([...PLAIN, 'address', 'bank', 'fTax', 'eInvoice']);
  const kept = Object.fromEntries(Object.entries(before).filter(([name]) => !shown.has(name)));
  const { country = '', ...address } = given(form, ADDRESS);
  const bank = given(form, BANK);
  const { vatNumber, ...plain } = given(form, PLAIN);
  const eInvoice = given(form, E_INVOICE);
  const said = {
    ...plain,
    ...unless(vatNumber === undefined, { vatNumber: vatNumber?.toUpperCase() }),
    ...unless(Object.keys(address).length === 0, { address: { ...address, country: country.toUpperCase() } }),
    ...unless(Object.keys(bank).length === 0, {
      bank: { ...bank, ...unless(bank.iban === undefined, { iban: bank.iban?.replaceAll(' ', '').toUpperCase() }) },
    }),
    ...unless(Object.keys(eInvoice).length === 0, {
      eInvoice: { scheme: eInvoice.eInvoiceScheme ?? '', id: eInvoice.eInvoiceId ?? '' },
    }),
    ...unless(!form.fTax, { fTax: true }),
  };
  return Object.keys(said).length === 0 && Object.keys(kept).length === 0 ? undefined : { ...kept, ...said };
}

/** The settings that a form says. What it does not show stays as it was. */
export function settingsOf(form: SettingsForm, before: BillingSettings): object {
  const { seller: _, ...rest } = before;
  const seller = sellerOf(form.seller, before.seller);
  return {
    ...rest,
    ...unless(seller === undefined, { seller }),
    otherSellers: form.others.map(({ id, numberPrefix, locations, ...other }) => {
      const known = before.otherSellers.find((it) => it.id === id);
      return { ...sellerOf(other, known), id: id.trim(), numberPrefix: numberPrefix.trim(), locations };
    }),
    ...{ language: form.language, termsDays: numberOf(form.termsDays) },
    gate: {
      ...before.gate,
      ...{ hours: numberOf(form.hours), emptyWithPrice: form.emptyWithPrice },
      inclVat: form.limits.map(({ currency, above }) => ({
        ...{ currency: currency.trim().toUpperCase(), above: numberOf(above) },
      })),
    },
    accounts: {
      ...before.accounts,
      ...form.accounts,
      vat: form.vat.map(({ percent, account, sales }) => ({
        ...{ percent: percent.trim().replace(',', '.'), account: account.trim() },
        ...unless(sales.trim() === '', { sales: sales.trim() }),
      })),
    },
  };
}

/** What the law wants of a seller on a bill and the form does not say (Directive 2006/112/EC article 226). */
export const missingIn = ({
  legalName,
  vatNumber,
  street,
  city,
}: SellerForm): readonly ('legalName' | 'vatNumber' | 'address')[] => [
  ...(legalName.trim() === '' ? (['legalName'] as const) : []),
  ...(vatNumber.trim() === '' ? (['vatNumber'] as const) : []),
  ...(street.trim() === '' && city.trim() === '' ? (['address'] as const) : []),
];

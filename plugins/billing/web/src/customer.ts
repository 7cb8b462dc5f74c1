/** As the API shows it. */
export interface Customer {
  readonly id: string;
  readonly kind: 'driver' | 'company' | 'partner';
  readonly name: string;
  readonly address: Address | null;
  readonly companyId: string | null;
  readonly vatNumber: string | null;
  readonly vatTreatment: 'charged' | 'reverseCharge';
  readonly eInvoice: { readonly scheme: string; readonly id: string } | null;
  readonly reference: string | null;
  readonly email: string | null;
  readonly language: 'sv' | 'en' | null;
  readonly termsDays: number | null;
  readonly invoicing: 'session' | 'month';
  readonly members: {
    readonly tokens: readonly string[];
    readonly groups: readonly string[];
    readonly payers: readonly string[];
  };
  readonly waiting: number;
  readonly state: 'active' | 'erasing' | 'erased';
}
interface Address {
  readonly street?: string;
  readonly extra?: string;
  readonly postalCode?: string;
  readonly city?: string;
  readonly country: string;
}

/** All text, as it is typed. */
export interface CustomerForm {
  readonly kind: Customer['kind'];
  readonly name: string;
  readonly street: string;
  readonly extra: string;
  readonly postalCode: string;
  readonly city: string;
  readonly country: string;
  readonly companyId: string;
  readonly vatNumber: string;
  readonly vatTreatment: Customer['vatTreatment'];
  readonly eInvoiceScheme: string;
  readonly eInvoiceId: string;
  readonly reference: string;
  readonly email: string;
  readonly language: '' | 'sv' | 'en';
  readonly termsDays: string;
  readonly invoicing: Customer['invoicing'];
  readonly tokens: string;
  readonly groups: string;
  readonly payers: string;
}

export const emptyCustomer: CustomerForm = {
  ...{ kind: 'company', name: '', street: '', extra: '', postalCode: '', city: '', country: 'SE', companyId: '' },
  ...{
    vatNumber: '',
    vatTreatment: 'charged',
    eInvoiceScheme: '',
    eInvoiceId: '',
    reference: '',
    email: '',
    language: '',
    termsDays: '',
  },
  ...{ invoicing: 'month', tokens: '', groups: '', payers: '' },
};

export const formOfCustomer = (it: Customer): CustomerForm => ({
  ...{
    kind: it.kind,
    name: it.name,
    companyId: it.companyId ?? '',
    vatNumber: it.vatNumber ?? '',
    vatTreatment: it.vatTreatment,
  },
  ...{ street: it.address?.street ?? '', extra: it.address?.extra ?? '', postalCode: it.address?.postalCode ?? '' },
  ...{ city: it.address?.city ?? '', country: it.address?.country ?? 'SE' },
  ...{ eInvoiceScheme: it.eInvoice?.scheme ?? '', eInvoiceId: it.eInvoice?.id ?? '' },
  ...{ reference: it.reference ?? '', email: it.email ?? '', language: it.language ?? '' },
  ...{ termsDays: it.termsDays === null ? '' : String(it.termsDays), invoicing: it.invoicing },
  ...{ tokens: it.members.tokens.join('\n'), groups: it.members.groups.join('\n') },
  payers: it.members.payers.join('\n'),
});

/** The customer that a form says; what is left empty is null, so that it is taken away from one that had it. */
export function customerOf(form: CustomerForm, list: (text: string) => readonly string[]): unknown {
  const given = (text: string): string | null => (text.trim() === '' ? null : text.trim());
  const address = Object.fromEntries(
    (['street', 'extra', 'postalCode', 'city'] as const).flatMap((name) =>
      given(form[name]) === null ? [] : [[name, form[name].trim()]],
    ),
  );
  return {
    ...{ kind: form.kind, name: form.name.trim(), invoicing: form.invoicing, vatTreatment: form.vatTreatment },
    address: Object.keys(address).length === 0 ? null : { ...address, country: form.country.trim().toUpperCase() },
    ...{ companyId: given(form.companyId), vatNumber: given(form.vatNumber)?.toUpperCase() ?? null },
    eInvoice:
      given(form.eInvoiceId) === null ? null : { scheme: form.eInvoiceScheme.trim(), id: form.eInvoiceId.trim() },
    ...{ reference: given(form.reference), email: given(form.email) },
    language: form.language === '' ? null : form.language,
    termsDays: given(form.termsDays) === null ? null : Number(form.termsDays),
    members: { tokens: list(form.tokens), groups: list(form.groups), payers: list(form.payers) },
  };
}

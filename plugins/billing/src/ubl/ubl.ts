import { failBilling } from '../errors.ts';
import type { Printed } from '../pdf/model.ts';
import { enInvoiceOf, type EnInvoice, type EnLine, type EnParty, type EnVat } from './model.ts';
import { brokenRules } from './rules.ts';
import { element, xmlOf, type Element } from './xml.ts';

const CUSTOMIZATION = 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0';
const PROFILE = 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0';
const NAMESPACE = 'urn:oasis:names:specification:ubl:schema:xsd';

const cbc = (name: string, text: string | undefined, attributes?: Record<string, string>): Element | undefined =>
  element(`cbc:${name}`, text, attributes);
const cac = (name: string, ...content: readonly (Element | undefined)[]): Element | undefined =>
  element(`cac:${name}`, content);

const party = (it: EnParty, fTax: boolean): Element | undefined =>
  cac(
    'Party',
    it.endpoint === undefined ? undefined : cbc('EndpointID', it.endpoint.id, { schemeID: it.endpoint.scheme }),
    cac('PartyName', cbc('Name', it.name)),
    cac(
      'PostalAddress',
      cbc('StreetName', it.address?.street),
      cbc('AdditionalStreetName', it.address?.extra),
      cbc('CityName', it.address?.city),
      cbc('PostalZone', it.address?.postalCode),
      cac('Country', cbc('IdentificationCode', it.address?.country)),
    ),
    it.vatNumber === undefined
      ? undefined
      : cac('PartyTaxScheme', cbc('CompanyID', it.vatNumber), cac('TaxScheme', cbc('ID', 'VAT'))),
    // Peppol SE-R-005: said in these words, whatever the language of the document.
    fTax
      ? cac('PartyTaxScheme', cbc('CompanyID', 'Godkänd för F-skatt'), cac('TaxScheme', cbc('ID', 'TAX')))
      : undefined,
    cac('PartyLegalEntity', cbc('RegistrationName', it.name), cbc('CompanyID', it.companyId)),
    cac('Contact', cbc('Telephone', it.phone), cbc('ElectronicMail', it.email)),
  );

/** The e-invoice of the model, in the order that UBL 2.1 wants. */
export function ublOf(it: EnInvoice): string {
  const isCredit = it.typeCode === '381';
  const amount = (name: string, value: string) => cbc(name, value, { currencyID: it.currency });
  const category = (
    name: string,
    of: { readonly category: string; readonly percent: string } & Partial<Pick<EnVat, 'reason' | 'reasonCode'>>,
  ) =>
    cac(
      name,
      cbc('ID', of.category),
      cbc('Percent', of.percent),
      cbc('TaxExemptionReasonCode', of.reasonCode),
      cbc('TaxExemptionReason', of.reason),
      cac('TaxScheme', cbc('ID', 'VAT')),
    );
  const period = (of: EnInvoice['period']) =>
    of === undefined ? undefined : cac('InvoicePeriod', cbc('StartDate', of.start), cbc('EndDate', of.end));
  const line = (of: EnLine) =>
    cac(
      isCredit ? 'CreditNoteLine' : 'InvoiceLine',
      cbc('ID', of.id),
      cbc(isCredit ? 'CreditedQuantity' : 'InvoicedQuantity', of.quantity, { unitCode: of.unit }),
      amount('LineExtensionAmount', of.net),
      period(of.period),
      cac('Item', cbc('Description', of.description), cbc('Name', of.name), category('ClassifiedTaxCategory', of)),
      cac('Price', amount('PriceAmount', of.price)),
    );
  const { totals: t } = it;
  const isSome = (value: string): boolean => Number(value) !== 0;
  const root = isCredit ? 'CreditNote' : 'Invoice';
  return xmlOf({
    name: root,
    attributes: {
      xmlns: `${NAMESPACE}:${root}-2`,
      'xmlns:cac': `${NAMESPACE}:CommonAggregateComponents-2`,
      'xmlns:cbc': `${NAMESPACE}:CommonBasicComponents-2`,
    },
    content: [
      cbc('CustomizationID', CUSTOMIZATION),
      cbc('ProfileID', PROFILE),
      cbc('ID', it.number),
      cbc('IssueDate', it.issueDate),
      isCredit ? undefined : cbc('DueDate', it.dueDate),
      cbc(isCredit ? 'CreditNoteTypeCode' : 'InvoiceTypeCode', it.typeCode),
      cbc('Note', it.note),
      cbc('DocumentCurrencyCode', it.currency),
      cbc('BuyerReference', it.buyerReference),
      period(it.period),
      it.preceding === undefined
        ? undefined
        : cac('BillingReference', cac('InvoiceDocumentReference', cbc('ID', it.preceding.number))),
      cac('AccountingSupplierParty', party(it.seller, it.seller.fTax)),
      cac('AccountingCustomerParty', party(it.buyer, false)),
      ...it.payments.map((of) =>
        cac(
          'PaymentMeans',
          cbc('PaymentMeansCode', of.code),
          cbc('PaymentID', it.number),
          cac(
            'PayeeFinancialAccount',
            cbc('ID', of.account),
            of.branch === undefined ? undefined : cac('FinancialInstitutionBranch', cbc('ID', of.branch)),
          ),
        ),
      ),
      it.terms === undefined ? undefined : cac('PaymentTerms', cbc('Note', it.terms)),
      cac(
        'TaxTotal',
        amount('TaxAmount', t.vat),
        ...it.vat.map((of) =>
          cac(
            'TaxSubtotal',
            amount('TaxableAmount', of.base),
            amount('TaxAmount', of.amount),
            category('TaxCategory', of),
          ),
        ),
      ),
      cac(
        'LegalMonetaryTotal',
        amount('LineExtensionAmount', t.lines),
        amount('TaxExclusiveAmount', t.exclVat),
        amount('TaxInclusiveAmount', t.inclVat),
        isSome(t.allowances) ? amount('AllowanceTotalAmount', t.allowances) : undefined,
        isSome(t.charges) ? amount('ChargeTotalAmount', t.charges) : undefined,
        isSome(t.paid) ? amount('PrepaidAmount', t.paid) : undefined,
        isSome(t.rounding) ? amount('PayableRoundingAmount', t.rounding) : undefined,
        amount('PayableAmount', t.payable),
      ),
      ...it.lines.map(line),
    ],
  });
}

/** The document as an e-invoice. Throws `e-invoice-unfit`, naming each rule of EN 16931 and Peppol that it would break. */
export function renderUbl(printed: Printed): Promise<Buffer> {
  const invoice = enInvoiceOf(printed);
  const broken = brokenRules(invoice);
  if (broken.length > 0) {
    const told = broken.map(({ rule, why }) => `${rule} (${why})`).join(', ');
    return Promise.reject(
      failBilling('e-invoice-unfit', `"${invoice.number}" cannot be an e-invoice: ${told}`, { details: { broken } }),
    );
  }
  return Promise.resolve(Buffer.from(ublOf(invoice), 'utf8'));
}

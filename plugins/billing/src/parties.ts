import { z } from '@plugga/kit';

const line = z.string().trim().min(1).max(200);
const country = z.string().regex(/^[A-Z]{2}$/, 'an ISO 3166-1 code of two letters, such as SE');

export const language = z.enum(['sv', 'en']);
export type Language = z.output<typeof language>;

export const address = z.strictObject({
  street: line.optional(),
  extra: line.optional(),
  postalCode: z.string().trim().min(1).max(20).optional(),
  city: line.optional(),
  country,
});
export type Address = z.output<typeof address>;

/** Where an e-invoice goes: a scheme of the Electronic Address list (0007 is a Swedish organisation number) and the id there. */
export const eInvoice = z.strictObject({
  scheme: z.string().regex(/^(\d{4}|EM)$/, 'four digits, such as 0007'),
  id: z.string().trim().min(1).max(100),
});
export type EInvoice = z.output<typeof eInvoice>;

export const vatNumber = z
  .string()
  .trim()
  .regex(/^[A-Z]{2}[A-Z0-9+*]{2,13}$/, 'with its country in front, such as SE556000000001');

/** Who bills. Everything but the name may be missing; what the law asks for and is not there is said on each bill. */
export const seller = z.strictObject({
  legalName: line,
  companyId: z.string().trim().min(1).max(50).optional().describe('Such as 556000-0000'),
  vatNumber: vatNumber.optional(),
  address: address.optional(),
  email: z.email().max(200).optional(),
  phone: z.string().trim().min(1).max(50).optional(),
  website: z.string().trim().min(1).max(200).optional(),
  bank: z
    .strictObject({
      iban: z
        .string()
        .regex(/^[A-Z]{2}\d{2}[A-Z0-9]{8,30}$/, 'without blanks')
        .optional(),
      bic: z
        .string()
        .regex(/^[A-Z0-9]{8}([A-Z0-9]{3})?$/)
        .optional(),
      bankgiro: z
        .string()
        .regex(/^\d{3,4}-\d{4}$/, 'such as 123-4567')
        .optional(),
      plusgiro: z
        .string()
        .regex(/^\d{1,8}-\d$/)
        .optional(),
    })
    .optional(),
  fTax: z.boolean().optional().describe('Approved for Swedish F-tax: said on the invoice'),
  eInvoice: eInvoice.optional(),
});
export type Seller = z.output<typeof seller>;

/** As an invoice names its buyer. */
export interface Buyer {
  readonly id: string;
  readonly kind: 'driver' | 'company' | 'partner';
  readonly name: string;
  readonly address?: Address;
  readonly companyId?: string;
  readonly vatNumber?: string;
  readonly eInvoice?: EInvoice;
  readonly reference?: string;
  readonly email?: string;
}

/** What the law wants of a seller on an invoice (Directive 2006/112/EC article 226) and is not there. */
export function missingOf(of: Seller | null | undefined): readonly string[] {
  if (of == null) return ['seller.legalName', 'seller.vatNumber', 'seller.address'];
  const missing: string[] = [];
  if (of.vatNumber === undefined) missing.push('seller.vatNumber');
  if (of.address?.street === undefined && of.address?.city === undefined) missing.push('seller.address');
  return missing;
}

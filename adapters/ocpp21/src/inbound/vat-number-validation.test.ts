import { instant, type StationView } from '@plugga/kit';
import { expect, test } from 'vitest';
import { vatNumberValidation } from './vat-number-validation.ts';

const view = {} as StationView;
const asked = { vatNumber: 'SE556677889901', evseId: 1 };
const company = { name: 'A'.repeat(60), address1: 'Street 1', city: 'Lund', country: 'SE' };
const answer = (vatNumber?: { readonly valid: boolean; readonly company?: typeof company }) => {
  const reply = vatNumberValidation.reply({ now: instant(0), ...(vatNumber && { vatNumber }) }, asked, view);
  expect(vatNumberValidation.response!(reply)).toMatchObject({ ok: true });
  return reply;
};

test('a VAT number that somebody knows is answered with its company, cut to what the message holds', () => {
  expect(answer({ valid: true, company })).toEqual({
    ...{ ...asked, status: 'Accepted' },
    company: { ...company, name: 'A'.repeat(50) },
  });
});

test('one that is not valid, or that nobody knows, is rejected without a company', () => {
  expect(answer({ valid: false, company })).toEqual({ ...asked, status: 'Rejected' });
  expect(answer()).toEqual({ ...asked, status: 'Rejected' });
});

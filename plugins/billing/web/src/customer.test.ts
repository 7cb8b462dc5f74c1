import { expect, test } from 'vitest';
import { customerOf, emptyCustomer, formOfCustomer, type Customer } from './customer.ts';
import { listOf } from './invoice.ts';

const customer: Customer = {
  ...{ id: 'c1', kind: 'company', name: 'Hamnen AB', companyId: '556000-0001', vatNumber: 'DE556000101' },
  vatTreatment: 'reverseCharge',
  address: { street: 'Kajen 1', postalCode: '411 01', city: 'Göteborg', country: 'SE' },
  ...{ eInvoice: { scheme: '0007', id: '5560000001' }, reference: 'Eva', email: 'eva@hamnen.example', language: 'sv' },
  ...{ termsDays: 20, invoicing: 'month', waiting: 0, state: 'active' },
  members: { tokens: ['t1', 't2'], groups: [], payers: ['partner:NL*ABC'] },
};

test('a customer and its form say the same, both ways', () => {
  const { id: _id, waiting: _waiting, state: _state, ...said } = customer;
  expect(customerOf(formOfCustomer(customer), listOf)).toEqual(said);
});

test('what is emptied is taken away, and an address of a country alone is none', () => {
  expect(customerOf({ ...emptyCustomer, name: ' Kim ', vatNumber: ' se1234567890 ' }, listOf)).toMatchObject({
    ...{ name: 'Kim', vatNumber: 'SE1234567890', address: null, email: null, termsDays: null, eInvoice: null },
    members: { tokens: [] },
  });
});

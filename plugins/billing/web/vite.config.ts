import { pagesOf } from '@plugga/console/vite';

export default pagesOf({
  accounts: 'src/accounts.tsx',
  cdrs: 'src/cdrs.tsx',
  customers: 'src/customers.tsx',
  invoices: 'src/invoices.tsx',
  price: 'src/price.tsx',
  settings: 'src/settings.tsx',
  'session-bills': 'src/session-bills.tsx',
});

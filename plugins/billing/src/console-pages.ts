import { join } from 'node:path';
import type { UiContribution, WebContribution } from '@plugga/kit';

const web: WebContribution = { root: join(import.meta.dirname, '..') };
const ui: readonly UiContribution[] = [
  {
    ...{ host: 'console', slot: 'money', path: 'cdrs', module: 'cdrs.js' },
    title: { en: 'CDRs', sv: 'Laddposter' },
  },
  {
    ...{ host: 'console', slot: 'money', path: 'invoices', module: 'invoices.js' },
    title: { en: 'Bills', sv: 'Fakturor' },
  },
  {
    ...{ host: 'console', slot: 'people', path: 'customers', module: 'customers.js' },
    title: { en: 'Customers', sv: 'Kunder' },
  },
  {
    ...{ host: 'console', slot: 'money', path: 'accounts', module: 'accounts.js' },
    title: { en: 'Budgets and free charging', sv: 'Budgetar och fri laddning' },
  },
  {
    ...{ host: 'console', slot: 'money', path: 'settings', module: 'settings.js' },
    title: { en: 'Billing settings', sv: 'Faktureringsinställningar' },
  },
  {
    ...{ host: 'console', slot: 'session', path: 'bills', module: 'session-bills.js' },
    title: { en: 'Bills', sv: 'Fakturor' },
  },
  {
    ...{ host: 'console', slot: 'session', path: 'price', module: 'price.js' },
    title: { en: 'Why this price', sv: 'Varför detta pris' },
  },
];

/** What billing shows in the operator console. */
export const consolePages = { web, ui };

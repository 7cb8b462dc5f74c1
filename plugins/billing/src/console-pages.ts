import { join } from 'node:path';
import type { UiContribution, WebContribution } from '@plugga/kit';

const web: WebContribution = { root: join(import.meta.dirname, '..') };
const ui: readonly UiContribution[] = [
  {
    ...{ host: 'console', slot: 'money', path: 'cdrs', module: 'cdrs.js' },
    title: { en: 'CDRs', sv: 'Laddposter' },
  },
  {
    ...{ host: 'console', slot: 'session', path: 'price', module: 'price.js' },
    title: { en: 'Why this price', sv: 'Varför detta pris' },
  },
];

/** What billing shows in the operator console. */
export const consolePages = { web, ui };

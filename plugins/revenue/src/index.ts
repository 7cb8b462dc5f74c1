import { join } from 'node:path';
import { Billing, definePlugin, on, onBatch, Pricing, revenueChanged, tables } from '@plugga/kit';
import { announceWork, createAnnouncer } from './announce.ts';
import { bookedEvents } from './batch.ts';
import { createBooks } from './books.ts';
import { energyCostSet, keepEnergyCost } from './energy-cost.ts';
import { migrations, type RevenueTables } from './migrations.ts';
import { revenueRoutes } from './revenue-routes.ts';

/** What was sold, live: accrued, held, given away and settled, by day, site, tariff and channel. */
export const revenue = definePlugin({
  name: 'revenue',
  // Both for their order: what an event costs, and whether it is billed, is known before it is counted.
  needs: { pricing: Pricing, billing: Billing },
  tables: tables<RevenueTables>(),
  migrations,
  replay: 'rebuild',
  events: [revenueChanged, energyCostSet],
  work: announceWork,
  setup: (context) => {
    const book = createBooks(context);
    const announcer = createAnnouncer(context);
    return {
      on: [
        onBatch(bookedEvents, async (events, tx) => announcer.booked(events, await book(events, tx), tx)),
        on(energyCostSet, keepEnergyCost(context)),
      ],
      routes: { '/revenue': revenueRoutes(context) },
      work: announcer.work,
      web: { root: join(import.meta.dirname, '..') },
      ui: [
        {
          ...{ host: 'console', slot: 'money', path: 'revenue', module: 'revenue.js' },
          title: { en: 'Revenue', sv: 'Intäkter' },
        },
        {
          ...{ host: 'console', slot: 'money', path: 'reports', module: 'reports.js' },
          title: { en: 'Reports', sv: 'Rapporter' },
        },
      ],
    };
  },
});

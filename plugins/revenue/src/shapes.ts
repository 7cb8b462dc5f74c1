import { type Context, z } from '@plugga/kit';
import type { RevenueTables } from './migrations.ts';

export type RouteContext = Pick<
  Context<unknown, unknown, Record<never, never>, Record<never, never>, RevenueTables>,
  'db' | 'transaction' | 'clock'
>;

export const sumsSchema = z.object({ exclVat: z.string(), vat: z.string(), inclVat: z.string() });
export const booksSchema = z.object({
  earned: sumsSchema.openapi({ description: 'All that was sold: accrued, held, waived and settled together' }),
  accrued: sumsSchema.openapi({ description: 'Running and final prices that are on no bill yet' }),
  held: sumsSchema.openapi({ description: 'Of CDRs that wait for an operator' }),
  waived: sumsSchema.openapi({ description: 'Priced, and given away' }),
  settled: sumsSchema.openapi({ description: 'Bills less credit notes' }),
  invoiced: sumsSchema,
  credited: sumsSchema.openapi({ description: 'Of credit notes: negative' }),
});
export const countsSchema = z.object({
  sessions: z.number().int(),
  unpriced: z.number().int().openapi({ description: 'Sessions of which nobody can say what they cost' }),
  energyWh: z.number().int(),
  bills: z.number().int(),
  billedWh: z.number().int(),
});

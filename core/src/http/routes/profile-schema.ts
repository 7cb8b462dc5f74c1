import { z } from '@plugga/kit';

const instant = z.iso.datetime();
const seconds = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1);
export const profilePurpose = z.enum(['stationMax', 'txDefault', 'tx']);

/** A charging profile in neutral words; what one make of station cannot take of it is refused by name before it is sent. */
export const chargingProfile = z
  .strictObject({
    id: z.number().int().min(1).max(899_999_999).openapi({
      description: 'The same id again takes the place of the first; 900,000,000 and up are our own limits',
    }),
    purpose: profilePurpose,
    stackLevel: z.number().int().min(0).max(1_000).default(0),
    kind: z.enum(['absolute', 'recurring', 'relative']),
    recurrency: z.enum(['daily', 'weekly']).optional(),
    validFrom: instant.optional(),
    validTo: instant.optional(),
    schedule: z.strictObject({
      unit: z.enum(['A', 'W']),
      start: instant.optional(),
      seconds: seconds.min(1).optional().openapi({ description: 'How long it lasts' }),
      minRate: z.number().min(0).optional(),
      periods: z
        .array(
          z.strictObject({
            start: seconds.openapi({ description: 'Seconds from the start of the schedule; the first is 0' }),
            limit: z.number().min(0).max(10_000_000).openapi({ description: 'In the unit, of one decimal' }),
            phases: z.number().int().min(1).max(3).optional(),
          }),
        )
        .min(1)
        .max(1_000),
    }),
  })
  .openapi('ChargingProfile');

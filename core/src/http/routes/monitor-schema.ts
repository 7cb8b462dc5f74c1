import { z } from '@plugga/kit';

export const severity = z.number().int().min(0).max(9).openapi({ description: '0 is danger, 9 debugging' });
const monitorKind = z.enum([
  ...(['upper', 'lower', 'delta', 'periodic', 'clockAligned', 'targetDelta', 'targetDeltaRelative'] as const),
]);
const count = z.number().int().min(1).max(1_000_000);

/** A monitor as it is asked for. */
export const newMonitor = z.strictObject({
  id: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .optional()
    .openapi({ description: 'Replaces the monitor that the station calls so' }),
  variable: z.string().min(1).max(500).openapi({ description: '`Component[.instance]/Variable[.instance][@evse]`' }),
  kind: monitorKind.openapi({ description: 'The last two in 2.1' }),
  value: z.number().openapi({ description: 'The threshold, the change, or the seconds between two reports' }),
  severity,
  transaction: z.boolean().optional().openapi({ description: 'Only while a transaction lasts' }),
  stream: z
    .strictObject({ seconds: count.optional(), values: count.optional() })
    .optional()
    .openapi({ description: '2.1, periodic: its values come as a stream' }),
});

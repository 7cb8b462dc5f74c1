import { z } from '@plugga/kit';

const content = z.strictObject({
  format: z.enum(['ascii', 'html', 'uri', 'utf8', 'qrCode']),
  language: z.string().min(1).max(8).optional().openapi({ description: 'RFC 5646, such as `sv`' }),
  text: z.string().min(1).max(1024),
});

/** A text of a station's display. */
export const displayMessage = z
  .strictObject({
    id: z
      .number()
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .openapi({ description: 'One of the same id takes the place of the first' }),
    priority: z.enum(['alwaysFront', 'inFront', 'normalCycle']),
    state: z.enum(['charging', 'faulted', 'idle', 'unavailable', 'suspended', 'discharging']).optional(),
    from: z.iso.datetime().optional(),
    until: z.iso.datetime().optional(),
    transaction: z.string().min(1).max(36).optional().openapi({ description: "The station's id of a transaction" }),
    content,
    others: z.array(content).min(1).max(4).optional().openapi({ description: 'The same in other languages' }),
  })
  .openapi('DisplayMessage');

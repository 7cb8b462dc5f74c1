import { z } from '@plugga/kit';

const where = { evse: z.number().int().min(1).optional(), connector: z.number().int().min(1).optional() };
const anywhere = { evse: z.number().int().min(0).optional(), connector: z.number().int().min(0).optional() };
const power = z.number().min(0).max(10_000_000).nullable().optional();

/** What can be asked of a station in neutral words; its adapter says it in the station's dialect. */
export const commandAsked = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('start'),
      ...where,
      token: z.string().min(1).max(255).openapi({ description: "A token's id or whole value" }),
      reference: z.string().max(255).optional(),
    }),
    z.strictObject({
      type: z.literal('stop'),
      session: z.string().optional(),
      transactionId: z.string().optional().openapi({ description: 'Instead of the session' }),
    }),
    z.strictObject({ type: z.literal('unlock'), evse: z.number().int().min(1), connector: where.connector }),
    z.strictObject({ type: z.literal('reset'), kind: z.enum(['soft', 'hard']).default('soft'), evse: where.evse }),
    z.strictObject({ type: z.literal('availability'), ...anywhere, operative: z.boolean() }),
    z.strictObject({
      type: z.literal('trigger'),
      message: z.enum(['boot', 'heartbeat', 'status', 'meterValues', 'diagnosticsStatus', 'firmwareStatus']),
      ...anywhere,
    }),
    z.strictObject({
      type: z.literal('readVariables'),
      names: z.array(z.string().min(1).max(500)).max(500).optional(),
    }),
    z.strictObject({
      type: z.literal('writeVariables'),
      values: z.record(z.string().min(1).max(500), z.string().max(2500)),
    }),
    z.strictObject({ type: z.literal('limit'), evse: where.evse, watts: power, amperes: power }),
  ])
  .openapi('CommandAsked');

import { z } from 'zod';

/** What events are made of. */

export const isoText = z.string();
export const where = { evse: z.number().int(), connector: z.number().int().optional() };
/** How the time of a fact came about: the station's own, or ours because the station's was missing or not to be trusted. */
export const optionalTime = {
  time: isoText.optional(),
  timeSource: z.enum(['station', 'received']).optional(),
  rawTime: z.string().optional(),
};
export const timed = {
  time: isoText,
  timeSource: z.enum(['station', 'received']).optional(),
  rawTime: z.string().optional(),
};
/** The permanent identities of the hardware at that moment, so that a session is rebuilt from the log alone. */
export const place = z.object({
  evseId: z.string().optional(),
  connectorId: z.string().optional(),
  location: z.string().optional(),
  /** IANA name of the location's zone. */
  timeZone: z.string(),
  /** Rated power of the connector in watts, where it is stated. */
  maxPowerW: z.number().optional(),
});
export const tokenRef = z.object({
  /** TokenId, or a keyed hash where the token is not one that we know. */
  id: z.string(),
  type: z.string().optional(),
  last4: z.string().optional(),
  group: z.string().optional(),
});
export type TokenRef = z.output<typeof tokenRef>;
const sample = z.object({
  measurand: z.string().optional(),
  value: z.string(),
  unit: z.string().optional(),
  multiplier: z.number().int().optional(),
  phase: z.string().optional(),
  location: z.string().optional(),
  context: z.string().optional(),
  signed: z.string().optional(),
  signedAs: z
    .object({ method: z.string().optional(), encoding: z.string().optional(), publicKey: z.string().optional() })
    .optional(),
});
export const reading = z.object({ ...timed, samples: z.array(sample) });
export const profile = z.object({
  id: z.number().int(),
  evse: z.number().int(),
  purpose: z.enum(['stationMax', 'txDefault', 'tx', 'external', 'priority', 'localGeneration']),
  stackLevel: z.number().int(),
});
export type Place = z.output<typeof place>;
export type LoggedReading = z.output<typeof reading>;

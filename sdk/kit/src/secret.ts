import type { z } from 'zod';

/**
 * Marks a text among a plugin's settings as a secret: `settings: z.object({ apiKey: secret(z.string()).optional() })`. It is
 * stored encrypted, the plugin reads it as it was written, and nobody else does: the API and the audit say `{ "set": true }`.
 * Its place is fixed: in the settings or in objects inside them, not in lists, records or below a transform.
 */
export const secret = <T extends z.ZodType<unknown, string>>(schema: T): T =>
  // JSON Schema's own word for it (2020-12, validation 9.4), so that a form knows it too.
  schema.meta({ ...schema.meta(), writeOnly: true }) as T;

import { z } from 'zod';
import { defineEvent } from '../event.ts';
import { isoText } from './pieces.ts';

/** What happens to the installation. */

/** A new operator. `starter`: a fresh open installation that may be given a tariff to begin with. */
export const tenantCreated = defineEvent({
  type: 'tenant.created',
  v: 1,
  data: z.object({ name: z.string(), currency: z.string(), starter: z.boolean() }),
});
/** The installation was restored from a backup: what happened after `backupAt` is not in this log, though it happened. */
export const platformRestored = defineEvent({
  type: 'platform.restored',
  v: 1,
  data: z.object({ restore: z.string(), backupAt: isoText, restoredAt: isoText, position: z.string() }),
});

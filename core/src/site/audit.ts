import { redact } from '../redact.ts';
import type { Db } from './transact.ts';

/** Who changed what: written in the transaction of the change. Secrets and token values are taken out. */
export interface Change {
  readonly tenant: string;
  /** `key:<id>`, `admin`, `plugin:<name>`. */
  readonly actor: string;
  /** `station.created`: the resource and what was done to it. */
  readonly action: string;
  readonly subject: string;
  readonly before?: unknown;
  readonly after?: unknown;
  /** The request's id, as in the log and in X-Request-Id. */
  readonly correlation?: string;
}

export async function recordChange(db: Db, change: Change): Promise<void> {
  await db
    .insertInto('core.audit')
    .values({
      tenant: change.tenant,
      actor: change.actor,
      action: change.action,
      subject: change.subject,
      before: jsonOf(change.before),
      after: jsonOf(change.after),
      correlation: change.correlation ?? null,
    })
    .execute();
}

const jsonOf = (value: unknown): string | null =>
  value === undefined || value === null ? null : JSON.stringify(redact(value));

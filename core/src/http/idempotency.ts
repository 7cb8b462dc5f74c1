import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { fail, iso } from '@plugga/kit';
import type { MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Installation } from '../site/seed.ts';
import { own, transactOf, type Db } from '../site/transact.ts';
import type { HttpDeps } from './deps.ts';
import type { ApiEnv, Caller } from './env.ts';

/** A claim without an answer after this long is one of a process that has died before its commit. */
const ABANDONED_MS = 60_000;
const UNDER_WAY = 0;

/**
 * A POST with an Idempotency-Key happens once: the same request again gets the first answer, another request with the key
 * 422. What was refused (4xx, 5xx) did nothing and may be tried again; a 504 is kept, because its effect is not known.
 */
export function idempotency(deps: HttpDeps): MiddlewareHandler<ApiEnv> {
  const underWay = new Map<string, Promise<void>>();
  return async (c, next) => {
    const key = c.req.method === 'POST' ? c.req.header('idempotency-key') : undefined;
    if (key === undefined) return next();
    if (key === '' || key.length > 255) throw fail('invalid-input', 'Idempotency-Key must have 1 to 255 characters');
    const caller = c.get('caller');
    const url = new URL(c.req.url);
    const claim = claimOf(deps.installation, caller, key, `${url.pathname}${url.search}\n${await c.req.text()}`);
    // Twice at once on this node: the second one waits for the first and gets its answer.
    for (let first = underWay.get(claim.id); first !== undefined; first = underWay.get(claim.id)) await first;
    let settle = (): void => undefined;
    underWay.set(claim.id, new Promise<void>((resolve) => (settle = resolve)));
    try {
      const transact = transactOf(deps.transactions);
      const known = await transact(caller.tenant, (db) => take(db, claim, caller, deps.clock.now()));
      if (known !== undefined) {
        c.res = c.body(claim.open(known.response), known.status as ContentfulStatusCode, {
          'content-type': 'application/json',
          'idempotency-replayed': 'true',
        });
        return;
      }
      let stored = false;
      const store = async (db: Db, status: number, body: string): Promise<void> => {
        await keep(db, claim, { status, response: claim.seal(body, deps.random.bytes(12)) });
        stored = true;
      };
      c.set('idempotent', { store });
      await next();
      const { status } = c.res;
      if (status >= 400 && status !== 504) await transact(caller.tenant, (db) => release(db, claim));
      else if (!stored) {
        const body = await c.res.clone().text();
        await transact(caller.tenant, (db) => store(db, status, body));
      }
    } finally {
      underWay.delete(claim.id);
      settle();
    }
  };
}

interface Claim {
  readonly id: string;
  /** What the database knows the key by. */
  readonly key: string;
  readonly hash: Buffer;
  seal(body: string, nonce: Uint8Array): string;
  open(response: string): string;
}

/** Answers may hold a secret that is shown once: they are stored sealed with the caller's key, which is not stored. */
function claimOf({ hmac }: Installation, caller: Caller, key: string, request: string): Claim {
  const stored = hmac(`idempotency ${caller.tenant} ${key}`).toString('base64url');
  const seal = createHash('sha256').update(`seal ${caller.tenant} ${key}`).digest();
  return {
    id: stored,
    key: stored,
    hash: createHash('sha256').update(`${caller.actor}\n${request}`).digest(),
    seal: (body, nonce) => {
      const cipher = createCipheriv('aes-256-gcm', seal, nonce);
      const sealed = Buffer.concat([cipher.update(body, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
    },
    open: (response) => {
      const bytes = Buffer.from(response, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', seal, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    },
  };
}

/** Claims the key; or gives the answer that was given. */
async function take(
  db: Db,
  claim: Claim,
  caller: Caller,
  now: number,
): Promise<{ readonly status: number; readonly response: string } | undefined> {
  const at = new Date(now);
  const claimed = await db
    .insertInto('core.idempotency')
    .values({
      tenant: caller.tenant,
      key: claim.key,
      request_hash: claim.hash,
      status: UNDER_WAY,
      response: '',
      created_at: at,
    })
    .onConflict((conflict) => conflict.columns(['tenant', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst();
  if (claimed !== undefined) return undefined;
  const known = await db
    .selectFrom('core.idempotency')
    .select(['request_hash', 'status', 'response', 'created_at'])
    .where(own())
    .where('key', '=', claim.key)
    .forUpdate()
    .executeTakeFirst();
  // Released between the two statements.
  if (known === undefined) return take(db, claim, caller, now);
  if (!known.request_hash.equals(claim.hash))
    throw fail('idempotency-mismatch', 'this Idempotency-Key came with another request before');
  if (known.status !== UNDER_WAY) return known;
  if (now - known.created_at.getTime() < ABANDONED_MS)
    throw fail(
      'conflict',
      `the same request is under way since ${iso(known.created_at.getTime() as never)}; try again in a moment`,
    );
  await db.deleteFrom('core.idempotency').where(own()).where('key', '=', claim.key).execute();
  return take(db, claim, caller, now);
}

const keep = async (
  db: Db,
  claim: Claim,
  answer: { readonly status: number; readonly response: string },
): Promise<void> => {
  await db.updateTable('core.idempotency').set(answer).where(own()).where('key', '=', claim.key).execute();
};

const release = async (db: Db, claim: Claim): Promise<void> => {
  await db
    .deleteFrom('core.idempotency')
    .where(own())
    .where('key', '=', claim.key)
    .where('status', '=', UNDER_WAY)
    .execute();
};

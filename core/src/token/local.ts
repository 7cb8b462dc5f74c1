import { instant, type Instant, type TenantId } from '@plugga/kit';
import { own, type Transact } from '../site/transact.ts';
import { tokenColumns, tokenOf, type TokenStatus } from './tokens.ts';

export interface LocalToken {
  readonly id: string;
  readonly type: string;
  readonly last4: string;
  readonly group: string | null;
  readonly status: TokenStatus;
  readonly expiresAt: Instant | null;
}

/** A value is found whatever its type; the type decides only between several. */
export const ofType = <T extends LocalToken>(tokens: readonly T[], type: string | undefined): T | undefined =>
  tokens.find((token) => token.type.toLowerCase() === type?.toLowerCase()) ?? tokens[0];

/** How many values a tenant's cache holds; the one that came in first goes first. */
const KEPT = 50_000;

/** The tenant's own tokens, read once and kept until something of them changes. */
export function localTokens(transact: Transact) {
  const caches = new Map<TenantId, Map<string, readonly LocalToken[]>>();
  const cacheOf = (tenant: TenantId) => {
    const known = caches.get(tenant);
    if (known !== undefined) return known;
    const made = new Map<string, readonly LocalToken[]>();
    caches.set(tenant, made);
    return made;
  };
  return {
    async find(tenant: TenantId, matchKey: string, type: string | undefined): Promise<LocalToken | undefined> {
      const cache = cacheOf(tenant);
      let tokens = cache.get(matchKey);
      if (tokens === undefined) {
        tokens = await readTokens(transact, tenant, matchKey);
        // What nobody has is not kept. After a `forget` meanwhile this cache is not the tenant's any more.
        if (tokens.length > 0) cache.set(matchKey, tokens);
        const [oldest] = cache.keys();
        if (cache.size > KEPT && oldest !== undefined) cache.delete(oldest);
      }
      return ofType(tokens, type);
    },
    forget: (tenant: TenantId): void => void caches.delete(tenant),
    forgetAll: (): void => caches.clear(),
  };
}

const readTokens = (transact: Transact, tenant: TenantId, matchKey: string): Promise<readonly LocalToken[]> =>
  transact(tenant, async (db) => {
    const rows = await db
      .selectFrom('core.token_row')
      .select(tokenColumns)
      .where(own())
      .where('match_key', '=', matchKey)
      .orderBy('created_at')
      .orderBy('id')
      .limit(20)
      .execute();
    return rows.map((row) => {
      const { id, type, last4, group, status, expiresAt } = tokenOf(row);
      return { id, type, last4, group, status, expiresAt: expiresAt === null ? null : instant(expiresAt.getTime()) };
    });
  });

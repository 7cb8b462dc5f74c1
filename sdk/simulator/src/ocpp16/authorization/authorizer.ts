import type { Answered } from '../../wire/calls.ts';
import type { Configuration } from '../configuration.ts';
import { authorize } from '../messages/authorize.ts';
import { type LocalList, type TokenInfo, tokenInfoOf, tokenKey } from './local-list.ts';

/** Whether a token may charge: asked of the CSMS, or judged by list and cache while it cannot be (OCPP 1.6 section 3.5). */
export interface Authorizer {
  /** `shown`: what goes out with it. */
  authorize(idTag: string, shown?: Readonly<Record<string, unknown>>): Promise<TokenInfo>;
  /** The CSMS has said something about a token: the cache learns it. */
  learn(idTag: string, idTagInfo: unknown): void;
  /** The answer to ClearCache. */
  clearCache(): 'Accepted' | 'Rejected';
  /** The cache forgets that token. */
  forget(idTag: string): void;
  /** What is known about a token without asking. */
  known(idTag: string): TokenInfo | undefined;
  keep(): readonly (readonly [string, TokenInfo])[];
}

export const authorizer = (o: {
  readonly configuration: Configuration;
  readonly list: LocalList;
  readonly now: () => number;
  readonly online: () => boolean;
  readonly call: (action: string, payload: Record<string, unknown>) => Promise<Answered>;
  readonly past?: readonly (readonly [string, TokenInfo])[] | undefined;
}): Authorizer => {
  const { configuration, list } = o;
  const cache = new Map<string, TokenInfo>(o.past);

  const timely = (info: TokenInfo | undefined): TokenInfo | undefined =>
    info?.status === 'Accepted' && info.expiresAt !== undefined && info.expiresAt <= o.now()
      ? { ...info, status: 'Expired' }
      : info;
  const cached = (idTag: string): TokenInfo | undefined =>
    configuration.on('AuthorizationCacheEnabled') ? cache.get(tokenKey(idTag)) : undefined;
  // The list is of the CSMS's own making and goes before what was learnt (section 3.5.3).
  const known = (idTag: string): TokenInfo | undefined => timely(list.find(idTag) ?? cached(idTag));
  const learn = (idTag: string, idTagInfo: unknown): void => {
    const info = tokenInfoOf(idTagInfo);
    if (info !== undefined && configuration.on('AuthorizationCacheEnabled')) cache.set(tokenKey(idTag), info);
  };
  const offline = (idTag: string): TokenInfo => {
    const info = configuration.on('LocalAuthorizeOffline') ? known(idTag) : undefined;
    if (info !== undefined) return info;
    return { status: configuration.on('AllowOfflineTxForUnknownId') ? 'Accepted' : 'Invalid' };
  };

  return {
    known,
    learn,
    async authorize(idTag, shown) {
      const before = configuration.on('LocalPreAuthorize') ? known(idTag) : undefined;
      // Only an acceptance saves the question: what is refused here may be good by now (section 3.5.1).
      if (before?.status === 'Accepted') return before;
      const answered = o.online() ? await o.call('Authorize', { ...authorize(idTag), ...shown }) : undefined;
      if (answered?.kind !== 'result') return offline(idTag);
      learn(idTag, answered.payload['idTagInfo']);
      return tokenInfoOf(answered.payload['idTagInfo']) ?? { status: 'Invalid' };
    },
    clearCache() {
      if (!configuration.on('AuthorizationCacheEnabled')) return 'Rejected';
      cache.clear();
      return 'Accepted';
    },
    forget: (idTag) => void cache.delete(tokenKey(idTag)),
    keep: () => [...cache],
  };
};

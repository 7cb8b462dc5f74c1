/** What the list, the cache or the CSMS says about a token. */
export interface TokenInfo {
  readonly status: string;
  readonly parentIdTag?: string;
  readonly expiresAt?: number;
}

/** The local authorization list (OCPP 1.6 section 3.5.2): kept by the CSMS, known by its version. */
export interface LocalList {
  /** -1 when the list is switched off, 0 when there is none (section 5.10). */
  version(): number;
  /** The answer to SendLocalList (section 7.21). A list that is not taken whole changes nothing. */
  send(payload: Readonly<Record<string, unknown>>): 'Accepted' | 'Failed' | 'NotSupported' | 'VersionMismatch';
  find(idTag: string): TokenInfo | undefined;
  keep(): KeptList;
}

export interface KeptList {
  readonly version: number;
  readonly entries: readonly (readonly [string, TokenInfo])[];
}

export interface ListRules {
  readonly enabled: boolean;
  /** LocalAuthListMaxLength. */
  readonly most: number;
  /** SendLocalListMaxLength. */
  readonly mostAtOnce: number;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `idTagInfo` of any message; undefined when it is none. */
export const tokenInfoOf = (given: unknown): TokenInfo | undefined => {
  if (!isRecord(given) || typeof given['status'] !== 'string') return undefined;
  const expiresAt = typeof given['expiryDate'] === 'string' ? Date.parse(given['expiryDate']) : Number.NaN;
  return {
    status: given['status'],
    ...(typeof given['parentIdTag'] === 'string' ? { parentIdTag: given['parentIdTag'] } : {}),
    ...(Number.isNaN(expiresAt) ? {} : { expiresAt }),
  };
};

/** Tokens are compared without regard to case (type IdToken is a CiString20). */
export const tokenKey = (idTag: string): string => idTag.toUpperCase();

export const localList = (rules: () => ListRules, past?: KeptList): LocalList => {
  let version = past?.version ?? 0;
  let entries = new Map<string, TokenInfo>(past?.entries);

  const changed = (given: readonly unknown[], full: boolean): Map<string, TokenInfo> | undefined => {
    const next = new Map(full ? [] : entries);
    const seen = new Set<string>();
    for (const one of given) {
      if (!isRecord(one) || typeof one['idTag'] !== 'string' || one['idTag'] === '') return undefined;
      const key = tokenKey(one['idTag']);
      if (seen.has(key)) return undefined;
      seen.add(key);
      const info = tokenInfoOf(one['idTagInfo']);
      if (info !== undefined) next.set(key, info);
      // Without idTagInfo an entry of an update is to be removed; a full list has none such (section 7.5).
      else if (full || one['idTagInfo'] !== undefined) return undefined;
      else next.delete(key);
    }
    return next;
  };

  return {
    version: () => (rules().enabled ? version : -1),
    send(payload) {
      const { enabled, most, mostAtOnce } = rules();
      if (!enabled) return 'NotSupported';
      const { listVersion, updateType, localAuthorizationList: given = [] } = payload;
      if (typeof listVersion !== 'number' || !Array.isArray(given)) return 'Failed';
      const full = updateType === 'Full';
      if (!full && listVersion <= version) return 'VersionMismatch';
      if (listVersion <= 0 || given.length > mostAtOnce) return 'Failed';
      const next = changed(given, full);
      if (next === undefined || next.size > most) return 'Failed';
      entries = next;
      version = listVersion;
      return 'Accepted';
    },
    find: (idTag) => (rules().enabled ? entries.get(tokenKey(idTag)) : undefined),
    keep: () => ({ version, entries: [...entries] }),
  };
};

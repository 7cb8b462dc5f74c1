import { instant, type Instant, type TenantId, type TokenRef } from '@plugga/kit';
import type { TokenDecision } from '../station/input.ts';
import type { Asked } from './authorize.ts';
import { type LocalToken, ofType } from './local.ts';
import { type OfflinePolicy, type OfflineRule, ruleFor } from './offline-policy.ts';

/** What a node knows of tokens without the database (../standing/standing.ts). */
export interface KnownOffline {
  tokens(tenant: TenantId, matchKey: string): readonly (LocalToken & { readonly goodAt: Instant })[];
  /** What a plugin accepted last, and when. */
  accepted(key: string): { readonly decision: TokenDecision; readonly at: Instant } | undefined;
}

const HOUR_MS = 3_600_000;

/**
 * May this token charge while the database is away? No plugin is asked: its data are away as well. What is known to be
 * blocked or expired is refused; what was known to be good follows the rule of its type. What the station has already begun
 * is refused for no fault of ours, unless the operator said never.
 */
export function offlineDecision(o: {
  readonly known: KnownOffline | undefined;
  readonly policy: OfflinePolicy;
  readonly tenant: TenantId;
  readonly asked: Asked;
  readonly matchKey: string;
  /** How events know the token when we do not. */
  readonly ref: TokenRef;
  /** What a plugin's acceptance of it is kept under. */
  readonly key: string;
  readonly now: Instant;
}): TokenDecision {
  const { known, policy, tenant, asked, now } = o;
  const own = ofType(known?.tokens(tenant, o.matchKey) ?? [], asked.token.type);
  if (own !== undefined) {
    const { id, type, last4, group, expiresAt, status } = own;
    const about = {
      ref: { id, type, last4, ...(group === null ? {} : { group }) },
      ...(group === null ? {} : { group: { value: group } }),
      ...(expiresAt === null ? {} : { expiresAt }),
    };
    if (status !== 'accepted') return { status, by: 'offline', reason: `the token is ${status}`, ...about };
    if (expiresAt !== null && expiresAt <= now)
      return { status: 'expired', by: 'offline', reason: 'the token is expired', ...about };
    return { ...judged(ruleFor(policy, type), asked, own.goodAt, now), ...about };
  }
  const before = known?.accepted(o.key);
  if (before !== undefined) {
    const { decision, at } = before;
    const { reason: _, ...about } = decision;
    if (decision.expiresAt !== undefined && decision.expiresAt <= now)
      return { ...about, status: 'expired', by: 'offline', reason: 'the token is expired' };
    const type = asked.token.type ?? decision.ref.type;
    return { ...about, ...judged(ruleFor(policy, type), asked, at, now) };
  }
  const { unknown } = policy;
  const accepted = unknown === 'always' || (unknown === undefined && asked.purpose !== 'authorize');
  if (accepted || asked.purpose === 'stop') return { status: 'accepted', ref: o.ref, by: 'offline', reason: AWAY };
  return { status: 'invalid', ref: o.ref, by: 'offline', reason: `${AWAY}, and the token is not known here` };
}

const AWAY = 'the database is away';

function judged(
  rule: OfflineRule,
  { purpose }: Asked,
  goodAt: Instant,
  now: Instant,
): Pick<TokenDecision, 'status' | 'by' | 'reason'> {
  const accepted = { status: 'accepted', by: 'offline', reason: AWAY } as const;
  if (rule === 'always' || purpose === 'stop') return accepted;
  if (rule === 'never') return { ...accepted, status: 'invalid', reason: `${AWAY}, and its type is not accepted then` };
  if (now < instant(goodAt + rule.hours * HOUR_MS) || purpose === 'start') return accepted;
  return {
    ...accepted,
    status: 'invalid',
    reason: `${AWAY}, and it was last known good more than ${rule.hours} h ago`,
  };
}

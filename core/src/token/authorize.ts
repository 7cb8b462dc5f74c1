import { instant, type Instant, type StationId, type TenantId, type TokenInput, type TokenRef } from '@plugga/kit';
import type { QuestionsFace } from '../plugins/questions.ts';
import type { Clock } from '../ports.ts';
import { last4Of } from '../redact.ts';
import type { Hmac } from '../site/installation.ts';
import type { Transact } from '../site/transact.ts';
import type { TokenDecision } from '../station/input.ts';
import { createGuessPace } from './guess-pace.ts';
import { localTokens, type LocalToken } from './local.ts';
import { matchKeyOf } from './match-key.ts';
import { offlineDecision, type KnownOffline } from './offline.ts';
import { lastKnownGoodForADay, type OfflinePolicy } from './offline-policy.ts';
import { tokenValue } from './tokens.ts';
import { unknownTokenId } from './unknown.ts';

export interface Asked {
  readonly token: TokenInput;
  readonly station: StationId;
  readonly evse?: number;
  readonly purpose: 'authorize' | 'start' | 'stop';
}

export interface AuthorizerDeps {
  readonly transact: Transact;
  readonly hmac: Hmac;
  readonly clock: Clock;
  readonly ask: QuestionsFace['ask'];
  /** For each of the two questions: the station waits meanwhile. */
  readonly deadlineMs: number;
  /** The database is known to be away: it is not asked, nor are plugins. */
  away?(): boolean;
  readonly policy?: OfflinePolicy;
  /** Outlives the process: what is known of tokens without the database. */
  readonly standing?: KnownOffline & {
    accept(key: string, decision: TokenDecision): void;
    refuse(key: string): void;
  };
}

export interface Authorizer {
  authorize(tenant: TenantId, asked: Asked): Promise<TokenDecision>;
  /** The value of a token of ours; undefined when it was erased. */
  tokenById(tenant: TenantId, id: string): Promise<TokenInput | undefined>;
  /** A token of the tenant was made, changed or erased. */
  forget(tenant: TenantId): void;
  /** Something may have been changed that we were not told of. */
  forgetAll(): void;
}

/** How long what a plugin accepted stands in for it while it is silent. */
const REMEMBERED_MS = 24 * 3_600_000;
const REMEMBERED_TOKENS = 50_000;

/** May this token charge? Asked of the tenant's own tokens, else of the plugins, else of what they said before; else no. */
export function createAuthorizer(deps: AuthorizerDeps): Authorizer {
  const { clock, hmac } = deps;
  const local = localTokens(deps.transact);
  const guesses = createGuessPace(clock);
  const remembered = new Map<string, { readonly decision: TokenDecision; readonly until: Instant }>();

  async function authorize(tenant: TenantId, asked: Asked): Promise<TokenDecision> {
    const matchKey = matchKeyOf(asked.token.value);
    const unknown = refOf(asked.token, unknownTokenId(hmac, matchKey));
    // Whether the token is known or not: the answer and its time say nothing of that. What has started is never held back.
    if (asked.purpose === 'authorize' && guesses.isGuessing(asked.station)) return guessed(unknown);
    const decision = await decided(tenant, asked, { matchKey, unknown });
    if (decision.status === 'invalid' && decision.ref.id === unknown.id) guesses.unknown(asked.station, unknown.id);
    return decision;
  }

  async function decided(
    tenant: TenantId,
    asked: Asked,
    { matchKey, unknown }: { readonly matchKey: string; readonly unknown: TokenRef },
  ): Promise<TokenDecision> {
    if (matchKey === '') return { status: 'invalid', ref: unknown, by: 'default', reason: 'the token is empty' };
    const offline = (): TokenDecision =>
      offlineDecision({
        ...{ known: deps.standing, policy: deps.policy ?? lastKnownGoodForADay, tenant, asked, matchKey },
        ...{ ref: unknown, key: keyOf(tenant, unknown, asked), now: clock.now() },
      });
    if (deps.away?.() === true) return offline();
    let own: LocalToken | undefined;
    try {
      own = await local.find(tenant, matchKey, asked.token.type);
    } catch {
      return offline();
    }
    if (own !== undefined) return admitted(tenant, asked, decisionOf(own, clock.now()));
    return admitted(tenant, asked, await foreign(tenant, asked, unknown));
  }

  /** A token that is not ours: its owner answers. */
  async function foreign(tenant: TenantId, asked: Asked, ref: TokenRef): Promise<TokenDecision> {
    const { deadlineMs } = deps;
    const key = keyOf(tenant, ref, asked);
    const said = await deps.ask('authorize', { ...asked }, { tenant, deadlineMs });
    if (said === undefined) {
      const before = remembered.get(key) ?? recalled(key);
      if (before !== undefined && before.until > clock.now()) return { ...before.decision, by: 'cache' };
      return { status: 'invalid', ref, by: 'default', reason: 'nobody knows the token' };
    }
    const { decision, status, group, expiresAt, message, reason, payer, reference, limits } = said.answer;
    const made: TokenDecision = {
      status: decision === 'accept' ? 'accepted' : status === undefined || status === 'accepted' ? 'invalid' : status,
      ref: group === undefined ? ref : { ...ref, group: group.value },
      by: `plugin:${said.plugin}`,
      ...given({ group, expiresAt, message, reason, payer, reference, limits }),
    };
    remembered.delete(key);
    if (decision === 'accept') {
      remembered.set(key, { decision: made, until: untilOf(made, clock.now()) });
      deps.standing?.accept(key, made);
      const [oldest] = remembered.keys();
      if (remembered.size > REMEMBERED_TOKENS && oldest !== undefined) remembered.delete(oldest);
    } else deps.standing?.refuse(key);
    return made;
  }

  /** As an earlier process kept it. */
  function recalled(key: string) {
    const kept = deps.standing?.accepted(key);
    return kept && { decision: kept.decision, until: untilOf(kept.decision, kept.at) };
  }

  /** No credit, reserved for another, over budget: one refusal refuses. A stop is never refused so. */
  async function admitted(tenant: TenantId, asked: Asked, decision: TokenDecision): Promise<TokenDecision> {
    if (decision.status !== 'accepted' || asked.purpose === 'stop') return decision;
    const { token, station, evse } = asked;
    const said = await deps.ask(
      'admit',
      { token, tokenId: decision.ref.id, station, ...(evse === undefined ? {} : { evse }) },
      { tenant, deadlineMs: deps.deadlineMs },
    );
    if (said === undefined || said.answer.admit) return decision;
    return {
      ...decision,
      status: said.answer.status ?? 'blocked',
      by: `plugin:${said.plugin}`,
      reason: said.answer.reason ?? 'not admitted',
    };
  }

  return {
    authorize,
    tokenById: (tenant, id) => deps.transact(tenant, (db) => tokenValue(db, id)),
    forget: local.forget,
    forgetAll: local.forgetAll,
  };
}

const guessed = (ref: TokenRef): TokenDecision => ({
  ...{ status: 'invalid', ref, by: 'default', guessing: true },
  reason: 'the station tries too many unknown tokens: no more are looked at for a minute',
});

const refOf = ({ value, type }: TokenInput, id: string): TokenRef => ({
  id,
  last4: last4Of(value),
  ...(type === undefined ? {} : { type }),
});

function decisionOf(token: LocalToken, now: Instant): TokenDecision {
  const ref: TokenRef = {
    id: token.id,
    type: token.type,
    last4: token.last4,
    ...(token.group === null ? {} : { group: token.group }),
  };
  const expired = token.expiresAt !== null && token.expiresAt <= now;
  return {
    status: token.status === 'accepted' && expired ? 'expired' : token.status,
    ref,
    by: 'local',
    ...(token.group === null ? {} : { group: { value: token.group } }),
    ...(token.expiresAt === null ? {} : { expiresAt: token.expiresAt }),
    ...(token.status === 'accepted' && !expired
      ? {}
      : { reason: `the token is ${expired ? 'expired' : token.status}` }),
  };
}

const keyOf = (tenant: TenantId, ref: TokenRef, { token }: Asked): string => `${tenant} ${ref.id} ${token.type ?? ''}`;

const untilOf = ({ expiresAt }: TokenDecision, at: Instant): Instant =>
  instant(Math.min(at + REMEMBERED_MS, expiresAt ?? Infinity));

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
const given = <T extends object>(members: T): Given<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Given<T>;

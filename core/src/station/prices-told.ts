import {
  type Ask,
  type CommandName,
  type CommandResult,
  type CommandTable,
  type Fact,
  instant,
  type Instant,
  type Log,
  type Outcome,
  type Questions,
  type RunningCost,
  type SessionId,
  type StationTariff,
} from '@plugga/kit';
import type { Clock } from '../ports.ts';
import { billableOf, hasCdr } from '../session/billable.ts';
import { hasGap, isHeld } from '../session/flags.ts';
import { endOf, type Session, statusOf } from '../session/session.ts';
import type { ActorDeps } from './actor-face.ts';
import { createDefaultTariffs } from './default-tariffs.ts';
import type { Input, TokenDecision } from './input.ts';
import { createOwnTariffs, type Driver } from './own-tariffs.ts';
import { createRunningCosts, shown } from './running-cost.ts';
import { sessionOf, type StationState } from './state.ts';

/** Nothing that was not asked for is sent so soon after a connection. */
const UNASKED_MS = 30_000;

/** What a station is told of prices of our own accord: tariffs to reckon by, and what its sessions cost. */
export interface PricesTold {
  connected(): void;
  /** Nobody knows what it still has. */
  booted(): void;
  tariffsChanged(): void;
  priced(session: SessionId, cost: RunningCost): void;
  /** For the answer to a message of that transaction. */
  costOf(transaction: string | undefined): Pick<Outcome, 'cost'>;
  /** What it costs for good now that it has ended; nothing where that is not known yet. */
  finalOf(transaction: string | undefined): Promise<RunningCost | undefined>;
  /** The station speaks of that transaction. */
  heard(transaction: string | undefined, facts: readonly Fact[]): void;
  /** A tariff that is the driver's own, for a station that takes one with the answer. */
  tariffFor(ask: Ask | undefined, decision: TokenDecision | undefined): Promise<StationTariff | undefined>;
  cancel(): void;
}

/** The tariff by which the station says that it reckons. */
const usedOf = (facts: readonly Fact[]): string | undefined => {
  const said = facts.find((it) => it.kind === 'noted' && it.topic === 'transaction.cost');
  return said?.kind === 'noted' ? (said.data as { readonly tariff?: string }).tariff : undefined;
};

/** The station has told its end and all before it, and it is billed without anybody's look. */
const isWhole = (session: Session): boolean =>
  endOf(session)?.evidence === 'station' && !hasGap(session) && hasCdr(session) && !isHeld(session);

export function createPricesTold(o: {
  readonly clock: Clock;
  readonly log: Log;
  readonly state: () => StationState;
  /** Since when it is connected; undefined where it is not, or nothing is told that nobody asked for. */
  readonly since: () => Instant | undefined;
  readonly has: (command: CommandName) => boolean;
  readonly run: <K extends CommandName>(name: K, command: CommandTable[K]) => Promise<CommandResult>;
  readonly take: (input: Input) => Promise<void>;
  readonly finalCost: (ask: Parameters<ActorDeps['finalCost']>[1]) => ReturnType<ActorDeps['finalCost']>;
  readonly stationTariff: (
    ask: Parameters<ActorDeps['stationTariff']>[1],
  ) => Promise<Questions['stationTariff']['answer'] | undefined>;
}): PricesTold {
  const { clock, log, state, run, take } = o;
  /** What was known of the station when it did not want to be told. */
  let costUnwanted: StationState['variables'] | undefined;

  const from = (): Instant | undefined => {
    const since = o.since();
    return since === undefined ? undefined : instant(since + UNASKED_MS);
  };
  /** What it says of itself beside is kept. */
  const told = async (running: Promise<CommandResult>): Promise<CommandResult> => {
    const result = await running;
    if ('variables' in result && result.variables !== undefined) await take({ kind: 'told', result });
    return result;
  };
  /** While it charges, to a station that shows it. */
  const tellCost = async (session: SessionId, { currency, value }: RunningCost): Promise<void> => {
    const found = state().sessions.find(({ id }) => id === session);
    if (found?.transaction === undefined || statusOf(found) !== 'active') return;
    if (costUnwanted === state().variables) return;
    const total = { currency, value };
    const result = await told(run('tellCost', { transaction: found.transaction.id, total }));
    costUnwanted = result.status === 'unsupported' ? state().variables : undefined;
  };
  const costs = createRunningCosts({
    clock,
    from,
    tell: (session, cost) =>
      void tellCost(session, cost).catch((error: unknown) => log.warn('cost not told', { session, error })),
  });
  const tariffs = createDefaultTariffs({
    ...{ clock, log, from },
    evses: () =>
      [...new Set(state().connectors.flatMap(({ evse }) => (evse > 0 ? [evse] : [])))].toSorted((a, b) => a - b),
    inForce: (evse) => o.stationTariff({ evse }),
    set: (evse, tariff) => told(run('setDefaultTariff', { evse, tariff, unasked: true })),
    clear: (ids) => run('clearTariffs', { ids }),
    told: (data) => take({ kind: 'noted', topic: 'tariff.told', data }),
  });
  const tariffOf = async ({ ref, payer }: Driver, evse?: number): Promise<StationTariff | undefined> =>
    (
      await o.stationTariff({
        ...{ tokenId: ref.id, ...(evse === undefined ? {} : { evse }) },
        ...(ref.group === undefined ? {} : { group: ref.group }),
        ...(payer === undefined ? {} : { payer }),
      })
    )?.tariff;
  const own = createOwnTariffs({
    ...{ clock, log, state, from, tariffOf },
    change: (transaction, tariff) => told(run('changeTransactionTariff', { transaction, tariff, unasked: true })),
    told: (data) => take({ kind: 'noted', topic: 'tariff.told', data }),
  });
  const look = (forgotten = false): void => {
    if (o.has('setDefaultTariff')) tariffs.look({ forgotten });
  };

  return {
    connected: () => {
      costUnwanted = undefined;
      look();
    },
    booted: () => {
      own.forget();
      look(true);
    },
    tariffsChanged: () => look(),
    priced: (session, cost) => {
      if (o.has('tellCost')) costs.heard(session, cost);
    },
    costOf: (transaction) => {
      const session = costs.isEmpty || transaction === undefined ? undefined : sessionOf(state(), transaction);
      const cost = session === undefined ? undefined : costs.of(session.id);
      return cost === undefined ? {} : { cost };
    },
    finalOf: async (transaction) => {
      const session = transaction === undefined ? undefined : sessionOf(state(), transaction);
      const known = session === undefined ? undefined : costs.of(session.id);
      if (known?.final === true) return known;
      if (session === undefined || !isWhole(session)) return undefined;
      const amount = await o.finalCost({ session: session.id, billable: billableOf(session) });
      if (amount === undefined) return undefined;
      const cost = shown(amount, true);
      costs.heard(session.id, cost);
      return cost;
    },
    heard: (transaction, facts) => {
      if (transaction === undefined || !o.has('changeTransactionTariff')) return;
      own.heard(transaction, usedOf(facts));
    },
    tariffFor: async (ask, decision) => {
      if (ask?.question !== 'authorize' || ask.tariff !== true || decision?.status !== 'accepted') return undefined;
      const tariff = await tariffOf(decision);
      if (tariff !== undefined) own.given(decision.ref.id, tariff.id);
      return tariff;
    },
    cancel: () => {
      costs.cancel();
      tariffs.cancel();
      own.cancel();
    },
  };
}

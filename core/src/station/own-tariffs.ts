import { type CommandResult, instant, type Instant, type Log, type SessionId, type StationTariff } from '@plugga/kit';
import type { Clock } from '../ports.ts';
import { decisionOf, type Session, statusOf, tokenOf } from '../session/session.ts';
import type { TariffTold } from './default-tariffs.ts';
import type { TokenDecision } from './input.ts';
import { sessionOf, type StationState } from './state.ts';

/** Sessions and tokens that are kept in mind; what is forgotten is told once more. */
const MOST = 64;

/** Whose tariff is asked for. */
export type Driver = Pick<TokenDecision, 'ref' | 'payer'>;

/** A driver's own tariff at a station that reckons itself, which has the place's as its default. */
export interface OwnTariffs {
  /** The station has heard it with its answer to Authorize: it reckons by it when that token starts. */
  given(token: string, tariff: string): void;
  /** The station speaks of the transaction. `uses`: the tariff that it says it reckons by. */
  heard(transaction: string, uses: string | undefined): void;
  /** Nobody knows what the station still has. */
  forget(): void;
  cancel(): void;
}

function remember<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MOST) map.delete(map.keys().next().value!);
}

/**
 * Who started without an Authorize, by a remote start or a list or cache of the station's own, has their tariff by
 * ChangeTransactionTariff, once a session: neither RequestStartTransaction nor the answer to a TransactionEvent can carry one.
 */
export function createOwnTariffs(o: {
  readonly clock: Clock;
  readonly log: Log;
  readonly state: () => StationState;
  /** When it may be told at the earliest; undefined where it cannot be told now. */
  from(): Instant | undefined;
  tariffOf(driver: Driver, evse: number | undefined): Promise<StationTariff | undefined>;
  change(transaction: string, tariff: StationTariff): Promise<CommandResult>;
  told(what: TariffTold): Promise<void>;
}): OwnTariffs {
  const { clock, log, state } = o;
  const given = new Map<string, string>();
  /** Sessions that were looked at, with what still waits for them. */
  const looked = new Map<SessionId, () => void>();

  const active = (id: SessionId): Session | undefined => {
    const found = state().sessions.find((it) => it.id === id);
    return found !== undefined && statusOf(found) === 'active' ? found : undefined;
  };
  const tell = async (id: SessionId, transaction: string, tariff: StationTariff): Promise<void> => {
    if (active(id) === undefined || o.from() === undefined) return void looked.delete(id);
    const { status, detail } = await o.change(transaction, tariff);
    if (status === 'unsupported') return;
    // The line was cut: once more when the station speaks of it again.
    if (status === 'failed') return void looked.delete(id);
    await o.told({ transaction, tariff: tariff.id, status, ...(detail === undefined ? {} : { detail }) });
  };
  const look = async (session: Session, transaction: string, uses: string | undefined): Promise<void> => {
    const { id } = session;
    const { token: ref, payer } = decisionOf(session)!;
    // As it was when this was heard: a boot may come meanwhile.
    const has = uses ?? given.get(ref.id);
    const tariff = await o.tariffOf({ ref, ...(payer === undefined ? {} : { payer }) }, session.where?.evse);
    if (tariff === undefined || tariff.id === has) return;
    const from = o.from();
    if (from === undefined) return void looked.delete(id);
    const run = (): void =>
      void tell(id, transaction, tariff).catch((error: unknown) =>
        log.warn('own tariff not told', { session: id, error }),
      );
    if (from <= clock.now()) run();
    else remember(looked, id, clock.at(instant(from), run));
  };

  return {
    given: (token, tariff) => remember(given, token, tariff),
    heard: (transaction, uses) => {
      const session = sessionOf(state(), transaction);
      if (session === undefined || looked.has(session.id) || statusOf(session) !== 'active') return;
      if (tokenOf(session) === undefined || decisionOf(session)?.accepted !== true) return;
      remember(looked, session.id, () => undefined);
      look(session, transaction, uses).catch((error: unknown) =>
        log.warn('own tariff not looked for', { session: session.id, error }),
      );
    },
    forget: () => given.clear(),
    cancel: () => {
      for (const cancel of looked.values()) cancel();
      looked.clear();
    },
  };
}

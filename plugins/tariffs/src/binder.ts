import type { SessionId, Tx } from '@plugga/kit';
import { basesOf, movedBy } from './basis.ts';
import { bindingsOf, type Binding } from './bindings.ts';
import { tariffsFor, type Chosen, type Visit } from './choose.ts';
import { keepOffer, markBound, offersFor, offersOf, versionOfOffer } from './offers.ts';
import type { TariffContext } from './routes.ts';
import { offerOf, type TariffVersion } from './version.ts';
import { versionsOf, type Db } from './versions.ts';

/** A session that needs a price. */
export interface Wanting {
  readonly session: SessionId;
  readonly visit: Visit;
  readonly token?: string | null | undefined;
  readonly timeZone: string;
  /** The offer that its request named. */
  readonly offer?: string | null | undefined;
}

export type Binder = ReturnType<typeof createBinder>;
export type Bind = Binder['bind'];
/** What a session is priced with, or why nobody can say. */
export type Priced =
  | { readonly tariff: TariffVersion; /** It was bound to it before. */ readonly isBound?: true }
  | { readonly unpriced: string };

const NONE = 'no tariff was in force at its start for the driver, the connector, EVSE, location or tenant';
const VERSIONS = 2_000;
const BOUND = 20_000;

/**
 * What each session is priced with: the offer that its start named, else the newest that it was shown, else the tariff in force at
 * its start. Once bound it stays, whatever changes.
 */
export function createBinder({ db, random }: Pick<TariffContext, 'db' | 'random'>) {
  /** Stored versions never change, so those that were read are kept; the same object is compiled once. */
  const known = new Map<string, TariffVersion>();
  const remember = (tenant: string, version: TariffVersion): TariffVersion => {
    const key = `${tenant} ${version.offer ?? offerOf(version)}`;
    const held = known.get(key);
    if (held !== undefined) return held;
    if (known.size >= VERSIONS) known.clear();
    known.set(key, version);
    return version;
  };
  /** Of sessions that were read bound: once bound they stay, save that a closing may name the offer. */
  const boundBefore = new Map<SessionId, Binding>();
  const rememberBound = (session: SessionId, binding: Binding): void => {
    if (boundBefore.size >= BOUND) boundBefore.clear();
    boundBefore.set(session, binding);
  };

  /** The price of sessions that are bound. */
  async function bound(own: Db, tenant: string, bindings: ReadonlyMap<SessionId, Binding>) {
    const found = new Map<SessionId, TariffVersion>();
    const missing = new Map<SessionId, Binding>();
    for (const [session, binding] of bindings) {
      const { tariff: id, version, offer } = binding;
      const held = known.get(`${tenant} ${offer ?? offerOf({ id, version })}`);
      if (held === undefined) missing.set(session, binding);
      else found.set(session, held);
    }
    if (missing.size === 0) return found;
    const versions = await versionsOf(
      own,
      [...missing.values()].filter(({ offer }) => offer === null),
    );
    const offers = await offersOf(
      own,
      [...missing.values()].flatMap(({ offer }) => offer ?? []),
    );
    for (const [session, { tariff: id, version, offer }] of missing) {
      const row = offer === null ? undefined : offers.get(offer);
      const held = row === undefined ? versions.get(offerOf({ id, version })) : versionOfOffer(row);
      if (held !== undefined) found.set(session, remember(tenant, held));
    }
    return found;
  }

  /** What the session is priced with, where that is known here without the database. */
  const boundTo = (tenant: string, { session, offer }: Wanting): TariffVersion | undefined => {
    const binding = boundBefore.get(session);
    if (binding === undefined || (typeof offer === 'string' && binding.offer !== offer)) return undefined;
    return known.get(`${tenant} ${binding.offer ?? offerOf({ id: binding.tariff, version: binding.version })}`);
  };

  const bind = async (tx: Tx, all: readonly Wanting[]): Promise<ReadonlyMap<SessionId, Priced>> => {
    const own = db(tx);
    const { tenant } = tx;
    const bindings = new Map(
      await bindingsOf(
        own,
        all.map(({ session }) => session),
      ),
    );
    // The closing says the offer for good: a request may have come to the session after its first price.
    for (const { session, offer } of all)
      if (typeof offer === 'string' && bindings.get(session)?.offer !== offer) bindings.delete(session);
    const found = new Map<SessionId, Priced>();
    for (const [session, tariff] of await bound(own, tenant, bindings)) {
      found.set(session, { tariff, isBound: true });
      rememberBound(session, bindings.get(session)!);
    }
    const fresh = [...new Map(all.filter(({ session }) => !found.has(session)).map((it) => [it.session, it])).values()];
    if (fresh.length === 0) return found;

    const named = await offersOf(
      own,
      fresh.flatMap(({ offer }) => offer ?? []),
    );
    const chosen = await tariffsFor(
      own,
      tenant,
      fresh.map(({ visit }) => visit),
      (id, version) => known.get(`${tenant} ${offerOf({ id, version })}`),
    );
    for (const it of chosen) if (it !== undefined) remember(tenant, it.tariff);
    const shown = await offersFor(
      own,
      fresh.map(({ visit, token }, at) => ({ ...visit, token, by: chosen[at]?.by })),
    );
    const bases = await basesOf(
      own,
      chosen.flatMap((it) => it?.tariff.id ?? []),
    );
    for (const [at, it] of fresh.entries()) {
      const offer = named.get(it.offer ?? '') ?? shown[at];
      if (offer !== undefined) found.set(it.session, { tariff: remember(tenant, versionOfOffer(offer)) });
      else found.set(it.session, await inForce(own, tx, it, chosen[at], bases));
    }
    await markBound(
      own,
      [...found.values()].flatMap((it) => ('tariff' in it && it.tariff.offer !== undefined ? [it.tariff.offer] : [])),
    );
    return found;
  };

  /** Nothing was shown. A price that moves is locked as it was at the start. */
  async function inForce(
    own: Db,
    { tenant }: Tx,
    { visit, token, timeZone }: Wanting,
    chosen: Chosen | undefined,
    bases: Awaited<ReturnType<typeof basesOf>>,
  ): Promise<Priced> {
    if (chosen === undefined) return { unpriced: NONE };
    const { tariff } = chosen;
    const basis = bases.get(tariff.id);
    if (basis === undefined) return { tariff: remember(tenant, tariff) };
    let moved: TariffVersion;
    try {
      moved = movedBy(tariff, basis, visit.startedAt);
    } catch (error) {
      return { unpriced: error instanceof Error ? error.message : String(error) };
    }
    const row = await keepOffer(
      { db: own, tenant, at: visit.startedAt, actor: 'plugin:tariffs', random },
      { ...visit, timeZone, ...(token == null ? {} : { token }), tariff: moved, shown: false },
    );
    return { tariff: remember(tenant, versionOfOffer(row)) };
  }

  return { bind, boundTo };
}

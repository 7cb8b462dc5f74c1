import { instant, type Answerer, type Instant, type TenantId } from '@plugga/kit';
import { bindingOf } from './bindings.ts';
import { tariffFor } from './choose.ts';
import { claimOf, claimsOf } from './claims.ts';
import type { TariffContext } from './routes.ts';
import { pricesIdle } from './tariff.ts';
import { anyPricesIdle, versionOf, type Db } from './versions.ts';

/** A tariff that another node was given holds for sessions that begin after it: none of them ends within that time. */
const IDLE_KNOWN_MS = 2_000;

/** A tariff that prices idle time after the end waits for the plug to be pulled. */
export function createSettle({ clock, db, transaction }: TariffContext): Answerer<'settle'> {
  const idlePriced = new Map<TenantId, { readonly until: Instant; readonly any: Promise<boolean> }>();
  /** Most tenants price no idle time at all: then nobody has to look at each session's tariff. */
  const idleIsPriced = (tenant: TenantId): Promise<boolean> => {
    const known = idlePriced.get(tenant);
    if (known !== undefined && clock.now() < known.until) return known.any;
    const any = transaction(tenant, (tx) => anyPricesIdle(db(tx)));
    idlePriced.set(tenant, { until: instant(clock.now() + IDLE_KNOWN_MS), any });
    any.catch(() => idlePriced.delete(tenant));
    return any;
  };

  return async (ask, { tenant }) => {
    if (!(await idleIsPriced(tenant))) return { waitUntil: 'now' };
    return transaction(tenant, async (tx) => {
      const own = db(tx);
      const bound = await bindingOf(own, ask.session);
      const tariff =
        bound === undefined ? await unbound(own, tenant, ask) : await versionOf(own, bound.tariff, bound.version);
      return { waitUntil: tariff !== undefined && pricesIdle(tariff.body) ? 'unplug' : 'now' };
    });
  };

  /** Its first price is not made yet: what it will be made with. */
  async function unbound(own: Db, tenant: TenantId, ask: Parameters<Answerer<'settle'>>[0]) {
    const row = await own
      .selectFrom('core.session as s')
      .leftJoin('core.token as t', 't.id', 's.token')
      .select(['s.started_at', 't.group_id'])
      .where('s.id', '=', ask.session)
      .executeTakeFirst();
    const claim = claimOf(await claimsOf(own, [ask.session]), ask.session, ask.tokenId ?? null);
    const chosen = await tariffFor(own, tenant, {
      place: { location: ask.location, evseId: ask.evseId, connectorId: ask.connectorId },
      startedAt: row?.started_at == null ? clock.now() : instant(row.started_at.getTime()),
      payer: claim.payer,
      channel: claim.channel,
      group: row?.group_id ?? claim.group_id,
    });
    return chosen?.tariff;
  }
}

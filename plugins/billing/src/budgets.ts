import {
  instant,
  instantOf,
  sessionPriced,
  sql,
  toMoney,
  type Context,
  type DataOf,
  type Instant,
  type Questions,
  type Recorded,
  type SessionId,
  type TenantId,
  type Tx,
  closingOf,
  isEvent,
} from '@plugga/kit';
import { isUncredited } from './cdrs.ts';
import type { BillingDb } from './db.ts';
import { admitting, type BudgetRow, drawnOf, monthOf } from './drawn.ts';
import type { BillingTables } from './tables.ts';

type Budgets = Pick<
  Context<unknown, unknown, Record<never, never>, Record<never, never>, BillingTables>,
  'db' | 'transaction' | 'clock'
>;

/** A budget that another node was given is asked after within that time. */
const KNOWN_MS = 2_000;
/** A start that was admitted and never seen to begin lets go of what it held. */
const START_MS = 15 * 60_000;
/** As long as a session may be open without its bill being made. */
const SESSION_MS = 48 * 3_600_000;

/** Budgets a token: what they answer to a start, and how they follow what is drawn. */
export function createBudgets({ db, transaction, clock }: Budgets) {
  const known = new Map<TenantId, { readonly until: Instant; readonly any: boolean }>();
  /** Most tenants have none: then nobody has to look at each start and price. */
  const anyIn = async (tx: Tx): Promise<boolean> => {
    const row = await db(tx).selectFrom('budget').select('token').limit(1).executeTakeFirst();
    known.set(tx.tenant, { until: instant(clock.now() + KNOWN_MS), any: row !== undefined });
    return row !== undefined;
  };
  const atHand = (tenant: TenantId): boolean | undefined => {
    const it = known.get(tenant);
    return it !== undefined && clock.now() < it.until ? it.any : undefined;
  };

  const admit = async (
    { tokenId, station, evse }: Questions['admit']['ask'],
    { tenant }: { readonly tenant: TenantId },
  ): Promise<Questions['admit']['answer'] | undefined> => {
    if (tokenId === undefined || atHand(tenant) === false) return undefined;
    return transaction(tenant, async (tx) => {
      if (!(await anyIn(tx))) return undefined;
      const budget = await db(tx)
        .selectFrom('budget')
        .selectAll()
        .where('token', '=', tokenId)
        .forUpdate()
        .executeTakeFirst();
      if (budget === undefined) return undefined;
      // A card that is shown where its car charges already asks for no second charge.
      if (evse === undefined && (await chargesAt(db(tx), tokenId, station))) return { admit: true };
      const at = { station, evse: evse ?? 0 };
      const drawn = await drawnOf(db(tx), budget, clock.now(), at);
      const held = admitting(budget, drawn);
      if ('reason' in held) return { admit: false, reason: held.reason, status: 'noCredit' };
      await hold(db(tx), { ...at, ...held, tenant, token: tokenId, until: new Date(clock.now() + START_MS) });
      return { admit: true };
    });
  };

  /** After bills were made of these events, in their transaction. */
  const follow = async (events: readonly Recorded[], tx: Tx): Promise<void> => {
    if (!(atHand(tx.tenant) ?? (await anyIn(tx)))) return;
    const prices = new Map<SessionId, DataOf<typeof sessionPriced>>();
    const gone = new Set<SessionId>();
    for (const event of events) {
      const { session } = event;
      if (session === undefined) continue;
      if (isEvent(sessionPriced, event)) prices.set(session, event.data);
      if (closingOf(event)?.cdr === false) {
        prices.delete(session);
        gone.add(session);
      }
    }
    if (prices.size > 0) await spend(db(tx), tx.tenant, prices, clock.now());
    if (gone.size > 0) {
      await db(tx)
        .deleteFrom('budget_spend')
        .where('session', 'in', [...gone])
        .execute();
      await db(tx)
        .deleteFrom('budget_hold')
        .where('session', 'in', [...gone])
        .execute();
    }
  };

  return {
    admit,
    follow,
    forget: (tenant: TenantId) => known.delete(tenant),
    /** Whether an event of that tenant may be one for a budget; no where it is known that there is none. */
    mayCount: ({ tenant }: { readonly tenant: TenantId }): boolean => atHand(tenant) !== false,
  };
}

const chargesAt = async (db: BillingDb, token: string, station: string): Promise<boolean> => {
  const row = await db
    .selectFrom('core.session')
    .select('id')
    .where('token', '=', token)
    .where('station', '=', station as never)
    .where('status', 'in', ['active', 'ended'])
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
};

async function hold(
  db: BillingDb,
  o: { tenant: TenantId; token: string; station: string; evse: number; minor: bigint; energyWh: bigint; until: Date },
): Promise<void> {
  const { token, station, evse } = o;
  // The card was shown before the start named its EVSE: one start, one hold.
  if (evse !== 0)
    await db
      .deleteFrom('budget_hold')
      .where('token', '=', token)
      .where('station', '=', station as never)
      .where('evse', '=', 0)
      .where('session', 'is', null)
      .execute();
  const held = { minor: o.minor.toString(), energy_wh: Number(o.energyWh), until_at: o.until, session: null };
  await db
    .insertInto('budget_hold')
    .values({ tenant: o.tenant, token, station: station as never, evse, ...held })
    .onConflict((it) => it.columns(['tenant', 'token', 'station', 'evse']).doUpdateSet(held))
    .execute();
}

/** Keeps the newest prices of sessions whose tokens have a budget, and ties what their starts hold to them. */
async function spend(
  db: BillingDb,
  tenant: TenantId,
  prices: ReadonlyMap<SessionId, DataOf<typeof sessionPriced>>,
  now: Instant,
): Promise<void> {
  const sessions = await db
    .selectFrom('core.session')
    .innerJoin('budget', 'budget.token', 'core.session.token')
    .select(['core.session.id', 'core.session.station', 'core.session.evse', 'core.session.started_at'])
    .select(['budget.token', 'budget.time_zone'])
    .where('core.session.id', 'in', [...prices.keys()])
    .execute();
  if (sessions.length === 0) return;
  const finals = sessions.filter(({ id }) => prices.get(id)?.final === true).map(({ id }) => id);
  const waived = await waivedOf(db, finals);
  const rows = sessions.map(({ id, token, started_at, time_zone }) => {
    const { total, energyWh, final } = prices.get(id)!;
    const at = instant(started_at?.getTime() ?? now);
    const money = toMoney({ currency: total.currency, value: total.inclVat });
    return {
      ...{ session: id, tenant, token, month: monthOf(at, { time_zone }), currency: total.currency },
      ...{ minor: waived.has(id) ? '0' : money.minor.toString(), energy_wh: energyWh, final },
    };
  });
  await db
    .insertInto('budget_spend')
    .values(rows)
    .onConflict((it) =>
      it.column('session').doUpdateSet({
        ...{ token: sql`excluded.token`, month: sql`excluded.month`, currency: sql`excluded.currency` },
        ...{ minor: sql`excluded.minor`, energy_wh: sql`excluded.energy_wh`, final: sql`excluded.final` },
      }),
    )
    .execute();
  if (finals.length > 0) await db.deleteFrom('budget_hold').where('session', 'in', finals).execute();
  for (const { id, token, station, evse } of sessions) {
    if (finals.includes(id)) continue;
    await db
      .updateTable('budget_hold')
      .set({ session: id, until_at: new Date(now + SESSION_MS) })
      .where('token', '=', token)
      .where('station', '=', station)
      .where('evse', 'in', [evse ?? 0, 0])
      .where('session', 'is', null)
      .execute();
  }
}

/** Sessions whose newest CDR is given away. */
async function waivedOf(db: BillingDb, sessions: readonly SessionId[]): Promise<ReadonlySet<SessionId>> {
  if (sessions.length === 0) return new Set();
  const rows = await db
    .selectFrom('cdr')
    .distinctOn('session')
    .select(['session', 'waived'])
    .where('session', 'in', sessions)
    .where('kind', '=', 'cdr')
    .orderBy('session')
    .orderBy('revision', 'desc')
    .execute();
  return new Set(rows.flatMap(({ session, waived }) => (waived === null ? [] : [session])));
}

/** What a token drew this month before it had a budget: of the CDRs that were made since the month began and stand. */
export async function catchUp(
  db: BillingDb,
  tenant: TenantId,
  budget: BudgetRow,
  o: { readonly now: Instant; inclVatOf(cdr: BillingTables['cdr']): string },
): Promise<void> {
  const month = monthOf(o.now, budget);
  const cdrs = await db
    .selectFrom('cdr')
    .selectAll()
    .where('kind', '=', 'cdr')
    .where('currency', 'is not', null)
    .where('created_at', '>=', new Date(`${month}-01T00:00:00+14:00`))
    .where(sql<boolean>`billable #>> '{token,id}' = ${budget.token}`)
    .where(isUncredited)
    .execute();
  const rows = cdrs.flatMap((cdr) => {
    const { session, currency, energy_wh, billable, waived } = cdr;
    if (currency === null || monthOf(instantOf(billable.startedAt), budget) !== month) return [];
    const minor = waived === null ? toMoney({ currency, value: o.inclVatOf(cdr) }).minor.toString() : '0';
    return [{ session, tenant, token: budget.token, month, currency, minor, energy_wh, final: true }];
  });
  if (rows.length === 0) return;
  await db
    .insertInto('budget_spend')
    .values(rows)
    .onConflict((it) => it.column('session').doNothing())
    .execute();
}

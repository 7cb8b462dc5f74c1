import type { CommandResult, StationId, TenantId, VariableValue } from '@plugga/kit';
import { sql } from 'kysely';
import type { Transactions } from '../plugins/face.ts';
import type { Clock } from '../ports.ts';
import type { Db } from '../site/transact.ts';
import type { DeviceTold } from '../station/input.ts';
import { keepMonitors } from './monitors.ts';
import type { Known, Written } from './drift.ts';

type Answered = Extract<CommandResult, { readonly variables?: unknown }>;
export type Told = Pick<Answered, 'variables' | 'unknown' | 'outcomes' | 'monitors' | 'clearedMonitors'> &
  Pick<DeviceTold, 'whole'>;
interface Row extends Of {
  readonly name: string;
  readonly value: string | null;
  /** Undefined: not said. */
  readonly readonly: boolean | undefined;
  readonly supported: boolean;
  readonly mutability: string | null;
  readonly characteristics: string | null;
}
interface Of {
  readonly tenant: TenantId;
  readonly station: StationId;
  readonly updated_at: Date;
}

/** Rows of a station; what is more is not kept. */
const MOST = 5_000;
const AT_ONCE = 1_000;

const rowOf = ({ name, value, readonly, mutability, characteristics }: VariableValue, of: Of): Row => ({
  ...{ ...of, name, value: value ?? null, readonly, supported: true, mutability: mutability ?? null },
  characteristics: characteristics === undefined ? null : JSON.stringify(characteristics),
});
const unknownRow = (name: string, of: Of): Row => ({
  ...{ ...of, name, value: null, readonly: false, supported: false, mutability: null, characteristics: null },
});

/** Those that are there already, and new ones while there is room. */
async function withRoom(db: Db, rows: readonly Row[], { station }: Of): Promise<readonly Row[]> {
  const of = db.selectFrom('core.variable').where('station', '=', station);
  const { count } = await of.select((it) => it.fn.countAll<string>().as('count')).executeTakeFirstOrThrow();
  const room = MOST - Number(count);
  if (room >= rows.length) return rows;
  const known = new Set((await of.select('name').limit(MOST).execute()).map(({ name }) => name));
  const added = rows.filter(({ name }) => !known.has(name)).slice(0, Math.max(0, room));
  return [...rows.filter(({ name }) => known.has(name)), ...added];
}

/** What a station has not said of a variable now stands as it said it before. */
async function write(db: Db, rows: readonly Row[]): Promise<void> {
  for (const isSaid of [true, false]) {
    const those = rows.filter(({ readonly }) => (readonly !== undefined) === isSaid);
    for (let from = 0; from < those.length; from += AT_ONCE)
      await db
        .insertInto('core.variable')
        .values(those.slice(from, from + AT_ONCE).map((it) => ({ ...it, readonly: it.readonly ?? false })))
        .onConflict((it) =>
          it.columns(['station', 'name']).doUpdateSet((set) => ({
            value: set.ref('excluded.value'),
            ...(isSaid ? { readonly: set.ref('excluded.readonly') } : {}),
            supported: set.ref('excluded.supported'),
            mutability: sql<string>`coalesce(excluded.mutability, core.variable.mutability)`,
            characteristics: sql<string>`coalesce(excluded.characteristics, core.variable.characteristics)`,
            updated_at: set.ref('excluded.updated_at'),
          })),
        )
        .execute();
  }
}

/** What a station says of its variables and monitors is kept: values, that it has none of that name, how it took our writing. */
export function createVariables(deps: { readonly transactions: Transactions; readonly clock: Clock }) {
  const { transactions, clock } = deps;
  return {
    /** What a variable may be, where the station has told. */
    valuesOf: (tenant: TenantId, station: StationId, name: string): Promise<readonly string[] | undefined> =>
      transactions.run(tenant, { plugin: 'core' }, async (tx) => {
        const row = await transactions
          .kyselyOf(tx)
          .selectFrom('core.variable')
          .select('characteristics')
          .where('station', '=', station)
          .where(sql<boolean>`lower(name) = lower(${name})`)
          .limit(1)
          .executeTakeFirst();
        return (row?.characteristics as VariableValue['characteristics'] | null | undefined)?.values;
      }),
    /** Gives the monitors that are gone by a whole report. */
    keep: async (tenant: TenantId, station: StationId, told: Told): Promise<readonly number[]> => {
      const { variables = [], unknown = [], outcomes = [] } = told;
      const { monitors: set = [], clearedMonitors: cleared = [], whole } = told;
      const updated_at = new Date(clock.now());
      const of = { tenant, station, updated_at };
      // Each name once: one statement cannot set a row twice.
      const rows = new Map([
        ...unknown.map((name) => [name, unknownRow(name, of)] as const),
        ...variables.map((it) => [it.name, rowOf(it, of)] as const),
      ]);
      const isSaid = [rows.size, outcomes.length, set.length, cleared.length].some((it) => it > 0);
      if (!isSaid && whole === undefined) return [];
      return transactions.run(tenant, { plugin: 'core' }, async (tx) => {
        const db = transactions.kyselyOf(tx);
        if (rows.size > 0) await write(db, await withRoom(db, [...rows.values()], of));
        for (const { name, value, status } of outcomes)
          await db
            .updateTable('core.variable')
            .set({ written_value: value, written_status: status, written_at: updated_at })
            .where('station', '=', station)
            .where(sql<boolean>`lower(name) = lower(${name})`)
            .execute();
        return keepMonitors(db, of, { set, cleared, ...(whole === undefined ? {} : { whole }) });
      });
    },
  };
}

/** All that is known of a station's variables, secrets too: not for showing. */
export async function knownOf(db: Db, station: string): Promise<readonly Known[]> {
  const rows = await db.selectFrom('core.variable').selectAll().where('station', '=', station).limit(5000).execute();
  return rows.map(({ name, value, readonly, supported, updated_at, written_value, written_status, written_at }) => ({
    ...{ name, value, readonly, supported, readAt: updated_at },
    written:
      written_status === null || written_at === null
        ? undefined
        : { value: written_value ?? '', status: written_status as Written['status'], at: written_at },
  }));
}

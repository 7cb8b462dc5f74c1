import type { Adapter, Quirk } from '@plugga/kit';
import { sql } from 'kysely';
import { dialectOf } from '../charger/dialect.ts';
import type { LearntActions } from '../station/learnt.ts';
import type { StationRecord } from './stations.ts';
import type { Db } from './transact.ts';

/** The kinds of deviation of one station that are shown, the latest. */
const SHOWN = 500;

/** How one station deviates and how it is spoken to for that. */
export interface DialectView {
  readonly quirks: readonly {
    readonly id: string;
    readonly why: string;
    readonly advice: string | null;
    /** Of this station: how often it had something to change. */
    readonly fired: number;
  }[];
  readonly deviations: readonly {
    readonly action: string | null;
    readonly code: string;
    readonly path: string | null;
    readonly detail: string | null;
    readonly quirk: string | null;
    readonly count: number;
    readonly firstAt: string;
    readonly lastAt: string;
  }[];
  /** Actions that are not sent to it of our own accord, and those that the operator wants sent. */
  readonly actions: readonly {
    readonly action: string;
    readonly state: 'denied' | 'suspected' | 'unsupported' | 'allowed';
    readonly by: string;
    readonly detail: string | null;
    readonly since: string | null;
  }[];
}

const or = (text: string): string | null => (text === '' ? null : text);

/** As it is written: counts are a few seconds old. */
export async function dialectViewOf(
  db: Db,
  station: StationRecord,
  { adapters, quirks }: { readonly adapters: readonly Adapter[]; readonly quirks: readonly Quirk[] },
): Promise<DialectView> {
  const rows = await db
    .selectFrom('core.deviation')
    .select(['action', 'code', 'path', 'quirk', 'detail', 'count', 'first_at', 'last_at'])
    .where('station', '=', station.id)
    .orderBy('last_at', 'desc')
    .orderBy('action')
    .orderBy('code')
    .limit(SHOWN)
    .execute();
  const {
    rows: [stream],
  } = await sql<{ learnt: LearntActions | null; boot: Make | null }>`
    select state -> 'learnt' as learnt, state -> 'boot' as boot from core.stream where station = ${station.id}`.execute(
    db,
  );
  const adapter = adapters.find(({ protocol }) => protocol === station.protocol) ?? adapters[0];
  const dialect = adapter && dialectOf(adapter, quirks, stream?.boot ?? {});
  const fired = (id: string): number =>
    rows.filter((row) => row.quirk === id).reduce((sum, row) => sum + Number(row.count), 0);
  const of = (id: string) => quirks.find((quirk) => quirk.id === id);
  const deniedBy = dialect?.quirks.find((id) => of(id)?.deny !== undefined);
  return {
    quirks: (dialect?.quirks ?? []).map((id) => ({
      id,
      why: of(id)?.why ?? '',
      advice: of(id)?.advice ?? null,
      fired: fired(id),
    })),
    deviations: rows.map((row) => ({
      action: or(row.action),
      code: row.code,
      path: or(row.path),
      detail: row.detail,
      quirk: or(row.quirk),
      count: Number(row.count),
      firstAt: row.first_at.toISOString(),
      lastAt: row.last_at.toISOString(),
    })),
    actions: [
      ...[...(dialect?.denied ?? [])].map((action) => ({
        action,
        state: 'denied' as const,
        by: deniedBy ?? '',
        detail: 'known to harm this make',
        since: null,
      })),
      ...Object.entries(stream?.learnt ?? {}).map(([action, { state, by, detail, at }]) => ({
        ...{ action, state, by, detail: detail ?? null },
        since: new Date(at).toISOString(),
      })),
    ],
  };
}

interface Make {
  readonly vendor?: string;
  readonly model?: string;
  readonly firmware?: string;
}

import type { Instant } from '@plugga/kit';

/** What a restore has lost, as far as it shows: from what stations, registers and sessions say afterwards. Pure. */

export interface GapSession {
  readonly id: string;
  readonly station: string;
  readonly evse: number | null;
  readonly connector: number | null;
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
  readonly meterStartWh: number | null;
  readonly meterStopWh: number | null;
  readonly energyWh: number | null;
  readonly flags: readonly string[];
}

export interface GapFacts {
  /** The time of which nothing is known but what is told again. */
  readonly from: Instant;
  readonly to: Instant;
  /** Of each connector the last that started before it, those within, and the first after. */
  readonly sessions: readonly GapSession[];
  /** Flagged since the restore. */
  readonly flagged: readonly Pick<GapSession, 'id' | 'station' | 'flags'>[];
  /** Stops and readings of transactions that nobody knows, since the restore. */
  readonly orphans: readonly { readonly station: string; readonly transaction: string; readonly at: Instant }[];
  /** Stations that have been heard of, and when last. */
  readonly stations: readonly { readonly identity: string; readonly lastSeenAt: Instant }[];
}

/** A register that is higher at a start than where the session before it ended: given, and in no session. */
export interface MissingEnergy {
  readonly station: string;
  readonly evse: number | null;
  readonly connector: number | null;
  readonly wh: number;
  readonly from: Instant;
  readonly to: Instant;
}

export interface GapReport {
  readonly missingWh: number;
  readonly energy: readonly MissingEnergy[];
  /** Sessions of the time that stations have told again. */
  readonly toldAgain: readonly string[];
  /** Ended otherwise than by their own stop: perhaps billed before, so held. */
  readonly held: readonly string[];
  /** Their start was never told here: concluded, or its stop was taken for another's. */
  readonly withoutStart: readonly string[];
  /** Messages within them are missing, by their sequence numbers. */
  readonly withGaps: readonly string[];
  readonly orphans: GapFacts['orphans'];
  /** Not heard of since the restore: what they have queued is still to come. */
  readonly silent: readonly string[];
}

export function gapReport({ from, to, sessions, flagged, orphans, stations }: GapFacts): GapReport {
  const connectors = Map.groupBy(sessions, ({ station, evse, connector }) =>
    JSON.stringify([station, evse, connector]),
  );
  const energy = [...connectors.values()]
    .flatMap((ofOne) => missingOn(ofOne, from, to))
    .toSorted((a, b) => b.wh - a.wh || (a.station < b.station ? -1 : 1));
  const having = (flag: string): string[] => flagged.filter(({ flags }) => flags.includes(flag)).map(({ id }) => id);
  return {
    missingWh: energy.reduce((sum, { wh }) => sum + wh, 0),
    energy,
    toldAgain: sessions.filter(({ startedAt }) => startedAt > from && startedAt <= to).map(({ id }) => id),
    held: having('restored'),
    withoutStart: [...new Set([...having('estimatedStart'), ...having('linkedStop')])],
    withGaps: having('seqGap'),
    orphans,
    silent: stations.filter(({ lastSeenAt }) => lastSeenAt < to).map(({ identity }) => identity),
  };
}

function missingOn(sessions: readonly GapSession[], from: Instant, to: Instant): readonly MissingEnergy[] {
  const ordered = sessions.toSorted((a, b) => a.startedAt - b.startedAt);
  return ordered.slice(1).flatMap((next, index): readonly MissingEnergy[] => {
    const before = ordered[index]!;
    const last = lastRegisterOf(before);
    const between = { from: before.endedAt ?? before.startedAt, to: next.startedAt };
    // Outside of the time that was lost a jump is something else: energy given without a transaction, a new meter.
    if (last === undefined || next.meterStartWh === null || between.from > to || between.to < from) return [];
    const wh = next.meterStartWh - last;
    const { station, evse, connector } = next;
    return wh > 0 ? [{ station, evse, connector, wh, ...between }] : [];
  });
}

const lastRegisterOf = ({ meterStopWh, meterStartWh, energyWh }: GapSession): number | undefined =>
  meterStopWh ?? (meterStartWh === null ? undefined : meterStartWh + (energyWh ?? 0));

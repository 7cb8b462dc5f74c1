import type { Deviation, Instant, StationId, TenantId } from '@plugga/kit';

/** One kind of deviation of one station, as often as it was seen since it was last written. */
export interface Tally {
  readonly tenant: TenantId;
  readonly station: StationId;
  readonly action: string;
  readonly code: string;
  readonly path: string;
  readonly quirk: string;
  readonly detail: string | undefined;
  count: number;
  readonly first: Instant;
  last: Instant;
}

/** What waits for the database at most; what is more is not counted. */
const MOST = 20_000;

/** Counts deviations until they are written, many at a time: a chatty dialect costs a row a kind, not a row a message. */
export interface Tallies {
  add(
    where: { readonly tenant: TenantId; readonly station: StationId },
    action: string,
    deviation: Deviation & { readonly quirk?: string },
    at: Instant,
  ): void;
  /** All that was counted since the last time. */
  take(): readonly Tally[];
  /** It could not be written: counted again. */
  giveBack(tallies: readonly Tally[]): void;
}

export function createTallies(): Tallies {
  let waiting = new Map<string, Tally>();
  const put = (tally: Tally): void => {
    const { station, action, code, path, quirk } = tally;
    const key = JSON.stringify([station, action, code, path, quirk]);
    const known = waiting.get(key);
    if (known === undefined) {
      if (waiting.size < MOST) waiting.set(key, tally);
      return;
    }
    known.count += tally.count;
    known.last = known.last > tally.last ? known.last : tally.last;
  };
  return {
    add: ({ tenant, station }, action, { code, path = '', quirk = '', detail }, at) =>
      put({ tenant, station, action, code, path, quirk, detail, count: 1, first: at, last: at }),
    take: () => {
      const taken = [...waiting.values()];
      waiting = new Map();
      return taken;
    },
    giveBack: (tallies) => {
      const since = waiting;
      waiting = new Map();
      for (const tally of tallies) put(tally);
      for (const tally of since.values()) put(tally);
    },
  };
}

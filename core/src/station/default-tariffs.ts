import { type CommandResult, instant, type Instant, type Log, type Questions, type StationTariff } from '@plugga/kit';
import type { Clock } from '../ports.ts';

/** Prices change with the time too: what is in force is looked at again. */
const AGAIN_MS = 15 * 60_000;
/** Several changes of tariffs come at once. */
const SOON_MS = 1_000;

export interface DefaultTariffs {
  /** It may be another by now. `forgotten`: nobody knows what the station has. */
  look(o?: { readonly forgotten?: boolean }): void;
  cancel(): void;
}

/** What became of a tariff that a station was told, for an EVSE or a transaction; none: it was taken back. */
export interface TariffTold {
  readonly evse?: number;
  readonly transaction?: string;
  readonly tariff?: string;
  readonly taken?: readonly string[];
  readonly status: CommandResult['status'];
  readonly detail?: string;
}

/**
 * The tariff in force at each EVSE as the default of a station that reckons itself: told when it has come, when tariffs change,
 * and looked at every 15 min. One for the whole station where its EVSEs cost the same.
 */
export function createDefaultTariffs(o: {
  readonly clock: Clock;
  readonly log: Log;
  /** When it may be told at the earliest; undefined where it cannot be told now. */
  from(): Instant | undefined;
  evses(): readonly number[];
  inForce(evse: number): Promise<Questions['stationTariff']['answer'] | undefined>;
  set(evse: number, tariff: StationTariff): Promise<CommandResult>;
  clear(ids: readonly string[]): Promise<CommandResult>;
  told(what: TariffTold): Promise<void>;
}): DefaultTariffs {
  const { clock } = o;
  /** By EVSE, what it was last told. */
  let has = new Map<number, string>();
  let cancel = (): void => undefined;
  let isLooking = false;
  let again = false;

  const wanted = async (): Promise<ReadonlyMap<number, StationTariff>> => {
    const found = new Map<number, StationTariff>();
    const evses = o.evses();
    for (const evse of evses) {
      const { tariff, reason } = (await o.inForce(evse)) ?? {};
      if (tariff !== undefined) found.set(evse, tariff);
      else if (reason !== undefined) o.log.warn('a tariff cannot be told to the station', { evse, reason });
    }
    const [first] = found.values();
    const isOne =
      first !== undefined && found.size === evses.length && [...found.values()].every(({ id }) => id === first.id);
    if (isOne) return new Map([[0, first]]);
    // An id stands for one EVSE: of the same at another it would be a duplicate.
    return new Map([...found].map(([evse, it]) => [evse, { ...it, id: `${it.id}#${evse}` }]));
  };

  const tell = async (): Promise<void> => {
    const want = await wanted();
    const had = new Set(has.values());
    for (const [evse, tariff] of want) {
      if (has.get(evse) === tariff.id) continue;
      const { status, detail } = await o.set(evse, tariff);
      if (status === 'unsupported') return;
      // What it does not take is not told again before it is another one.
      if (status === 'timeout' || status === 'failed') continue;
      has.set(evse, tariff.id);
      await o.told({ evse, tariff: tariff.id, status, ...(detail === undefined ? {} : { detail }) });
    }
    for (const evse of has.keys()) if (!want.has(evse)) has.delete(evse);
    // One that another has taken the place of is gone by itself; where none has, it must be taken back.
    const covered = want.has(0) || o.evses().every((evse) => want.has(evse));
    const gone = [...had].filter((id) => ![...has.values()].includes(id));
    if (covered || gone.length === 0) return;
    const { status, detail } = await o.clear(gone);
    await o.told({ evse: 0, taken: gone, status, ...(detail === undefined ? {} : { detail }) });
  };

  const run = async (): Promise<void> => {
    if (isLooking) {
      again = true;
      return;
    }
    isLooking = true;
    try {
      do {
        again = false;
        await tell();
      } while (again);
    } finally {
      isLooking = false;
    }
  };

  const at = (when: number): void => {
    cancel();
    cancel = clock.at(instant(when), () => {
      if (o.from() === undefined) return;
      at(clock.now() + AGAIN_MS);
      run().catch((error: unknown) => o.log.warn('tariffs not told', { error }));
    });
  };

  return {
    look: ({ forgotten = false } = {}) => {
      if (forgotten) has = new Map();
      const from = o.from();
      if (from !== undefined) at(Math.max(from, clock.now() + SOON_MS));
    },
    cancel: () => cancel(),
  };
}

import { type Log, instant, type Instant, securityNoted, type StationId, type TenantId } from '@plugga/kit';
import type { Stations } from '../charger/face.ts';
import type { Transactions } from '../plugins/face.ts';
import type { Clock } from '../ports.ts';

/** What a kind of event adds up to at one station, until it is told. */
interface Pending {
  readonly tenant: TenantId;
  readonly station: StationId;
  readonly kind: string;
  detail: string;
  count: number;
  /** Not told before: the first of a kind is told at once, the rest of its flood in one. */
  due: Instant;
}

const FLOOD_MS = 10 * 60_000;
/** What comes at one moment is written at once. */
const SOON_MS = 50;
const AGAIN_MS = 5_000;
/** Of stations that nobody knows nothing is kept here, so this is more than all that are known may have at once. */
const MOST = 50_000;

/**
 * What we see of a station before it is one: wrong keys, certificates, take-overs. Told in a stream beside the station's own,
 * which only its actor writes: whoever knocks with a wrong key must not get in the way of the one that charges. The first of a
 * kind is written at once, what follows within ten minutes is counted and told in one, with the newest detail.
 */
export function createSecurityNotes(o: {
  readonly transactions: Pick<Transactions, 'run' | 'emit'>;
  readonly clock: Clock;
  readonly log: Log;
  away(): boolean;
}): { readonly noted: Stations['securityNoted']; stop(): Promise<void> } {
  const { transactions, clock, log } = o;
  const pending = new Map<string, Pending>();
  /** When the last of that kind was told. */
  const told = new Map<string, Instant>();
  let armed: { readonly at: Instant; readonly cancel: () => void } | undefined;
  let writing: Promise<void> = Promise.resolve();
  let stopped = false;

  const write = async (due: readonly Pending[]): Promise<void> => {
    for (const [tenant, ofTenant] of Map.groupBy(due, (it) => it.tenant))
      await transactions.run(tenant, { plugin: 'core' }, async (tx) => {
        for (const { station, kind, detail, count } of ofTenant)
          transactions.emit(tx, {
            ...{ plugin: 'core', type: securityNoted.type, v: securityNoted.v, subject: { stream: station, station } },
            data: { kind, origin: 'csms', detail, ...(count === 1 ? {} : { count }) },
          });
      });
  };

  /** Those whose time has come, or all. */
  const flush = async (all: boolean): Promise<void> => {
    if (o.away()) return;
    const now = clock.now();
    for (const [key, at] of told) if (now - at >= FLOOD_MS) told.delete(key);
    const due = [...pending].filter(([, it]) => all || it.due <= now);
    if (due.length === 0) return;
    for (const [key] of due) {
      pending.delete(key);
      told.set(key, now);
    }
    await write(due.map(([, it]) => it)).catch((error: unknown) => {
      log.warn('security events not written yet', { events: due.length, error });
      for (const [key, it] of due) {
        const since = pending.get(key);
        pending.set(key, { ...it, count: it.count + (since?.count ?? 0), detail: since?.detail ?? it.detail });
      }
    });
  };

  const arm = (at: Instant): void => {
    if (stopped || (armed !== undefined && armed.at <= at)) return;
    armed?.cancel();
    const cancel = clock.at(at, () => {
      armed = undefined;
      writing = writing
        .then(() => flush(false))
        .finally(() => {
          const first = Math.min(...[...pending.values()].map(({ due }) => due));
          // What could not be written is due already.
          if (pending.size > 0) arm(instant(Math.max(first, clock.now() + AGAIN_MS)));
        });
    });
    armed = { at, cancel };
  };

  return {
    noted: ({ credentials, identity, kind, detail }) => {
      if (credentials === undefined) return log.warn('security', { identity, kind, detail });
      const { tenant, station } = credentials;
      const key = `${station} ${kind}`;
      const known = pending.get(key);
      const last = told.get(key);
      if (known !== undefined) {
        known.count += 1;
        known.detail = detail;
        return;
      }
      log.warn('security', { identity, kind, detail });
      if (pending.size >= MOST) return log.error('security events are not kept: too many wait', { identity, kind });
      const due = instant(last === undefined ? clock.now() + SOON_MS : last + FLOOD_MS);
      pending.set(key, { tenant, station, kind, detail, count: 1, due });
      arm(due);
    },
    stop: async () => {
      stopped = true;
      armed?.cancel();
      await writing;
      await flush(true);
      if (pending.size > 0) log.error('security events are lost', { events: pending.size });
    },
  };
}

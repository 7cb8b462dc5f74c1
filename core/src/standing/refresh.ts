import { instant, type Log, type StationId, type TenantId } from '@plugga/kit';
import type { Kysely } from 'kysely';
import type { CoreTables } from '../db/tables.ts';
import type { Clock } from '../ports.ts';
import { credentialsOf, stationQuery } from '../site/stations.ts';
import { tokenColumns, tokenOf, type TokenRow } from '../token/tokens.ts';
import type { Reach } from './reach.ts';
import type { Standing } from './standing.ts';
import type { KnownToken } from './token-rows.ts';

/** Keeps the file in step with what others than stations change: credentials and tokens. */
export interface Refresh {
  /** All stations and tokens, now and every ten minutes, and when the database has come back. */
  start(): void;
  stationChanged(station: StationId): void;
  /** One of the tenant's; all are read again where it is not said which. */
  tokenChanged(token: string | undefined): void;
  stop(): Promise<void>;
}

const EVERY_MS = 10 * 60_000;
const PAGE = 500;

export function createRefresh(o: {
  readonly standing: Standing;
  readonly reach: Reach;
  /** Sees all tenants. */
  readonly system: Kysely<CoreTables>;
  readonly clock: Clock;
  readonly log: Log;
}): Refresh {
  const { standing, reach, system, clock, log } = o;
  let cancel = (): void => undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  let line: Promise<unknown> = Promise.resolve();

  const stationsAfter = async (id: string, limit: number) =>
    (await stationQuery(system).select('generation').where('id', '>', id).orderBy('id').limit(limit).execute()).map(
      (row) => ({ credentials: credentialsOf(row), generation: row.generation }),
    );
  const tokensAfter = async (id: string, limit: number) =>
    (
      await system
        .selectFrom('core.token_row')
        .select([...tokenColumns, 'tenant', 'match_key'])
        .where('id', '>', id)
        .orderBy('id')
        .limit(limit)
        .execute()
    ).map(knownOf);

  /** Pages and changes take turns: what was read first is written first, and never over something newer. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = line.then(work);
    line = done.catch(() => undefined);
    return done;
  };

  /** A page at a time, so that no station waits long for one. */
  const pass = async (): Promise<void> => {
    const number = standing.beginPass();
    const pages = async (page: (after: string) => Promise<readonly string[]>): Promise<void> => {
      for (let after = ''; !stopped;) {
        const ids = await inTurn(() => page(after));
        if (ids.length < PAGE) return;
        after = ids.at(-1)!;
      }
    };
    await pages(async (after) => {
      const page = await stationsAfter(after, PAGE);
      standing.keepStations(page, number);
      return page.map(({ credentials }) => credentials.station);
    });
    await pages(async (after) => {
      const page = await tokensAfter(after, PAGE);
      standing.keepTokens(page, number);
      return page.map(({ id }) => id);
    });
    if (!stopped) standing.endPass(number);
  };

  const passes = (): void => {
    if (stopped || reach.away()) return;
    if (running !== undefined) {
      again = true;
      return;
    }
    running = pass()
      .catch((error: unknown) => log.warn('the standing file is not in step with the database', { error }))
      .finally(() => {
        running = undefined;
        if (!again) return;
        again = false;
        passes();
      });
  };

  const later = (): void => {
    cancel = clock.at(instant(clock.now() + EVERY_MS), () => {
      passes();
      later();
    });
  };

  /** In the order of the changes; one that cannot be read is caught by the next pass. */
  const follow = (what: string, work: () => Promise<void>): void => {
    inTurn(async () => {
      if (!stopped) await reach.ask(what, work);
    }).catch((error: unknown) => log.warn('a change has not reached the standing file yet', { what, error }));
  };

  return {
    start: () => {
      reach.onBack(passes);
      passes();
      later();
    },
    stationChanged: (station) =>
      follow('a changed station', async () => {
        const row = await stationQuery(system).select('generation').where('id', '=', station).executeTakeFirst();
        if (row === undefined) standing.stationGone(station);
        else standing.keepStations([{ credentials: credentialsOf(row), generation: row.generation }]);
      }),
    tokenChanged: (token) => {
      if (token === undefined) return passes();
      follow('a changed token', async () => {
        const row = await system
          .selectFrom('core.token_row')
          .select([...tokenColumns, 'tenant', 'match_key'])
          .where('id', '=', token)
          .executeTakeFirst();
        if (row === undefined) standing.eraseToken(token);
        else standing.keepTokens([knownOf(row)]);
      });
    },
    stop: async () => {
      stopped = true;
      cancel();
      await Promise.allSettled([running, line]);
    },
  };
}

const knownOf = (row: TokenRow & { tenant: string; match_key: string }): KnownToken => {
  const { id, type, last4, group, status, expiresAt, createdAt } = tokenOf(row);
  return {
    ...{ id, type, last4, group, status, tenant: row.tenant as TenantId, matchKey: row.match_key },
    expiresAt: expiresAt === null ? null : instant(expiresAt.getTime()),
    createdAt: instant(createdAt.getTime()),
  };
};

import { type Kysely, sql } from 'kysely';
import { appRole } from './guard.ts';

/** What plugins may read of a station's variables: `core.setting` of `CoreViews`. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    create view core.setting with (security_invoker = true) as
      select station, name, value, (characteristics ->> 'max')::double precision as highest,
        characteristics ->> 'unit' as unit
      from core.variable where supported`.execute(db);
  await sql.raw(`grant select on core.setting to ${appRole}`).execute(db);
};

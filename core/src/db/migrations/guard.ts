import { type Kysely, sql } from 'kysely';

/** The role of every working connection: neither superuser nor owner, so that row-level security holds for it. */
export const appRole = 'plugga_app';

export interface Guard {
  /** The column that says whose row it is. */
  readonly tenant?: string;
  /** What the working role may do. What is only ever appended is granted as such. */
  readonly grant?: string;
}

/** Row-level security for a table of `tenant` rows: with no tenant set nothing is seen, '*' sees all. */
export const guard = async (db: Kysely<unknown>, table: string, options: Guard = {}): Promise<void> => {
  const { tenant = 'tenant', grant = 'select, insert, update, delete' } = options;
  await sql
    .raw(`
      alter table ${table} enable row level security;
      alter table ${table} force row level security;
      create policy tenant on ${table} using (current_setting('plugga.tenant', true) in ('*', ${tenant}));
      grant ${grant} on ${table} to ${appRole}`)
    .execute(db);
};

/** A table of the installation: it belongs to no tenant. */
export const share = async (db: Kysely<unknown>, table: string): Promise<void> => {
  await sql.raw(`grant select, insert, update, delete on ${table} to ${appRole}`).execute(db);
};

import { fail } from '@plugga/kit';
import { type Kysely, sql } from 'kysely';
import { appRole } from './migrations/guard.ts';

/** Roles belong to the server, so another database of ours, or another node just now, may have made it. */
export const ensureRole = async (db: Kysely<unknown>): Promise<void> => {
  if (await mayBecome(db)) return;
  const { rows } = await sql<{ owner: string }>`select quote_ident(current_user) as owner`.execute(db);
  const statements = grants(rows[0]?.owner ?? 'current_user');
  let refused: unknown;
  for (const statement of statements)
    await sql
      .raw(statement)
      .execute(db)
      .catch((error: unknown) => (refused = error));
  if (await mayBecome(db)) return;
  throw fail(
    'database-unusable',
    `the role of DATABASE_URL may not make the role ${appRole}; run as a superuser:\n${statements.join(';\n')};`,
    { cause: refused, details: { statements } },
  );
};

/** What a superuser must run once before the first start; nothing where the role of DATABASE_URL can do it, or it is done. */
export const missingGrants = async (db: Kysely<unknown>): Promise<readonly string[]> => {
  if (await mayBecome(db)) return [];
  const { rows } = await sql<{ owner: string; may: boolean; there: boolean }>`
    select quote_ident(current_user) as owner, rolsuper or rolcreaterole as may,
      exists (select from pg_roles where rolname = ${appRole}) as there
    from pg_roles where rolname = current_user`.execute(db);
  const [role] = rows;
  return role?.may === true && !role.there ? [] : grants(role?.owner ?? 'current_user');
};

const grants = (owner: string): readonly string[] => [
  `create role ${appRole} nologin nosuperuser nobypassrls`,
  `grant ${appRole} to ${owner}`,
];

/** Whether it is there, harmless, and ours to SET. */
const mayBecome = async (db: Kysely<unknown>): Promise<boolean> => {
  const { rows } = await sql<{ may: boolean }>`
    select not rolsuper and not rolbypassrls and case
        when current_setting('server_version_num')::integer >= 160000 then pg_has_role(oid, 'SET')
        else pg_has_role(oid, 'MEMBER')
      end as may
    from pg_roles where rolname = ${appRole}`.execute(db);
  return rows[0]?.may === true;
};

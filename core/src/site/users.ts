import { fail } from '@plugga/kit';
import { newId } from '../id.ts';
import type { Random } from '../ports.ts';
import type { Db } from './transact.ts';

export const roles = ['owner', 'operator', 'support', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** A person who works for the tenant. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: Date;
}

interface Row {
  id: string;
  email: string;
  name: string;
  role: string;
  created_at: Date;
}
export const userOf = (row: Row): User => ({
  id: row.id,
  email: row.email,
  name: row.name,
  role: roles.find((role) => role === row.role) ?? 'viewer',
  createdAt: row.created_at,
});

export async function createUser(
  db: Db,
  tenant: string,
  user: Pick<User, 'email' | 'name' | 'role'>,
  random: Random,
): Promise<User> {
  const row = await db
    .insertInto('core.user_row')
    .values({ id: newId(random), tenant, ...user })
    .returningAll()
    .executeTakeFirstOrThrow();
  return userOf(row);
}

export async function userById(db: Db, id: string): Promise<User> {
  const row = await db.selectFrom('core.user_row').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw fail('not-found', `there is no user "${id}"`);
  return userOf(row);
}

export async function changeUser(db: Db, id: string, change: Partial<Pick<User, 'name' | 'role'>>): Promise<User> {
  if (Object.keys(change).length > 0) await db.updateTable('core.user_row').set(change).where('id', '=', id).execute();
  return userById(db, id);
}

export async function deleteUser(db: Db, id: string): Promise<User> {
  const user = await userById(db, id);
  await db.deleteFrom('core.user_row').where('id', '=', id).execute();
  return user;
}

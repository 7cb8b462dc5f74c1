import { fail, type TokenId } from '@plugga/kit';
import { newId } from '../id.ts';
import type { Random } from '../ports.ts';
import { last4Of } from '../redact.ts';
import type { Db } from '../site/transact.ts';
import { matchKeyOf } from './match-key.ts';

export const tokenStatuses = ['accepted', 'blocked', 'expired', 'invalid'] as const;
export type TokenStatus = (typeof tokenStatuses)[number];

/** A token without its value: that stays in its one table. */
export interface Token {
  readonly id: TokenId;
  readonly type: string;
  readonly last4: string;
  readonly group: string | null;
  readonly status: TokenStatus;
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
}

export const tokenColumns = ['id', 'type', 'last4', 'group_id', 'status', 'expires_at', 'created_at'] as const;
export interface TokenRow {
  id: string;
  type: string;
  last4: string;
  group_id: string | null;
  status: string;
  expires_at: Date | null;
  created_at: Date;
}
export const tokenOf = (row: TokenRow): Token => ({
  id: row.id as TokenId,
  type: row.type,
  last4: row.last4,
  group: row.group_id,
  status: statusOf(row.status),
  expiresAt: row.expires_at,
  createdAt: row.created_at,
});
const statusOf = (text: string): TokenStatus => tokenStatuses.find((status) => status === text) ?? 'invalid';

export interface NewToken {
  readonly type: string;
  readonly value: string;
  readonly group?: string | null;
  readonly status?: TokenStatus;
  readonly expiresAt?: Date | null;
}

/** A token's value and type are one: the same again is `conflict`. */
export async function createToken(db: Db, tenant: string, token: NewToken, random: Random): Promise<Token> {
  const matchKey = matchKeyOf(token.value);
  if (matchKey === '') throw fail('invalid-input', 'the value of a token has letters or digits');
  const row = await db
    .insertInto('core.token_row')
    .values({
      id: newId(random),
      tenant,
      type: token.type,
      value: token.value,
      match_key: matchKey,
      last4: last4Of(token.value),
      group_id: token.group ?? null,
      status: token.status ?? 'accepted',
      expires_at: token.expiresAt ?? null,
    })
    .onConflict((conflict) => conflict.columns(['tenant', 'match_key', 'type']).doNothing())
    .returning(tokenColumns)
    .executeTakeFirst();
  if (row === undefined)
    throw fail('conflict', `a token of this type and value (…${last4Of(token.value)}) exists already`);
  return tokenOf(row);
}

export async function tokenById(db: Db, id: string): Promise<Token> {
  const row = await db.selectFrom('core.token_row').select(tokenColumns).where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw fail('not-found', `there is no token "${id}"`);
  return tokenOf(row);
}

export type TokenChange = Partial<{ group_id: string | null; status: TokenStatus; expires_at: Date | null }>;

export async function changeToken(db: Db, id: string, change: TokenChange): Promise<Token> {
  if (Object.keys(change).length > 0) await db.updateTable('core.token_row').set(change).where('id', '=', id).execute();
  return tokenById(db, id);
}

/** Erases the value; sessions keep the id and the last four characters. */
export async function deleteToken(db: Db, id: string): Promise<Token> {
  const token = await tokenById(db, id);
  await db.deleteFrom('core.token_row').where('id', '=', id).execute();
  return token;
}

/** The value, for a station that is asked to start with it. */
export async function tokenValue(
  db: Db,
  id: string,
): Promise<{ readonly value: string; readonly type: string } | undefined> {
  return db.selectFrom('core.token_row').select(['value', 'type']).where('id', '=', id).executeTakeFirst();
}

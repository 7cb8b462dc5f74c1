import { fail } from '@plugga/kit';
import { newId } from '../id.ts';
import type { Random } from '../ports.ts';
import type { Db } from '../site/transact.ts';
import { isSecret } from './setting.ts';

/** Settings that several stations should have. */
export interface Template {
  readonly id: string;
  readonly name: string;
  readonly note: string | null;
  readonly values: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
export type NewTemplate = Pick<Template, 'name' | 'values'> & { readonly note?: string | null | undefined };

interface Row {
  id: string;
  name: string;
  note: string | null;
  values: unknown;
  created_at: Date;
  updated_at: Date;
}
export const templateOf = (row: Row): Template => ({
  id: row.id,
  name: row.name,
  note: row.note,
  values: row.values as Template['values'],
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

function checkValues(values: Template['values']): void {
  const names = Object.keys(values);
  const secret = names.find(isSecret);
  if (secret !== undefined)
    throw fail('invalid-input', `values: "${secret}" is a password; each station has its own (PATCH /stations)`);
  const lower = names.map((name) => name.toLowerCase());
  const twice = names.find((name, at) => lower.indexOf(name.toLowerCase()) !== at);
  if (twice !== undefined) throw fail('invalid-input', `values: "${twice}" is there twice, in other letters`);
}

export async function createTemplate(
  db: Db,
  o: { readonly tenant: string; readonly now: Date; readonly random: Random },
  { name, note = null, values }: NewTemplate,
): Promise<Template> {
  checkValues(values);
  const row = await db
    .insertInto('core.device_template')
    .values({
      ...{ id: newId(o.random), tenant: o.tenant, name, note, values: JSON.stringify(values) },
      ...{ created_at: o.now, updated_at: o.now },
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return templateOf(row);
}

export async function templateById(db: Db, id: string): Promise<Template> {
  const row = await db.selectFrom('core.device_template').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw fail('not-found', `there is no device template "${id}"`);
  return templateOf(row);
}

export async function changeTemplate(
  db: Db,
  id: string,
  { name, note, values }: Partial<NewTemplate>,
  now: Date,
): Promise<Template> {
  if (values !== undefined) checkValues(values);
  await db
    .updateTable('core.device_template')
    .set({
      ...(name === undefined ? {} : { name }),
      ...(note === undefined ? {} : { note }),
      ...(values === undefined ? {} : { values: JSON.stringify(values) }),
      updated_at: now,
    })
    .where('id', '=', id)
    .execute();
  return templateById(db, id);
}

/** Refuses with `conflict` while stations have it. */
export async function deleteTemplate(db: Db, id: string): Promise<Template> {
  const template = await templateById(db, id);
  const used = await db
    .selectFrom('core.station_row')
    .select('identity')
    .where('template', '=', id)
    .limit(1)
    .executeTakeFirst();
  if (used !== undefined)
    throw fail('conflict', `station "${used.identity}" has the template "${template.name}"; take it away first`);
  await db.deleteFrom('core.device_template').where('id', '=', id).execute();
  return template;
}

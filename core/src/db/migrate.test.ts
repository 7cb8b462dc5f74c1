import { testDatabase } from '@plugga/testing';
import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { migrate } from './migrate.ts';
import { openDatabase } from './open.ts';

const database = await testDatabase('migrations');
const owner = openDatabase<unknown>({ url: database.url });
const app = openDatabase<unknown>({ url: database.url, role: 'plugga_app', max: 2 });
afterAll(async () => {
  await Promise.all([owner.close(), app.close()]);
  await database.drop();
});

describe('migrations', () => {
  test('a second run applies nothing', async () => {
    expect(await migrate(owner.kysely)).toEqual([]);
  });

  test('two nodes that start at once on an empty database both find it whole', async () => {
    const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(owner.kysely);
    const name = `${rows[0]?.name}_empty`;
    await sql.raw(`create database ${name}`).execute(owner.kysely);
    const url = new URL(database.url);
    url.pathname = `/${name}`;
    const nodes = [openDatabase<unknown>({ url: url.href }), openDatabase<unknown>({ url: url.href })];
    const applied = await Promise.all(nodes.map((node) => migrate(node.kysely)));
    expect(applied.map((it) => it.length).toSorted()[0]).toBe(0);
    await Promise.all(nodes.map((node) => node.close()));
    await sql.raw(`drop database ${name} with (force)`).execute(owner.kysely);
  });

  test('an owner that may not make the working role is refused with the two statements to run', async () => {
    const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(owner.kysely);
    const role = `poor_${rows[0]?.name}`.slice(0, 60);
    await sql.raw(`create role ${role} login; grant all on database ${rows[0]?.name} to ${role}`).execute(owner.kysely);
    const poor = openDatabase<unknown>({ url: database.url, role });
    await expect(migrate(poor.kysely)).rejects.toMatchObject({
      code: 'database-unusable',
      details: {
        statements: ['create role plugga_app nologin nosuperuser nobypassrls', `grant plugga_app to ${role}`],
      },
    });
    await poor.close();
    await sql.raw(`drop owned by ${role}; drop role ${role}`).execute(owner.kysely);
  });
});

import { randomBytes } from 'node:crypto';
import { testDatabase, type TestDatabase } from '@plugga/testing';
import { Client } from 'pg';

/** A database that nobody has started on: beside a migrated one, which tells where the server is. */
export const emptyDatabase = async (): Promise<TestDatabase> => {
  const beside = await testDatabase('beside');
  const name = `test_empty_${randomBytes(4).toString('hex')}`;
  const run = async (text: string): Promise<void> => {
    const client = new Client({ connectionString: beside.url });
    await client.connect();
    await client.query(text).finally(() => client.end());
  };
  await run(`create database ${name} template template0`);
  const url = new URL(beside.url);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      await run(`drop database if exists ${name} with (force)`);
      await beside.drop();
    },
  };
};

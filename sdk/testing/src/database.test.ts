import { openDatabase } from '@plugga/core/database';
import { expect, test } from 'vitest';
import { testDatabase } from './database.ts';

test('each test database is its own', async () => {
  const [one, two] = await Promise.all([testDatabase('One & only'), testDatabase()]);
  const first = openDatabase({ url: one.url });
  const second = openDatabase({ url: two.url });
  await first.pool.query('create table mine as select 1 as n');
  await expect(second.pool.query('select n from mine')).rejects.toThrow(/does not exist/);
  expect((await first.pool.query('select current_database() as name')).rows[0]).toMatchObject({
    name: expect.stringMatching(/^test_one_only_/),
  });
  await Promise.all([first.close(), second.close()]);
  await Promise.all([one.drop(), two.drop()]);
  const gone = openDatabase({ url: one.url });
  await expect(gone.pool.query('select 1')).rejects.toThrow(/does not exist/);
  await gone.close();
});

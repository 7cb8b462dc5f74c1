import { expect, test } from 'vitest';
import { splitSql, withoutBodies } from './split-sql.ts';

test('statements are told apart, whatever stands in quotes, comments and bodies', () => {
  expect(
    splitSql(`
      -- one; not two
      create table a (b text default ';--'); /* and ; here */
      insert into "x;y" values ('it''s;');
      create function f() returns void language plpgsql as $body$ begin drop table a; end $body$;
      select $1;`),
  ).toEqual([
    `create table a (b text default ';--')`,
    `insert into "x;y" values ('it''s;')`,
    'create function f() returns void language plpgsql as $body$ begin drop table a; end $body$',
    'select $1',
  ]);
});

test('what a function will do is not what happens now', () => {
  expect(withoutBodies('create function f() as $$ drop table a $$; do $x$ drop table b $x$')).toBe(
    'create function f() as $$; do $$',
  );
});

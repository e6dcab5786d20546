import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandTag } from '#core/sql/command-tags.ts';
import { factsOf } from './said.ts';

const TAGS: readonly (readonly [sql: string, tag: string])[] = [
  ['select 1', 'SELECT'],
  ['values (1)', 'SELECT'],
  ['select 1 into t', 'SELECT INTO'],
  ['merge into t using u on true when matched then delete', 'MERGE'],
  ['start transaction', 'START TRANSACTION'],
  ['rollback to a', 'ROLLBACK'],
  ["commit prepared 'x'", 'COMMIT PREPARED'],
  ['set a = 1', 'SET'],
  ['reset all', 'RESET'],
  ['move c', 'MOVE'],
  ['analyze', 'ANALYZE'],
  ['vacuum', 'VACUUM'],
  ['revoke all on t from r', 'REVOKE'],
  ['grant a to b', 'GRANT ROLE'],
  ['discard temp', 'DISCARD TEMP'],
  ['deallocate all', 'DEALLOCATE ALL'],
  ['deallocate p', 'DEALLOCATE'],
  ['create procedure p() language sql as $$$$', 'CREATE PROCEDURE'],
  ['create materialized view m as select 1', 'CREATE MATERIALIZED VIEW'],
  ['create table t as select 1', 'CREATE TABLE AS'],
  ['create table t ()', 'CREATE TABLE'],
  ['drop materialized view m', 'DROP MATERIALIZED VIEW'],
  ['drop server s', 'DROP SERVER'],
  ['alter index i set (fillfactor = 10)', 'ALTER INDEX'],
  ['alter table t rename column a to b', 'ALTER TABLE'],
  ['alter view v rename to w', 'ALTER VIEW'],
  ['alter function f() owner to r', 'ALTER FUNCTION'],
  ['create aggregate a (int) (sfunc = f, stype = int)', 'CREATE AGGREGATE'],
  ['create extension e', 'CREATE EXTENSION'],
  ['truncate t', 'TRUNCATE TABLE'],
  ['lock t', 'LOCK TABLE'],
  ['close c', 'CLOSE CURSOR'],
  ['alter default privileges grant select on tables to r', 'ALTER DEFAULT PRIVILEGES'],
];

for (const [sql, tag] of TAGS) {
  test(`commandTag() of ${sql} is ${tag}`, async () => {
    assert.deepEqual((await factsOf(sql)).tags, [tag]);
  });
}

test('commandTag() of what is no statement says so', () => {
  assert.equal(commandTag(null), 'UNKNOWN');
});

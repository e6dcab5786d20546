import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadGrammar } from '#core/sql/grammar.ts';
import { columnUse, mayUseColumn } from '#core/sql/mask-safety.ts';
import { factsOf } from './said.ts';

/** `every`: the columns cannot be told by name. */
const CASES: readonly (readonly [about: string, sql: string, elsewhere: string])[] = [
  ['a shown column', 'select email from c', ''],
  ['a shown column by its relation', 'select c.email, public.c.card from public.c', ''],
  ['all shown', 'select * from c', ''],
  ['all shown of one', 'select c.*, o.id from c, o', ''],
  ['W-sql-8 a new name', 'select email as x from c', ''],
  ['W-sql-8 a condition', 'select id from c where email like $1', 'email'],
  ['W-sql-8 a function', 'select lower(email) from c', 'email'],
  ['W-sql-8 a cast', 'select email::text from c', 'email'],
  ['W-sql-8 an expression', "select email || '' from c", 'email'],
  ['a join condition', 'select 1 from c join o on c.email = o.email', 'email'],
  ['USING', 'select 1 from c join o using (email)', 'email'],
  ['NATURAL', 'select 1 from c natural join o', 'every'],
  ['ORDER BY', 'select id from c order by email', 'email'],
  ['ORDER BY of an output name', 'select email as e from c order by e', 'e,email'],
  ['GROUP BY of an output name', 'select email as e from c group by rollup (e)', 'e,email'],
  ['ORDER BY of a place', 'select id, email from c order by 2', 'every'],
  ['GROUP BY of a place', 'select id, email from c group by 1, 2', 'every'],
  ['GROUP BY of places in sets', 'select email from c group by cube (1)', 'every'],
  ['a constant limit', 'select email from c limit 1', ''],
  ['DISTINCT', 'select distinct email from c', 'every'],
  ['DISTINCT ON', 'select distinct on (id) email from c', 'every'],
  ['set operations', 'select email from c union select id from o', 'every'],
  ['a window', 'select row_number() over (partition by email order by card) from c', 'card,email'],
  ['a named window', 'select rank() over w from c window w as (order by email)', 'email'],
  ['a filter', 'select count(*) filter (where email is null) from c', 'email'],
  ['count(*)', 'select count(*) from c', ''],
  ['a subquery', 'select e from (select email as e from c) s', 'email'],
  ['all inside a subquery', 'select * from (select * from c) s', 'every'],
  ['a CTE', 'with s as (select email from c) select * from s', 'email'],
  ['a scalar subquery', 'select (select email from c limit 1)', 'email'],
  ['EXISTS', 'select 1 where exists (select from c where email = $1)', 'email'],
  ['whole row by the relation', 'select c from c', 'every'],
  ['whole row by an alias', 'select x from c x', 'every'],
  ['whole row in a function', 'select row_to_json(x) from c x', 'every'],
  ['whole row in a cast', 'select x::text from c as x', 'every'],
  ['whole row in a row', 'select row(x.*) from c x', 'every'],
  ['whole row opened', 'select (x).email from c x', 'every'],
  ['whole row in a function that reads like a column', 'select x.row_to_json from c x', 'every'],
  ['whole row in a condition', 'select id from c x where x is not null', 'every'],
  ['column aliases', 'select a from c as x (a, b)', 'every'],
  ['column aliases of a subquery', 'select a from (select id from c) x (a)', 'every'],
  ['column aliases of a CTE', 'with x (a) as (select id from c) select a from x', 'every'],
  ['column aliases of a join', 'select a from (c join o on true) as x (a)', 'every'],
  ['a function in FROM', 'select v from c, lateral unnest(array[c.email]) v', 'every'],
  ['a function of nothing in FROM', 'select email from c, generate_series(1, 2) g', ''],
  ['INSERT of values', 'insert into c (email) values ($1)', ''],
  ['INSERT from a query', 'insert into o select email from c', 'every'],
  ['INSERT from a scalar subquery', 'insert into o values ((select email from c))', 'email'],
  ['INSERT RETURNING', 'insert into c (email) values ($1) returning id, email', ''],
  ['INSERT ON CONFLICT', 'insert into c (email) values ($1) on conflict (email) do update set id = excluded.id', 'email,id'],
  ['INSERT ON CONFLICT with the row', 'insert into c values ($1) on conflict (id) do update set name = excluded::text', 'every'],
  ['UPDATE of it', 'update c set email = $1 where id = $2', 'id'],
  ['UPDATE from it', 'update c set name = email', 'email'],
  ['UPDATE RETURNING', 'update c set name = $1 returning email', ''],
  ['UPDATE RETURNING new names', 'update c set name = $1 returning with (old as o) o', 'every'],
  ['UPDATE RETURNING an expression', 'update c set name = $1 returning lower(email)', 'email'],
  ['DELETE', 'delete from c where email = $1', 'email'],
  ['DELETE USING', 'delete from o using c where o.id = c.id returning c.email', 'id'],
  ['MERGE', 'merge into o using c on o.id = c.id when matched then delete', 'every'],
  ['COPY', 'copy c to stdout', 'every'],
  ['CREATE TABLE AS', 'create table x as select email from c', 'every'],
  ['SELECT INTO', 'select email into x from c', 'every'],
  ['CREATE VIEW', 'create view x as select email from c', 'every'],
  ['CREATE INDEX', 'create index on c (email)', 'every'],
  ['RENAME COLUMN', 'alter table c rename email to x', 'every'],
  ['ALTER TABLE', 'alter table c alter email type text using lower(email)', 'every'],
  ['EXPLAIN', 'explain analyze select id from c where email = $1', 'email'],
  ['DECLARE', 'declare x cursor for select email from c', ''],
  ['DROP', 'drop table c', ''],
  ['TRUNCATE', 'truncate c', ''],
  ['two statements', 'select email from c; select 1 from c where card is null', 'card'],
  ['CASE', 'select case when email is null then 1 end from c', 'email'],
  ['FOR UPDATE', 'select email from c for update', ''],
  ['JSON', "select json_object('a' value email) from c", 'email'],
];

for (const [about, sql, elsewhere] of CASES) {
  test(`columnUse() tells columns that are computed with: ${about}`, async () => {
    const { columns } = await factsOf(sql);
    assert.equal(columns.everyColumnElsewhere ? 'every' : [...columns.elsewhere].sort().join(), elsewhere);
  });
}

test('columnUse() of a prepared statement is with its own facts', async () => {
  const facts = await factsOf('prepare p as select lower(email) from c');
  assert.equal(facts.columns.elsewhere.size, 0);
  assert.deepEqual([...(facts.cursors.prepares[0]?.facts.columns.elsewhere ?? [])], ['email']);
});

test('mayUseColumn() is about one column', async () => {
  const grammar = await loadGrammar(18);
  const uses = (sql: string): boolean => grammar.parse(sql).stmts.some(({ stmt }) => mayUseColumn(stmt, 'secret'));
  assert.equal(uses('select a, count(*) from t group by 1'), false);
  for (const sql of ['select secret from t', 'select * from t', 'select t from t', 'select a from t x(a)', 'create view v as select 1'])
    assert.equal(uses(sql), true, sql);
  assert.deepEqual(columnUse([]), { elsewhere: new Set(), everyColumnElsewhere: false });
});

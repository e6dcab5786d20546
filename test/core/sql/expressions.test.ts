import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Case, said } from './said.ts';

const CASES: readonly Case[] = [
  ['operators', 'select a + b from t', 'read t'],
  ['an operator nobody knows', 'select a @#@ b from t', 'read t, unknown'],
  ['an operator of a schema', 'select a operator(evil.+) b from t', 'read t, unknown'],
  ['an operator of pg_catalog', 'select a operator(pg_catalog.+) b from t', 'read t'],
  ['ORDER BY USING a strange one', 'select a from t order by a using @#@', 'read t, unknown'],
  ['ANY with a strange one', 'select a @#@ any (select 1) from t', 'read t, unknown'],
  ['EXCLUDE with a strange one', 'create table n (a int, exclude using gist (a with @#@))', 'create n, unknown !names'],
  ['EXCLUDE', 'create table n (a int, exclude using gist (a with =))', 'create n !names'],
  ["sampling by somebody's method", 'select * from t tablesample mine (1)', 'read t, unknown'],
  ['sampling by a method of a schema', 'select * from t tablesample evil.system (1)', 'read t, unknown'],
  [
    'special syntax',
    "select coalesce(a, greatest(b, 1)), nullif(c, 2), extract(year from d), position('a' in e), substring(f from 1 for 2), trim(both from g), overlay(h placing 'x' from 1), current_date, current_user, cast(i as text), j at time zone 'UTC', k is not distinct from l, (array[1, 2])[1], row(1, 2), (m).n, grouping(o) from t group by o",
    'read t',
  ],
  ['XML', 'select xmlelement(name a, xmlattributes(b as c), d), xmlforest(e), xmlagg(f), xmlserialize(content g as text) from t', 'read t'],
  [
    'XMLTABLE',
    "select * from t, xmltable('/a' passing t.x columns b int path 'c' default purge())",
    'execute function ?.purge, read t !state',
  ],
  ['JSON_TABLE', "select * from t, json_table(t.j, '$[*]' columns (a int path '$.a', nested path '$.b' columns (c text)))", 'read t'],
  [
    'JSON constructors',
    "select json_object('a' value b returning jsonb), json_array(select c from u), json_arrayagg(d order by e), json('{}'), json_scalar(1), json_serialize(f), json_exists(g, '$'), json_value(h, '$' returning int default 1 on error) from t",
    'read t, read u',
  ],
  ['JSON predicate', 'select a is json object with unique keys from t', 'read t'],
  ['CASE', 'select case a when 1 then b else c end from t', 'read t'],
];

for (const [about, sql, does] of CASES) {
  test(`classify() says what expressions do: ${about}`, async () => {
    assert.equal(await said(sql), does);
  });
}

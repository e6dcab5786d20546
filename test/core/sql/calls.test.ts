import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Case, said } from './said.ts';

const CASES: readonly Case[] = [
  ["PostgreSQL's own", 'select now(), pg_catalog.upper(a), count(*) over (), generate_series(1, 2) from t', 'read t'],
  ["W-sql-3 somebody's", 'select purge()', 'execute function ?.purge !state'],
  ["somebody's of a schema", 'select * from tools.purge(1)', 'execute function tools.purge !state'],
  ["somebody's as a source of rows", 'select * from purge() with ordinality', 'execute function ?.purge !state'],
  ["somebody's in an argument", 'select upper(purge())', 'execute function ?.purge !state'],
  ["somebody's in a default", 'create table n (a int default purge())', 'create n, execute function ?.purge !state'],
  ["somebody's in an index", 'create index i on t (purge(a))', 'alter t, create index i, execute function ?.purge !state'],
  ["somebody's in VALUES", 'insert into t values (purge())', 'execute function ?.purge, insert t !state'],
  ["somebody's in LIMIT", 'select 1 limit purge()', 'execute function ?.purge !state'],
  ["somebody's aggregate", 'select purge(a) over (order by b) from t', 'execute function ?.purge, read t !state'],
  ['a name in quotes', 'select "NOW"()', 'execute function ?.NOW !state'],
  ['unknown to the table, in pg_catalog', 'select pg_catalog.brand_new(1)', 'admin function pg_catalog.brand_new !state'],
  ['W-sql-3 query_to_xml', "select query_to_xml('delete from t returning *', true, false, '')", 'unknown !state'],
  ['W-sql-3 table_to_xml', "select table_to_xml('secret', true, false, '')", 'unknown !state'],
  ['ts_stat', "select * from ts_stat('select v from secret')", 'unknown !state'],
  [
    'W-sql-3 large objects',
    "select lo_import('/etc/passwd'), lo_get(1), lowrite(0, 'x'), lo_unlink(1)",
    'admin function pg_catalog.lo_get, admin function pg_catalog.lo_import, admin function pg_catalog.lo_unlink, admin function pg_catalog.lowrite !state',
  ],
  ['W-sql-3 dblink', "select * from dblink('host=evil', 'select 1') as x(a int)", 'execute function ?.dblink !state'],
  [
    'server files',
    "select pg_read_file('/etc/passwd'), pg_ls_dir('.'), pg_stat_file('x')",
    'admin function pg_catalog.pg_ls_dir, admin function pg_catalog.pg_read_file, admin function pg_catalog.pg_stat_file !state',
  ],
  [
    'other sessions',
    'select pg_terminate_backend(1), pg_cancel_backend(2)',
    'admin function pg_catalog.pg_cancel_backend, admin function pg_catalog.pg_terminate_backend !state',
  ],
  ['R35 statements of others', 'select * from pg_stat_get_activity(null)', 'admin function pg_catalog.pg_stat_get_activity !state'],
  [
    'R35 logical slots',
    "select * from pg_logical_slot_get_changes('s', null, null)",
    'admin function pg_catalog.pg_logical_slot_get_changes !state',
  ],
  ['R35 pg_notify', "select pg_notify('c', 'data')", 'admin function pg_catalog.pg_notify !state'],
  ['nextval', "select nextval('s')", 'update s'],
  ['nextval with schema and cast', "select nextval('\"S a\".q'::regclass), setval('s.q', 1)", 'update S a.q, update s.q'],
  ['nextval folds', "select nextval('S.Q')", 'update s.q'],
  ['nextval of something computed', 'select nextval(a) from t', 'read t, unknown'],
  ['nextval by oid', "select nextval('16385')", 'unknown'],
  ['nextval as default', "create table n (a int default nextval('s'))", 'create n, update s !names'],
  ['currval', "select currval('s'), lastval()", 'read nothing'],
  ['advisory locks', 'select pg_advisory_lock(1), pg_try_advisory_xact_lock(2)', 'lock lock advisory'],
  ["information_schema's", 'select information_schema._pg_expandarray(a) from t', 'read t'],
  ["information_schema's other", 'select information_schema.purge()', 'execute function information_schema.purge !state'],
  ['R33 a call on 15', "select json_scalar('x')", 'execute function ?.json_scalar !state'],
];

for (const [about, sql, does] of CASES) {
  test(`classify() says what calls do: ${about}`, async () => {
    assert.equal(await said(sql, about.includes('on 15') ? 15 : 18), does);
  });
}

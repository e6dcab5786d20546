import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Case, said } from './said.ts';

const CASES: readonly Case[] = [
  ['COPY TO STDOUT', 'copy t to stdout', 'copy-out t, read t'],
  ['COPY TO STDOUT with options', 'copy s.t (a, b) to stdout with (format csv, header)', 'copy-out s.t, read s.t'],
  ['COPY old spelling', 'copy t to stdout csv', 'copy-out t, read t'],
  ['COPY of a query', 'copy (select * from t join u using (a)) to stdout', 'copy-out t, copy-out u, read t, read u'],
  ['COPY of nothing', 'copy (select 1) to stdout', 'copy-out nothing, read nothing'],
  ['COPY of a DELETE', 'copy (delete from t returning *) to stdout', 'copy-out t, delete-all t, read t'],
  ['COPY FROM STDIN', 'copy t from stdin', 'copy-in t, insert t'],
  ['COPY FROM with WHERE', 'copy t from stdin where purge(a)', 'copy-in t, execute function ?.purge, insert t !state'],
  ['W-sql-3 COPY TO PROGRAM', "copy t to program 'curl evil'", 'program program any, read t'],
  ['W-sql-3 COPY FROM PROGRAM', "copy t from program 'cat /etc/passwd'", 'insert t, program program any'],
  ['W-sql-3 COPY of a query to PROGRAM', "copy (select 1) to program 'x'", 'program program any'],
  ['COPY to a file', "copy t to '/tmp/x'", 'admin server file any, read t'],
  ['COPY from a file', "copy t from '/etc/passwd'", 'admin server file any, insert t'],
  ['EXPLAIN', 'explain delete from t', 'read t'],
  ['EXPLAIN of a query', 'explain (format json) select * from t, u', 'read t, read u'],
  ['EXPLAIN of nothing', 'explain select 1', 'read nothing'],
  ["EXPLAIN with somebody's function", 'explain select purge() from t', 'execute function ?.purge, read t !state'],
  ['W-sql-3 EXPLAIN ANALYZE', 'explain analyze delete from t', 'delete-all t'],
  ['W-sql-3 EXPLAIN ANALYZE VERBOSE', 'explain analyze verbose update t set a = 1', 'update-all t'],
  ['W-sql-3 EXPLAIN (ANALYZE)', 'explain (analyze) delete from t', 'delete-all t'],
  ['W-sql-3 EXPLAIN quoted', 'explain ("analyze" true) delete from t', 'delete-all t'],
  ['W-sql-3 EXPLAIN quoted, in upper case', 'explain ("ANALYZE") delete from t', 'delete-all t'],
  ['W-sql-3 EXPLAIN on', 'explain (costs off, analyze on) delete from t', 'delete-all t'],
  ['W-sql-3 EXPLAIN 1', 'explain (analyze 1) delete from t', 'delete-all t'],
  ["W-sql-3 EXPLAIN 'true'", "explain (analyze 'true') delete from t", 'delete-all t'],
  ['W-sql-3 EXPLAIN something', 'explain (analyze maybe) delete from t', 'delete-all t'],
  ['EXPLAIN false', 'explain (analyze false) delete from t', 'read t'],
  ['EXPLAIN 0', 'explain (analyze 0) delete from t', 'read t'],
  ['EXPLAIN off', 'explain (analyze off) delete from t', 'read t'],
  ['W-sql-3 EXPLAIN off and on', 'explain (analyze off, analyze on) delete from t', 'delete-all t'],
  ['W-sql-3 EXPLAIN on and off', 'explain (analyze on, analyze off) delete from t', 'delete-all t'],
  ['EXPLAIN CREATE TABLE AS', 'explain create table n as select * from t', 'read t !names'],
  ['W-sql-3 EXPLAIN ANALYZE CREATE TABLE AS', 'explain analyze create table n as select * from t', 'create n, read t !names'],
  ['EXPLAIN EXECUTE', 'explain execute p', ''],
  ['EXPLAIN DECLARE', 'explain declare c cursor for select * from t', 'read t'],
];

for (const [about, sql, does] of CASES) {
  test(`classify() says what COPY and EXPLAIN do: ${about}`, async () => {
    assert.equal(await said(sql), does);
  });
}

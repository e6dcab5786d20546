import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Case, said } from './said.ts';

const CASES: readonly Case[] = [
  ['BEGIN', 'begin', ''],
  ['BEGIN READ ONLY', 'begin isolation level repeatable read read only', ''],
  ['BEGIN READ WRITE', 'begin read write', 'admin setting transaction_read_only !state'],
  ['START TRANSACTION READ WRITE', 'start transaction read write', 'admin setting transaction_read_only !state'],
  ['COMMIT', 'commit and chain', ''],
  ['ROLLBACK', 'rollback', ''],
  ['SAVEPOINT', 'savepoint a', ''],
  ['RELEASE', 'release a', ''],
  ['ROLLBACK TO', 'rollback to a', ''],
  ['R29 two-phase', "prepare transaction 'x'", 'admin prepared transaction any !state'],
  ['R29 two-phase commit', "commit prepared 'x'", 'admin prepared transaction any !state'],
  ['SET CONSTRAINTS', 'set constraints all immediate', 'session setting constraints !state'],
  ['DISCARD ALL', 'discard all', 'session session state all !state'],
  ['DISCARD TEMP', 'discard temp', 'session session state temp !names'],
  ['LISTEN', 'listen c', 'session channel c'],
  ['UNLISTEN', 'unlisten *', 'session channel all'],
  ['W-sql-3 NOTIFY', "notify c, 'data'", 'admin channel c !names'],
  ['W-sql-3 PREPARE', 'prepare p as delete from t', ''],
  ['W-sql-3 EXECUTE', 'execute p(1)', ''],
  ["EXECUTE with somebody's function", 'execute p(purge())', 'execute function ?.purge !state'],
  ['DEALLOCATE', 'deallocate all', ''],
  ['W-sql-3 DECLARE', 'declare c cursor for select * from t', 'read t'],
  ['DECLARE FOR UPDATE', 'declare c cursor for select * from t for update', 'lock t, read t'],
  ['FETCH', 'fetch 10 from c', ''],
  ['MOVE', 'move all in c', ''],
  ['CLOSE', 'close c', ''],
  ['R32 search_path before', 'set search_path = evil; select * from t', 'read t, session setting search_path, unknown !names'],
  ['R32 search_path behind', 'select * from t; set search_path = evil', 'read t, session setting search_path !names'],
  ['R32 rename before', 'alter table a rename to b; select * from b', 'alter a, read b, unknown !names'],
  ['R32 a function before', 'select purge(); select * from t', 'execute function ?.purge, read t, unknown !state'],
  [
    'R32 set_config before',
    "select set_config('search_path', 'x', false); select * from t",
    'read t, session setting search_path, unknown !names',
  ],
  ['R32 temp table before', 'create temp table t (a int); select * from t', 'create pg_temp.t, read t, unknown !names'],
  ['R32 PREPARE and EXECUTE', 'prepare p as delete from t; execute p', 'unknown'],
  ['R32 EXECUTE before', 'execute p; select * from t', 'read t, unknown'],
  ['R32 transaction control does no harm', 'begin; select * from t; commit', 'read t'],
  ['R32 harmless settings do no harm', 'set statement_timeout = 0; select * from t', 'read t, session setting statement_timeout'],
  ['R32 a cursor in one text', 'begin; declare c cursor for select * from t; fetch all from c', 'read t'],
];

for (const [about, sql, does] of CASES) {
  test(`classify() says what the session do: ${about}`, async () => {
    assert.equal(await said(sql), does);
  });
}

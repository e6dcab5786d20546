import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as table from '#core/sql/functions-table.ts';

const HARMLESS = [
  'now',
  'count',
  'lower',
  'to_char',
  'random',
  'gen_random_uuid',
  'pg_get_viewdef',
  'has_table_privilege',
  'current_setting',
  'pg_sleep',
];

/** What each could do, if it were called harmless. */
const NOT_HARMLESS = [
  ...[
    'pg_read_file',
    'pg_read_binary_file',
    'pg_ls_dir',
    'pg_stat_file',
    'lo_import',
    'lo_export',
    'lo_get',
    'lowrite',
    'pg_terminate_backend',
  ],
  ...[
    'pg_cancel_backend',
    'pg_reload_conf',
    'pg_notify',
    'pg_logical_slot_get_changes',
    'pg_logical_emit_message',
    'pg_export_snapshot',
    'pg_stat_get_activity',
  ],
  ...[
    'pg_stat_get_backend_activity',
    'pg_mcv_list_items',
    'pg_promote',
    'pg_switch_wal',
    'pg_stat_reset',
    'currtid2',
    'domain_in',
    'array_in',
    'record_in',
  ],
  ...[
    'query_to_xml',
    'table_to_xml',
    'schema_to_xml',
    'database_to_xml',
    'cursor_to_xml',
    'ts_stat',
    'ts_rewrite',
    'set_config',
    'nextval',
    'setval',
    'dblink',
    'purge',
  ],
];

test('isHarmlessFunction() knows the everyday ones', () => {
  for (const name of HARMLESS) assert.equal(table.isHarmlessFunction(name), true, name);
});

test('isHarmlessFunction() knows none that reaches beyond its arguments', () => {
  for (const name of NOT_HARMLESS) assert.equal(table.isHarmlessFunction(name), false, name);
  for (const name of ['constructor', 'toString', '__proto__', '']) assert.equal(table.isHarmlessFunction(name), false, name);
});

test('each function is in one table only', () => {
  for (const name of [...HARMLESS, ...NOT_HARMLESS, 'pg_advisory_lock', 'binary_upgrade_set_next_pg_type_oid']) {
    const tables = [table.isHarmlessFunction, table.isAdminFunction, table.isHiddenQueryFunction, table.isAdvisoryLockFunction];
    assert.ok(tables.filter((isIn) => isIn(name)).length <= 1, name);
  }
  assert.equal(table.isAdminFunction('binary_upgrade_set_next_pg_type_oid'), true);
  assert.equal(table.isHiddenQueryFunction('query_to_xml_and_xmlschema'), true);
  assert.equal(table.isAdvisoryLockFunction('pg_try_advisory_xact_lock_shared'), true);
});

test('the smaller tables', () => {
  assert.equal(table.isHarmlessInformationSchemaFunction('_pg_expandarray'), true);
  assert.equal(table.isHarmlessInformationSchemaFunction('purge'), false);
  assert.equal(table.takesWholeRow('row_to_json'), true);
  assert.equal(table.takesWholeRow('email'), false);
  for (const operator of ['=', '||', '->>', '@>', '!~~*', '-|-', '*<>', '?|'])
    assert.equal(table.isBuiltInOperator(operator), true, operator);
  assert.equal(table.isBuiltInOperator('@#@'), false);
});

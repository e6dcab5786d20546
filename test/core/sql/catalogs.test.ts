import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHarmlessCatalog, isSystemSchema, SECRET_CATALOG_COLUMNS } from '#core/sql/catalogs.ts';

test('isHarmlessCatalog() knows what tools read', () => {
  for (const name of [
    'pg_class',
    'pg_attribute',
    'pg_proc',
    'pg_roles',
    'pg_settings',
    'pg_locks',
    'pg_tables',
    'pg_statistic_ext',
    'pg_subscription',
  ]) {
    assert.equal(isHarmlessCatalog('pg_catalog', name), true, name);
  }
  assert.equal(isHarmlessCatalog('information_schema', 'role_table_grants'), true);
});

test('R35 isHarmlessCatalog() knows none with secrets, statements of others, or users’ values', () => {
  const names = [
    ...[
      'pg_authid',
      'pg_shadow',
      'pg_stats',
      'pg_stats_ext',
      'pg_stats_ext_exprs',
      'pg_statistic',
      'pg_statistic_ext_data',
      'pg_largeobject',
      'pg_stat_activity',
    ],
    ...[
      'pg_stat_statements',
      'pg_user_mapping',
      'pg_user_mappings',
      'pg_hba_file_rules',
      'pg_ident_file_mappings',
      'pg_file_settings',
      'pg_stat_wal_receiver',
    ],
    ...['pg_brand_new', 'constructor'],
  ];
  for (const name of names) assert.equal(isHarmlessCatalog('pg_catalog', name), false, name);
  assert.equal(isHarmlessCatalog('information_schema', 'user_mapping_options'), false);
  assert.equal(isHarmlessCatalog('public', 'pg_class'), false);
});

test('isSystemSchema() is about PostgreSQL’s own', () => {
  for (const schema of ['pg_catalog', 'information_schema', 'pg_toast', 'pg_toast_temp_3'])
    assert.equal(isSystemSchema(schema), true, schema);
  for (const schema of ['public', 'pg_temp_3', 'app']) assert.equal(isSystemSchema(schema), false, schema);
});

test('a relation with one secret column is otherwise harmless', () => {
  for (const name of SECRET_CATALOG_COLUMNS.keys()) assert.equal(isHarmlessCatalog('pg_catalog', name), true, name);
});

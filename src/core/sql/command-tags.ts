import { objectWord } from './named-objects.ts';
import { isSet, openNode, type Tree, type TreeValue, textIn } from './tree.ts';

/** The command tag as PostgreSQL gives it (CreateCommandTag), without the row count: `SELECT`, `DROP TABLE`. */
export function commandTag(statement: TreeValue): string {
  const node = openNode(statement);
  if (node === null) return 'UNKNOWN';
  const special = SPECIAL[node.type];
  if (special !== undefined) return special(node.fields);
  return FIXED[node.type] ?? spelledOut(node.type);
}

const FIXED: Readonly<Record<string, string>> = {
  CopyStmt: 'COPY',
  CreateStmt: 'CREATE TABLE',
  CreateForeignTableStmt: 'CREATE FOREIGN TABLE',
  CreateSeqStmt: 'CREATE SEQUENCE',
  AlterSeqStmt: 'ALTER SEQUENCE',
  IndexStmt: 'CREATE INDEX',
  ViewStmt: 'CREATE VIEW',
  RuleStmt: 'CREATE RULE',
  CreateTrigStmt: 'CREATE TRIGGER',
  CreateStatsStmt: 'CREATE STATISTICS',
  AlterStatsStmt: 'ALTER STATISTICS',
  TruncateStmt: 'TRUNCATE TABLE',
  LockStmt: 'LOCK TABLE',
  RefreshMatViewStmt: 'REFRESH MATERIALIZED VIEW',
  VariableShowStmt: 'SHOW',
  ConstraintsSetStmt: 'SET CONSTRAINTS',
  DeclareCursorStmt: 'DECLARE CURSOR',
  ClosePortalStmt: 'CLOSE CURSOR',
  CheckPointStmt: 'CHECKPOINT',
  CreatedbStmt: 'CREATE DATABASE',
  DropdbStmt: 'DROP DATABASE',
  CreatePLangStmt: 'CREATE LANGUAGE',
  AlterDefaultPrivilegesStmt: 'ALTER DEFAULT PRIVILEGES',
  SecLabelStmt: 'SECURITY LABEL',
  ImportForeignSchemaStmt: 'IMPORT FOREIGN SCHEMA',
  CompositeTypeStmt: 'CREATE TYPE',
  CreateEnumStmt: 'CREATE TYPE',
  CreateRangeStmt: 'CREATE TYPE',
  AlterEnumStmt: 'ALTER TYPE',
};

const SPECIAL: Readonly<Record<string, (fields: Tree) => string>> = {
  SelectStmt: (fields) => (fields['intoClause'] === undefined ? 'SELECT' : 'SELECT INTO'),
  TransactionStmt: (fields) => TRANSACTION[textIn(fields, 'kind')] ?? 'TRANSACTION',
  VariableSetStmt: (fields) => (textIn(fields, 'kind').startsWith('VAR_RESET') ? 'RESET' : 'SET'),
  FetchStmt: (fields) => (isSet(fields, 'ismove') ? 'MOVE' : 'FETCH'),
  VacuumStmt: (fields) => (isSet(fields, 'is_vacuumcmd') ? 'VACUUM' : 'ANALYZE'),
  GrantStmt: (fields) => (isSet(fields, 'is_grant') ? 'GRANT' : 'REVOKE'),
  GrantRoleStmt: (fields) => (isSet(fields, 'is_grant') ? 'GRANT ROLE' : 'REVOKE ROLE'),
  DiscardStmt: (fields) => `DISCARD ${textIn(fields, 'target').replace(/^DISCARD_/, '') || 'ALL'}`,
  DeallocateStmt: (fields) => (textIn(fields, 'name') === '' ? 'DEALLOCATE ALL' : 'DEALLOCATE'),
  CreateFunctionStmt: (fields) => (isSet(fields, 'is_procedure') ? 'CREATE PROCEDURE' : 'CREATE FUNCTION'),
  CreateTableAsStmt: (fields) => (textIn(fields, 'objtype') === 'OBJECT_MATVIEW' ? 'CREATE MATERIALIZED VIEW' : 'CREATE TABLE AS'),
  DropStmt: (fields) => `DROP ${objectTag(textIn(fields, 'removeType'))}`,
  AlterTableStmt: (fields) => `ALTER ${objectTag(textIn(fields, 'objtype'))}`,
  AlterFunctionStmt: (fields) => `ALTER ${objectTag(textIn(fields, 'objtype'))}`,
  RenameStmt: (fields) => `ALTER ${objectTag(textIn(fields, renamedThrough(fields)))}`,
  AlterObjectSchemaStmt: (fields) => `ALTER ${objectTag(textIn(fields, 'objectType'))}`,
  AlterObjectDependsStmt: (fields) => `ALTER ${objectTag(textIn(fields, 'objectType'))}`,
  AlterOwnerStmt: (fields) => `ALTER ${objectTag(textIn(fields, 'objectType'))}`,
  DefineStmt: (fields) => `CREATE ${objectTag(textIn(fields, 'kind'))}`,
};

/** A column is renamed by ALTER TABLE: `relationType` says of what. */
function renamedThrough(fields: Tree): string {
  return ['OBJECT_COLUMN', 'OBJECT_ATTRIBUTE', 'OBJECT_TABCONSTRAINT'].includes(textIn(fields, 'renameType'))
    ? 'relationType'
    : 'renameType';
}

const TRANSACTION: Readonly<Record<string, string>> = {
  TRANS_STMT_BEGIN: 'BEGIN',
  TRANS_STMT_START: 'START TRANSACTION',
  TRANS_STMT_COMMIT: 'COMMIT',
  TRANS_STMT_ROLLBACK: 'ROLLBACK',
  TRANS_STMT_ROLLBACK_TO: 'ROLLBACK',
  TRANS_STMT_SAVEPOINT: 'SAVEPOINT',
  TRANS_STMT_RELEASE: 'RELEASE',
  TRANS_STMT_PREPARE: 'PREPARE TRANSACTION',
  TRANS_STMT_COMMIT_PREPARED: 'COMMIT PREPARED',
  TRANS_STMT_ROLLBACK_PREPARED: 'ROLLBACK PREPARED',
};

const OBJECT_TAGS: Readonly<Record<string, string>> = {
  OBJECT_MATVIEW: 'MATERIALIZED VIEW',
  OBJECT_FDW: 'FOREIGN DATA WRAPPER',
  OBJECT_FOREIGN_SERVER: 'SERVER',
  OBJECT_OPCLASS: 'OPERATOR CLASS',
  OBJECT_OPFAMILY: 'OPERATOR FAMILY',
  OBJECT_STATISTIC_EXT: 'STATISTICS',
  OBJECT_TSCONFIGURATION: 'TEXT SEARCH CONFIGURATION',
  OBJECT_TSDICTIONARY: 'TEXT SEARCH DICTIONARY',
  OBJECT_TSPARSER: 'TEXT SEARCH PARSER',
  OBJECT_TSTEMPLATE: 'TEXT SEARCH TEMPLATE',
};

function objectTag(objectType: string): string {
  return OBJECT_TAGS[objectType] ?? objectWord(objectType).toUpperCase();
}

/** `AlterExtensionStmt` → `ALTER EXTENSION`. */
function spelledOut(type: string): string {
  return type
    .replace(/Stmt$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase();
}

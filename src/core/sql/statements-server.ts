import type { PostgresEffect } from '#core/operation/operation.ts';
import { callOfUsers } from './calls.ts';
import { namedObject, objectWord } from './named-objects.ts';
import { relationOf } from './names-in-tree.ts';
import { useNamed } from './statements-schema.ts';
import { fieldsOf, isSet, listIn, namePath, stringNode, type Tree, type TreeValue, textIn, treeIn } from './tree.ts';
import { type Handler, type Scope, type Walk, walkFields } from './walk.ts';

/**
 * Everything beside rows, relations and the session: roles and grants, code, extensions, maintenance, the server itself.
 *
 * *admin* goes with whatever plants code that others run, reaches out of the database, or acts on other sessions.
 */
export const SERVER_STATEMENT_HANDLERS: readonly (readonly [string, Handler])[] = [
  ['GrantStmt', grant],
  ['GrantRoleStmt', grantRole],
  ['AlterDefaultPrivilegesStmt', (walk) => other(walk, ['grant'], 'default privileges', 'any')],
  ['CreateRoleStmt', named(['create', 'grant'], 'role', 'role')],
  ['AlterRoleStmt', alterRole],
  ['AlterRoleSetStmt', settingOfOthers],
  ['AlterDatabaseSetStmt', settingOfOthers],
  ['DropRoleStmt', dropRole],
  ['DropOwnedStmt', unnamed('DROP OWNED drops objects that it does not name', 'drop')],
  ['ReassignOwnedStmt', unnamed('REASSIGN OWNED changes objects that it does not name', 'grant')],
  ['CreateFunctionStmt', createFunction],
  ['AlterFunctionStmt', alterFunction],
  ['DoStmt', runBlock],
  ['CallStmt', callProcedure],
  ['DefineStmt', define],
  ['CreateDomainStmt', createType('CreateDomainStmt', 'domain', 'domainname')],
  ['CreateEnumStmt', createType('CreateEnumStmt', 'type', 'typeName')],
  ['CreateRangeStmt', createType('CreateRangeStmt', 'type', 'typeName')],
  ['CompositeTypeStmt', createComposite],
  ['AlterDomainStmt', alterType('AlterDomainStmt', 'domain', 'typeName')],
  ['AlterEnumStmt', alterType('AlterEnumStmt', 'type', 'typeName')],
  ['AlterTypeStmt', alterType('AlterTypeStmt', 'type', 'typeName')],
  ['AlterCollationStmt', alterType('AlterCollationStmt', 'collation', 'collname')],
  ['AlterTSDictionaryStmt', alterType('AlterTSDictionaryStmt', 'text search dictionary', 'dictname')],
  ['AlterTSConfigurationStmt', alterType('AlterTSConfigurationStmt', 'text search configuration', 'cfgname')],
  ['CreateCastStmt', (walk) => other(walk, ['create', 'admin'], 'cast', 'any')],
  ['CreateConversionStmt', (walk) => other(walk, ['create', 'admin'], 'conversion', 'any')],
  ['CreateOpClassStmt', (walk) => other(walk, ['create', 'admin'], 'operator class', 'any')],
  ['CreateOpFamilyStmt', (walk) => other(walk, ['create', 'admin'], 'operator family', 'any')],
  ['AlterOpFamilyStmt', (walk) => other(walk, ['alter', 'admin'], 'operator family', 'any')],
  ['AlterOperatorStmt', (walk) => other(walk, ['alter', 'admin'], 'operator', 'any')],
  ['CreateTransformStmt', (walk) => other(walk, ['create', 'admin'], 'transform', 'any')],
  ['CreateAmStmt', named(['create', 'admin'], 'access method', 'amname')],
  ['CreatePLangStmt', named(['create', 'admin'], 'language', 'plname')],
  ['CreateEventTrigStmt', named(['create', 'admin'], 'event trigger', 'trigname')],
  ['AlterEventTrigStmt', named(['alter', 'admin'], 'event trigger', 'trigname')],
  ['CreateExtensionStmt', named(['create', 'admin'], 'extension', 'extname')],
  ['AlterExtensionStmt', named(['alter', 'admin'], 'extension', 'extname')],
  ['AlterExtensionContentsStmt', named(['alter', 'admin'], 'extension', 'extname')],
  ['CreateFdwStmt', named(['create', 'admin'], 'foreign data wrapper', 'fdwname')],
  ['AlterFdwStmt', named(['alter', 'admin'], 'foreign data wrapper', 'fdwname')],
  ['CreateForeignServerStmt', named(['create', 'admin'], 'server', 'servername')],
  ['AlterForeignServerStmt', named(['alter', 'admin'], 'server', 'servername')],
  ['CreateUserMappingStmt', named(['create', 'admin'], 'user mapping', 'servername')],
  ['AlterUserMappingStmt', named(['alter', 'admin'], 'user mapping', 'servername')],
  ['DropUserMappingStmt', named(['drop', 'admin'], 'user mapping', 'servername')],
  ['ImportForeignSchemaStmt', named(['create', 'admin'], 'server', 'server_name')],
  ['CreatePublicationStmt', publication('CreatePublicationStmt', 'create')],
  ['AlterPublicationStmt', publication('AlterPublicationStmt', 'alter')],
  ['CreateSubscriptionStmt', named(['create', 'admin'], 'subscription', 'subname')],
  ['AlterSubscriptionStmt', named(['alter', 'admin'], 'subscription', 'subname')],
  ['DropSubscriptionStmt', named(['drop', 'admin'], 'subscription', 'subname')],
  ['CreateTableSpaceStmt', named(['create', 'admin'], 'tablespace', 'tablespacename')],
  ['AlterTableSpaceOptionsStmt', named(['alter', 'admin'], 'tablespace', 'tablespacename')],
  ['AlterTableMoveAllStmt', named(['alter', 'admin'], 'tablespace', 'orig_tablespacename')],
  ['DropTableSpaceStmt', named(['drop', 'admin'], 'tablespace', 'tablespacename')],
  ['CreatedbStmt', named(['create'], 'database', 'dbname')],
  ['AlterDatabaseStmt', named(['alter'], 'database', 'dbname')],
  ['AlterDatabaseRefreshCollStmt', named(['alter'], 'database', 'dbname')],
  ['DropdbStmt', named(['drop'], 'database', 'dbname')],
  ['SecLabelStmt', securityLabel],
  ['AlterSystemStmt', (walk) => other(walk, ['admin'], 'server', 'configuration')],
  ['LoadStmt', (walk) => other(walk, ['admin'], 'server', 'library')],
  ['CheckPointStmt', (walk) => other(walk, ['admin'], 'server', 'checkpoint')],
  ['NotifyStmt', named(['admin'], 'channel', 'conditionname')],
  ['VacuumStmt', vacuum],
  ['ClusterStmt', maintainOne('ClusterStmt')],
  ['ReindexStmt', maintainOne('ReindexStmt')],
  ['RefreshMatViewStmt', refresh],
  ['LockStmt', lockRelations],
];

function other(walk: Walk, effects: readonly PostgresEffect[], what: string, name: string): void {
  walk.facts.raiseBarrier('names');
  for (const effect of effects) walk.facts.object(effect, { kind: 'other', what, name });
}

function named(effects: readonly PostgresEffect[], what: string, field: string): Handler {
  return (walk, fields) => other(walk, effects, what, textIn(fields, field) || 'any');
}

function grant(walk: Walk, fields: Tree): void {
  walk.facts.raiseBarrier('names');
  const type = textIn(fields, 'objtype');
  const target = textIn(fields, 'targtype');
  const objects = listIn(fields, 'objects');
  if (target !== 'ACL_TARGET_OBJECT') {
    for (const schema of objects) {
      other(
        walk,
        ['grant'],
        target === 'ACL_TARGET_ALL_IN_SCHEMA' ? `every ${objectWord(type)} in schema` : 'default privileges',
        stringNode(schema) ?? 'any',
      );
    }
    return;
  }
  for (const object of objects) useNamed(walk, 'grant', type, object);
  if (textIn(fields, 'behavior') === 'DROP_CASCADE')
    walk.facts.unknown.add('CASCADE takes rights from roles that the statement does not name');
}

function grantRole(walk: Walk, fields: Tree): void {
  for (const role of listIn(fields, 'granted_roles')) {
    other(walk, ['grant'], 'role', textIn(fieldsOf(role, 'AccessPriv') ?? fieldsOf(role, 'RoleSpec') ?? {}, 'priv_name') || 'any');
  }
}

function alterRole(walk: Walk, fields: Tree): void {
  other(walk, ['alter', 'grant'], 'role', textIn(treeIn(fields, 'role') ?? {}, 'rolename') || 'any');
}

/** What other sessions will start with, R29 or not. */
function settingOfOthers(walk: Walk, fields: Tree): void {
  walk.facts.raiseBarrier('names');
  const name = textIn(treeIn(fields, 'setstmt') ?? {}, 'name');
  walk.facts.object('admin', { kind: 'setting', name: name === '' ? 'any' : name.toLowerCase() });
}

function dropRole(walk: Walk, fields: Tree): void {
  for (const role of listIn(fields, 'roles'))
    other(walk, ['drop', 'grant'], 'role', textIn(fieldsOf(role, 'RoleSpec') ?? {}, 'rolename') || 'any');
}

function unnamed(reason: string, effect: PostgresEffect): Handler {
  return (walk) => {
    walk.facts.unknown.add(reason);
    other(walk, [effect, 'admin'], 'owned objects', 'any');
  };
}

/** Others may call it with rights or values of their own; nobody has read what it does. */
function createFunction(walk: Walk, fields: Tree): void {
  walk.facts.raiseBarrier('names');
  const path = namePath(listIn(fields, 'funcname'));
  const object = { kind: 'function', path: [path.at(-2) ?? '?', path.at(-1) ?? '?'] } as const;
  for (const effect of ['create', 'admin'] as const) walk.facts.object(effect, object);
  if (isSet(fields, 'replace')) walk.facts.object('alter', object);
}

function alterFunction(walk: Walk, fields: Tree): void {
  walk.facts.raiseBarrier('names');
  const path = namePath(listIn(treeIn(fields, 'func') ?? {}, 'objname'));
  for (const effect of ['alter', 'admin'] as const)
    walk.facts.object(effect, { kind: 'function', path: [path.at(-2) ?? '?', path.at(-1) ?? '?'] });
}

function runBlock(walk: Walk): void {
  walk.facts.unknown.add('DO runs code in another language than SQL');
  walk.facts.raiseBarrier('state');
}

function callProcedure(walk: Walk, fields: Tree, scope: Scope): void {
  const call = treeIn(fields, 'funccall') ?? {};
  const path = namePath(listIn(call, 'funcname'));
  callOfUsers(walk, path.at(-2) ?? '?', path.at(-1) ?? '?');
  walkFields(walk, 'FuncCall', call, scope, ['funcname']);
}

/** CREATE AGGREGATE, OPERATOR, TYPE, TEXT SEARCH …, COLLATION. All but the last plant code. */
function define(walk: Walk, fields: Tree): void {
  const kind = textIn(fields, 'kind');
  const name = namePath(listIn(fields, 'defnames')).join('.');
  other(walk, PASSIVE_DEFINITIONS.has(kind) ? ['create'] : ['create', 'admin'], objectWord(kind), name);
}

const PASSIVE_DEFINITIONS: ReadonlySet<string> = new Set(['OBJECT_COLLATION', 'OBJECT_TSCONFIGURATION', 'OBJECT_TSDICTIONARY']);

/** Types run their CHECK and DEFAULT expressions, and a range its functions, wherever they are used. */
function createType(type: string, what: string, field: string): Handler {
  return (walk, fields, scope) => {
    other(walk, type === 'CreateRangeStmt' ? ['create', 'admin'] : ['create'], what, namePath(listIn(fields, field)).join('.'));
    walkFields(walk, type, fields, scope);
  };
}

function createComposite(walk: Walk, fields: Tree, scope: Scope): void {
  other(walk, ['create'], 'type', relationOf(treeIn(fields, 'typevar') ?? {}).name);
  walkFields(walk, 'CompositeTypeStmt', fields, scope, ['typevar']);
}

function alterType(type: string, what: string, field: string): Handler {
  return (walk, fields, scope) => {
    other(walk, type === 'AlterTypeStmt' ? ['alter', 'admin'] : ['alter'], what, namePath(listIn(fields, field)).join('.'));
    if (textIn(fields, 'behavior') === 'DROP_CASCADE') walk.facts.unknown.add('CASCADE reaches objects that the statement does not name');
    walkFields(walk, type, fields, scope);
  };
}

/** A publication hands out what its tables hold. */
function publication(type: string, effect: PostgresEffect): Handler {
  return (walk, fields, scope) => {
    other(walk, [effect, 'admin'], 'publication', textIn(fields, 'pubname'));
    walkFields(walk, type, fields, scope);
  };
}

function securityLabel(walk: Walk, fields: Tree): void {
  walk.facts.raiseBarrier('names');
  for (const effect of ['alter', 'admin'] as const) {
    const target = namedObject(textIn(fields, 'objtype'), fields['object']);
    if ('relation' in target) walk.facts.relation(effect, target.relation);
    else walk.facts.object(effect, target.object);
  }
}

function vacuum(walk: Walk, fields: Tree): void {
  const relations = listIn(fields, 'rels').map((item) => treeIn(fieldsOf(item, 'VacuumRelation') ?? {}, 'relation'));
  for (const relation of relations) maintain(walk, relation);
  if (relations.length === 0) maintain(walk, null);
}

function maintainOne(type: string): Handler {
  return (walk, fields, scope) => {
    maintain(walk, treeIn(fields, 'relation'));
    walkFields(walk, type, fields, scope, ['relation']);
  };
}

function maintain(walk: Walk, relation: Tree | null): void {
  if (relation === null) walk.facts.object('maintain', { kind: 'other', what: 'database', name: 'any' });
  else walk.facts.relation('maintain', relationOf(relation));
}

/** Runs the view's query, and whatever functions it has. */
function refresh(walk: Walk, fields: Tree): void {
  maintain(walk, treeIn(fields, 'relation'));
  walk.facts.raiseBarrier('state');
}

/** ACCESS SHARE is what every SELECT takes, and pg_dump takes it beforehand (W-sql-5). */
function lockRelations(walk: Walk, fields: Tree): void {
  const effect = fields['mode'] === ACCESS_SHARE_LOCK ? 'read' : 'lock';
  for (const item of listIn(fields, 'relations')) {
    const relation: TreeValue | null = fieldsOf(item, 'RangeVar');
    if (relation === null) walk.facts.unknown.add('LOCK of something that is no relation');
    else walk.facts.relation(effect, relationOf(relation));
  }
}

/** lockdefs.h */
const ACCESS_SHARE_LOCK = 1;

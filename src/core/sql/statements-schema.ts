import type { PostgresEffect } from '#core/operation/operation.ts';
import { FUNCTIONS, namedObject, objectWord, RELATION_PARTS, RELATIONS } from './named-objects.ts';
import { createdRelation, relationOf, relationOfNames } from './names-in-tree.ts';
import { fieldsOf, isSet, listIn, namePath, openNode, stringNode, type Tree, type TreeValue, textIn, treeIn } from './tree.ts';
import { type Handler, type Scope, type Walk, walkFields, walkNode, walkNodes } from './walk.ts';

/**
 * What makes, changes and removes relations and the things around them. All of it may change what names mean: a barrier.
 */
export const SCHEMA_STATEMENT_HANDLERS: readonly (readonly [string, Handler])[] = [
  ['CreateStmt', createTable],
  ['CreateForeignTableStmt', createForeignTable],
  ['CreateTableAsStmt', createTableAs],
  ['ViewStmt', createView],
  ['CreateSeqStmt', onRelation('create', 'CreateSeqStmt', 'sequence')],
  ['AlterSeqStmt', onRelation('alter', 'AlterSeqStmt', 'sequence')],
  ['IndexStmt', createIndex],
  ['CreateStatsStmt', createStatistics],
  ['AlterStatsStmt', alterStatistics],
  ['AlterTableStmt', alterTable],
  ['AlterTableCmd', alterTableCommand],
  ['ReplicaIdentityStmt', () => undefined],
  ['PartitionCmd', onRelation('alter', 'PartitionCmd', 'name')],
  ['RenameStmt', rename],
  ['AlterObjectSchemaStmt', alterNamed('AlterObjectSchemaStmt', 'objectType')],
  ['AlterObjectDependsStmt', alterNamed('AlterObjectDependsStmt', 'objectType')],
  ['AlterOwnerStmt', alterOwner],
  ['CommentStmt', comment],
  ['DropStmt', drop],
  ['TruncateStmt', truncate],
  ['CreateSchemaStmt', createSchema],
  ['CreateTrigStmt', plantOnRelation('CreateTrigStmt', 'trigger', 'trigname', 'relation')],
  ['RuleStmt', plantOnRelation('RuleStmt', 'rule', 'rulename', 'relation')],
  ['CreatePolicyStmt', plantOnRelation('CreatePolicyStmt', 'policy', 'policy_name', 'table')],
  ['AlterPolicyStmt', plantOnRelation('AlterPolicyStmt', 'policy', 'policy_name', 'table')],
];

function createTable(walk: Walk, fields: Tree, scope: Scope): void {
  walk.facts.raiseBarrier('names');
  walk.facts.relation('create', createdRelation(treeIn(fields, 'relation') ?? {}));
  // Rows of the new table show in its parents.
  for (const parent of listIn(fields, 'inhRelations')) walk.facts.relation('alter', relationOf(fieldsOf(parent, 'RangeVar') ?? {}));
  walkFields(walk, 'CreateStmt', fields, scope, ['relation', 'inhRelations']);
}

/** A foreign table reaches out of the database. */
function createForeignTable(walk: Walk, fields: Tree, scope: Scope): void {
  walk.facts.object('admin', { kind: 'other', what: 'server', name: textIn(fields, 'servername') });
  walkNode(walk, 'CreateStmt', treeIn(fields, 'base') ?? {}, scope);
  walkFields(walk, 'CreateForeignTableStmt', fields, scope, ['base']);
}

function createTableAs(walk: Walk, fields: Tree, scope: Scope): void {
  walk.facts.raiseBarrier('names');
  const into = treeIn(fields, 'into') ?? {};
  walk.facts.relation('create', createdRelation(treeIn(into, 'rel') ?? {}));
  walkFields(walk, 'IntoClause', into, scope, ['rel']);
  walkFields(walk, 'CreateTableAsStmt', fields, scope, ['into']);
}

/** OR REPLACE may change a view that others use. */
function createView(walk: Walk, fields: Tree, scope: Scope): void {
  walk.facts.raiseBarrier('names');
  const relation = createdRelation(treeIn(fields, 'view') ?? {});
  walk.facts.relation('create', relation);
  if (isSet(fields, 'replace')) walk.facts.relation('alter', relation);
  walkFields(walk, 'ViewStmt', fields, scope, ['view']);
}

function onRelation(effect: PostgresEffect, type: string, field: string): Handler {
  return (walk, fields, scope) => {
    walk.facts.raiseBarrier('names');
    const relation = treeIn(fields, field);
    if (relation !== null) walk.facts.relation(effect, effect === 'create' ? createdRelation(relation) : relationOf(relation));
    walkFields(walk, type, fields, scope, [field]);
  };
}

/** An index runs its expressions over every row, and is a part of its table. */
function createIndex(walk: Walk, fields: Tree, scope: Scope): void {
  walk.facts.raiseBarrier('names');
  walk.facts.relation('alter', relationOf(treeIn(fields, 'relation') ?? {}));
  walk.facts.object('create', { kind: 'other', what: 'index', name: textIn(fields, 'idxname') || '?' });
  walkFields(walk, 'IndexStmt', fields, scope, ['relation']);
}

function createStatistics(walk: Walk, fields: Tree, scope: Scope): void {
  walk.facts.raiseBarrier('names');
  walk.facts.object('create', { kind: 'other', what: 'statistics', name: namePath(listIn(fields, 'defnames')).join('.') || '?' });
  for (const item of listIn(fields, 'relations')) {
    const relation = fieldsOf(item, 'RangeVar');
    if (relation === null) walk.facts.unknown.add('statistics on something that is no relation');
    else walk.facts.relation('alter', relationOf(relation));
  }
  walkFields(walk, 'CreateStatsStmt', fields, scope, ['relations']);
}

function alterStatistics(walk: Walk, fields: Tree, scope: Scope): void {
  walk.facts.raiseBarrier('names');
  walk.facts.object('alter', { kind: 'other', what: 'statistics', name: namePath(listIn(fields, 'defnames')).join('.') });
  walkFields(walk, 'AlterStatsStmt', fields, scope);
}

function alterTable(walk: Walk, fields: Tree, scope: Scope): void {
  walk.facts.raiseBarrier('names');
  const relation = relationOf(treeIn(fields, 'relation') ?? {});
  const objectType = textIn(fields, 'objtype');
  if (RELATIONS.has(objectType)) walk.facts.relation('alter', relation);
  else walk.facts.object('alter', { kind: 'other', what: objectWord(objectType), name: relation.name });
  for (const item of listIn(fields, 'cmds')) {
    const command = fieldsOf(item, 'AlterTableCmd') ?? {};
    if (textIn(command, 'subtype') === 'AT_ChangeOwner') walk.facts.relation('grant', relation);
    if (textIn(command, 'behavior') === 'DROP_CASCADE') walk.facts.unknown.add(CASCADE);
  }
  walkFields(walk, 'AlterTableStmt', fields, scope, ['relation']);
}

/** INHERIT and NO INHERIT name the parent, whose rows they change. */
function alterTableCommand(walk: Walk, fields: Tree, scope: Scope): void {
  const parent = fieldsOf(fields['def'], 'RangeVar');
  if (parent !== null) walk.facts.relation('alter', relationOf(parent));
  walkFields(walk, 'AlterTableCmd', fields, scope, parent === null ? [] : ['def']);
}

const CASCADE = 'CASCADE reaches objects that the statement does not name';

function rename(walk: Walk, fields: Tree, scope: Scope): void {
  walk.facts.raiseBarrier('names');
  const type = textIn(fields, 'renameType');
  const relation = treeIn(fields, 'relation');
  if (relation !== null) walk.facts.relation('alter', relationOf(relation));
  else useNamed(walk, 'alter', type, fields['object'] ?? textIn(fields, 'subname'));
  if (textIn(fields, 'behavior') === 'DROP_CASCADE') walk.facts.unknown.add(CASCADE);
  walkFields(walk, 'RenameStmt', fields, scope, ['relation']);
}

function alterNamed(type: string, typeField: string): Handler {
  return (walk, fields, scope) => {
    walk.facts.raiseBarrier('names');
    const relation = treeIn(fields, 'relation');
    if (relation !== null) walk.facts.relation('alter', relationOf(relation));
    else useNamed(walk, 'alter', textIn(fields, typeField), fields['object']);
    walkFields(walk, type, fields, scope, ['relation']);
  };
}

/** A new owner may do anything with it: a grant as well. */
function alterOwner(walk: Walk, fields: Tree, scope: Scope): void {
  walk.facts.raiseBarrier('names');
  for (const effect of ['alter', 'grant'] as const) useNamed(walk, effect, textIn(fields, 'objectType'), fields['object']);
  walkFields(walk, 'AlterOwnerStmt', fields, scope, ['relation']);
}

function comment(walk: Walk, fields: Tree, scope: Scope): void {
  walk.facts.raiseBarrier('names');
  useNamed(walk, 'alter', textIn(fields, 'objtype'), fields['object']);
  walkFields(walk, 'CommentStmt', fields, scope);
}

function drop(walk: Walk, fields: Tree, scope: Scope): void {
  walk.facts.raiseBarrier('names');
  const type = textIn(fields, 'removeType');
  for (const object of listIn(fields, 'objects')) {
    useNamed(walk, RELATION_PARTS.has(type) ? 'alter' : 'drop', type, object);
    if (RELATION_PARTS.has(type)) walk.facts.object('drop', { kind: 'other', what: objectWord(type), name: lastName(object) });
  }
  if (textIn(fields, 'behavior') === 'DROP_CASCADE') walk.facts.unknown.add(CASCADE);
  // What belongs to an extension or an owner goes with it, CASCADE or not.
  if (type === 'OBJECT_EXTENSION') walk.facts.object('admin', { kind: 'other', what: 'extension', name: 'any' });
  walkFields(walk, 'DropStmt', fields, scope);
}

function lastName(object: TreeValue): string {
  const list = fieldsOf(object, 'List');
  return (list === null ? null : stringNode(listIn(list, 'items').at(-1))) ?? '?';
}

export function useNamed(walk: Walk, effect: PostgresEffect, objectType: string, value: TreeValue | undefined): void {
  const named = namedObject(objectType, value);
  if ('relation' in named) walk.facts.relation(effect, named.relation);
  else if (RELATIONS.has(objectType) || (FUNCTIONS.has(objectType) && openNode(value) === null)) {
    walk.facts.unknown.add(`a ${objectWord(objectType)} whose name cannot be read`);
  } else walk.facts.object(effect, named.object);
}

function truncate(walk: Walk, fields: Tree): void {
  for (const item of listIn(fields, 'relations')) {
    const relation = fieldsOf(item, 'RangeVar');
    if (relation === null) walk.facts.unknown.add('TRUNCATE of something that is no relation');
    else walk.facts.relation('truncate', relationOf(relation));
  }
  if (textIn(fields, 'behavior') === 'DROP_CASCADE') walk.facts.unknown.add(CASCADE);
}

function createSchema(walk: Walk, fields: Tree, scope: Scope): void {
  walk.facts.raiseBarrier('names');
  const schema = textIn(fields, 'schemaname');
  const owner = treeIn(fields, 'authrole');
  walk.facts.object('create', { kind: 'other', what: 'schema', name: schema || (owner === null ? '?' : textIn(owner, 'rolename') || '?') });
  const elements = listIn(fields, 'schemaElts');
  // The elements' unqualified names mean the new schema, which does not exist yet.
  if (elements.length > 0) walk.facts.unknown.add('CREATE SCHEMA with elements: their names cannot be looked up before');
  walkNodes(walk, elements, scope);
  walkFields(walk, 'CreateSchemaStmt', fields, scope, ['schemaElts']);
}

/** Triggers, rules and policies are code that runs when others use the relation: *admin*. */
function plantOnRelation(type: string, what: string, nameField: string, relationField: string): Handler {
  return (walk, fields, scope) => {
    walk.facts.raiseBarrier('names');
    walk.facts.relation('alter', relationOf(treeIn(fields, relationField) ?? {}));
    const object = { kind: 'other', what, name: textIn(fields, nameField) } as const;
    walk.facts.object(type === 'AlterPolicyStmt' ? 'alter' : 'create', object);
    walk.facts.object('admin', object);
    const other = treeIn(fields, 'constrrel');
    if (other !== null) walk.facts.relation('read', relationOf(other));
    // The function of a trigger, as the actions of a rule, are counted here: nobody looks again when they run.
    const called = relationOfNames(listIn(fields, 'funcname'));
    if (called !== null) walk.facts.object('execute', { kind: 'function', path: [called.schema ?? '?', called.name] });
    // Conditions and actions speak of OLD and NEW, which are no relations.
    walkFields(walk, type, fields, new Set([...scope, 'old', 'new']), [relationField, 'constrrel']);
  };
}

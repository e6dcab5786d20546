import { isSettingName } from './calls.ts';
import { namedFromItems } from './expressions.ts';
import { FactsBuilder } from './facts-builder.ts';
import { createdRelation, relationOf } from './names-in-tree.ts';
import { constantValue, fieldsOf, isSet, isTree, listIn, namePath, type Tree, textIn, treeIn } from './tree.ts';
import { type Handler, type Scope, type Walk, walkFields, walkNode, walkNodes } from './walk.ts';

/** SELECT, INSERT, UPDATE, DELETE and MERGE: alone, in WITH, and in each other. */
export const ROW_STATEMENT_HANDLERS: readonly (readonly [string, Handler])[] = [
  ['SelectStmt', select],
  ['InsertStmt', insert],
  ['UpdateStmt', update],
  ['DeleteStmt', remove],
  ['MergeStmt', merge],
];

function select(walk: Walk, fields: Tree, outer: Scope): void {
  const scope = walkWith(walk, fields, outer);
  const into = treeIn(fields, 'intoClause');
  if (into !== null) {
    const target = treeIn(into, 'rel');
    if (target !== null) walk.facts.relation('create', createdRelation(target));
    walk.facts.raiseBarrier('names');
    walkFields(walk, 'IntoClause', into, scope, ['rel']);
  }
  for (const clause of listIn(fields, 'lockingClause')) lockRows(walk, fieldsOf(clause, 'LockingClause') ?? {}, fields, scope);
  const settingName = walk.settingName;
  walk.settingName = settingNameIn(fields);
  walkFields(walk, 'SelectStmt', fields, scope, ['withClause', 'intoClause', 'lockingClause']);
  walk.settingName = settingName;
}

/**
 * pg_dump sets what an older server may not know by `SELECT set_config(name, '…', false) FROM pg_settings WHERE name = '…'`:
 * every row that is left has that name, so the call is as plain as one with a constant.
 */
function settingNameIn(select: Tree): string | null {
  const from = listIn(select, 'fromClause');
  const relation = fieldsOf(from[0], 'RangeVar');
  const where = fieldsOf(select['whereClause'], 'A_Expr');
  if (from.length !== 1 || relation === null || where === null || relation['alias'] !== undefined || textIn(where, 'kind') !== 'AEXPR_OP')
    return null;
  const { schema, name } = relationOf(relation);
  if (name !== 'pg_settings' || !(schema === null || schema === 'pg_catalog') || namePath(listIn(where, 'name')).join('.') !== '=')
    return null;
  const value = constantValue(where['rexpr']);
  return isSettingName(where['lexpr']) && typeof value === 'string' ? value : null;
}

/** FOR UPDATE and its kind: `OF` names items of the FROM list; without it all of them, those in subqueries too. */
function lockRows(walk: Walk, clause: Tree, select: Tree, scope: Scope): void {
  const items = namedFromItems(listIn(select, 'fromClause'));
  const named = listIn(clause, 'lockedRels').map((item) => textIn(fieldsOf(item, 'RangeVar') ?? {}, 'relname'));
  const locked = items.filter((item) => named.includes(item.alias));
  if (named.length > 0 && named.every((name) => locked.some((item) => item.alias === name))) {
    for (const { rangeVar } of locked) {
      const relation = relationOf(rangeVar);
      if (relation.schema !== null || !scope.has(relation.name)) walk.facts.relation('lock', relation);
    }
    return;
  }
  const from = new FactsBuilder();
  walkNodes({ ...walk, facts: from }, select['fromClause'], scope);
  for (const { effect, relation } of from.relations) if (effect === 'read') walk.facts.relation('lock', relation);
}

/** The target of a data-modifying statement is always a relation: a CTE's name never stands for it (parserOpenTable). */
function insert(walk: Walk, fields: Tree, outer: Scope): void {
  const scope = walkWith(walk, fields, outer);
  const relation = relationOf(treeIn(fields, 'relation') ?? {});
  walk.facts.relation('insert', relation);
  const conflict = treeIn(fields, 'onConflictClause');
  if (conflict !== null && textIn(conflict, 'action') !== 'ONCONFLICT_NOTHING') {
    walk.facts.relation('update', relation);
    if (conflict['whereClause'] !== undefined) walk.facts.relation('read', relation);
  }
  if (returnsRows(fields)) walk.facts.relation('read', relation);
  walkFields(walk, 'InsertStmt', fields, scope, ['withClause', 'relation']);
}

function update(walk: Walk, fields: Tree, outer: Scope): void {
  change(walk, 'UpdateStmt', fields, outer, fields['whereClause'] === undefined ? 'update-all' : 'update');
}

function remove(walk: Walk, fields: Tree, outer: Scope): void {
  change(walk, 'DeleteStmt', fields, outer, fields['whereClause'] === undefined ? 'delete-all' : 'delete');
}

function change(walk: Walk, type: string, fields: Tree, outer: Scope, effect: 'update' | 'update-all' | 'delete' | 'delete-all'): void {
  const scope = walkWith(walk, fields, outer);
  const relation = relationOf(treeIn(fields, 'relation') ?? {});
  walk.facts.relation(effect, relation);
  if (fields['whereClause'] !== undefined || returnsRows(fields)) walk.facts.relation('read', relation);
  walkFields(walk, type, fields, scope, ['withClause', 'relation']);
}

/** The join reads the target; each WHEN clause does what it says. */
function merge(walk: Walk, fields: Tree, outer: Scope): void {
  const scope = walkWith(walk, fields, outer);
  const relation = relationOf(treeIn(fields, 'relation') ?? {});
  walk.facts.relation('read', relation);
  for (const item of listIn(fields, 'mergeWhenClauses')) {
    const command = textIn(fieldsOf(item, 'MergeWhenClause') ?? {}, 'commandType');
    if (command === 'CMD_INSERT') walk.facts.relation('insert', relation);
    else if (command === 'CMD_UPDATE') walk.facts.relation('update', relation);
    else if (command === 'CMD_DELETE') walk.facts.relation('delete', relation);
    else if (command !== 'CMD_NOTHING') walk.facts.unknown.add('a MERGE clause that does nothing known');
  }
  walkFields(walk, 'MergeStmt', fields, scope, ['withClause', 'relation']);
}

/** 18 has a clause where 15 to 17 have a list. */
function returnsRows(fields: Tree): boolean {
  return listIn(fields, 'returningList').length > 0 || fields['returningClause'] !== undefined;
}

/**
 * Walks the WITH list, and returns the scope of the statement behind it. Under RECURSIVE every name is in sight of every
 * query; otherwise only of those behind it, so that a table of the same name is read before (W-sql-7; transformWithClause).
 */
function walkWith(walk: Walk, fields: Tree, outer: Scope): Scope {
  const clause = fields['withClause'];
  if (!isTree(clause)) return outer;
  const ctes = listIn(clause, 'ctes').map((item) => fieldsOf(item, 'CommonTableExpr') ?? {});
  const scope = new Set(outer);
  if (isSet(clause, 'recursive')) for (const cte of ctes) scope.add(textIn(cte, 'ctename'));
  for (const cte of ctes) {
    walkNode(walk, 'CommonTableExpr', cte, new Set(scope));
    // SEARCH and CYCLE compare rows behind the scenes.
    if (cte['cycle_clause'] !== undefined || cte['search_clause'] !== undefined) walk.facts.operatorNames.add('=');
    scope.add(textIn(cte, 'ctename'));
  }
  walkFields(walk, 'WithClause', clause, scope, ['ctes']);
  return scope;
}

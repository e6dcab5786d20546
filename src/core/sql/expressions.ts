import { walkCall } from './calls.ts';
import type { FactsBuilder } from './facts-builder.ts';
import { isBuiltInOperator } from './functions-table.ts';
import { relationOf } from './names-in-tree.ts';
import { fieldsOf, isSet, isTree, listIn, namePath, stringNode, type Tree, type TreeValue, textIn } from './tree.ts';
import { type Handler, type Scope, type Walk, walkFields } from './walk.ts';

/** The nodes of expressions and FROM lists that mean more than their parts. */
export const EXPRESSION_HANDLERS: readonly (readonly [string, Handler])[] = [
  ['RangeVar', readRelation],
  ['FuncCall', (walk, fields, scope) => walkCall(walk, fields, scope)],
  ['A_Expr', operatorExpression],
  ['SubLink', subLink],
  ['CaseExpr', simpleCase],
  ['JoinExpr', join],
  ['SortBy', sortBy],
  ['Constraint', constraint],
  ['ColumnRef', columnReference],
  ['A_Indirection', indirection],
  ['RangeTableSample', tableSample],
];

/** Common table expressions stand only before unqualified names (scanNameSpaceForCTE in parse_relation.c). */
function readRelation(walk: Walk, fields: Tree, scope: Scope): void {
  const relation = relationOf(fields);
  if (relation.schema === null && scope.has(relation.name)) return;
  walk.facts.relation('read', relation);
}

/** Operators that the syntax implies are looked up by name like any other (makeSimpleA_Expr in gram.y, parse_expr.c). */
function operatorExpression(walk: Walk, fields: Tree, scope: Scope): void {
  const kind = textIn(fields, 'kind');
  const implied = BETWEEN_OPERATORS.get(kind);
  if (implied === undefined) operatorName(walk.facts, listIn(fields, 'name'));
  else for (const name of implied) walk.facts.operatorNames.add(name);
  walkFields(walk, 'A_Expr', fields, scope, ['name']);
}

const BETWEEN_OPERATORS: ReadonlyMap<string, readonly string[]> = new Map([
  ['AEXPR_BETWEEN', ['>=', '<=']],
  ['AEXPR_NOT_BETWEEN', ['<', '>']],
  ['AEXPR_BETWEEN_SYM', ['>=', '<=']],
  ['AEXPR_NOT_BETWEEN_SYM', ['<', '>']],
]);

function operatorName(facts: FactsBuilder, name: readonly TreeValue[]): void {
  const parts = namePath(name);
  const operator = parts.at(-1);
  if (operator === undefined) return void facts.unknown.add('an operator without a name');
  if (!isBuiltInOperator(operator)) return void facts.unknown.add(`operator ${operator} is not one of PostgreSQL's own`);
  if (parts.length === 1) facts.operatorNames.add(operator);
  else if (parts.length !== 2 || parts[0] !== 'pg_catalog') facts.unknown.add(`operator ${parts.join('.')} is not one of PostgreSQL's own`);
}

function subLink(walk: Walk, fields: Tree, scope: Scope): void {
  const name = listIn(fields, 'operName');
  if (name.length > 0) operatorName(walk.facts, name);
  // `x IN (SELECT …)` leaves the operator out and means "=".
  else if (textIn(fields, 'subLinkType') === 'ANY_SUBLINK') walk.facts.operatorNames.add('=');
  walkFields(walk, 'SubLink', fields, scope, ['operName']);
}

/** `CASE x WHEN y` compares with "=". */
function simpleCase(walk: Walk, fields: Tree, scope: Scope): void {
  if (fields['arg'] !== undefined) walk.facts.operatorNames.add('=');
  walkFields(walk, 'CaseExpr', fields, scope);
}

/** USING and NATURAL compare with "=". */
function join(walk: Walk, fields: Tree, scope: Scope): void {
  if (isSet(fields, 'isNatural') || listIn(fields, 'usingClause').length > 0) walk.facts.operatorNames.add('=');
  walkFields(walk, 'JoinExpr', fields, scope);
}

function sortBy(walk: Walk, fields: Tree, scope: Scope): void {
  const name = listIn(fields, 'useOp');
  if (name.length > 0) operatorName(walk.facts, name);
  walkFields(walk, 'SortBy', fields, scope, ['useOp']);
}

/** EXCLUDE (element WITH operator): a list of pairs, the operator's name the second. */
function constraint(walk: Walk, fields: Tree, scope: Scope): void {
  for (const pair of listIn(fields, 'exclusions')) {
    const list = fieldsOf(pair, 'List');
    const names = list === null ? null : fieldsOf(listIn(list, 'items')[1], 'List');
    operatorName(walk.facts, names === null ? [] : listIn(names, 'items'));
  }
  walkFields(walk, 'Constraint', fields, scope);
}

/**
 * `t.f` is the column f of t or, where there is none, a call of the function f with a row of t (sql-expressions, "Functional
 * notation"). Which one, the grammar cannot say: so f must not be a function of somebody's (R30).
 */
function columnReference(walk: Walk, fields: Tree): void {
  const parts = listIn(fields, 'fields');
  const last = stringNode(parts.at(-1));
  if (parts.length > 1 && last !== null) walk.facts.functionNames.add(last);
}

function indirection(walk: Walk, fields: Tree, scope: Scope): void {
  for (const part of listIn(fields, 'indirection')) {
    const name = stringNode(part);
    if (name !== null) walk.facts.functionNames.add(name);
  }
  walkFields(walk, 'A_Indirection', fields, scope);
}

/** A sampling method is a function found by name; these two are PostgreSQL's own. */
function tableSample(walk: Walk, fields: Tree, scope: Scope): void {
  const method = namePath(listIn(fields, 'method'));
  const name = method.at(-1) ?? '';
  const qualified = method.length === 2 && method[0] === 'pg_catalog';
  if (!(method.length === 1 || qualified) || !(name === 'bernoulli' || name === 'system')) {
    walk.facts.unknown.add(`sampling method ${method.join('.')} is not one of PostgreSQL's own`);
  } else if (!qualified) walk.facts.functionNames.add(name);
  walkFields(walk, 'RangeTableSample', fields, scope, ['method']);
}

/** The relations that stand in a FROM list by name, joins opened up, with the names they go by. */
export function namedFromItems(from: readonly TreeValue[]): readonly { readonly alias: string; readonly rangeVar: Tree }[] {
  return from.flatMap((item) => {
    const rangeVar = fieldsOf(item, 'RangeVar');
    if (rangeVar !== null) {
      const alias = rangeVar['alias'];
      return [{ alias: isTree(alias) ? textIn(alias, 'aliasname') : textIn(rangeVar, 'relname'), rangeVar }];
    }
    const sample = fieldsOf(item, 'RangeTableSample');
    if (sample !== null) return namedFromItems([sample['relation'] ?? null]);
    const joined = fieldsOf(item, 'JoinExpr');
    return joined === null ? [] : namedFromItems([joined['larg'] ?? null, joined['rarg'] ?? null]);
  });
}

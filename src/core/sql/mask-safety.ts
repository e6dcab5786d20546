import type { ColumnUse } from './facts.ts';
import { takesWholeRow } from './functions-table.ts';
import { fieldKinds } from './node-fields.ts';
import { fieldsOf, isSet, isTree, listIn, openNode, stringNode, type Tree, type TreeValue, textIn } from './tree.ts';
import { TREE_DEPTH_MAX } from './walk.ts';

/**
 * Which columns a statement does more with than show them (P7, W-sql-8).
 *
 * A bare column of the outermost SELECT or RETURNING list has an origin in RowDescription, by which it is masked. Whatever
 * else is done with a column could tell its value. Wrong only towards *elsewhere*.
 */
export function columnUse(statements: readonly TreeValue[]): ColumnUse {
  const use = new Use();
  for (const statement of statements) visitStatement(use, statement);
  return use.finish();
}

/** Whether a statement may use one column: by its name, by `*`, or by a way that names none. Wrong only towards yes. */
export function mayUseColumn(statement: TreeValue, column: string): boolean {
  const use = new Use();
  visitStatement(use, statement);
  use.finish();
  return use.opaque || use.star || JSON.stringify(statement).includes(JSON.stringify(column));
}

class Use {
  readonly elsewhere = new Set<string>();
  /** Columns are used by another way than their names: a whole row, `*` inside, new names for them. */
  opaque = false;
  /** Columns of the outermost list are computed with (sorted, compared, stored), whichever they are. */
  listed = false;
  /** `*` in the outermost list. */
  star = false;
  depth = 0;
  /** Names by which a whole row could be meant. */
  readonly rowNames = new Set<string>(['excluded', 'old', 'new']);
  /** Columns written alone, without a relation's name before them. */
  readonly #alone = new Set<string>();
  /** Output names of the outermost list that stand for a column of another name. */
  readonly #renamed: { readonly alias: string; readonly column: string }[] = [];

  /** A column in an expression, a condition, or inside another query. */
  mention(fields: Tree): void {
    const parts = listIn(fields, 'fields');
    const name = this.#name(parts);
    if (name !== null) this.elsewhere.add(name);
    else this.opaque = true;
  }

  /** A column as an item of the outermost list. */
  show(fields: Tree, alias: string): void {
    const parts = listIn(fields, 'fields');
    if (fieldsOf(parts.at(-1), 'A_Star') !== null) {
      this.star = true;
      return;
    }
    const name = this.#name(parts);
    if (name === null) this.opaque = true;
    else if (alias !== '' && alias !== name) this.#renamed.push({ alias, column: name });
  }

  /** Null when it is not a plain column's name. */
  #name(parts: readonly TreeValue[]): string | null {
    const name = stringNode(parts.at(-1));
    if (name === null) return null;
    if (parts.length === 1) this.#alone.add(name);
    else if (takesWholeRow(name)) this.opaque = true;
    return name;
  }

  finish(): ColumnUse {
    for (const name of this.#alone) this.opaque ||= this.rowNames.has(name);
    // ORDER BY and GROUP BY may name an output column.
    for (const { alias, column } of this.#renamed) if (this.elsewhere.has(alias)) this.elsewhere.add(column);
    return { elsewhere: this.elsewhere, everyColumnElsewhere: this.opaque || this.listed };
  }
}

function visitStatement(use: Use, statement: TreeValue): void {
  const node = openNode(statement);
  if (node === null) return;
  const { type, fields } = node;
  switch (type) {
    case 'SelectStmt':
      return visitOutermostSelect(use, fields);
    case 'InsertStmt':
      return visitInsert(use, fields);
    case 'UpdateStmt':
    case 'DeleteStmt':
      return visitReturning(use, type, fields, []);
    case 'ExplainStmt':
    case 'DeclareCursorStmt':
      return visitStatement(use, fields['query'] ?? null);
    case 'PrepareStmt':
      return;
    default:
      if (WITHOUT_COLUMNS.has(type)) visitFields(use, type, fields);
      // Everything else may copy columns, rename them, or plant code over them.
      else use.opaque = true;
  }
}

/** They have expressions at most in parameters, and change no column's name or place. */
const WITHOUT_COLUMNS: ReadonlySet<string> = new Set([
  'CheckPointStmt',
  'ClosePortalStmt',
  'CommentStmt',
  'ConstraintsSetStmt',
  'DeallocateStmt',
  'DiscardStmt',
  'DropStmt',
  'ExecuteStmt',
  'FetchStmt',
  'GrantStmt',
  'ListenStmt',
  'LockStmt',
  'NotifyStmt',
  'TransactionStmt',
  'TruncateStmt',
  'UnlistenStmt',
  'VacuumStmt',
  'VariableSetStmt',
  'VariableShowStmt',
]);

function visitOutermostSelect(use: Use, fields: Tree): void {
  const plain =
    textIn(fields, 'op') === 'SETOP_NONE' && fields['intoClause'] === undefined && listIn(fields, 'distinctClause').length === 0;
  if (!plain) use.listed = true;
  // An item by its number: any of the list.
  if ([...listIn(fields, 'sortClause'), ...listIn(fields, 'groupClause')].some(hasOrdinal)) use.listed = true;
  visitShown(use, listIn(fields, 'targetList'));
  visitFields(use, 'SelectStmt', fields, ['targetList']);
}

function hasOrdinal(item: TreeValue): boolean {
  const sort = fieldsOf(item, 'SortBy');
  if (sort !== null) return fieldsOf(sort['node'], 'A_Const') !== null;
  const set = fieldsOf(item, 'GroupingSet');
  return set === null ? fieldsOf(item, 'A_Const') !== null : listIn(set, 'content').some(hasOrdinal);
}

function visitInsert(use: Use, fields: Tree): void {
  const source = fieldsOf(fields['selectStmt'], 'SelectStmt');
  if (source !== null && listIn(source, 'valuesLists').length === 0) use.listed = true;
  visitReturning(use, 'InsertStmt', fields, ['cols']);
}

function visitReturning(use: Use, type: string, fields: Tree, handled: readonly string[]): void {
  const clause = fields['returningClause'];
  visitShown(use, isTree(clause) ? listIn(clause, 'exprs') : listIn(fields, 'returningList'));
  if (isTree(clause)) {
    for (const item of listIn(clause, 'options')) use.rowNames.add(textIn(fieldsOf(item, 'ReturningOption') ?? {}, 'value'));
  }
  visitFields(use, type, fields, [...handled, 'returningClause', 'returningList']);
}

function visitShown(use: Use, items: readonly TreeValue[]): void {
  for (const item of items) {
    const target = fieldsOf(item, 'ResTarget') ?? {};
    const column = fieldsOf(target['val'], 'ColumnRef');
    if (column === null) visit(use, target['val']);
    else use.show(column, textIn(target, 'name'));
  }
}

function visit(use: Use, value: TreeValue | undefined): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(use, item);
    return;
  }
  const node = openNode(value);
  if (node !== null) visitNode(use, node.type, node.fields);
}

function visitNode(use: Use, type: string, fields: Tree): void {
  if (use.depth >= TREE_DEPTH_MAX) {
    use.opaque = true;
    return;
  }
  use.depth += 1;
  note(use, type, fields);
  if (type !== 'ColumnRef') visitFields(use, type, fields);
  use.depth -= 1;
}

function visitFields(use: Use, type: string, fields: Tree, handled: readonly string[] = []): void {
  const kinds = fieldKinds(type);
  for (const [name, value] of Object.entries(fields)) {
    if (handled.includes(name)) continue;
    const kind = kinds?.get(name);
    if (kind === undefined) use.opaque = true;
    else if (kind.kind === 'nodes') visit(use, value);
    else if (kind.kind === 'fixed' && isTree(value)) visitNode(use, kind.type, value);
  }
}

function note(use: Use, type: string, fields: Tree): void {
  switch (type) {
    case 'ColumnRef':
      return use.mention(fields);
    case 'RangeVar':
      use.rowNames.add(textIn(fields, 'relname'));
      return;
    case 'Alias':
      use.rowNames.add(textIn(fields, 'aliasname'));
      if (listIn(fields, 'colnames').length > 0) use.opaque = true;
      return;
    case 'CommonTableExpr':
      if (listIn(fields, 'aliascolnames').length > 0) use.opaque = true;
      return;
    case 'JoinExpr':
      if (isSet(fields, 'isNatural')) use.opaque = true;
      for (const column of listIn(fields, 'usingClause')) use.elsewhere.add(stringNode(column) ?? '');
      return;
    case 'IndexElem':
      use.elsewhere.add(textIn(fields, 'name'));
      return;
    // Sets of rows that are compared, inside another query: their columns are mentioned there, by name or by `*`.
    case 'MergeStmt':
    case 'IntoClause':
      use.opaque = true;
  }
}

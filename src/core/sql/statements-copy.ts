import { FactsBuilder } from './facts-builder.ts';
import { relationOf } from './names-in-tree.ts';
import { constantValue, fieldsOf, isSet, listIn, stringNode, type Tree, textIn, treeIn } from './tree.ts';
import { type Handler, type Scope, type Walk, walkFields, walkNodes } from './walk.ts';

/** COPY and EXPLAIN: statements about another query, whose effects depend on how it is asked for. */
export const WRAPPING_STATEMENT_HANDLERS: readonly (readonly [string, Handler])[] = [
  ['CopyStmt', copy],
  ['ExplainStmt', explain],
];

function copy(walk: Walk, fields: Tree, scope: Scope): void {
  const incoming = isSet(fields, 'is_from');
  const toClient = textIn(fields, 'filename') === '' && !isSet(fields, 'is_program');
  if (isSet(fields, 'is_program')) walk.facts.object('program', { kind: 'other', what: 'program', name: 'any' });
  else if (!toClient) walk.facts.object('admin', { kind: 'other', what: 'server file', name: 'any' });
  if (toClient) walk.facts.copy = incoming ? 'in' : 'out';

  const relation = treeIn(fields, 'relation');
  if (relation === null) copyOfQuery(walk, fields, scope, toClient);
  else {
    walk.facts.relation(incoming ? 'insert' : 'read', relationOf(relation));
    if (toClient) walk.facts.relation(incoming ? 'copy-in' : 'copy-out', relationOf(relation));
  }
  walkFields(walk, 'CopyStmt', fields, scope, ['relation', 'query']);
}

/** What the query reads goes out by COPY. */
function copyOfQuery(walk: Walk, fields: Tree, scope: Scope, toClient: boolean): void {
  const inner = new FactsBuilder();
  walkNodes({ ...walk, facts: inner }, fields['query'], scope);
  walk.facts.add(inner);
  if (!toClient) return;
  const read = inner.relations.filter(({ effect }) => effect === 'read');
  for (const { relation } of read) walk.facts.relation('copy-out', relation);
  if (read.length === 0) {
    walk.facts.object('copy-out', { kind: 'none' });
    if (inner.relations.length + inner.objects.length === 0) walk.facts.object('read', { kind: 'none' });
  }
}

/**
 * With ANALYZE it runs the statement. Without, it plans it: that names every relation and may run functions (R10), but
 * writes nothing itself.
 */
function explain(walk: Walk, fields: Tree, scope: Scope): void {
  const inner = new FactsBuilder();
  walkNodes({ ...walk, facts: inner }, fields['query'], scope);
  // What the options say is decided by words that may be constants.
  if (listIn(fields, 'options').length > 0) walk.facts.literalSensitive = true;
  if (listIn(fields, 'options').some(turnsAnalyzeOn)) walk.facts.add(inner);
  else {
    for (const { effect, relation } of inner.relations) if (effect !== 'create') walk.facts.relation('read', relation);
    walk.facts.addBeyondRelations(inner);
  }
  if (isSelectOfNothing(fields, inner)) walk.facts.object('read', { kind: 'none' });
  walkFields(walk, 'ExplainStmt', fields, scope, ['query']);
}

/** Any spelling: only a value that is surely false leaves it off (defGetBoolean), and no later option takes it back. */
function turnsAnalyzeOn(option: Tree[string] | undefined): boolean {
  const fields = fieldsOf(option, 'DefElem') ?? {};
  if (textIn(fields, 'defname').toLowerCase() !== 'analyze') return false;
  const value = fields['arg'];
  const text = stringNode(value) ?? constantValue(value);
  const integer = fieldsOf(value, 'Integer');
  if (integer !== null) return (integer?.['ival'] ?? 0) !== 0;
  return !(typeof text === 'string' && (text.toLowerCase() === 'false' || text.toLowerCase() === 'off'));
}

function isSelectOfNothing(fields: Tree, inner: FactsBuilder): boolean {
  return fieldsOf(fields['query'], 'SelectStmt') !== null && inner.relations.length + inner.objects.length === 0;
}

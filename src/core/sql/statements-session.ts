import type { TransactionControl } from './facts.ts';
import type { FactsBuilder } from './facts-builder.ts';
import { isSessionSetting, judgeSetting } from './settings.ts';
import { constantValue, fieldsOf, isSet, listIn, type Tree, type TreeValue, textIn } from './tree.ts';
import { type Handler, type Scope, type Walk, walkNodes } from './walk.ts';

/** What concerns the session alone: settings, transactions, prepared statements and cursors, channels it listens to. */
export const SESSION_STATEMENT_HANDLERS: readonly (readonly [string, Handler])[] = [
  ['VariableSetStmt', set],
  ['VariableShowStmt', show],
  ['DiscardStmt', discard],
  ['TransactionStmt', transaction],
  ['ConstraintsSetStmt', setConstraints],
  ['ListenStmt', listen],
  ['UnlistenStmt', listen],
  ['PrepareStmt', prepare],
  ['ExecuteStmt', execute],
  ['DeallocateStmt', () => undefined],
  ['DeclareCursorStmt', declare],
  ['FetchStmt', (walk, fields) => void walk.facts.fetches.add(textIn(fields, 'portalname'))],
  ['ClosePortalStmt', () => undefined],
];

function set(walk: Walk, fields: Tree): void {
  const name = textIn(fields, 'name');
  const args = listIn(fields, 'args');
  switch (textIn(fields, 'kind')) {
    case 'VAR_SET_VALUE':
      return judgeSetting(walk.facts, name, args.map(settingValue), isSet(fields, 'is_local'));
    case 'VAR_SET_DEFAULT':
    case 'VAR_RESET':
      return judgeSetting(walk.facts, name, null, isSet(fields, 'is_local'));
    case 'VAR_SET_MULTI':
      return setTransaction(walk.facts, name, args);
    case 'VAR_RESET_ALL':
      // Brings back what the session started with, strings and encoding too: the server is heard before anything goes on.
      walk.facts.object('session', { kind: 'setting', name: 'all' });
      return walk.facts.raiseBarrier('state');
    default:
      // SET … FROM CURRENT belongs to functions only.
      walk.facts.object('admin', { kind: 'setting', name: name.toLowerCase() || 'any' });
      return walk.facts.raiseBarrier('state');
  }
}

/** Constants, also as `INTERVAL '1' HOUR` for the time zone. */
function settingValue(value: TreeValue): string | number | boolean | null {
  const cast = fieldsOf(value, 'TypeCast');
  return constantValue(cast === null ? value : cast['arg']) ?? null;
}

function setTransaction(facts: FactsBuilder, name: string, args: readonly TreeValue[]): void {
  if (name === 'TRANSACTION' || name === 'SESSION CHARACTERISTICS') return judgeModes(facts, args);
  // A snapshot of another transaction.
  facts.object('admin', { kind: 'setting', name: 'transaction_snapshot' });
}

/** READ WRITE lifts a protection that somebody put there (R29). */
function judgeModes(facts: FactsBuilder, args: readonly TreeValue[]): void {
  for (const item of args) {
    const mode = fieldsOf(item, 'DefElem') ?? {};
    judgeSetting(facts, textIn(mode, 'defname') || 'any', [constantValue(mode['arg']) ?? null], false);
  }
}

/** Shows a value or all of them; none is a secret of the gate's. */
function show(walk: Walk, fields: Tree): void {
  walk.facts.object('session', { kind: 'setting', name: textIn(fields, 'name').toLowerCase() || 'all' });
}

function discard(walk: Walk, fields: Tree): void {
  const target = textIn(fields, 'target')
    .replace(/^DISCARD_/, '')
    .toLowerCase();
  walk.facts.object('session', { kind: 'other', what: 'session state', name: target || 'all' });
  walk.facts.raiseBarrier(target === 'all' || target === '' ? 'state' : 'names');
}

function transaction(walk: Walk, fields: Tree): void {
  const kind = textIn(fields, 'kind');
  const control = TRANSACTION_CONTROL.get(kind);
  if (control !== undefined) {
    walk.facts.transaction.push(control);
    beginModes(walk.facts, listIn(fields, 'options'));
    return;
  }
  // Two-phase commit: the transaction outlives the session that was judged (R29).
  walk.facts.object('admin', { kind: 'other', what: 'prepared transaction', name: 'any' });
  walk.facts.raiseBarrier('state');
}

/** Transaction control carries no effect; lifting a protection does. */
function beginModes(facts: FactsBuilder, options: readonly TreeValue[]): void {
  for (const option of options) {
    const mode = fieldsOf(option, 'DefElem') ?? {};
    if (!isSessionSetting(textIn(mode, 'defname'), [constantValue(mode['arg']) ?? null], false)) judgeModes(facts, [option]);
    facts.literalSensitive = true;
  }
}

const TRANSACTION_CONTROL: ReadonlyMap<string, TransactionControl> = new Map([
  ['TRANS_STMT_BEGIN', 'begin'],
  ['TRANS_STMT_START', 'begin'],
  ['TRANS_STMT_COMMIT', 'commit'],
  ['TRANS_STMT_ROLLBACK', 'rollback'],
  ['TRANS_STMT_SAVEPOINT', 'savepoint'],
  ['TRANS_STMT_RELEASE', 'release'],
  ['TRANS_STMT_ROLLBACK_TO', 'rollback-to'],
]);

/** IMMEDIATE fires the triggers that waited. */
function setConstraints(walk: Walk): void {
  walk.facts.object('session', { kind: 'setting', name: 'constraints' });
  walk.facts.raiseBarrier('state');
}

/** Only what others chose to notify arrives. NOTIFY, which can carry data to them, is *admin* (R35). */
function listen(walk: Walk, fields: Tree): void {
  walk.facts.object('session', { kind: 'other', what: 'channel', name: textIn(fields, 'conditionname') || 'all' });
}

/** Runs nothing yet: its facts wait under its name. */
function prepare(walk: Walk, fields: Tree): void {
  const query = fields['query'] ?? null;
  const inner = walk.nested(query);
  for (const reason of inner.unknown) walk.facts.unknown.add(reason);
  walk.facts.literalSensitive ||= inner.literalSensitive;
  walk.facts.prepares.push({ name: textIn(fields, 'name'), facts: walk.finish(query, inner) });
}

function execute(walk: Walk, fields: Tree, scope: Scope): void {
  walk.facts.executes.add(textIn(fields, 'name'));
  walkNodes(walk, fields['params'], scope);
}

/** Opens the query at once, and each FETCH runs more of it. */
function declare(walk: Walk, fields: Tree): void {
  const query = fields['query'] ?? null;
  const inner = walk.nested(query);
  walk.facts.declares.push({ name: textIn(fields, 'portalname'), facts: walk.finish(query, inner) });
  const tags = [...walk.facts.tags];
  walk.facts.add(inner);
  walk.facts.tags.splice(0, walk.facts.tags.length, ...tags);
}

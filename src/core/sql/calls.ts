import {
  isAdminFunction,
  isAdvisoryLockFunction,
  isHarmlessFunction,
  isHarmlessInformationSchemaFunction,
  isHiddenQueryFunction,
} from './functions-table.ts';
import { relationOfText } from './names-in-tree.ts';
import { judgeSetting } from './settings.ts';
import { constantValue, fieldsOf, listIn, namePath, type Tree, type TreeValue } from './tree.ts';
import { type Scope, type Walk, walkFields } from './walk.ts';

/**
 * A function call: PostgreSQL's own by the reviewed table, any other by its name (R30).
 * What a user's function does nobody has read: it is *execute*, and whatever was known of the session is asked for again (R32).
 */
export function walkCall(walk: Walk, call: Tree, scope: Scope): void {
  const path = namePath(listIn(call, 'funcname'));
  const name = path.at(-1);
  if (name === undefined) walk.facts.unknown.add('a function without a name');
  else judgeCall(walk, path.length === 1 ? null : (path.at(-2) ?? null), name, listIn(call, 'args'));
  walkFields(walk, 'FuncCall', call, scope, ['funcname']);
}

function judgeCall(walk: Walk, schema: string | null, name: string, args: readonly TreeValue[]): void {
  const { facts } = walk;
  if (schema === 'information_schema' && isHarmlessInformationSchemaFunction(name)) return;
  if (schema !== null && schema !== 'pg_catalog') return callOfUsers(walk, schema, name);

  const builtIn = judgeBuiltIn(walk, name, args);
  if (builtIn) {
    // Without a schema a user's function of that name could be meant (R30): the resolver asks.
    if (schema === null) facts.functionNames.add(name);
    return;
  }
  if (schema === null) return callOfUsers(walk, '?', name);
  facts.object('admin', { kind: 'function', path: ['pg_catalog', name] });
  facts.raiseBarrier('state');
}

export function callOfUsers(walk: Walk, schema: string, name: string): void {
  walk.facts.object('execute', { kind: 'function', path: [schema, name] });
  walk.facts.raiseBarrier('state');
}

/** False when the name is none of PostgreSQL's own that were reviewed. */
function judgeBuiltIn(walk: Walk, name: string, args: readonly TreeValue[]): boolean {
  const { facts } = walk;
  if (isHarmlessFunction(name)) return true;
  if (name === 'nextval' || name === 'setval') {
    judgeSequenceCall(walk, name, args[0]);
    return true;
  }
  if (name === 'set_config') {
    judgeSetConfig(walk, args);
    return true;
  }
  if (isHiddenQueryFunction(name)) {
    facts.unknown.add(`${name} reads what its arguments say`);
    facts.raiseBarrier('state');
    return true;
  }
  if (isAdvisoryLockFunction(name)) {
    facts.object('lock', { kind: 'other', what: 'lock', name: 'advisory' });
    return true;
  }
  if (!isAdminFunction(name)) return false;
  facts.object('admin', { kind: 'function', path: ['pg_catalog', name] });
  facts.raiseBarrier('state');
  return true;
}

function judgeSequenceCall(walk: Walk, name: string, argument: TreeValue | undefined): void {
  walk.facts.literalSensitive = true;
  const text = constantText(argument);
  const sequence = typeof text === 'string' ? relationOfText(text) : null;
  if (sequence === null) walk.facts.unknown.add(`${name} of a sequence that the text does not name`);
  else walk.facts.relation('update', sequence);
}

/** `set_config(name, value, is_local)` with constants does what SET does (R29); with anything else nobody can tell. */
function judgeSetConfig(walk: Walk, args: readonly TreeValue[]): void {
  walk.facts.literalSensitive = true;
  const [name, value, local] = args.map((argument) => (isSettingName(argument) ? walk.settingName : constantText(argument)));
  if (args.length !== 3 || typeof name !== 'string' || typeof value !== 'string' || typeof local !== 'boolean') {
    walk.facts.object('admin', { kind: 'setting', name: typeof name === 'string' ? name.toLowerCase() : 'any' });
    walk.facts.raiseBarrier('state');
    return;
  }
  judgeSetting(walk.facts, name, [value], local);
}

/** The plain column `name`. */
export function isSettingName(value: TreeValue | undefined): boolean {
  const column = fieldsOf(value, 'ColumnRef');
  return column !== null && namePath(listIn(column, 'fields')).join('.') === 'name';
}

/** The value of a constant, through casts such as `'s'::regclass` and `'t'::bool`. */
function constantText(value: TreeValue | undefined): string | number | boolean | null | undefined {
  const cast = fieldsOf(value, 'TypeCast');
  return cast === null ? constantValue(value) : constantValue(cast['arg']);
}

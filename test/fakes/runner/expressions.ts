import { type Expression, parseExpression } from './expression-parser.ts';

/**
 * The workflow language, as far as steps of a job need it: contexts, comparisons, and its functions but `hashFiles`.
 * A Map is a context whose names differ by case (`env` on Linux); an object's names do not.
 */
export type Value = null | boolean | number | string | readonly Value[] | ReadonlyMap<string, string> | { readonly [name: string]: Value };
export type Contexts = { readonly [name: string]: Value };
export type Status = 'success' | 'failure' | 'cancelled';

type World = { readonly contexts: Contexts; readonly status: Status };
const STATUS_FUNCTIONS: readonly string[] = ['success', 'failure', 'cancelled', 'always'];
/** Quotes hide a closing `}}`. */
const EMBEDDED = /\$\{\{((?:'(?:[^']|'')*'|[^'])*?)\}\}/g;
const WHOLE = /^\s*\$\{\{((?:'(?:[^']|'')*'|[^'])*?)\}\}\s*$/;

/** A text with `${{ … }}` in it. */
export function expand(text: string, contexts: Contexts, status: Status = 'success'): string {
  return text.replace(EMBEDDED, (_, source: string) => toText(evaluate(parseExpression(source), { contexts, status })));
}

/** A setting that is a YAML value, or one expression that gives it (`continue-on-error`, `timeout-minutes`). */
export function settingOf(setting: string | number | boolean | undefined, contexts: Contexts): Value {
  if (typeof setting !== 'string') return setting ?? null;
  const source = WHOLE.exec(setting)?.[1];
  return source === undefined ? setting : evaluate(parseExpression(source), { contexts, status: 'success' });
}

/** An `if:`; where it calls no status function, it means `success() && (…)`. */
export function holds(condition: string | undefined, contexts: Contexts, status: Status): boolean {
  const text = condition?.trim() ?? '';
  if (text === '') return status === 'success';
  const source = WHOLE.exec(text)?.[1] ?? text;
  // Text around an expression makes the whole a text, which is true: a well-known trap of the language.
  if (source.includes('${{')) return status === 'success' && isTrue(expand(text, contexts, status));
  const tree = parseExpression(source);
  return (asksStatus(tree) || status === 'success') && isTrue(evaluate(tree, { contexts, status }));
}

function asksStatus(tree: Expression): boolean {
  switch (tree.kind) {
    case 'call':
      return STATUS_FUNCTIONS.includes(tree.name) || tree.args.some(asksStatus);
    case 'not':
      return asksStatus(tree.of);
    case 'index':
      return asksStatus(tree.of) || asksStatus(tree.key);
    case 'binary':
      return asksStatus(tree.left) || asksStatus(tree.right);
    case 'literal':
    case 'context':
      return false;
  }
}

function evaluate(tree: Expression, world: World): Value {
  switch (tree.kind) {
    case 'literal':
      return tree.value;
    case 'context': {
      const found = member(world.contexts, tree.name);
      if (found === undefined) throw new Error(`Unrecognized named-value: '${tree.name}'`);
      return found;
    }
    case 'index':
      return member(evaluate(tree.of, world), evaluate(tree.key, world)) ?? null;
    case 'not':
      return !isTrue(evaluate(tree.of, world));
    case 'call':
      return call(tree.name, tree.args, world);
    case 'binary':
      return binary(tree, world);
  }
}

function binary({ operator, left, right }: Extract<Expression, { kind: 'binary' }>, world: World): Value {
  const first = evaluate(left, world);
  if (operator === '&&') return isTrue(first) ? evaluate(right, world) : first;
  if (operator === '||') return isTrue(first) ? first : evaluate(right, world);
  const second = evaluate(right, world);
  if (operator === '==' || operator === '!=') return isEqual(first, second) === (operator === '==');
  const [a, b] =
    typeof first === 'string' && typeof second === 'string' ? [fold(first), fold(second)] : [toNumber(first), toNumber(second)];
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    default:
      return a >= b;
  }
}

function call(name: string, args: readonly Expression[], world: World): Value {
  if (STATUS_FUNCTIONS.includes(name)) return name === 'always' || name === world.status;
  const values = args.map((each) => evaluate(each, world));
  const [first = null, second = null] = values;
  switch (name) {
    case 'contains':
      return Array.isArray(first) ? first.some((each) => isEqual(each, second)) : fold(toText(first)).includes(fold(toText(second)));
    case 'startswith':
      return fold(toText(first)).startsWith(fold(toText(second)));
    case 'endswith':
      return fold(toText(first)).endsWith(fold(toText(second)));
    case 'format':
      return format(toText(first), values.slice(1).map(toText));
    case 'join':
      return (Array.isArray(first) ? first : [first]).map(toText).join(values.length > 1 ? toText(second) : ',');
    case 'tojson':
      return JSON.stringify(first, (_, value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value), 2);
    case 'fromjson':
      return JSON.parse(toText(first)) as Value;
    default:
      throw new Error(`Unrecognized function: '${name}'`);
  }
}

/** `{0}` is the first argument; braces are doubled. Shared with `shell:`, which the runner formats by the same rules. */
export function format(template: string, args: readonly string[]): string {
  return template.replace(/\{\{|\}\}|\{(\d+)\}|[{}]/g, (found, index: string | undefined) => {
    if (found === '{{' || found === '}}') return found.charAt(0);
    const value = index === undefined ? undefined : args[Number(index)];
    if (value === undefined) throw new Error(`The following format string is invalid: ${template}`);
    return value;
  });
}

function member(of: Value, key: Value): Value | undefined {
  if (of instanceof Map) return (of as ReadonlyMap<string, string>).get(toText(key));
  if (Array.isArray(of)) return of[toNumber(key)];
  if (of === null || typeof of !== 'object') return undefined;
  const name = fold(toText(key));
  return Object.entries(of as Contexts).find(([each]) => fold(each) === name)?.[1];
}

function isEqual(left: Value, right: Value): boolean {
  if (typeof left === 'string' && typeof right === 'string') return fold(left) === fold(right);
  if (typeof left === typeof right && left !== null && right !== null) return left === right;
  return toNumber(left) === toNumber(right);
}

function isTrue(value: Value): boolean {
  return value !== null && value !== false && value !== '' && value !== 0 && !Number.isNaN(value);
}

function toNumber(value: Value): number {
  if (value === null) return 0;
  if (typeof value === 'object') return Number.NaN;
  return typeof value === 'string' && value.trim() === '' ? 0 : Number(value);
}

function toText(value: Value): string {
  if (value === null) return '';
  if (Array.isArray(value)) return 'Array';
  return typeof value === 'object' ? 'Object' : String(value);
}

function fold(text: string): string {
  return text.toUpperCase();
}

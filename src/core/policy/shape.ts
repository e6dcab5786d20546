import type * as z from 'zod';
import { LATER_VALUES, levelOf } from './not-yet.ts';
import { type Fault, type Path, printable, suggestion } from './problems.ts';
import { PolicySchema } from './schema.ts';

type Issue = z.core.$ZodIssue;

/** Everything in which a value differs from the shape of a policy. Values are quoted only where a closed list of words is expected. */
export function shapeFaults(value: unknown): readonly Fault[] {
  const result = PolicySchema.safeParse(value);
  if (result.success) return [];
  const faults = result.error.issues.flatMap((issue) => issueFaults(issue, [], value));
  return faults.filter((fault) => !isWithinLaterTarget(fault, value));
}

/** Keys of a target whose protocol is for later are not judged by the keys of another protocol. */
function isWithinLaterTarget(fault: Fault, value: unknown): boolean {
  if (fault.path[0] !== 'targets' || fault.path.length < 2 || fault.path[2] === 'protocol') return false;
  return isLater('protocol', valueAt(value, [...fault.path.slice(0, 2), 'protocol']));
}

function issueFaults(issue: Issue, prefix: Path, root: unknown): readonly Fault[] {
  const path = [...prefix, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
  const fault = (message: string): readonly Fault[] => [{ path, at: 'value', message }];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], at: 'key', message: unknownKey(path, key) }));
    case 'invalid_union':
      return unionFaults(issue, path, root);
    case 'invalid_key':
      return [{ path, at: 'key', message: issue.issues[0]?.message ?? issue.message }];
    case 'invalid_value':
      return isMissing(root, path) ? missing(path) : fault(invalidValue(path, issue, valueAt(root, path)));
    case 'invalid_type':
      if (isMissing(root, path)) return missing(path);
      return fault(
        isOurs(issue) ? issue.message : `is ${typeName(valueAt(root, path))}, expected ${EXPECTED[issue.expected] ?? issue.expected}`,
      );
    case 'too_small':
      return fault(issue.origin === 'number' || issue.origin === 'int' ? `is too small, expected at least ${issue.minimum}` : 'is empty');
    case 'too_big':
      return fault(tooBig(issue));
    default:
      return fault(issue.message);
  }
}

function unknownKey(path: Path, key: string): string {
  const level = levelOf(path);
  const name = printable(key);
  if (level?.later.includes(key) === true) return `key "${name}" is not supported by this version of duty-gate`;
  return `key "${name}" is unknown${suggestion(key, level?.known ?? [])}`;
}

/** Of a union, the branch that fits the kind of value: a list, or a single item. */
function unionFaults(issue: Extract<Issue, { code: 'invalid_union' }>, path: Path, root: unknown): readonly Fault[] {
  const value = valueAt(root, path);
  const branch = issue.errors[Array.isArray(value) ? 1 : 0];
  if (branch === undefined || !(Array.isArray(value) || typeof value === 'string')) {
    return isMissing(root, path) ? missing(path) : [{ path, at: 'value', message: `is ${typeName(value)}, expected ${expectedOf(path)}` }];
  }
  return branch.flatMap((inner) => issueFaults(inner, path, root));
}

function expectedOf(path: Path): string {
  if (path.at(-1) === 'ref-protected') return 'true or false';
  return path.at(-1) === 'with' ? 'a word' : 'text or a list of texts';
}

function invalidValue(path: Path, issue: Extract<Issue, { code: 'invalid_value' }>, value: unknown): string {
  const key = path.findLast((step) => typeof step === 'string') ?? '';
  if (isLater(key, value)) return `${key} "${String(value)}" is not supported by this version of duty-gate`;
  if (isOurs(issue)) return issue.message;
  const known = issue.values.map(String);
  const listed = known.map((word) => (typeof issue.values[0] === 'string' ? `"${word}"` : word)).join(', ');
  if (typeof value === 'string' && typeof issue.values[0] !== 'string') return `is text, expected ${listed} without quotes`;
  if (typeof value !== 'string') return `is ${typeName(value)}, expected ${known.length === 1 ? '' : 'one of '}${listed}`;
  return `is "${printable(value)}"${suggestion(value, known)}, expected ${known.length === 1 ? '' : 'one of '}${listed}`;
}

function isLater(key: string, value: unknown): boolean {
  return typeof value === 'string' && LATER_VALUES[key]?.includes(value) === true;
}

function tooBig(issue: Extract<Issue, { code: 'too_big' }>): string {
  const unit = issue.origin === 'array' ? ' entries' : issue.origin === 'string' ? ' characters' : '';
  return `is too ${unit === '' ? 'large' : 'long'}, expected at most ${issue.maximum}${unit}`;
}

function missing(path: Path): readonly Fault[] {
  return [{ path, at: 'value', message: path.length === 1 && path[0] === 'version' ? 'is missing, expected "version: 1"' : 'is missing' }];
}

/** Messages that the schema itself gives are ours; zod's own begin with these words. */
function isOurs(issue: Issue): boolean {
  return !/^(?:Invalid|Too|Unrecognized)\b/.test(issue.message);
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text (quote it)',
  object: 'keys with values',
  record: 'names with values',
  array: 'a list',
  int: 'a whole number',
  number: 'a whole number',
};

function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return (
    { string: 'text', number: 'a number', boolean: 'true or false', object: 'keys with values' }[String(typeof value)] ?? 'no plain value'
  );
}

function isMissing(root: unknown, path: Path): boolean {
  return valueAt(root, path) === undefined;
}

export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    return (value as Record<string | number, unknown>)[step]; // an own key of an object, checked above
  }, root);
}

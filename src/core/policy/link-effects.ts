import type { PostgresEffect } from '#core/operation/operation.ts';
import { textsOf } from './loose.ts';
import type { Fault, Path } from './problems.ts';
import { valueAt } from './shape.ts';

/** Effects that are never on a relation: a rule with `relations` cannot match them. */
const NEVER_ON_RELATIONS: ReadonlySet<string> = new Set<PostgresEffect>(['execute', 'session', 'program']);

/** Effects that are never on a function: a rule with `functions` cannot match them. */
const NEVER_ON_FUNCTIONS: ReadonlySet<string> = new Set<PostgresEffect>([
  'read',
  'insert',
  'update',
  'update-all',
  'delete',
  'delete-all',
  'truncate',
  'session',
  'copy-in',
  'copy-out',
  'maintain',
]);

/** Parts of a rule that could never match anything (docs/policy.md, "What a rule covers"). */
export function neverMatches(path: Path, rule: unknown): readonly Fault[] {
  const lists = LISTS.filter(({ key }) => valueAt(rule, [key]) !== undefined);
  const effects = textsOf(valueAt(rule, ['effects']), [...path, 'effects']);
  if (lists.length === 0 || effects.length === 0) return [];
  const covered = lists.map(({ key }) => key).join(' and ');
  const unreachable = effects
    .filter(({ text }) => text !== 'session' && lists.every(({ never }) => never.has(text)))
    .map(({ text, path: at }) =>
      faultAt(at, 'value', `"${text}" can never match here: the rule covers only ${covered}. Give it a rule of its own`),
    );
  if (unreachable.length > 0) return unreachable;
  return lists
    .filter(({ never }) => effects.every(({ text }) => never.has(text)))
    .map(({ key }) => faultAt([...path, key], 'key', `can never match: none of the rule's effects is on ${key}`));
}

const LISTS = [
  { key: 'relations', never: NEVER_ON_RELATIONS },
  { key: 'functions', never: NEVER_ON_FUNCTIONS },
] as const;

function faultAt(path: Path, at: Fault['at'], message: string): Fault {
  return { path, at, message };
}

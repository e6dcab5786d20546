import type { Pair, PostgresEffect } from '#core/operation/operation.ts';
import { isHarmlessCatalog, isSystemSchema } from './catalogs.ts';
import type { NameRef, RelationUse, StatementFacts } from './facts.ts';

/** What the server says a relation's name stands for, in the session and at the place where the statement will run (R31). */
export type ResolvedRelation = {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** pg_class.relkind */
  readonly kind: string;
  readonly temporary: boolean;
  /** Triggers that are not PostgreSQL's own. */
  readonly userTriggers: boolean;
  readonly rules: boolean;
  readonly columns: readonly { readonly attnum: number; readonly name: string }[];
};

export type ResolvedNames = {
  relation(ref: NameRef): ResolvedRelation | 'missing';
  /** Where an unqualified name would be created; null when nowhere. */
  readonly currentSchema: string | null;
  /** Of the facts' built-in names, those that something of a user's could stand in for (R30). */
  readonly shadowedFunctions: ReadonlySet<string>;
  readonly shadowedOperators: ReadonlySet<string>;
};

/**
 * Facts and the meaning of their names → the pairs that the policy decides. Empty only for what has no effect at all, such
 * as transaction control. Whatever the names leave open becomes an *unknown* pair (P2).
 */
export function resolveOperationPairs(facts: StatementFacts, names: ResolvedNames): Pair[] {
  const pairs = new Map<string, Pair>();
  const put = (pair: Pair): void => void pairs.set(JSON.stringify(pair), pair);
  for (const use of facts.relations) for (const pair of relationPairs(use, names)) put(pair);
  for (const { effect, object } of facts.objects) put({ effect, object });
  for (const why of facts.unknown) put(unknown(why));
  for (const name of facts.functionNames) {
    if (names.shadowedFunctions.has(name)) put(unknown(`a function ${name} of a user could stand in for PostgreSQL's own`));
  }
  for (const name of facts.operatorNames) {
    if (names.shadowedOperators.has(name)) put(unknown(`an operator ${name} of a user could stand in for PostgreSQL's own`));
  }
  return [...pairs.values()];
}

function relationPairs({ effect, relation: ref }: RelationUse, names: ResolvedNames): readonly Pair[] {
  const relation = names.relation(ref);
  const path = pathOf(ref, relation, names, effect);
  const [schema, name] = path;
  if (isSystemSchema(schema)) return [systemPair(effect, schema, name)];
  const pair: Pair = { effect, object: { kind: 'relation', path } };
  // INVARIANT (P2): what is behind the name is code or data that nobody looked at.
  const hidden = relation === 'missing' || effect === 'create' ? null : hiddenBehind(effect, relation);
  return hidden === null ? [pair] : [pair, unknown(`${hidden} ${schema}.${name}`)];
}

/**
 * What is created stands in the current schema, even if the name means something further down the path already. Each
 * session's own schema for temporary relations goes by the one name that everybody can write: pg_temp.
 */
function pathOf(
  ref: NameRef,
  relation: ResolvedRelation | 'missing',
  names: ResolvedNames,
  effect: PostgresEffect,
): readonly [string, string] {
  if (relation === 'missing' || effect === 'create') return [ref.schema ?? names.currentSchema ?? 'public', ref.name];
  return [relation.temporary ? 'pg_temp' : relation.schema, relation.name];
}

function systemPair(effect: PostgresEffect, schema: string, name: string): Pair {
  const harmless = (effect === 'read' || effect === 'copy-out') && isHarmlessCatalog(schema, name);
  return { effect: harmless ? effect : 'admin', object: { kind: 'catalog', path: [schema, name] } };
}

function hiddenBehind(effect: PostgresEffect, relation: ResolvedRelation): string | null {
  if (relation.kind === 'v' && USES.has(effect)) return 'what is read or written is not resolved: view';
  if (relation.kind === 'f' && USES.has(effect)) return 'what is read or written lies elsewhere: foreign table';
  if (!WRITES.has(effect)) return null;
  if (relation.userTriggers) return 'what its triggers do is not resolved: table';
  if (relation.rules && relation.kind !== 'v') return 'what its rules do is not resolved: table';
  return null;
}

const WRITES: ReadonlySet<PostgresEffect> = new Set(['insert', 'update', 'update-all', 'delete', 'delete-all', 'truncate', 'copy-in']);
const USES: ReadonlySet<PostgresEffect> = new Set([...WRITES, 'read', 'copy-out', 'lock']);

function unknown(why: string): Pair {
  return { effect: 'unknown', object: { kind: 'undecidable', why } };
}

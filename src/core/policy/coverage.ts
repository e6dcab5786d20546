import type { Operation, OperationObject, Pair, PostgresEffect } from '#core/operation/operation.ts';
import { matchesGlobs, mayMatchWithin } from './glob.ts';
import type { Rule } from './policy.ts';

/**
 * Which pairs one rule covers (docs/policy.md, "What a rule covers").
 *
 * A rule without `relations` and `functions` covers every object. One with `relations` covers relations, one with
 * `functions` functions, one with both covers both; *session*, where a rule names it, is on settings whatever its lists.
 * Allow rules are read strictly, deny rules inclusively: where a
 * deny might cover an object, it does.
 */
export function allowCovers(rule: Rule, pair: Pair, operation: Operation): boolean {
  return pair.effect !== 'unknown' && applies(rule, pair, operation) && allowCoversObject(rule, pair.effect, pair.object);
}

export function denyCovers(rule: Rule, pair: Pair, operation: Operation): boolean {
  return applies(rule, pair, operation) && denyCoversObject(rule, pair.effect, pair.object);
}

function applies(rule: Rule, pair: Pair, operation: Operation): boolean {
  if (rule.effects === null ? pair.effect === 'unknown' : !rule.effects.has(pair.effect)) return false;
  if (!matchesGlobs(rule.on, [operation.target])) return false;
  return rule.databases === null || matchesGlobs(rule.databases, [operation.database]);
}

/** Effects which, on no object or on a harmless catalog relation, come along with reading what the rule does name. */
const READING: ReadonlySet<PostgresEffect> = new Set(['read', 'copy-out']);

function allowCoversObject(rule: Rule, effect: PostgresEffect, object: OperationObject): boolean {
  switch (object.kind) {
    case 'none':
    case 'catalog':
      return coversEveryObject(rule) || READING.has(effect) || namesSession(rule, effect);
    case 'relation':
      return coversRelation(rule, object.path);
    case 'function':
      return coversFunction(rule, object.path);
    case 'setting':
      return coversEveryObject(rule) || namesSession(rule, effect);
    case 'other':
      return coversEveryObject(rule) || namesSession(rule, effect) || isPartMade(rule, effect, object.what);
    case 'undecidable':
      return false;
  }
}

function denyCoversObject(rule: Rule, effect: PostgresEffect, object: OperationObject): boolean {
  switch (object.kind) {
    case 'none':
    case 'setting':
      return coversEveryObject(rule) || namesSession(rule, effect);
    case 'catalog':
    case 'relation':
      return coversRelation(rule, object.path);
    case 'function':
      return coversFunction(rule, object.path);
    case 'other':
      return coversEveryObject(rule) || namesSession(rule, effect) || mayReachNamed(rule, effect, object);
    case 'undecidable':
      return true;
  }
}

function coversEveryObject(rule: Rule): boolean {
  return rule.relations === null && rule.functions === null;
}

/**
 * CREATE INDEX and CREATE STATISTICS are *create* on the part and *alter* on its relation. Which relation may have one
 * is decided by the second pair, so any rule about relations that names *create* covers the first.
 */
function isPartMade(rule: Rule, effect: PostgresEffect, what: string): boolean {
  return effect === 'create' && rule.relations !== null && (what === 'index' || what === 'statistics');
}

/** `effects: [read, session]` with `relations` means both: settings are no relations, and their list is closed (R29). */
function namesSession(rule: Rule, effect: PostgresEffect): boolean {
  return effect === 'session' && rule.effects !== null;
}

function coversRelation(rule: Rule, path: readonly string[]): boolean {
  return rule.relations === null ? rule.functions === null : matchesGlobs(rule.relations, path);
}

function coversFunction(rule: Rule, path: readonly string[]): boolean {
  return rule.functions === null ? rule.relations === null : matchesGlobs(rule.functions, path);
}

/**
 * Objects that hold or own what a deny names: a schema, by the schema part of its globs; else, for `drop` (CASCADE,
 * OWNED, DATABASE) and `grant` (roles), anything that is neither relation nor function.
 */
function mayReachNamed(rule: Rule, effect: PostgresEffect, object: { readonly what: string; readonly name: string }): boolean {
  if (/\bschema\b/.test(object.what)) {
    return [rule.relations, rule.functions].some((list) => list !== null && mayMatchWithin(list, object.name));
  }
  return effect === 'drop' || effect === 'grant';
}

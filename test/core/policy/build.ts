import type { Operation, OperationObject, Pair, PostgresEffect } from '#core/operation/operation.ts';
import { globList } from '#core/policy/glob-text.ts';
import { parsePolicy } from '#core/policy/parse.ts';
import type { Duty, Policy, Rule } from '#core/policy/policy.ts';
import { describeProblem, type PolicyProblem } from '#core/policy/problems.ts';

/** Small makers for tests of the policy. */
export function policyOf(text: string): Policy {
  const parsed = parsePolicy(text);
  if (!parsed.ok) throw new Error(parsed.problems.map(describeProblem).join('\n'));
  return parsed.policy;
}

export function problemsOf(text: string): readonly PolicyProblem[] {
  const parsed = parsePolicy(text);
  return parsed.ok ? [] : parsed.problems;
}

/** A whole policy around one duty's body, in YAML's flow style. */
export function withDuty(body: string): string {
  return `version: 1
targets:
  db: { protocol: postgres, address: db.internal, database: shop, user: app }
duties:
  d: ${body}
bindings: [ { duties: [d], when: { issuer: local } } ]
`;
}

export function dutyOf(body: string): Duty {
  const duty = policyOf(withDuty(body)).duties.get('d');
  if (duty === undefined) throw new Error('the policy lost its duty');
  return duty;
}

export type RuleParts = {
  readonly id: string;
  readonly on?: readonly string[];
  readonly effects?: readonly PostgresEffect[];
  readonly relations?: readonly string[];
  readonly functions?: readonly string[];
  readonly databases?: readonly string[];
  readonly reason?: string;
};

export function ruleOf(parts: RuleParts): Rule {
  return {
    id: parts.id,
    on: globList(parts.on ?? ['*'], 'whole'),
    effects: parts.effects === undefined ? null : new Set(parts.effects),
    relations: parts.relations === undefined ? null : globList(parts.relations, 'relation'),
    functions: parts.functions === undefined ? null : globList(parts.functions, 'function'),
    databases: parts.databases === undefined ? null : globList(parts.databases, 'whole'),
    reason: parts.reason ?? null,
  };
}

export function operationOf(pairs: readonly Pair[], target = 'db', database = 'shop'): Operation {
  return { target, protocol: 'postgres', database, pairs, statements: 1, statement: '', parameters: [] };
}

/** `read public.t`, `execute public.f()`, `session =work_mem`, `create schema:x`, `read @pg_catalog.pg_class`, `read -`. */
export function pairOf(text: string): Pair {
  const [effect = '', object = '-'] = text.split(' ');
  return { effect: effect as PostgresEffect, object: objectOf(object) };
}

function objectOf(text: string): OperationObject {
  const [first = '', second = ''] = text.replace(/^@|\(\)$/g, '').split('.');
  if (text === '-') return { kind: 'none' };
  if (text === '?') return { kind: 'undecidable', why: 'nobody can tell' };
  if (text.startsWith('@')) return { kind: 'catalog', path: [first, second] };
  if (text.startsWith('=')) return { kind: 'setting', name: text.slice(1) };
  if (text.endsWith('()')) return { kind: 'function', path: [first, second] };
  const [what = '', name] = text.split(':');
  return name === undefined ? { kind: 'relation', path: [first, second] } : { kind: 'other', what, name };
}

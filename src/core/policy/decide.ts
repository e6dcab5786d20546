import type { Decision, DenialReason } from '#core/operation/decision.ts';
import type { Operation, Pair } from '#core/operation/operation.ts';
import { allowCovers, denyCovers } from './coverage.ts';
import type { Duty, Rule } from './policy.ts';

/**
 * What a duty says to an operation: pure, total, and independent of the order of rules.
 *
 * INVARIANT (P2): nothing matched = deny, and effect *unknown* is never allowed. Every pair needs an allow rule of its
 * own, not necessarily the same one; any deny rule that covers a pair refuses the whole. An operation without pairs
 * (BEGIN, COMMIT, an empty string) asks for nothing and is allowed.
 */
export function decide(duty: Duty, operation: Operation): Decision {
  const denials = new Set<string>();
  const allowances = new Set<string>();
  const reasons: DenialReason[] = [];

  for (const pair of operation.pairs) {
    const denying = duty.deny.filter((rule) => denyCovers(rule, pair, operation));
    const allowing = duty.allow.filter((rule) => allowCovers(rule, pair, operation));
    for (const rule of denying) denials.add(rule.id);
    for (const rule of allowing) allowances.add(rule.id);
    const reason = reasonAgainst(pair, denying, allowing);
    if (reason !== null) reasons.push(reason);
  }

  if (reasons.length === 0) return { outcome: 'allow', rules: [...allowances].sort() };
  return { outcome: 'deny', rules: [...denials].sort(), reasons };
}

function reasonAgainst(pair: Pair, denying: readonly Rule[], allowing: readonly Rule[]): DenialReason | null {
  const rule = spokesman(denying);
  if (rule !== null) return { pair, why: 'denied-by-rule', rule: rule.id, words: rule.reason };
  if (pair.effect === 'unknown' || pair.object.kind === 'undecidable') return { pair, why: 'unknown-effect', rule: null, words: null };
  return allowing.length > 0 ? null : { pair, why: 'nothing-allows', rule: null, words: null };
}

/** Of several rules that deny one pair, the one that is quoted: one that gives a reason in words, else the first by id. */
function spokesman(rules: readonly Rule[]): Rule | null {
  const byId = rules.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return byId.find((rule) => rule.reason !== null) ?? byId[0] ?? null;
}

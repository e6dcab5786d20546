import type { Decision } from '#core/operation/decision.ts';
import type { Operation } from '#core/operation/operation.ts';
import { decide } from './decide.ts';
import type { Duty, MaskEntry } from './policy.ts';

/**
 * What somebody may do who acts under several duties at once: only what each of them allows, masked as any of them wants.
 *
 * A conjunction, never one merged duty: it can only grow, so whoever has more duties can do less (P3), rules keep the names
 * that their author knows, and what refuses can be told.
 */
export type EffectiveDuty = {
  /** Each once, in the order in which they came to hold. */
  readonly duties: readonly [Duty, ...Duty[]];
  /** The mask entries of all: masks.ts has the strictest of those that meet on a value apply, whatever their order. */
  readonly mask: readonly MaskEntry[];
};

/** An effective duty as of now; what holds one may be narrowed later, and never widened. */
export type Right = { current(): EffectiveDuty };

export function effectiveDuty(first: Duty, ...more: readonly Duty[]): EffectiveDuty {
  const duties: [Duty, ...Duty[]] = [first];
  for (const duty of more) if (!duties.includes(duty)) duties.push(duty);
  return { duties, mask: duties.flatMap(({ mask }) => mask) };
}

/** The same object when nothing is added. */
export function narrowedBy(right: EffectiveDuty, ...added: readonly Duty[]): EffectiveDuty {
  const [first, ...more] = right.duties;
  return added.every((duty) => right.duties.includes(duty)) ? right : effectiveDuty(first, ...more, ...added);
}

/** `writer & reader`: as refusals and the audit name it. */
export function rightText(duties: readonly string[]): string {
  return duties.join(' & ');
}

export function dutyNames({ duties }: EffectiveDuty): readonly string[] {
  return duties.map(({ name }) => name);
}

/** INVARIANT (P3): allowed is what every duty allows. A refusal has the reasons of each duty that refuses, with its name. */
export function decideAll({ duties }: EffectiveDuty, operation: Operation): Decision {
  const [only, ...others] = duties;
  if (others.length === 0) return decide(only, operation);
  const decided = duties.map((duty) => ({ duty: duty.name, decision: decide(duty, operation) }));
  const denied = decided.flatMap(({ duty, decision }) => (decision.outcome === 'deny' ? [{ duty, decision }] : []));
  if (denied.length === 0) return { outcome: 'allow', rules: union(decided.map(({ decision }) => decision.rules)) };
  return {
    outcome: 'deny',
    rules: union(denied.map(({ decision }) => decision.rules)),
    reasons: denied.flatMap(({ duty, decision }) => decision.reasons.map((reason) => ({ ...reason, duty }))),
  };
}

function union(lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())].sort();
}

import type { Pair } from './operation.ts';

/**
 * The policy's answer to one operation: a value that carries its own reasons (P2: nothing matched = deny).
 * `approve` joins the union when approvals exist.
 */
export type Decision = Allowed | Denied;

export type Allowed = {
  readonly outcome: 'allow';
  /** Rule ids that covered the pairs, such as `log-reader.allow[0]`: sorted, without duplicates. */
  readonly rules: readonly string[];
};

export type Denied = {
  readonly outcome: 'deny';
  /** Deny rules that matched: sorted, without duplicates. Empty when the reason is that nothing allowed it. */
  readonly rules: readonly string[];
  /** One entry for each pair that stands in the way, in the operation's order, of each duty that refuses; never empty. */
  readonly reasons: readonly DenialReason[];
};

export type DenialReason = {
  readonly pair: Pair;
  readonly why: 'denied-by-rule' | 'nothing-allows' | 'unknown-effect';
  /** The deny rule, where one decided. */
  readonly rule: string | null;
  /** The rule's own `reason:` words, where it has some. */
  readonly words: string | null;
  /** Which duty says so, where several hold at once. */
  readonly duty?: string;
};

import type { DenialReason } from './decision.ts';
import { describeObject } from './operation.ts';

/**
 * Why an operation was not done. A refusal is an answer, not a hang-up (P10): each gate renders it as its
 * protocol's own error.
 */
export type Refusal =
  /** The policy says no. `duty`: the duty that was asked, or all that hold at once, as rightText names them. */
  | { readonly kind: 'denied'; readonly decisionId: string; readonly duty: string; readonly reasons: readonly DenialReason[] }
  /** The request cannot be judged: unparsable, undecodable, unsupported. P2 makes that a no. */
  | { readonly kind: 'unjudgeable'; readonly decisionId: string; readonly duty: string; readonly why: string; readonly remedy: string }
  /** A named limit was met. */
  | { readonly kind: 'over-limit'; readonly decisionId: string; readonly duty: string; readonly limit: string; readonly remedy: string }
  /** The evidence could not be written, so nothing may be done (P1, P2). */
  | { readonly kind: 'unrecordable'; readonly decisionId: string; readonly duty: string; readonly why: string };

/** A refusal in the three parts that every protocol's error can carry. One line each, no control characters. */
export type RefusalText = { readonly message: string; readonly detail: string; readonly hint: string };

export function refusalText(refusal: Refusal): RefusalText {
  const detail = `duty-gate decision ${refusal.decisionId}`;
  switch (refusal.kind) {
    case 'denied':
      return {
        message: `duty "${refusal.duty}" does not permit ${[...new Set(refusal.reasons.map(describeReason))].join(', ')}`,
        detail: `${detail}: ${refusal.reasons.map(explainReason).join('; ')}`,
        hint: hintFor(refusal.reasons),
      };
    case 'unjudgeable':
      return { message: `duty-gate cannot judge this statement: ${refusal.why}`, detail, hint: refusal.remedy };
    case 'over-limit':
      return { message: `duty-gate limit reached: ${refusal.limit}`, detail, hint: refusal.remedy };
    case 'unrecordable':
      return {
        message: `duty-gate cannot record this operation, so it is not done: ${refusal.why}`,
        detail,
        hint: 'Free space for the evidence folder and start a new session.',
      };
  }
}

function describeReason({ pair }: DenialReason): string {
  return pair.object.kind === 'undecidable'
    ? `what cannot be judged (${describeObject(pair.object)})`
    : `${pair.effect} on ${describeObject(pair.object)}`;
}

/** In words, for the client and for the record: which rule, and what its author had to say. */
export function explainReason(reason: DenialReason): string {
  const what = describeReason(reason);
  switch (reason.why) {
    case 'denied-by-rule':
      return `${what} is denied by rule ${reason.rule ?? 'unnamed'}${reason.words === null ? '' : ` (${reason.words})`}`;
    case 'nothing-allows':
      return `no rule${reason.duty === undefined ? '' : ` of duty "${reason.duty}"`} allows ${what}`;
    case 'unknown-effect':
      return `${describeObject(reason.pair.object)}, so its effect is unknown`;
  }
}

/** No rule can allow what is unknown, so none is suggested for it. */
function hintFor(reasons: readonly DenialReason[]): string {
  const effects = [...new Set(reasons.map((reason) => reason.pair.effect).filter((effect) => effect !== 'unknown'))];
  if (effects.length === 0) return 'Say it in a form whose effect the statement itself shows.';
  return `Ask for a duty that permits it, or have the policy's owners add a rule for ${effects.map((effect) => `"${effect}"`).join(', ')}.`;
}

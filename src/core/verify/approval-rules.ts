import type { KnownEntry } from '#core/audit/entry-schema.ts';
import type { KnownKeys } from './issuer-keys.ts';
import { checkReceipt } from './receipt-check.ts';
import type { RuleBroken, SessionFacts } from './verification.ts';

/** Requests for approval of one session. */
export const HOLDS_MAX = 100_000;

type HoldFacts = Extract<KnownEntry, { kind: 'hold' }>;
type Hold = { readonly entry: HoldFacts; readonly at: string; verdict: string | null; approver: string | null };

/**
 * INVARIANT (P4), as far as a reader can see it: an operation that had to wait goes on only when each request made for it was
 * approved, each by another person, none of whom is behind it, and each with a receipt that its issuer signed for it.
 */
export class ApprovalRules {
  readonly #keys: KnownKeys;
  readonly #ids = new Set<string>();
  /** Holds by id, and by the decision that waits for them; gone once it does so no more. */
  readonly #holds = new Map<string, Hold>();
  readonly #waiting = new Map<string, Hold[]>();
  readonly unknownKeys = new Set<string>();
  approved = 0;

  constructor(keys: KnownKeys) {
    this.#keys = keys;
  }

  /** A decision that waits from now on. */
  wait(decision: string): void {
    this.#waiting.set(decision, []);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  isWaiting(decision: string): boolean {
    return this.#waiting.has(decision);
  }

  hold(entry: HoldFacts, at: string): RuleBroken | null {
    const holds = this.#waiting.get(entry.decision);
    if (holds === undefined) return broken(`decision ${entry.decision} does not wait for approval`);
    if (this.#ids.has(entry.hold)) return broken(`hold ${entry.hold} was already made`);
    if (this.#ids.size >= HOLDS_MAX) return { code: 'entry', what: `there are more than ${HOLDS_MAX} holds` };
    const hold: Hold = { entry, at, verdict: null, approver: null };
    this.#ids.add(entry.hold);
    this.#holds.set(entry.hold, hold);
    holds.push(hold);
    return null;
  }

  approval(
    { hold: id, verdict, approver, run, receipt }: Extract<KnownEntry, { kind: 'approval' }>,
    session: SessionFacts,
  ): RuleBroken | null {
    const hold = this.#holds.get(id);
    if (hold === undefined || hold.verdict !== null) return broken(`it ends hold ${id}, which is not open`);
    hold.verdict = verdict;
    if (verdict !== 'approved') return receipt === null ? null : broken(`it is ${verdict} and has a receipt`);
    if (approver === null || run === null || receipt === null) return broken('it is approved without approver, run or receipt');
    const found = checkReceipt({ session, hold: hold.entry, heldAt: hold.at, approver, run, token: receipt }, this.#keys);
    if (found.what !== null) return { code: 'approval', what: found.what };
    if (found.unknownKey !== null) this.unknownKeys.add(found.unknownKey);
    hold.approver = approver.id;
    this.approved += 1;
    return null;
  }

  release({ decision, outcome }: Extract<KnownEntry, { kind: 'release' }>): RuleBroken | null {
    const holds = this.#waiting.get(decision);
    if (holds === undefined) return broken(`decision ${decision} does not wait for approval`);
    this.#waiting.delete(decision);
    for (const { entry } of holds) this.#holds.delete(entry.hold);
    if (outcome === 'deny') return null;
    const approvers = new Set(holds.map(({ approver }) => approver));
    if (holds.length === 0 || approvers.has(null)) return { code: 'approval', what: `it lets ${decision} go on, which was not approved` };
    if (approvers.size < holds.length) return { code: 'approval', what: `it lets ${decision} go on, which one person approved twice` };
    return null;
  }
}

function broken(what: string): RuleBroken {
  return { code: 'order', what };
}

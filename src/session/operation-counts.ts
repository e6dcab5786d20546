import type { EffectiveDuty } from '#core/policy/effective-duty.ts';
import type { Duty } from '#core/policy/policy.ts';

/**
 * How many operations each duty has allowed in one session.
 *
 * INVARIANT (P3): all commands and cages of a session count in the same place, so starting others gains nobody more.
 */
export class OperationCounts {
  readonly #allowed = new Map<Duty, number>();

  /** Counts so many for each of the duties. Where one of them has no more to give it counts none, and answers which. */
  take({ duties }: EffectiveDuty, operations: number): Duty | null {
    const spent = duties.find((duty) => this.#of(duty) + operations > (duty.operationsMax ?? Number.POSITIVE_INFINITY));
    if (spent !== undefined) return spent;
    for (const duty of duties) if (duty.operationsMax !== null) this.#allowed.set(duty, this.#of(duty) + operations);
    return null;
  }

  #of(duty: Duty): number {
    return this.#allowed.get(duty) ?? 0;
  }
}

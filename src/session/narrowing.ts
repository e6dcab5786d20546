import { type EffectiveDuty, effectiveDuty, narrowedBy, type Right } from '#core/policy/effective-duty.ts';
import type { Duty } from '#core/policy/policy.ts';

/**
 * What the processes of one cage may do: a ratchet that only ever turns one way (R26).
 *
 * INVARIANT (P3): what its parent may do is asked anew each time, so a parent that is narrowed later narrows all below it.
 */
export class Narrowing implements Right {
  readonly #parent: Right;
  readonly #own: Duty[] = [];
  /** `current` is made of these. */
  #inherited: EffectiveDuty;
  #current: EffectiveDuty;

  private constructor(parent: Right) {
    this.#parent = parent;
    this.#inherited = parent.current();
    this.#current = this.#inherited;
  }

  /** The whole of a session's right, for a cage that nobody stands above. */
  static ofSession(duty: Duty): Narrowing {
    const right = effectiveDuty(duty);
    return new Narrowing({ current: () => right });
  }

  /** For a cage within this one. */
  child(asked: Duty): Narrowing {
    const child = new Narrowing(this);
    child.narrow(asked);
    return child;
  }

  /** The same object for as long as nothing changes. */
  current(): EffectiveDuty {
    const inherited = this.#parent.current();
    if (inherited !== this.#inherited) {
      this.#inherited = inherited;
      this.#current = narrowedBy(inherited, ...this.#own);
    }
    return this.#current;
  }

  /** False when the duty holds already. */
  narrow(duty: Duty): boolean {
    const before = this.current();
    if (!this.#own.includes(duty)) this.#own.push(duty);
    this.#current = narrowedBy(before, duty);
    return this.#current !== before;
  }
}

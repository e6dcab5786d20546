/** Outstanding at once; a flood of hellos pushes out the oldest, and whoever held it asks anew. */
export const NONCES_MAX = 64;

/** Nonces handed out with hellos, each good for one opening (R2). */
export class Nonces {
  readonly #outstanding = new Set<string>();
  readonly #next: () => string;

  constructor(next: () => string) {
    this.#next = next;
  }

  issue(): string {
    const nonce = this.#next();
    this.#outstanding.add(nonce);
    for (const oldest of this.#outstanding) {
      if (this.#outstanding.size <= NONCES_MAX) break;
      this.#outstanding.delete(oldest);
    }
    return nonce;
  }

  /** Uses up the one that fits; null when none does. */
  take(fits: (nonce: string) => boolean): string | null {
    for (const nonce of this.#outstanding) {
      if (!fits(nonce)) continue;
      this.#outstanding.delete(nonce);
      return nonce;
    }
    return null;
  }
}
